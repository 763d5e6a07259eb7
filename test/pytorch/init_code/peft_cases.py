"""PEFT: every init that can be made here, DoRA, biases on B and rank-stabilised scaling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from init_code.check import ALPHA, INPUTS, RANK, SEED, Library, Model, model_of, run_layers
from peft import LoftQConfig, LoraConfig, LoraGAConfig, get_peft_model
from peft.tuners.lora.loraga import preprocess_loraga
from torch import nn

A, B = {"lora_A", "lora_embedding_A"}, {"lora_B", "lora_embedding_B"}
ALL, LINEAR = ["embed", "linear", "conv"], ["linear"]

# our name of the init -> settings of LoraConfig; what fills both factors itself is not filled here
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "kaiming-uniform": [
        {"target_modules": ALL},
        {"target_modules": ALL, "use_rslora": True},
        {"target_modules": ["linear", "conv"], "use_dora": True},
        {"lora_bias": True},
    ],
    "gaussian": [{"init_lora_weights": "gaussian", "target_modules": ALL}],
    "random-b": [{"init_lora_weights": False}],
    "orthogonal": [{"init_lora_weights": "orthogonal"}],
    "pissa": [{"init_lora_weights": "pissa"}],
    "olora": [
        {"init_lora_weights": "olora", **more}
        for more in ({}, {"target_modules": ["linear", "embed"]}, {"use_dora": True})
    ],
    "loftq": [{"init_lora_weights": "loftq", "loftq_config": LoftQConfig(loftq_bits=8)}],
    "lora-ga": [
        {"init_lora_weights": "lora_ga", "lora_ga_config": LoraGAConfig(scale=scale)}
        for scale in ("stable", "gd_scale", "weight_svd")
    ],
}


class Base(nn.Module):
    """Embedding, linear layer with a bias, and convolution, each to be adapted."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.linear, self.conv = nn.Embedding(7, 8), nn.Linear(8, 6), nn.Conv2d(3, 5, 3)

    def forward(self) -> torch.Tensor:
        return run_layers({name: getattr(self, name) for name in ALL})


def build(k: float, filled: bool = True, **settings: Any) -> Model:
    config = LoraConfig(r=RANK, lora_alpha=ALPHA * k, **{"target_modules": LINEAR, **settings})
    base = Base()
    if settings.get("init_lora_weights") == "lora_ga":
        # It wants both sides twice as long as the rank.
        base.linear = nn.Linear(8, 8)
        preprocess_loraga(base, config, lambda: base.linear(INPUTS).square().sum().backward())
        base.zero_grad()
    torch.manual_seed(SEED)
    with on_the_cpu():
        model = get_peft_model(base, config)
    return model_of(model, A | B if filled else set(), model.base_model.model.forward)


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


def library(**settings: Any) -> Library:
    return Library(partial(build, **settings), A, B)


def faults(cases: list[dict[str, Any]]) -> Iterator[str]:
    for case in cases:
        if (case["method"], case["gauge"]) != ("pissa", "symmetric"):
            for settings in SETTINGS.get(case["method"], []):
                what = f"PEFT {case['method']} {case['gauge']} k={case['k']:g} {settings}"
                yield from library(**settings).faults(what, case)
    # Without a line of code: PiSSA in the symmetric gauge, and MiCA with B kept.
    for k in (4.0, 3.0):
        for init, p, q in (("pissa", k**0.5, k**0.5), ("mica", k, 1.0)):
            case = {"k": k, "p": p, "q": q}
            yield from library(filled=False, init_lora_weights=init).faults(f"PEFT {init} k={k:g}, no code", case)
