"""Executes the code printed for OneTrainer on its real LoRA modules: every factor of every plan is divided once.

    LORA_ALPHA_JUDGE_SOURCES=FOLDER python test/pytorch/image/onetrainer.py PRODUCT      # see run.mjs

FOLDER holds a clone as Nerogar__OneTrainer; what its modules need beside torch is stood in for (test/judges/sources.py).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path[:0] = [str(Path(__file__).resolve().parents[depth]) for depth in (1, 2)]
sys.path.append(str(Path(__file__).resolve().parents[2] / "judges"))

import sympy  # noqa: F401
import torch
import torch._dynamo
from product import Product
from sources import source

source("Nerogar__OneTrainer", real=("torch", "numpy", "safetensors", "sympy", "mpmath"))
from modules.module.LoRAModule import LoRAModuleWrapper
from modules.util.config.TrainConfig import TrainConfig

CONFIG = {"__version": 10, "training_method": "LORA", "lora_rank": 8, "lora_alpha": 4.0, "learning_rate": 1e-4}


def main(product: str) -> int:
    config = TrainConfig.default_values()
    config.layer_filter = ""
    layers = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.Conv2d(4, 4, 3))
    wrapper = LoRAModuleWrapper(layers, "unet", config)
    server = Product(product)
    plans = server.plans("a.json", json.dumps(CONFIG), (4.0,), 0).plans[4.0]
    server.close()
    code = next(plan.code for plan in plans if plan.id == "symmetric")
    before = [parameter.clone() for parameter in wrapper.parameters()]
    for state, divisor in ((None, 2), ({"a backup": 1}, 1)):
        model = SimpleNamespace(adapters=lambda: [wrapper], optimizer_state_dict=state)
        exec(code, {"torch": torch, "model": model})
        now = [parameter.clone() for parameter in wrapper.parameters()]
        if not all(torch.equal(one * divisor, other) for one, other in zip(now, before, strict=True)):
            print(f"FAILED: not divided by {divisor}")
            return 1
        before = now
    print(f"passed: {len(before)} factors of OneTrainer divided once, and none of a run that goes on")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
