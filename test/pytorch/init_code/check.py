"""What is checked of a model whose fresh factors a generated code has divided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

ROUNDING = 3e-6
"""Float32: a matrix product rounds by some 1e-7 of its largest element."""


@dataclass(frozen=True)
class Model:
    """A built model: what it computes, and its parameters by name."""

    run: Callable[[], torch.Tensor]
    parameters: dict[str, torch.Tensor]
    module: Any = None


@dataclass(frozen=True)
class Checked:
    what: str
    function: float
    factors: float
    others: float
    bit: bool

    @property
    def ok(self) -> bool:
        return max(self.function, self.factors, self.others) <= ROUNDING


def check(what: str, case: dict[str, Any], old: Model, new: Model, a: set[str], b: set[str]) -> Checked:
    """Holds `new`, built at the scaling times k and divided by the code, against `old`, built at the old scaling."""
    p, q = case["p"], case["q"]
    factors, others, bit = 0.0, 0.0, True
    assert old.parameters.keys() == new.parameters.keys()
    for name, before in old.parameters.items():
        parts = set(name.split("."))
        is_factor = bool(parts & (a | b)) and not name.endswith(".bias")
        c = p if parts & a else q
        far = relative(new.parameters[name] * c if is_factor else new.parameters[name], before)
        bit &= torch.equal(new.parameters[name], before / c if is_factor else before)
        if is_factor:
            factors = max(factors, far)
        else:
            others = max(others, far)
    return Checked(what, relative(new.run(), old.run()), factors, others, bit)


def relative(value: torch.Tensor, reference: torch.Tensor) -> float:
    """Largest difference of an element, in units of the reference's largest."""
    size = reference.abs().max().clamp(min=1e-30)
    return float((value - reference).abs().max() / size) if value.numel() else 0.0
