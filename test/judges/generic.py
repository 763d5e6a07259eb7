"""Home-made configs: PyYAML, json or tomllib, whichever fits the name."""

import json
import pathlib
import tomllib

from judging import judge, need, taken, text_of

(yaml,) = need("yaml")

LOADERS = {".yaml": yaml.safe_load, ".json": json.loads, ".toml": tomllib.loads}
# Where the fixtures, which were written for this, have their numbers.
NAMES = {
    **{"lora.rank": "rank", "lora.alpha": "alpha", "lora.dropout": "dropout"},
    **{"lora_r": "rank", "lora_alpha": "alpha", "lora_dropout": "dropout"},
    **{"optimizer.lr": "learningRate", "optimizer.weight_decay": "weightDecay", "optimizer.eps": "eps"},
    **{"learning_rate": "learningRate", "max_grad_norm": "maxGradNorm"},
}


def read(path):
    config = LOADERS[pathlib.Path(path).suffix](text_of(path))
    found = [(name, taken(config, key)) for key, name in NAMES.items()]
    return {**{name: value for name, value in found if value is not None}, "rest": config}


judge(read)
