"""Writes what `run.py` printed as the table of docs/run.md: `python test/run/document.py runs.txt`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/run.md"
COLUMN = 23
VERDICT = re.compile(r" (identical|equivalent|different|refused|recorded|no run) ")


def row(line: str) -> str:
    """`ok   loop: fused    identical    equivalent 3e-07/2e-07 …` → a row. After a verdict: how far, and rounding."""
    first = VERDICT.search(line)
    start = first.start() + 1 if first else len(line)
    cells = [line[start + at : start + at + COLUMN].strip() for at in range(0, 4 * COLUMN, COLUMN)]
    apart = ", ".join(re.findall(r"(\w+) different", line[start + 4 * COLUMN :]))
    name = line[5:start].strip() + ("" if line.startswith("ok") else " **not as expected**")
    return "| " + " | ".join([name, *cells, apart]) + " |"


lines = [line for line in Path(sys.argv[1]).read_text().splitlines() if line.startswith(("ok  ", "FAIL"))]
head = ["| program | again | k = 4 | k = 3 | alpha alone | told apart |", "| --- | --- | --- | --- | --- | --- |"]
table = "\n".join([*head, *map(row, lines)])
text = PAGE.read_text()
before, after = text.split("<!-- programs -->")[0], text.split("<!-- /programs -->")[1]
PAGE.write_text(f"{before}<!-- programs -->\n\n{table}\n\n<!-- /programs -->{after}")
