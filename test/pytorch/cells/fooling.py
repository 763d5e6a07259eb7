"""Scripts and configs that try to be called exact: in `fooling/`, whose first line says what is true, and in `fooling_lines.py`."""

from __future__ import annotations

import re
from pathlib import Path

from cell import BFLOAT16, FLOAT32, Cell
from cells import fooling_lines

FOLDER = Path(__file__).parent.parent / "fooling"
HEAD = re.compile(r"# exact: (no|may|may, within rounding)\. ((?:.*\n)(?:# .*\n)*)")
"""`no`: it is another run, whatever a plan moves; `may`: a plan that understands all of it can be exact."""


def cell_of(path: Path) -> Cell:
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    if head is None:
        raise ValueError(f"{path.name} does not begin with `# exact: no. …` or `# exact: may. …`")
    note = head[2].replace("\n# ", " ").strip()
    trained = path.suffix == ".py"
    return Cell(
        f"fooling: {path.stem}",
        text,
        exact=(),
        path=path.name,
        trained=trained,
        may_be_exact=head[1] != "no",
        bits="rounding" not in head[1],
        unit=BFLOAT16 if "bfloat16" in text else FLOAT32,
        quick=True,
        note=note,
    )


CELLS = [*(cell_of(path) for path in sorted(FOLDER.iterdir())), *fooling_lines.CELLS]
