"""Holds two runs against each other: the same bits, the same within rounding, or different."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from training import Run

# Float32 rounds at 6e-8; some hundred products and sums lie between A and a loss.
FLOOR_LOSS, FLOOR_LEARNED = 2e-6, 2e-5
ENVELOPE = 4.0
"""How many times the larger of two controls still counts as rounding."""
NEARLY = 1e-3
"""The largest relative difference of ΔW that `nearly` may stand for."""


DOUBLE = 1e-9
"""The largest difference in float64 that rounding alone makes."""


@dataclass(frozen=True)
class Difference:
    """Of two runs: the largest relative difference of a loss, and of the norm of a ΔW."""

    bits: bool
    loss: float
    learned: float

    def __str__(self) -> str:
        return "the same bits" if self.bits else f"loss {self.loss:.1e}, ΔW {self.learned:.1e}"


def difference(base: Run, other: Run) -> Difference:
    if len(base.losses) != len(other.losses) or base.learned.keys() != other.learned.keys():
        return Difference(False, math.inf, math.inf)
    loss = max((apart(b, o) for b, o in zip(base.losses, other.losses)), default=0.0)
    pairs = [(value, other.learned[name]) for name, value in base.learned.items()]
    same = base.losses == other.losses and all(torch.equal(value, new) for value, new in pairs)
    return Difference(same, loss, max((far(value, new) for value, new in pairs), default=0.0))


def apart(base: float, other: float) -> float:
    return abs(base - other) / max(abs(base), 1e-12) if math.isfinite(other) else math.inf


def far(base: torch.Tensor, other: torch.Tensor) -> float:
    if base.shape != other.shape:
        return math.inf
    distance, size = float((other - base).norm()), float(base.norm())
    if distance == 0:
        return 0.0
    return distance / size if size > 0 and math.isfinite(distance) else math.inf


def is_rounding(found: Difference, controls: list[Difference]) -> bool:
    loss, learned = (max(getattr(c, key) for c in controls) for key in ("loss", "learned"))
    return found.loss <= max(ENVELOPE * loss, FLOOR_LOSS) and found.learned <= max(ENVELOPE * learned, FLOOR_LEARNED)
