"""PEFT: every init that can be made here, DoRA, biases on B and rank-stabilised scaling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from init_code.check import Checked, Model, check
from peft import LoftQConfig, LoraConfig, LoraGAConfig, get_peft_model
from peft.tuners.lora.loraga import preprocess_loraga
from init_code.torch_models import ALPHA, INPUTS, RANK, SEED, Base, filled, model_of, run_code

A, B = {"lora_A", "lora_embedding_A"}, {"lora_B", "lora_embedding_B"}
ALL = ["embed", "linear", "conv"]

# our name of the init -> settings of LoraConfig; what fills both factors itself is not filled here
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "kaiming-uniform": [
        {"target_modules": ALL},
        {"target_modules": ALL, "use_rslora": True},
        {"target_modules": ["linear", "conv"], "use_dora": True},
        {"target_modules": ["linear"], "lora_bias": True},
    ],
    "gaussian": [{"init_lora_weights": "gaussian", "target_modules": ALL}],
    "random-b": [{"init_lora_weights": False, "target_modules": ["linear"]}],
    "orthogonal": [{"init_lora_weights": "orthogonal", "target_modules": ["linear"]}],
    "pissa": [{"init_lora_weights": "pissa", "target_modules": ["linear"]}],
    "olora": [{"init_lora_weights": "olora", "target_modules": target} for target in (["linear"], ["linear", "embed"])]
    + [{"init_lora_weights": "olora", "target_modules": ["linear"], "use_dora": True}],
    "loftq": [
        {
            "init_lora_weights": "loftq",
            "loftq_config": LoftQConfig(loftq_bits=8),
            "target_modules": ["linear"],
        }
    ],
    "lora-ga": [
        {"init_lora_weights": "lora_ga", "lora_ga_config": LoraGAConfig(scale=scale), "target_modules": ["linear"]}
        for scale in ("stable", "gd_scale", "weight_svd")
    ],
}


def build(k: float, settings: dict[str, Any]) -> Any:
    torch.manual_seed(SEED)
    config = LoraConfig(r=RANK, lora_alpha=ALPHA * k, **settings)
    base = Base()
    if settings.get("init_lora_weights") == "lora_ga":
        # It wants both sides twice as long as the rank.
        base.linear = torch.nn.Linear(8, 8)
    if settings.get("init_lora_weights") == "lora_ga":
        preprocess_loraga(base, config, lambda: base.linear(INPUTS).square().sum().backward())
        base.zero_grad()
    torch.manual_seed(SEED)
    with on_the_cpu():
        return get_peft_model(base, config)


@contextmanager
def on_the_cpu() -> Iterator[None]:
    """LoftQ computes on a GPU, whether there is one or not."""
    original = torch.Tensor.to

    def to(self: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        device = kwargs.get("device", args[0] if args else None)
        if str(device).startswith("cuda"):
            kwargs, args = {**kwargs, "device": "cpu"}, args[1:] if "device" not in kwargs else args
        return original(self, *args, **kwargs)

    torch.Tensor.to = to
    try:
        yield
    finally:
        torch.Tensor.to = original


def model(peft_model: Any) -> Model:
    return model_of(peft_model, peft_model.base_model.model.forward)


def checks(cases: list[dict[str, Any]]) -> Iterator[Checked]:
    for case in cases:
        for settings in SETTINGS.get(case["method"], []):
            if case["method"] == "pissa" and case["gauge"] == "symmetric":
                continue
            old, new = (filled(build(k, settings), A | B) for k in (1.0, case["k"]))
            run_code(case["code"], model=new)
            words = ["+".join(settings["target_modules"])]
            words += [key for key in ("use_rslora", "use_dora", "lora_bias") if key in settings]
            words += [settings["lora_ga_config"].scale] if "lora_ga_config" in settings else []
            what = f"PEFT {case['method']} {case['gauge']} k={case['k']:g} {' '.join(words)}"
            yield check(what, case, model(old), model(new), A, B)
    yield from automatic()


def automatic() -> Iterator[Checked]:
    """PiSSA in the symmetric gauge, and MiCA with B kept: without a line of code."""
    for k in (4.0, 3.0):
        case = {"p": k**0.5, "q": k**0.5}
        settings = {"init_lora_weights": "pissa", "target_modules": ["linear"]}
        yield check(f"PEFT pissa k={k:g}, no code", case, model(build(1.0, settings)), model(build(k, settings)), A, B)
        settings = {"init_lora_weights": "mica", "target_modules": ["linear"]}
        case = {"p": k, "q": 1.0}
        yield check(f"PEFT mica k={k:g}, no code", case, model(build(1.0, settings)), model(build(k, settings)), A, B)
