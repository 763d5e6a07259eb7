"""LLaMA-Factory: its own read_args (OmegaConf) and its dataclasses through HfArgumentParser."""

import os
import sys

# The parser alone is asked; it runs with other versions of its dependencies than those it pins.
os.environ["DISABLE_VERSION_CHECK"] = "1"

from judging import HUGGING_FACE, PEFT, as_betas, judge, need, split

hparams, transformers = need("llamafactory.hparams.parser", "transformers")

NAMES = {**HUGGING_FACE, **PEFT, "lora_rank": "rank", "loraplus_lr_ratio": "loraplusLrRatio", "betas": "betas"}
# Made anew at every start.
UNSTEADY = {"logging_dir", "run_name", "ddp_timeout", "local_rank"}


def read(path):
    sys.argv[1:] = [path]
    # Whether this machine has a GPU for bf16 is not the question.
    config = {**hparams.read_args(), "use_cpu": True}
    arguments = transformers.HfArgumentParser(hparams._TRAIN_ARGS).parse_dict(config)
    values = {name: value for part in arguments for name, value in vars(part).items() if name not in UNSTEADY}
    return split(as_betas(values), NAMES)


judge(read)
