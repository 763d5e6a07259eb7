"""OneTrainer: its own TrainConfig.from_dict. Presets without a version are read as they are, as the program reads them."""

import json

from sources import source  # before judging, which takes this folder off the path
from judging import judge, named, split, text_of

source("Nerogar__OneTrainer")

from modules.util.config.TrainConfig import TrainConfig  # noqa: E402


def read(path):
    data = json.loads(text_of(path))
    is_old = "__version" in data or isinstance(data.get("optimizer"), str)
    config = TrainConfig.default_values().from_dict(data, migrate=is_old)
    is_flat = is_old and "__version" not in data
    parts = [config.unet, config.transformer, config.prior]
    own = next((part.learning_rate for part in parts if part.learning_rate is not None), None)
    settings = config.to_dict()
    settings["embedding"].pop("uuid")  # a new one each time
    if is_flat:
        # Its migrations copy the optimizer, and put rates at other paths than the file's.
        settings.pop("optimizer_defaults")
        for name in ("unet", "transformer", "prior"):
            settings[name].pop("learning_rate")
    optimizer = settings["optimizer"]
    shared = named(optimizer, {"weight_decay": "weightDecay", "eps": "eps"})
    shared |= {"learningRate": config.learning_rate if own is None else own, "warmup": config.learning_rate_warmup_steps}
    shared = {name: value for name, value in shared.items() if value is not None}
    names = {"lora_rank": "rank", "lora_alpha": "alpha", "lora_decompose": "useDora", "clip_grad_norm": "maxGradNorm"}
    return {**shared, **split(settings, names)}


judge(read)
