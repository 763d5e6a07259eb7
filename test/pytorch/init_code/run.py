"""One outcome a library: at the old scaling, and at k times that with factors that the code divides, it is one model."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from init_code.library_cases import LIBRARIES
from init_code.library_cases import faults as of_library
from judge import Outcome

OF_LIBRARIES = {"lora_down": "kohya", "lora_a": "torchtune", "lora_A": "loralib"}
"""Name by which the code of a trainer finds a factor → the library that names its factors so."""


def works(printed: dict[str, Any], *, quick: bool) -> dict[str, Callable[[], Outcome]]:
    """
    What there is to do, by name.
    @param printed what print.ts prints
    """
    wrapped = printed["wrapped"]
    checks: dict[str, Callable[[], Iterable[str]] | None] = {
        "every trainer is Python": partial(no_python, wrapped),
        "trainers": partial(of_trainers, wrapped),
        "PEFT": partial(of_peft, printed["peft"]),
        **({} if quick else {"PEFT, sizes of every init": partial(of_sizes, printed["inits"])}),
    }
    for name, cases in printed["libraries"].items():
        if name != "peft":
            checks[name] = partial(of_library, name, cases) if name in LIBRARIES else None
    return {f"init code of {name}": partial(outcome, f"init code of {name}", check) for name, check in checks.items()}


def outcome(name: str, check: Callable[[], Iterable[str]] | None) -> Outcome:
    result = Outcome(name)
    if check is None:
        result.skipped = "its layers are PEFT's, or cannot be built without its trainer"
        return result
    try:
        result.faults = [*check()]
    except ImportError as error:
        result.skipped = f"not installed: {error}"
    return result


def no_python(codes: list[dict[str, Any]]) -> Iterator[str]:
    for one in codes:
        try:
            compile(unindented(one["code"]), one["id"], "exec")
        except SyntaxError as error:
            yield f"{one['id']}: {error}"


def of_peft(cases: list[dict[str, Any]]) -> Iterator[str]:
    from init_code import peft_cases

    return peft_cases.faults(cases)


def of_sizes(rows: list[dict[str, Any]]) -> Iterator[str]:
    from init_code import sizes

    return sizes.faults(rows)


def of_trainers(cases: list[dict[str, Any]]) -> Iterator[str]:
    """
    Runs the printed code of each trainer on a real model, under the names that the trainer has for the model.

    Code that begins with an import of its trainer runs in test/pytorch/entry, through the entry point of that trainer.
    """
    for case in {(one["id"], one["code"]): one for one in cases}.values():
        code = unindented(case["code"])
        library = library_of(code)
        if code.strip() and library and not needs_trainer(code):
            yield from library.faults(f"{case['id']} {case['gauge']} k={case['k']:g}", {**case, "code": code})


def needs_trainer(code: str) -> bool:
    """Whether the code needs its trainer: it defines a hook of the trainer, or asks the trainer for the factors."""
    own = (ast.ClassDef, ast.FunctionDef, ast.Import, ast.ImportFrom)
    return any(isinstance(node, own) for node in ast.parse(code).body) or "model.adapters()" in code


def library_of(code: str) -> Any:
    if ".lora_A.default" in code:
        from init_code import peft_cases

        return peft_cases.library(target_modules=["linear", "conv"])
    return next((LIBRARIES[of] for name, of in OF_LIBRARIES.items() if f'"{name}"' in code), None)


def unindented(code: str) -> str:
    """The code without indentation. Code for the inside of a function is indented; the comment above it is not."""
    return textwrap.dedent("\n".join(line for line in code.splitlines() if not line.startswith("#")))
