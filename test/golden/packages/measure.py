"""A published optimizer beside ours, under its row's rule, and with one number of it forgotten, as measured.json has it."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

import torch

from problem import Distance, Trained, distance, draw, nudged, train
from published.entry import Published
from settings import DECAY, EARLY, LR, Row, Settings, moved

CONTROLS, ROUNDING, AMPLIFIED = 4, 1e-6, 4
GAUGES = {"symmetric": lambda k: (math.sqrt(k), math.sqrt(k)), "keep-init": lambda k: (1.0, k)}


def measured(entry: Published, row: Row, ours: Trained | str) -> dict[str, Any]:
    """@param ours our float32 run of the same problem, or why there is none"""
    settings = entry.settings
    numbers = {"lr": settings.lr, "weightDecay": settings.weight_decay, **settings.constants, **settings.options}
    return {
        **{"row": entry.row, "package": entry.package, "version": version(entry.package), "optimizer": entry.name},
        "settings": numbers,
        "ours": {"unknown": ours} if isinstance(ours, str) else beside(ours, entry, row),
        **({"unlike": entry.unlike} if entry.unlike else {}),
        "rule": rules(entry, row),
        "costs": costs(entry, row),
    }


def beside(ours: Trained, entry: Published, row: Row) -> dict[str, Any]:
    """Ours beside the package's, and how far rounding alone drifts: the base with A one unit in the last place off."""
    start = base(entry, row)
    found = distance(ours, start)
    numbers = (moved(entry.settings, row, 1.0, "A"), moved(entry.settings, row, 1.0, "B"))
    controls = [train(nudged(draw(), i), entry.build, entry.settings, numbers, torch.float32) for i in range(CONTROLS)]
    loss, weights = (max(getattr(distance(run, start), key) for run in controls) for key in ("loss", "weights"))
    is_close = found.loss <= max(ROUNDING, AMPLIFIED * loss)
    same = is_close and found.weights <= max(10 * ROUNDING, AMPLIFIED * weights)
    return {"same": same, **rounded(found), "rounding": short(loss)}


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


def rules(entry: Published, row: Row) -> list[dict[str, Any]]:
    """Twin and base on the published optimizer; `float64` is the deviation in float64, None where it has none."""
    gauges = ["symmetric"] if entry.shares or row.get("gauges") == "symmetric" else list(GAUGES)

    def at(gauge: str, k: float, dtype: torch.dtype) -> Distance:
        return distance(twin(entry, row, gauge, k, dtype), base(entry, row, dtype))

    def line(gauge: str, k: float) -> dict[str, Any]:
        found = at(gauge, k, torch.float32)
        exact = short(at(gauge, k, torch.float64).loss) if entry.float64 else None
        return {"gauge": gauge, "k": k, "bit": found.bit, **rounded(found), "float64": exact}

    return [line(gauge, k) for gauge in gauges for k in (4.0, 3.0)]


def costs(entry: Published, row: Row) -> list[dict[str, Any]]:
    """The twin at k = 4 with one number that moves left alone: at the entry's size of it, and at the optimizer's default."""
    settings = entry.settings
    alone: list[tuple[str, float | None, Settings]] = []
    if row["e"] - row["d"] != 1 and LR not in entry.fixed:
        alone.append((LR, settings.lr, settings))
    if row["decayPower"] != 0 and settings.weight_decay != 0:
        alone.append((DECAY, settings.weight_decay, settings))
    if row.get("early"):
        alone.append((EARLY, None, settings))
    for constant in row["constants"]:
        name = constant["constant"]
        if constant["power"] == 0 or name not in settings.constants or name in entry.fixed:
            continue
        for value in dict.fromkeys((settings.constants[name], constant["default"])):
            alone.append((name, value, settings.with_constant(name, value)))
    dtype = torch.float64 if entry.float64 else torch.float32

    def cost(name: str, settings: Settings) -> Distance:
        return distance(twin(entry, row, "symmetric", 4.0, dtype, name, settings), base(entry, row, dtype, settings))

    return [{"alone": name, "value": value, **rounded(cost(name, settings))} for name, value, settings in alone]


def rounded(found: Distance) -> dict[str, float | None]:
    return {"deviation": short(found.loss), "weights": short(found.weights)}


def short(value: float) -> float | None:
    """Two digits say what is to be said; None where the run broke."""
    return float(f"{value:.1e}") if math.isfinite(value) else None
