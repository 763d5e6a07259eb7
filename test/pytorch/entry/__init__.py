"""
Trainers started by their own entry points: modules with `TRAINERS`, whose cells main.py judges by recordings.

Each run is a process of its own, a fork of this one with the recorder of src/run in it, so nothing that a trainer
changes needs to be put back. What it imports is imported before, where `run` of a cell does so.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import random
import shutil
import signal
import sys
import textwrap
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import torch
from training import Run

RECORDER = Path(__file__).resolve().parents[3] / "src/run/python"
STEPS = 10
ALONE = {"k": 4, "A": 1, "B": 1, "clip": {}, "optimizers": "as-is", "scaleInit": False}
"""The recorder's plan of alpha alone: the scaling times 4, and every other number as it is."""


def recorded(execute: Callable[[], None], folder: Path, plan: dict[str, Any] | None = None, nudge: int = 0) -> Run:
    """
    The losses of a run, and a sketch of each module's ΔW at its steps.
    @param nudge moves every element of A by one unit in the last place, up or down as this seed says; 0: not at all
    """
    out, said = folder / "run.json", folder / "said"
    out.unlink(missing_ok=True)
    shutil.rmtree(folder / "out", ignore_errors=True)
    noise = {"seed": nudge} if nudge else None
    told = {"out": str(out), "steps": STEPS, "keepGoing": False, "plan": plan, "noise": noise}
    if (child := os.fork()) == 0:
        with said.open("w") as file, contextlib.suppress(BaseException):
            for stream in (1, 2):
                os.dup2(file.fileno(), stream)
            in_child(execute, folder, told)
        os._exit(1)
    os.waitpid(child, 0)
    run = json.loads(out.read_text()) if out.exists() else {"steps": 0, "reason": ""}
    if not run["steps"] or run["ended"] == "exception":
        raise RuntimeError(f"{run['reason']} {said.read_text()[-400:]}")
    # What the recorder could not see, no recording judges.
    if unseen := [note["what"] for note in run["notSeen"] if note["what"] in ("recorder", "hidden", "graph")]:
        raise RuntimeError(f"not seen: {', '.join(unseen)}")
    sketches = [(f"{at['step']} {name}", one) for at in run["sketches"] for name, one in at["modules"].items()]
    learned = {name: torch.tensor([float(v) for v in one["values"]], dtype=torch.float64) for name, one in sketches}
    return Run([float(loss) for loss in run["losses"]], learned, "".join(one["sha"] for _, one in sketches))


def in_child(execute: Callable[[], None], folder: Path, told: dict[str, Any]) -> None:
    signal.alarm(900)
    for seed in (random.seed, numpy.random.seed, torch.manual_seed):
        seed(7)
    os.environ.update(LORA_ALPHA_RUN=json.dumps(told), PYTHONPATH=os.pathsep.join([str(RECORDER), str(folder)]))
    sys.path[:0] = [str(RECORDER), str(folder)]
    sys.dont_write_bytecode = True
    os.chdir(folder)
    from lora_alpha_run import hooks, recording  # noqa: F401: the first import of hooks starts the recorder

    try:
        execute()
    except (Exception, SystemExit):
        traceback.print_exc()
        sys.last_value = sys.exc_info()[1]
    recording.at_exit()


def command(launches: str, *words: str) -> None:
    """Runs a command of a package by the function that its launcher in `bin` calls: `litgpt.__main__:main`."""
    module, _, function = launches.partition(":")
    sys.argv = list(words)
    getattr(importlib.import_module(module), function)()


def pasted(source: str, before: str, code: str | None) -> str:
    """The source of the trainer with `code` pasted before the line that begins with `before`."""
    at = source.index(before)
    line = source.rindex("\n", 0, at) + 1
    # Some code is indented to fit into a function; the comment above that code is not.
    lines = "\n".join(each for each in (code or "pass").splitlines() if not each.startswith("#"))
    return source[:line] + textwrap.indent(textwrap.dedent(lines), " " * (at - line)) + "\n" + source[line:]


def edited(name: str, before: str, code: str | None) -> Any:
    """A module of the trainer, imported from its source with the code in it."""
    spec = importlib.util.find_spec(name)
    assert spec and spec.origin
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(pasted(Path(spec.origin).read_text(), before, code), spec.origin, "exec"), vars(module))
    return module


def texts(folder: Path) -> list[str]:
    """The rows of tiny/texts, which each trainer wants in a format of its own."""
    return [json.loads(line)["text"] for line in (folder / "tiny/texts/train.jsonl").read_text().splitlines()]


def written(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
