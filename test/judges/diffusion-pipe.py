"""diffusion-pipe: its own set_config_defaults."""

from sources import source  # before judging, which takes this folder off the path
from judging import OPTIMIZER, judge, text_of

source("tdrussell__diffusion-pipe", real=["toml"])

import toml  # noqa: E402
import train  # noqa: E402


def read(path):
    config = toml.loads(text_of(path))
    train.set_config_defaults(config)
    adapter, optimizer = config["adapter"], config["optimizer"]
    return {
        **{name: adapter[name] for name in ("rank", "alpha", "dropout")},
        "scaling": adapter["alpha"] / adapter["rank"],
        "learningRate": config.get("force_constant_lr", optimizer.get("lr")),
        "maxGradNorm": config.get("gradient_clipping", 1.0),
        "warmup": config["warmup_steps"],
        **{ours: optimizer[name] for name, ours in OPTIMIZER.items() if name in ("weight_decay", "eps", "betas") and name in optimizer},
        "rest": {"model": {key: value for key, value in config["model"].items() if not key.endswith("dtype")}},
    }


judge(read)
