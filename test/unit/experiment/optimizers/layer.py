"""The small LoRA run on which reference.py and step-sizes.py train published optimizers.

One layer, y = x W0^T + s (x A^T) B^T, mean squared error; both scripts say how they are run.
"""

import json
import math
from pathlib import Path

import torch

STEPS, WIDTH, BATCH, RANK, SCALING = 14, 5, 8, 3, 2.0


def drawn(seed: int) -> dict:
    """Data and starts, in float32. Most runs start B from zero all the same."""
    random = torch.Generator().manual_seed(seed)
    return {
        "x": torch.randn(BATCH, WIDTH, generator=random),
        "y": torch.randn(BATCH, WIDTH, generator=random),
        "w0": torch.randn(WIDTH, WIDTH, generator=random) / 2,
        "a": torch.randn(RANK, WIDTH, generator=random) / 3,
        "b": torch.randn(WIDTH, RANK, generator=random) / 4,
    }


def loss_of(t: dict, a, b):
    """The loss of the layer with the factors `a` and `b` on the data `t`."""
    out = t["x"] @ t["w0"].T + SCALING * (t["x"] @ a.T) @ b.T
    return ((out - t["y"]) ** 2).mean()


def rate(schedule, step: int) -> float:
    """Factor on the learning rate at a step, from 1. `schedule` is a kind and a number of warm-up steps, or None."""
    if schedule is None:
        return 1.0
    kind, warmup = schedule
    if step <= warmup:
        return step / warmup
    done = (step - warmup) / (STEPS - warmup)
    return (1 + math.cos(math.pi * done)) / 2 if kind == "cosine" else 1 - done


def numbers_of(numbers: dict, factor: str, alike: bool) -> dict:
    """B trains at twice A's rate and with half its constants, unless the package has one set for both."""
    if factor == "a" or alike:
        return dict(numbers)
    halved = lambda v: tuple(x / 2 for x in v) if isinstance(v, tuple) else v / 2
    return {name: 2 * value if name == "lr" else halved(value) for name, value in numbers.items()}


def flat(tensor) -> list[float]:
    """All elements, to twelve digits."""
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


def write(path: Path, start: dict, cases: list[dict]) -> None:
    """Writes what the tests read: the layer's sizes and numbers, and the cases."""
    reference = {
        "steps": STEPS, "width": WIDTH, "batch": BATCH, "rank": RANK, "scaling": SCALING,
        "start": {name: flat(value) for name, value in start.items()},
        "cases": cases,
    }  # fmt: skip
    path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
