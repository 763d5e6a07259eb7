"""The measurements as a table for the terminal and as JSON for the documentation."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from measure import Cost, Rule
from problem import BATCH, RANK, SCALING, STEPS, WIDTH, Distance
from published.entry import Published

PROBLEM = {
    "layer": "y = x W0^T + s (x A^T) B^T, mean square against random targets",
    "width": WIDTH,
    "batch": BATCH,
    "rank": RANK,
    "scaling": SCALING,
    "steps": STEPS,
}
ROUNDING = 1e-6
AMPLIFIED = 4


@dataclass(frozen=True)
class Ours:
    """Our float32 run beside the package's, and how far rounding alone drifts there."""

    distance: Distance
    drift: Distance

    @property
    def same(self) -> bool:
        return self.distance.loss <= max(ROUNDING, AMPLIFIED * self.drift.loss) and self.distance.weights <= max(
            10 * ROUNDING, AMPLIFIED * self.drift.weights
        )


@dataclass(frozen=True)
class Measured:
    entry: Published
    ours: Ours | str
    rules: list[Rule]
    costs: list[Cost]


def line(measured: Measured) -> str:
    entry = measured.entry
    return "  ".join(
        [
            f"{entry.row:24} {entry.package} {version(entry.package)}".ljust(50),
            entry.name.ljust(44),
            ours_words(measured.ours, entry).ljust(40),
            "; ".join(rule_words(rule) for rule in measured.rules).ljust(76),
            ", ".join(cost_words(cost) for cost in measured.costs),
        ]
    ).rstrip()


def ours_words(ours: Ours | str, entry: Published) -> str:
    if isinstance(ours, str):
        return f"not held against ours: {ours}"
    word = "same" if ours.same else "differs"
    why = f" ({entry.unlike})" if entry.unlike else ""
    return f"{word} {size(ours.distance.loss)}, rounding {size(ours.drift.loss)}{why}"


def rule_words(rule: Rule) -> str:
    gauge = "sym" if rule.gauge == "symmetric" else "keep"
    if rule.k == 4:
        return f"{gauge} k=4 {'bit' if rule.float32.bit else size(rule.float32.loss)}"
    exact = "" if rule.float64 is None else f" (float64 {size(rule.float64.loss)})"
    return f"k=3 {size(rule.float32.loss)}{exact}"


def cost_words(cost: Cost) -> str:
    value = "" if cost.value is None else f" {cost.value:g}"
    return f"{cost.alone}{value}: {size(cost.deviation.loss)}"


def size(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}"


def as_json(measured: Measured) -> dict[str, Any]:
    entry, ours = measured.entry, measured.ours
    settings = entry.settings
    return {
        "row": entry.row,
        "package": entry.package,
        "version": version(entry.package),
        "optimizer": entry.name,
        "settings": {
            "lr": settings.lr,
            "weightDecay": settings.weight_decay,
            **settings.constants,
            **settings.options,
        },
        "ours": {"unknown": ours}
        if isinstance(ours, str)
        else {
            "same": ours.same,
            "deviation": rounded(ours.distance.loss),
            "weights": rounded(ours.distance.weights),
            "rounding": rounded(ours.drift.loss),
        },
        **({"unlike": entry.unlike} if entry.unlike else {}),
        "rule": [
            {
                "gauge": rule.gauge,
                "k": rule.k,
                "bit": rule.float32.bit,
                "deviation": rounded(rule.float32.loss),
                "weights": rounded(rule.float32.weights),
                "float64": None if rule.float64 is None else rounded(rule.float64.loss),
            }
            for rule in measured.rules
        ],
        "costs": [
            {
                "alone": cost.alone,
                "value": cost.value,
                "deviation": rounded(cost.deviation.loss),
                "weights": rounded(cost.deviation.weights),
            }
            for cost in measured.costs
        ],
    }


def rounded(value: float) -> float | None:
    """Two digits say what is to be said; None where the run broke."""
    return float(f"{value:.1e}") if math.isfinite(value) else None


def write(path: Path, all_measured: list[Measured]) -> None:
    """A line for each optimizer, so that a change of one is a change of one line."""
    lines = ",\n".join(f"    {json.dumps(as_json(measured))}" for measured in all_measured)
    path.write_text(f'{{\n  "problem": {json.dumps(PROBLEM)},\n  "measured": [\n{lines}\n  ]\n}}\n')
