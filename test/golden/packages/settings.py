"""What an optimizer is given: the numbers of a run, and those of one factor of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Settings:
    """The numbers of a base run, by the names of our table. `constants` carry a unit, `options` do not."""

    lr: float
    weight_decay: float = 0.0
    constants: dict[str, float] = field(default_factory=dict)
    betas: tuple[float, float] = (0.9, 0.999)
    momentum: float = 0.0
    nesterov: bool = False
    options: dict[str, float] = field(default_factory=dict)

    def with_constant(self, name: str, value: float) -> Settings:
        return replace(self, constants={**self.constants, name: value})


@dataclass(frozen=True)
class Moved:
    """The numbers of one factor, A or B; `early` are further factors on the rate of the first steps."""

    lr: float
    weight_decay: float
    constants: dict[str, float]
    early: tuple[float, ...] = ()


Row = dict[str, Any]
"""A row of our table, as JSON."""

LR, DECAY, EARLY = "lr", "weight decay", "first steps"


def moved(settings: Settings, row: Row, c: float, factor: str, alone: tuple[str, ...] = ()) -> Moved:
    """The numbers of a factor that starts divided by c, by the powers of the row; `alone` names those that stay."""

    def times(name: str, power: float) -> float:
        return 1.0 if name in alone else c**power

    powers = {constant["constant"]: constant["power"] for constant in row["constants"]}
    early = row.get("early")
    hurried = early is not None and (early["of"] == "both" or factor == "B")
    return Moved(
        lr=settings.lr * times(LR, row["e"] - row["d"] - 1),
        weight_decay=settings.weight_decay * times(DECAY, row["decayPower"]),
        constants={name: value * times(name, powers[name]) for name, value in settings.constants.items()},
        early=(times(EARLY, early["power"]),) * early["steps"] if early and hurried else (),
    )
