"""XTuner: the config is run by Python, as mmengine does, and what its dicts hold."""

import runpy
import sys

# Before judging, which takes this folder off the path.
from running import LORA, _Library
from judging import judge  # isort: skip


def read(path):
    library = _Library([])
    sys.meta_path.insert(0, library)
    try:
        config = runpy.run_path(path)
    finally:
        sys.meta_path.remove(library)
    lora = config["model"]["lora"]
    wrapper = config["optim_wrapper"]
    optimizer, clip = wrapper["optimizer"], wrapper["clip_grad"]
    rest = {key: repr(value) for key, value in config["model"].items() if key != "lora"}
    rest |= {f"lora {key}": repr(value) for key, value in lora.items() if key not in LORA}
    return {
        **{ours: lora[name] for name, ours in LORA.items() if name in lora},
        "learningRate": optimizer["lr"],
        "weightDecay": optimizer["weight_decay"],
        "betas": optimizer["betas"],
        "eps": optimizer.get("eps"),
        "maxGradNorm": clip["max_norm"],
        "warmup": config["warmup_ratio"],
        "rest": {**rest, "wrapper": repr({key: value for key, value in wrapper.items() if key not in ("optimizer", "clip_grad")})},
    }


judge(read, (".py",))
