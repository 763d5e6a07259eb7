"""The small LoRA run on which reference.py, step-sizes.py and matrix.py train published optimizers.

One layer, y = x W0^T + s (x A^T) B^T, mean squared error; each script says how it is run. A and B have numbers of their
own where the package allows it, so that a mix-up shows. `losses[t]` is the loss before step t + 1; `final` are A and B
after the last step. All is float64 but for what computes in float32 whatever it is given.
"""

import contextlib
import io
import json
import math
from pathlib import Path
from typing import Any, Callable, NamedTuple

import torch

SCALING = 2.0


class Case(NamedTuple):
    row: str
    # Parameter groups of A and B -> an optimizer.
    make: Callable
    # Of each factor, as the package calls them.
    numbers: dict[str, Any]
    # Of both factors, as the package calls them.
    settings: dict[str, Any] = {}
    # Kind and warm-up steps.
    schedule: tuple[str, int] | None = None
    betas: tuple[float, ...] | None = None
    momentum: float = 0
    # As the product calls them.
    options: dict[str, float] = {}
    nesterov: bool = False
    # The package has one set of numbers for A and B.
    alike: bool = False
    # Computes in float32 whatever it is given.
    float32: bool = False
    # B starts from numbers: from zero it would never move.
    filled: bool = False


def drawn(seed: int, width: int = 5, batch: int = 8, rank: int = 3) -> dict:
    """Data and starts, in float32. Most runs start B from zero all the same."""
    random = torch.Generator().manual_seed(seed)
    return {
        "x": torch.randn(batch, width, generator=random),
        "y": torch.randn(batch, width, generator=random),
        "w0": torch.randn(width, width, generator=random) / 2,
        "a": torch.randn(rank, width, generator=random) / 3,
        "b": torch.randn(width, rank, generator=random) / 4,
    }


def numbers_of(case: Case, factor: str) -> dict:
    """B trains at twice A's rate and with half its constants, unless the package has one set for both."""
    if factor == "a" or case.alike:
        return dict(case.numbers)
    halved = lambda v: tuple(x / 2 for x in v) if isinstance(v, tuple) else v / 2
    return {name: 2 * value if name == "lr" else halved(value) for name, value in case.numbers.items()}


def both(make):
    """For what takes both parameters, and one set of numbers."""

    def made(groups):
        numbers = {name: value for name, value in groups[0].items() if name != "params"}
        return make([p for group in groups for p in group["params"]], **numbers)

    return made


def rate(schedule, step: int, steps: int) -> float:
    """Factor on the learning rate at a step, from 1."""
    if schedule is None:
        return 1.0
    kind, warmup = schedule
    if step <= warmup:
        return step / warmup
    done = (step - warmup) / (steps - warmup)
    return (1 + math.cos(math.pi * done)) / 2 if kind == "cosine" else 1 - done


def trained(case: Case, start: dict, steps: int) -> dict:
    t = {key: value.to(torch.float32 if case.float32 else torch.float64) for key, value in start.items()}
    a, b = torch.nn.Parameter(t["a"].clone()), torch.nn.Parameter(t["b"] * case.filled)
    groups = [{"params": [p], **numbers_of(case, factor), **case.settings} for factor, p in (("a", a), ("b", b))]
    with contextlib.redirect_stdout(io.StringIO()):
        optimizer = case.make(groups)
    rates = [group["lr"] for group in optimizer.param_groups]
    losses = []
    for step in range(1, steps + 1):
        if case.schedule is not None:
            for group, whole in zip(optimizer.param_groups, rates):
                group["lr"] = whole * rate(case.schedule, step, steps)
        loss = ((t["x"] @ t["w0"].T + SCALING * (t["x"] @ a.T) @ b.T - t["y"]) ** 2).mean()
        losses.append(loss.item())
        if hasattr(optimizer, "fused_step"):
            optimizer.fused_step(loss)
        else:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return {"losses": losses, "final": {"a": flat(a), "b": flat(b)}}


# What a package calls a number -> what the product calls it.
CONSTANTS = {
    "eps": "eps", "lambd": "lambd", "iav": "initialAccumulator", "gradient_clipping": "tensorClip", "rho": "gamma",
    "d0": "d0", "min_lr": "minRate", "max_lr": "maxRate", "lr_bump": "rateBump", "max_unorm": "maxUnorm",
}  # fmt: skip
# Constants that a package has no name for.
FIXED = {"sophia": {"eps": 1e-15}, "lamb": {"trustCap": 1e6}}


def hyper(case: Case, factor: str) -> dict:
    """A factor's numbers in the product's words."""
    numbers = numbers_of(case, factor)
    constants = {CONSTANTS[name]: value for name, value in numbers.items() if name in CONSTANTS}
    if isinstance(constants.get("eps"), tuple):
        constants["eps"], floor = constants["eps"]
        constants.update({"epsRms": floor} if floor else {})
    constants.update(zip(("stepMin", "stepMax"), numbers.get("step_sizes", ())))
    constants.update(FIXED.get(case.row, {}))
    return {"lr": numbers.get("lr", 1), "weightDecay": numbers.get("weight_decay", 0), "constants": constants}


def flat(tensor) -> list[float]:
    """All elements, to twelve digits."""
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


def write(script: str, start: dict, cases: dict[str, Case], steps: int = 14) -> None:
    """Writes what the tests read beside the script: the layer's sizes and numbers, and the cases."""
    torch.set_num_threads(1)
    told = [
        {
            "id": name, "row": case.row, "betas": (case.betas or (0.9, 0.999))[:2], "momentum": case.momentum,
            "nesterov": case.nesterov, "options": case.options, "a": hyper(case, "a"), "b": hyper(case, "b"),
            "filled": case.filled,
            "schedule": dict(zip(("kind", "warmupSteps"), case.schedule)) if case.schedule else None,
            **trained(case, start, steps),
        }
        for name, case in cases.items()
    ]  # fmt: skip
    (rank, width), batch = start["a"].shape, len(start["x"])
    sizes = {"steps": steps, "width": width, "batch": batch, "rank": rank, "scaling": SCALING}
    reference = sizes | {"start": {name: flat(value) for name, value in start.items()}, "cases": told}
    Path(script).with_suffix(".json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")
