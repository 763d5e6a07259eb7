"""H2O LLM Studio: PyYAML's full loader, as config_utils.py uses it; what a file does not say is left out here.

H2O LLM Studio is not a package, so its dataclasses cannot be asked.
"""

from judging import judge, need, split

(yaml,) = need("yaml")

NAMES = {
    "lora_r": "rank",
    "lora_alpha": "alpha",
    "lora_dropout": "dropout",
    "use_dora": "useDora",
    "use_rslora": "useRslora",
    "learning_rate": "learningRate",
    "weight_decay": "weightDecay",
    "gradient_clip": "maxGradNorm",
}


def read(path):
    with open(path, encoding="utf-8") as file:
        config = yaml.load(file, Loader=yaml.FullLoader)
    seen = split(config.pop("training"), NAMES)
    return {**seen, "rest": {"training": seen["rest"], **config}}


judge(read)
