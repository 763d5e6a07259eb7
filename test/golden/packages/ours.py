"""Our own trajectories and our own table, from the experiment's code (trajectories.ts, run by Node)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import torch

from problem import BATCH, RANK, SCALING, STEPS, WIDTH, Trained, draw
from published.entry import Published
from settings import Row, moved

PROGRAM = [str(Path(__file__).parents[2] / "run.mjs"), "golden/trajectories.ts"]


def ask(runs: list[dict[str, Any]]) -> dict[str, Any]:
    problem = {name: value.flatten().tolist() for name, value in draw().items()}
    request = {"problem": {"width": WIDTH, "batch": BATCH, "rank": RANK, **problem}, "steps": STEPS, "runs": runs}
    node = subprocess.run(["node", *PROGRAM], input=json.dumps(request), capture_output=True, text=True)
    if node.returncode != 0:
        raise SystemExit(f"node {PROGRAM[0]} failed:\n{node.stderr}")
    return json.loads(node.stdout)


def table() -> dict[str, Row]:
    """Our optimizer table, by row."""
    return {row["id"]: row for row in ask([])["rows"]}


def trajectories(entries: list[Published], rows: dict[str, Row]) -> list[Trained | str]:
    """Our run for each entry, in its place; a text says why there is none."""
    unknown = [unknown_of(entry, rows[entry.row]) for entry in entries]
    runs = [run_of(entry, rows[entry.row]) for entry, why in zip(entries, unknown) if why is None]
    answers = iter(ask(runs)["runs"])
    return [why or trajectory(next(answers)) for why in unknown]


def unknown_of(entry: Published, row: Row) -> str | None:
    """What our row has no word for."""
    constants = {constant["constant"] for constant in row["constants"]}
    strange = (set(entry.settings.options) - set(row.get("options", {}))) | (set(entry.settings.constants) - constants)
    return f"the row {entry.row} has no {', '.join(sorted(strange))}" if strange else None


def run_of(entry: Published, row: Row) -> dict[str, Any]:
    settings = entry.settings
    a, b = (moved(settings, row, 1.0, factor) for factor in "AB")
    hyper = lambda n: {"lr": n.lr, "weightDecay": n.weight_decay, "constants": n.constants, "early": list(n.early)}
    return {
        **{"row": entry.row, "scaling": SCALING, "betas": settings.betas[:2], "momentum": settings.momentum},
        **{"nesterov": settings.nesterov, "options": {**row.get("options", {}), **settings.options}},
        **{"a": hyper(a), "b": hyper(b)},
    }


def trajectory(answer: dict[str, Any]) -> Trained | str:
    if "error" in answer:
        return answer["error"]
    a, b = torch.tensor(answer["weights"], dtype=torch.float32).view(2, RANK, WIDTH)
    return Trained(answer["losses"], a, b.T)
