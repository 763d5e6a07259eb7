"""A cell: one file in a format of the product, and what must come out when its plans are trained."""

from __future__ import annotations

import importlib.util
import os
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FLOAT32, BFLOAT16 = 2.0**-24, 2.0**-9


def filled(name: str, **values: Any) -> str:
    """The text of a config or script in configs/ with these values."""
    path = Path(__file__).parent / "configs" / f"{name}.template"
    return string.Template(path.read_text(encoding="utf-8")).substitute(values)


@dataclass(frozen=True)
class Cell:
    """
    @param exact plans that are the same run, which the product must say; others may be said only where they are true
    @param bits whether powers of four must give the base's bits; False with the reason in `note`: then within rounding
    @param unit relative size by which controls move A: that of the last place of the format it computes in
    @param finer what to replace by what so that the text trains in float32, where a coarse format would hide wrong numbers
    @param needs packages without which the cell is skipped
    @param before Python that runs before each training, such as one that leaves a checkpoint
    @param path the file's name, which tells the product its syntax
    @param trained False where no trainer for such a file runs here: then `may_be_exact` is what claims are held against
    @param run how its text is trained: a script, or what a trainer does with such a config
    @param recorded whether each run is a process with the recorder in it, which sees what trains (entry/)
    @param off bounds of how far ΔW must be off at k = 4 under the symmetric plan (of the rest, if something is hidden)
    @param ignored what to replace by what, where that must change nothing: the trainer ignores it
    @param hidden what to hide from the product, and by what: the plan of the rest is trained with it back in its place
    @param alone another alpha in the text, where the recorder cannot change it
    @param points_at words of the line that a finding must point at
    @param quick part of `npm test`
    """

    name: str
    text: str
    exact: tuple[str, ...] = ("symmetric",)
    bits: bool = True
    unit: float = FLOAT32
    finer: tuple[str, str] | None = None
    needs: tuple[str, ...] = ()
    before: str = ""
    path: str = "train.py"
    run: Callable[[str, str | None, Path], Callable[[], None]] | None = None
    trained: bool = True
    recorded: bool = False
    may_be_exact: bool = True
    index: int = 0
    off: tuple[float, float] | None = None
    ignored: tuple[str, str] | None = None
    hidden: tuple[str, str] | None = None
    alone: tuple[str, str] | None = None
    points_at: str = ""
    quick: bool = False
    note: str = ""

    def missing(self) -> list[str]:
        """Packages; a name with `__` is that of a clone in LORA_ALPHA_JUDGE_SOURCES (CONTRIBUTING.md)."""
        clones = Path(os.environ.get("LORA_ALPHA_JUDGE_SOURCES") or os.devnull)
        is_there = lambda name: (clones / name).is_dir() if "__" in name else importlib.util.find_spec(name)
        return [name for name in self.needs if not is_there(name)]
