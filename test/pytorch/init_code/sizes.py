"""Holds the table of inits (src/recipe/init/init-rows.ts) against PEFT's fresh adapters, of several ranks and scalings.

The root mean square of A and B, how both move with the scaling, and what becomes of the frozen weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch
from init_code.peft_cases import on_the_cpu
from peft import LoraConfig, get_peft_model, initialize_lora_eva_weights
from peft.tuners.lora.config import CordaConfig, EvaConfig, LoraGAConfig
from peft.tuners.lora.corda import preprocess_corda
from peft.tuners.lora.loraga import preprocess_loraga

NAMED = ("gaussian", "pissa", "corda", "olora", "loftq", "eva", "orthogonal", "mica")
WORDS: dict[str, Any] = {**{name: name for name in NAMED}, "kaiming-uniform": True, "random-b": False, "lora-ga": "lora_ga"}
MORE: dict[str, dict[str, Any]] = {
    "loftq": {"loftq_config": {"loftq_bits": 4, "loftq_iter": 1}},
    "eva": {"eva_config": EvaConfig(rho=1.0)},
    "corda": {"corda_config": CordaConfig(corda_method="kpm")},
    "lora-ga": {"lora_ga_config": LoraGAConfig()},
}
RANKS, SCALINGS = (8, 32), (1.0, 4.0)


class Model(torch.nn.Module):
    """One linear layer, whose frozen values are the same in every build."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(7)
        self.layer = torch.nn.Linear(384, 512, bias=False)
        self.inputs = torch.randn(400, 384) * torch.linspace(0.2, 3, 384)

    def forward(self, x: torch.Tensor | None = None, **_: Any) -> torch.Tensor:
        return self.layer(self.inputs if x is None else x)


def fresh(init: str, rank: int, scaling: float) -> tuple[torch.Tensor, ...]:
    """A, B, the frozen weights before and after."""
    model = Model()
    before = model.layer.weight.detach().clone()
    numbers = {"r": rank, "lora_alpha": scaling * rank, "init_lora_weights": WORDS[init], "target_modules": ["layer"]}
    config = LoraConfig(**numbers, **MORE.get(init, {}))
    if init == "corda":
        preprocess_corda(model, config, run_model=lambda: model(model.inputs))
    if init == "lora-ga":
        preprocess_loraga(model, config, lambda: model(model.inputs).pow(2).mean().backward())
    torch.manual_seed(11)
    with on_the_cpu():
        tuned = get_peft_model(model, config)
    if init == "eva":
        rows = [{"x": model.inputs + torch.randn_like(model.inputs) * 0.01} for _ in range(12)]
        layer_inputs = lambda inputs, *_: (inputs[0] if isinstance(inputs, tuple) else inputs).detach()
        prepared = {"prepare_model_inputs_fn": None, "prepare_layer_inputs_fn": layer_inputs}
        initialize_lora_eva_weights(tuned, rows, **prepared, show_progress_bar=False)
    layer = tuned.base_model.model.layer
    a, b = (factor["default"].weight.detach() for factor in (layer.lora_A, layer.lora_B))
    return a, b, before, layer.get_base_layer().weight.detach()


def close(value: float, expected: float, tolerance: float) -> bool:
    return value == expected if expected == 0 else abs(value / expected - 1) < tolerance


def frozen_as_said(row: dict[str, Any], scaling: float, built: tuple[torch.Tensor, ...]) -> bool:
    a, b, before, after = built
    if not row.get("subtracts"):
        # LoftQ quantises them: they differ by what 4 bits lose, at any scaling.
        return torch.equal(before, after) or row["id"] == "loftq"
    share = float((((before - after).double() - scaling * b.double() @ a.double()).norm() / before.norm()))
    return share < 1e-5


def faults(rows: list[dict[str, Any]]) -> Iterator[str]:
    """What PEFT does otherwise than a row says."""
    known = [row for row in rows if row["id"] in WORDS]
    # What comes from the layer is the same story at any rank.
    ranks = lambda row: RANKS[:1] if row["A"]["factor"] == "layer" else RANKS
    for row, rank in ((row, rank) for row in known for rank in ranks(row)):
        at, sizes = f"{row['id']} of rank {rank}", []
        for scaling in SCALINGS:
            a, b, *_ = built = fresh(row["id"], rank, scaling)
            if not frozen_as_said(row, scaling, built):
                yield f"{at}: frozen weights at s = {scaling}"
            sizes.append({name: values.double().pow(2).mean().sqrt().item() for name, values in (("A", a), ("B", b))})
            for name, measured in sizes[-1].items():
                said = row[name]
                if said["factor"] == "layer":
                    continue
                expected = said["factor"] * rank ** said.get("rank", 0) * scaling ** said.get("scaling", 0)
                # A few thousand draws: 5 standard errors.
                if not close(measured, expected, 5 / math.sqrt(2 * min(a.numel(), b.numel()))):
                    yield f"{at}: {name} at s = {scaling} is {measured:.5g}, said {expected:.5g}"
        for name in ("A", "B"):
            low, high = (size[name] for size in sizes)
            if not close(high, low * (SCALINGS[1] / SCALINGS[0]) ** row[name].get("scaling", 0), 1e-5):
                yield f"{at}: {name} moves from {low:.5g} at s = 1 to {high:.5g} at 4"
