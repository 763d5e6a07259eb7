"""Models of a library whose fresh factors a printed code divides, and what is checked of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import torch
from torch import nn

ROUNDING = 3e-6
"""Float32: a matrix product rounds by some 1e-7 of its largest element."""

SEED, RANK, ALPHA = 3, 4, 8.0
INPUTS = torch.randn(5, 8, generator=torch.Generator().manual_seed(1))
IDS = torch.tensor([[0, 3, 5, 1]])
PICTURE = torch.randn(2, 3, 6, 6, generator=torch.Generator().manual_seed(2))
OF_LAYERS = {"embed": IDS, "conv": PICTURE}
"""Inputs of layers by name; all others get INPUTS."""
CALLED = ("model", "module", "backbone", "network", "transformer", "unet", "dit", "trained_component", "text_encoder")


@dataclass(frozen=True)
class Model:
    """A built model: what it computes, and its parameters by name."""

    run: Callable[[], torch.Tensor]
    parameters: Callable[[], dict[str, torch.Tensor]]
    module: Any


@dataclass(frozen=True)
class Library:
    """What builds a model at k times the scaling, the names of A and B, and what the code has imported."""

    make: Callable[[float], Model]
    a: set[str]
    b: set[str]
    imports: str = ""

    def faults(self, what: str, case: dict[str, Any]) -> list[str]:
        """Holds a model, built at the scaling times k and divided by the code, against one built at the old scaling."""
        old, new = self._built(1.0), self._built(case["k"])
        exec(compile(f"{self.imports}\n{case.get('code', '')}", "generated code", "exec"), names(new.module))
        far = {"function": [relative(new.run(), old.run())], "factors": [0.0], "all else": [0.0]}
        before, after = old.parameters(), new.parameters()
        assert before.keys() == after.keys()
        for name, value in before.items():
            parts = set(name.split("."))
            is_factor = bool(parts & (self.a | self.b)) and not name.endswith(".bias")
            times = (case["p"] if parts & self.a else case["q"]) if is_factor else 1.0
            far["factors" if is_factor else "all else"].append(relative(after[name] * times, value))
        if "step_pre_hook" in case.get("code", "") and not stops_when_filled(new.module):
            return [f"{what}: the first step does not see that LoRA was filled again"]
        if all(value <= ROUNDING for values in far.values() for value in values):
            return []
        return [f"{what}: {', '.join(f'{kind} {max(values):.0e}' for kind, values in far.items())}"]

    def _built(self, k: float) -> Model:
        torch.manual_seed(SEED)
        return self.make(k)


def stops_when_filled(module: nn.Module) -> bool:
    """
    Whether the first step of LoRA's optimizer stops for factors that were filled again, after one of another optimizer; also
    where the backward pass has stepped, and left no gradients.
    """
    torch.optim.SGD([nn.Parameter(torch.zeros(1))]).step()
    stops = []
    for has_gradients in (False, True):
        for p in module.parameters():
            p.data.normal_()
            p.grad = torch.zeros_like(p) if has_gradients else None
        try:
            torch.optim.SGD(module.parameters()).step()
        except AssertionError:
            stops.append(has_gradients)
    return stops == [False, True]


def relative(value: torch.Tensor, reference: torch.Tensor) -> float:
    """Largest difference of an element, in units of the reference's largest."""
    size = reference.abs().max().clamp(min=1e-30)
    return float((value - reference).abs().max() / size) if value.numel() else 0.0


def names(module: Any) -> dict[str, Any]:
    """The model under every name that a trainer has for it at the place of the code."""
    owner = SimpleNamespace(model=module, llm=module, network=module, _resume_from_checkpoint=False)
    owner.get_latest_save_path = lambda: None
    own = {"self": owner, "trainer": owner, "init_lora_state_dict": None, "torch": torch}
    return {**dict.fromkeys(CALLED, module), **own}


def model_of(module: nn.Module, parts: set[str], run: Callable[[], torch.Tensor]) -> Model:
    """The model, with what starts at zero in the parts filled, as after some steps: the function shows what is wrong."""
    random = torch.Generator().manual_seed(9)
    with torch.no_grad():
        for name, p in module.named_parameters():
            if set(name.split(".")) & parts and not p.any() and not name.endswith(".bias"):
                p.copy_(torch.randn(p.shape, generator=random) * 0.1)
    return Model(torch.no_grad()(run), lambda: dict(module.named_parameters()), module)


def run_layers(layers: dict[str, nn.Module]) -> torch.Tensor:
    return torch.cat([layer(OF_LAYERS.get(name, INPUTS)).flatten() for name, layer in layers.items()])
