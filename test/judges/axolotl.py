"""Axolotl: yaml.safe_load and the pydantic schema, as `axolotl train` checks a file before anything else."""

from judging import HUGGING_FACE, PEFT, as_betas, judge, need, split, text_of

yaml, schemas = need("yaml", "axolotl.utils.schemas.config")

NAMES = {**HUGGING_FACE, **PEFT, "lora_r": "rank", "loraplus_lr_ratio": "loraplusLrRatio", "betas": "betas"}
NAMES |= {"peft_use_rslora": "useRslora", "peft_use_dora": "useDora"}


def read(path):
    config = schemas.AxolotlInputConfig(**yaml.safe_load(text_of(path)))
    return split(as_betas(config.model_dump(exclude_none=True)), NAMES)


judge(read)
