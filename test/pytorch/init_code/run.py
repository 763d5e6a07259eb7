"""One outcome a library: at the old scaling, and at k times that with factors that the code divides, it is one model."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from init_code.check import Checked
from judge import Outcome


def works(printed: dict[str, Any]) -> dict[str, Callable[[], Outcome]]:
    """
    What there is to do, by name.
    @param printed what print.ts prints
    """
    wrapped = "init code of every trainer is Python"
    return {
        wrapped: lambda: Outcome(wrapped, faults=list(no_python(printed["wrapped"]))),
        "init code of trainers": lambda: outcome("trainers", lambda: trainers(printed["wrapped"])),
        "init code of PEFT": lambda: outcome("PEFT", lambda: peft(printed["peft"])),
        **{
            f"init code of {name}": lambda name=name, cases=cases: outcome(name, lambda: library(name, cases))
            for name, cases in printed["libraries"].items()
            if name != "peft"
        },
    }


def no_python(codes: list[dict[str, Any]]) -> Iterator[str]:
    for one in codes:
        # Some are to be put inside a function: their code is indented, the comment above it is not.
        lines = [line for line in one["code"].splitlines() if not line.startswith("#")]
        try:
            compile(textwrap.dedent("\n".join(lines)), one["id"], "exec")
        except SyntaxError as error:
            yield f"{one['id']}: {error}"


def outcome(name: str, check: Callable[[], list[Checked]]) -> Outcome:
    result = Outcome(f"init code of {name}")
    try:
        result.faults = [
            f"{one.what}: function {one.function:.0e}, factors {one.factors:.0e}, all else {one.others:.0e}"
            for one in check()
            if not one.ok
        ]
    except ImportError as error:
        result.skipped = f"not installed: {error}"
    except Unchecked as error:
        result.skipped = str(error)
    return result


class Unchecked(Exception):
    """Nothing of this library can be built here."""


def peft(cases: list[dict[str, Any]]) -> list[Checked]:
    from init_code import peft_cases

    return list(peft_cases.checks(cases))


def trainers(cases: list[dict[str, Any]]) -> list[Checked]:
    from init_code import wrapped_cases

    return list(wrapped_cases.checks(cases))


def library(name: str, cases: list[dict[str, Any]]) -> list[Checked]:
    from init_code import library_cases

    if name not in library_cases.BUILDERS:
        raise Unchecked("its layers are PEFT's, or cannot be built without its trainer")
    return list(library_cases.checks(name, cases))
