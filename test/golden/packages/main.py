"""Holds the experiment's optimizers, and the table's rules, against published packages.

    python3.11 -m venv VENV
    VENV/bin/pip install -r test/golden/packages/requirements.txt
    VENV/bin/pip install --no-deps -r test/golden/packages/requirements-bare.txt
    VENV/bin/python test/golden/packages/main.py [--only ROW] [--write]

Prints a line of JSON for each published optimizer: how far our own training of the same problem is from the package's;
base and twin on the package under the row's rule, at k = 4 (where bits must agree) and k = 3; and each number of the rule
left alone in turn. --write puts the lines into docs/optimizers/measured.json, from which the documentation is made. It
fails where ours differs and no reason is given, and where a reason is given but no difference is left.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import warnings
from pathlib import Path

import torch

from measure import measured
from ours import table, trajectories
from problem import BATCH, RANK, SCALING, STEPS, WIDTH
from published import published

OUT = Path(__file__).parents[3] / "docs/optimizers/measured.json"
LAYER = "y = x W0^T + s (x A^T) B^T, mean square against random targets"
SIZES = {"width": WIDTH, "batch": BATCH, "rank": RANK, "scaling": SCALING, "steps": STEPS}


def main() -> int:
    options = argparse.ArgumentParser(description="published optimizers against ours and against the rules")
    options.add_argument("--only", action="append", metavar="ROW", help="measure these rows alone")
    options.add_argument("--write", action="store_true", help=f"write {OUT.name}")
    given = options.parse_args()
    if given.only and given.write:
        options.error("--write needs all rows: leave out --only")
    torch.set_num_threads(1)
    # The packages say much when they are loaded and built.
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)

    rows = table()
    entries, missing = published()
    for package in missing:
        print(f"not installed: {package}")
    for row in sorted({entry.row for entry in entries} - set(rows)):
        print(f"not in our table: {row}")
    entries = [entry for entry in entries if entry.row in rows and (not given.only or entry.row in given.only)]
    lines, failed = [], False
    for entry, ours in zip(entries, trajectories(entries, rows)):
        found = measured(entry, rows[entry.row], ours)
        lines.append(json.dumps(found))
        print(lines[-1], flush=True)
        # A difference must be explained, and an explanation must have a difference.
        failed |= found["ours"].get("same") == bool(entry.unlike)
    if given.write:
        # A line for each optimizer, so that a change of one is a change of one line.
        text = ",\n".join(f"    {line}" for line in lines)
        OUT.write_text(f'{{\n  "problem": {json.dumps({"layer": LAYER, **SIZES})},\n  "measured": [\n{text}\n  ]\n}}\n')
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
