"""A published optimizer under its row's rule: how far the rule carries, and what forgetting a number costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from problem import Distance, Trained, distance, draw, nudged, train
from published.entry import Published
from settings import DECAY, EARLY, LR, Row, Settings, moved

CONTROLS = 4
GAUGES = {"symmetric": lambda k: (math.sqrt(k), math.sqrt(k)), "keep-init": lambda k: (1.0, k)}


@dataclass(frozen=True)
class Rule:
    """Twin and base on the published optimizer; `exact` is the deviation in float64, None where it has none."""

    gauge: str
    k: float
    float32: Distance
    float64: Distance | None


@dataclass(frozen=True)
class Cost:
    """The twin at k = 4, symmetric, with one number left where it was."""

    alone: str
    value: float | None
    deviation: Distance


def base(entry: Published, row: Row, dtype: torch.dtype = torch.float32, settings: Settings | None = None) -> Trained:
    return twin(entry, row, "symmetric", 1.0, dtype, settings=settings)


def twin(
    entry: Published,
    row: Row,
    gauge: str,
    k: float,
    dtype: torch.dtype,
    alone: str | None = None,
    settings: Settings | None = None,
) -> Trained:
    p, q = GAUGES[gauge](k)
    settings = settings or entry.settings
    still = entry.fixed if alone is None else (alone, *entry.fixed)
    numbers = (moved(settings, row, p, "A", still), moved(settings, row, q, "B", still))
    return train(draw(), entry.build, settings, numbers, dtype, k, p, q)


def drift(entry: Published, row: Row) -> Distance:
    """How far float32 rounding alone drifts: the base with A one unit in the last place off."""
    numbers = (moved(entry.settings, row, 1.0, "A"), moved(entry.settings, row, 1.0, "B"))
    start = base(entry, row)
    runs = [train(nudged(draw(), i), entry.build, entry.settings, numbers, torch.float32) for i in range(CONTROLS)]
    far = [distance(run, start) for run in runs]
    return Distance(max(d.loss for d in far), max(d.weights for d in far), False)


def rules(entry: Published, row: Row) -> list[Rule]:
    gauges = ["symmetric"] if entry.shares or row.get("gauges") == "symmetric" else list(GAUGES)
    return [
        Rule(gauge, k, rule_at(entry, row, gauge, k, torch.float32), float64_at(entry, row, gauge, k))
        for gauge in gauges
        for k in (4.0, 3.0)
    ]


def rule_at(entry: Published, row: Row, gauge: str, k: float, dtype: torch.dtype) -> Distance:
    return distance(twin(entry, row, gauge, k, dtype), base(entry, row, dtype))


def float64_at(entry: Published, row: Row, gauge: str, k: float) -> Distance | None:
    return rule_at(entry, row, gauge, k, torch.float64) if entry.float64 else None


def costs(entry: Published, row: Row) -> list[Cost]:
    """Each number that moves, left alone: at the size in our table of packages, and at the optimizer's default."""
    settings = entry.settings
    powers = {constant["constant"]: constant["power"] for constant in row["constants"]}
    alone: list[tuple[str, float | None, Settings]] = []
    if row["e"] - row["d"] != 1 and LR not in entry.fixed:
        alone.append((LR, settings.lr, settings))
    if row["decayPower"] != 0 and settings.weight_decay != 0:
        alone.append((DECAY, settings.weight_decay, settings))
    if row.get("early"):
        alone.append((EARLY, None, settings))
    for constant in row["constants"]:
        name, usual = constant["constant"], constant["default"]
        if powers[name] == 0 or name not in settings.constants or name in entry.fixed:
            continue
        felt = settings.constants[name]
        for value in dict.fromkeys((felt, usual)):
            alone.append((name, value, settings.with_constant(name, value)))
    return [Cost(name, value, cost(entry, row, name, settings)) for name, value, settings in alone]


def cost(entry: Published, row: Row, alone: str, settings: Settings) -> Distance:
    dtype = torch.float64 if entry.float64 else torch.float32
    return distance(twin(entry, row, "symmetric", 4.0, dtype, alone, settings), base(entry, row, dtype, settings))
