"""TRL: TrlParser with the dataclasses of `trl sft`, or of `trl dpo` where the file has DPO's beta."""

import sys

from judging import HUGGING_FACE, PEFT, as_betas, judge, need, split, text_of

trl, yaml = need("trl", "yaml")

NAMES = {**HUGGING_FACE, **PEFT, "lora_r": "rank", "betas": "betas"}
UNSTEADY = {"logging_dir", "run_name"}


def read(path):
    config = trl.DPOConfig if "beta" in yaml.safe_load(text_of(path)) else trl.SFTConfig
    sys.argv[1:] = ["--config", path, "--use_cpu", "true", "--bf16", "false"]
    arguments = trl.TrlParser([trl.ScriptArguments, config, trl.ModelConfig]).parse_args_and_config()
    values = {name: value for part in arguments for name, value in vars(part).items() if name not in UNSTEADY}
    return split(as_betas(values), NAMES)


judge(read)
