"""H2O LLM Studio: PyYAML's full loader, as config_utils.py uses it; what a file does not say is left out here.

H2O LLM Studio is not a package, so its dataclasses cannot be asked.
"""

from judging import PEFT, judge, need, split, text_of

(yaml,) = need("yaml")

NAMES = {**PEFT, "lora_r": "rank", "learning_rate": "learningRate", "weight_decay": "weightDecay", "gradient_clip": "maxGradNorm"}


def read(path):
    config = yaml.load(text_of(path), Loader=yaml.FullLoader)
    seen = split(config.pop("training"), NAMES)
    return {**seen, "rest": {"training": seen["rest"], **config}}


judge(read)
