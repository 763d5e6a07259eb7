"""Hand-written torch optimizers, such as a reference has them, against the packages they are written after."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from measure import base
from problem import Factor, distance
from published.entry import Published, groups
from settings import Row, Settings

Make = Callable[[ModuleType, list[Factor], Settings], Any]


def adafactor(scale: bool, relative: bool) -> Make:
    def make(module: ModuleType, factors: list[Factor], settings: Settings) -> Any:
        ways = {"scale_parameter": scale, "relative_step": relative, "relmult": 1.0, "warmup_init": False}
        eps = ("eps", "epsRms") if scale else ("eps", "eps")
        return module.HFAdafactor(groups(factors, eps=eps), **ways, clip=1.0, decay_rate=-0.8, beta1=None)

    return make


MAKERS: dict[str, Make] = {
    "lion_pytorch.Lion": lambda m, f, s: m.Lion(groups(f), betas=s.betas),
    "prodigyopt.Prodigy": lambda m, f, s: m.Prodigy(groups(f, eps="eps", d0="d0"), betas=s.betas),
    "sophia_opt.SophiaG": lambda m, f, s: m.Sophia(groups(f, eps="eps", gamma="gamma"), betas=s.betas),
    "timm.optim.Lamb": lambda m, f, s: m.LAMB(groups(f, eps="eps", phi_max="trustCap"), betas=s.betas),
    "timm.optim.Lars": lambda m, f, s: m.LARS(groups(f, eps="eps"), momentum=s.momentum, trust=s.options["trust"]),
    "pytorch_optimizer.Shampoo": lambda m, f, s: m.Shampoo(groups(f, eps="eps")),
    "pytorch_optimizer.SOAP(precondition_frequency=1)": lambda m, f, s: m.SOAP(groups(f, eps="eps"), betas=s.betas),
    "muon.SingleDeviceMuon": lambda m, f, s: m.Muon(groups(f, eps="eps"), momentum=s.momentum, nesterov=True),
    "transformers.Adafactor(scale_parameter=False, relative_step=False)": adafactor(False, False),
    "transformers.Adafactor(relative_step=False)": adafactor(True, False),
    "transformers.Adafactor(scale_parameter=False)": adafactor(False, True),
    "transformers.Adafactor(the defaults)": adafactor(True, True),
}

WITHOUT_DECAY = {"pytorch_optimizer.Shampoo"}
"""Where the hand-written one knows no weight decay."""


def compare(path: Path, entries: list[Published], rows: dict[str, Row]) -> Iterator[str]:
    """A line for each package that the file at `path` has an optimizer for."""
    module = load(path)
    for entry in entries:
        make = MAKERS.get(entry.name)
        if make is None:
            continue
        if entry.name in WITHOUT_DECAY:
            entry = replace(entry, settings=replace(entry.settings, weight_decay=0.0))
        theirs = replace(entry, build=lambda f, s, make=make: make(module, f, s))
        words = [
            f"{name} {distance(base(theirs, rows[entry.row], dtype), base(entry, rows[entry.row], dtype)).loss:.1e}"
            for name, dtype in (("float32", torch.float32), ("float64", torch.float64))
            if dtype == torch.float32 or entry.float64
        ]
        yield f"{path.name} against {entry.name}: {', '.join(words)}"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
