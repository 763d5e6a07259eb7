"""SimpleTuner: its own readers of JSON, TOML and env files, and its own argparse."""

import os

from sources import source  # before judging, which takes this folder off the path
from judging import OPTIMIZER, judge, named, text_of

source("bghira__SimpleTuner", real=["toml"], besides=r"simpletuner\.helpers\.models\.(\w+\.model|common)")

import toml  # noqa: E402
from simpletuner.helpers.configuration import cmd_args, env_file, json_file  # noqa: E402
from simpletuner.helpers.configuration.cli_utils import mapping_to_cli_args  # noqa: E402
from simpletuner.helpers.training.optimizer_param import convert_arg_to_parameters  # noqa: E402


def arguments(path):
    if path.endswith(".json"):
        os.environ["CONFIG_PATH"] = path
        return json_file.load_json_config()
    if path.endswith(".toml"):
        return mapping_to_cli_args(toml.loads(text_of(path)))
    before = dict(os.environ)
    try:
        for key, value in env_file.parse_env_file(path).items():
            os.environ[key] = " ".join(value) if isinstance(value, list) else value
        return env_file.load_env_config()
    finally:
        os.environ.clear()
        os.environ.update(before)


def read(path):
    # Nothing is trained, so nowhere needs to be named.
    parser = cmd_args.get_argument_parser()
    given = [*arguments(path), "--output_dir=out", "--data_backend_config=backend.json"]
    config = parser.parse_known_args(given)[0]
    parameters = convert_arg_to_parameters(config)
    values = vars(config).copy()
    clip = "maxGradNorm" if values["grad_clip_method"] == "norm" else "maxGradValue"
    never = values["optimizer"] in ("optimi-stableadamw", "prodigy")
    rank, alpha, threshold = (values.pop(name) for name in ("lora_rank", "lora_alpha", "max_grad_norm"))
    own = named(values, {"use_dora": "useDora", "lora_dropout": "dropout", "learning_rate": "learningRate"})
    own |= {"rank": int(rank), "alpha": float(rank if alpha is None else alpha), **({} if never else {clip: threshold})}
    return {**own, **named(parameters, OPTIMIZER), "rest": {**values, "optimizer_config": parameters}}


judge(read, (".json", ".toml", ".env"))
