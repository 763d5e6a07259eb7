"""Scripts and configs that try to be called exact: rows of `fooling_trainer.py` and `fooling_loop.py`, files in `fooling/`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from cell import BFLOAT16, FLOAT32, Cell
from cells.templates import NO_CLIP, loop_script, trainer_script

FOLDER = Path(__file__).parent.parent / "fooling"
HEAD = re.compile(r"# exact: (no|may)\. (.*)\n")
"""`no`: it is another run, whatever a plan moves; `may`: a plan that understands all of it can be exact."""


def fooled(name: str, note: str, may: bool, bits: bool = True, text: str = "", index: int = 0, **lines: Any) -> Cell:
    """
    @param lines where they go, see `templates.py`; a script with an `optimizer`, a `step` or a `loss` has a loop of its own
    @param text the whole script, in place of `lines`
    @param index which of its recipes moves, from 0
    @param may whether a plan that understands all of it can be exact; otherwise it is another run, whatever a plan moves
    """
    if {"optimizer", "step", "scheduler", "loss"} & lines.keys():
        text = loop_script(**lines)
    elif not text:
        text = trainer_script(**{"args": f"{NO_CLIP}\nweight_decay=0.1,", **lines})
    unit = BFLOAT16 if "bfloat16" in text else FLOAT32
    return Cell(f"fooling: {name}", text, exact=(), may_be_exact=may, bits=bits, unit=unit, index=index, quick=True, note=note)


def no(name: str, note: str, **lines: Any) -> Cell:
    return fooled(name, note, may=False, **lines)


def may(name: str, note: str, **lines: Any) -> Cell:
    return fooled(name, note, may=True, **lines)


def nearly(name: str, note: str, **lines: Any) -> Cell:
    """Within rounding."""
    return fooled(name, note, may=True, bits=False, **lines)


def config(path: Path) -> Cell:
    """A config, whose trainer does not run here: what is claimed is held against its first line."""
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    if head is None:
        raise ValueError(f"{path.name} does not begin with `# exact: no. …` or `# exact: may. …`")
    how: dict[str, Any] = {"path": path.name, "trained": False, "may_be_exact": head[1] == "may"}
    return Cell(f"fooling: {path.stem}", text, exact=(), quick=True, note=head[2], **how)


CELLS = [config(path) for path in sorted(FOLDER.iterdir())]
