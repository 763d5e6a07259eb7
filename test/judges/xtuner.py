"""XTuner: the config is run by Python, as mmengine does, and what its dicts hold."""

import runpy
import sys

# Before judging, which takes this folder off the path.
from running import LORA, _Library
from judging import OPTIMIZER, judge  # isort: skip


def read(path):
    library = _Library([])
    sys.meta_path.insert(0, library)
    try:
        config = runpy.run_path(path)
    finally:
        sys.meta_path.remove(library)
    model = config["model"]
    wrapper = config["optim_wrapper"]
    shared = {ours: wrapper["optimizer"].get(name) for name, ours in OPTIMIZER.items() if name != "d0"}
    shared |= {"maxGradNorm": wrapper["clip_grad"]["max_norm"], "warmup": config["warmup_ratio"]}
    rest = {key: repr(value) for key, value in model.items() if key not in PARTS}
    rest["wrapper"] = repr({key: value for key, value in wrapper.items() if key not in ("optimizer", "clip_grad")})
    runs = [one(model[part], shared, rest) for part in PARTS if part in model]
    return runs if len(runs) > 1 else runs[0]


# The LoRAs that a model can have, in the order of xtuner/model/{sft,llava,internvl}.py.
PARTS = ("lora", "llm_lora", "visual_encoder_lora")


def one(lora, shared, rest):
    others = {f"lora {key}": repr(value) for key, value in lora.items() if key not in LORA}
    return {**{ours: lora[name] for name, ours in LORA.items() if name in lora}, **shared, "rest": {**rest, **others}}


judge(read, (".py",))
