"""Holds the experiment's optimizers, and the table's rules, against published packages.

    python3.11 -m venv VENV
    VENV/bin/pip install -r test/golden/packages/requirements.txt
    VENV/bin/pip install --no-deps -r test/golden/packages/requirements-bare.txt
    VENV/bin/python test/golden/packages/main.py [--only ROW] [--write] [--opts FILE.py]

For each published optimizer: how far our own training of the same problem is from the package's; base and twin on
the package under the row's rule, at k = 4 (where bits must agree) and k = 3; and each number of the rule left alone in
turn. --write puts the measurements into docs/optimizers/measured.json, from which the documentation is made. --opts
holds a file of hand-written torch optimizers against the packages besides. It fails where ours differs and no reason is
given, and where a reason is given but no difference is left.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from pathlib import Path

import torch

import hand_written
from measure import base, costs, drift, rules
from ours import table, trajectories
from problem import Trained, distance
from published import published
from published.entry import Published
from report import Measured, Ours, line, write
from settings import Row

OUT = Path(__file__).parents[3] / "docs/optimizers/measured.json"


def main() -> int:
    options = argparse.ArgumentParser(description="published optimizers against ours and against the rules")
    options.add_argument("--only", action="append", metavar="ROW", help="measure these rows alone")
    options.add_argument("--write", action="store_true", help=f"write {OUT.name}")
    options.add_argument("--opts", type=Path, metavar="FILE", help="hand-written optimizers to compare as well")
    given = options.parse_args()
    if given.only and given.write:
        options.error("--write needs all rows: leave out --only")
    quiet()

    rows = table()
    entries, missing = published()
    for package in missing:
        print(f"not installed: {package}")
    for row in sorted({entry.row for entry in entries} - set(rows)):
        print(f"not in our table: {row}")
    entries = [entry for entry in entries if entry.row in rows and (not given.only or entry.row in given.only)]
    measured = []
    for entry, ours in zip(entries, trajectories(entries, rows)):
        measured.append(measure(entry, rows[entry.row], ours))
        print(line(measured[-1]), flush=True)
    if given.opts:
        print()
        for compared in hand_written.compare(given.opts, entries, rows):
            print(compared, flush=True)
    if given.write:
        write(OUT, measured)
    # A difference must be explained, and an explanation must have a difference.
    return (
        1 if any(not isinstance(one.ours, str) and one.ours.same == bool(one.entry.unlike) for one in measured) else 0
    )


def measure(entry: Published, row: Row, ours: Trained | str) -> Measured:
    compared = ours if isinstance(ours, str) else Ours(distance(ours, base(entry, row)), drift(entry, row))
    return Measured(entry, compared, rules(entry, row), costs(entry, row))


def quiet() -> None:
    """The packages say much when they are loaded and built."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
