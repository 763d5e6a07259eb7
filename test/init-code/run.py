"""Runs the generated init code on small models of the libraries themselves.

    python3.11 -m venv VENV
    VENV/bin/pip install -r test/init-code/requirements.txt
    VENV/bin/pip install --no-deps -r test/init-code/requirements-bare.txt
    VENV/bin/python test/init-code/run.py

For each library, init, gauge and k, two models: one at the old scaling; one at k times that, whose factors the code
then divides. They must compute the same, their factors differ by p and q, and nothing else. What is not installed is
skipped, with a line that says so.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import textwrap
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from check import Checked


def main() -> int:
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    printed = subprocess.run(["node", str(Path(__file__).with_name("print.mjs"))], capture_output=True, text=True)
    if printed.returncode != 0:
        raise SystemExit(f"node print.mjs failed:\n{printed.stderr}")
    passed = failed = 0
    for checked in checks(json.loads(printed.stdout)):
        if isinstance(checked, str):
            print(checked)
            continue
        passed, failed = passed + checked.ok, failed + (not checked.ok)
        size = f"function {checked.function:.0e}, factors {checked.factors:.0e}, all else {checked.others:.0e}"
        print(f"{'ok  ' if checked.ok else 'FAIL'} {checked.what}: {size}{', same bits' if checked.bit else ''}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def checks(printed: dict[str, Any]) -> Iterator[Checked | str]:
    for one in printed["wrapped"]:
        # Some are to be put inside a function: their code is indented, the comment above it is not.
        lines = [line for line in one["code"].splitlines() if not line.startswith("#")]
        compile(textwrap.dedent("\n".join(lines)), one["id"], "exec")
    yield f"{len(printed['wrapped'])} codes of trainers are Python"
    try:
        import peft_cases
    except ImportError as error:
        yield f"PEFT is left out: {error}"
    else:
        yield from peft_cases.checks(printed["peft"])
    import library_cases

    for library, cases in printed["libraries"].items():
        if library not in library_cases.BUILDERS:
            yield f"{library} has the layers of PEFT"
            continue
        try:
            yield from library_cases.checks(library, cases)
        except ImportError as error:
            yield f"{library} is left out: {error}"


if __name__ == "__main__":
    sys.exit(main())
