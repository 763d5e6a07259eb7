"""What each trainer wraps around the lines: run where its comment says, under the names that stand there, on a real model.

Code that begins with an import of its trainer is run by that trainer's own entry point (test/pytorch/entry).
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from init_code import library_cases, peft_cases
from init_code.check import Checked, Model, check
from init_code.torch_models import filled, run_code

OF_LIBRARIES = {"lora_down": "kohya", "lora_a": "torchtune", "lora_A": "loralib"}
"""A name of a factor, by which the code finds it, and the library whose names these are."""


def checks(cases: list[dict[str, Any]]) -> Iterator[Checked]:
    for case in distinct(cases):
        build, a, b = builder_of(case["code"])
        old, new = build(1.0), build(case["k"])
        run_code(unindented(case["code"]), **names(new.module))
        yield check(f"{case['id']} {case['gauge']} k={case['k']:g}", case, old, new, a, b)


def distinct(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each code of a trainer once; what only an entry point can run, or finds its factors by names of no library, is left out."""
    by_code = {(one["id"], one["code"]): one for one in cases if one["code"].strip()}
    return [one for one in by_code.values() if not needs_trainer(one["code"]) and builder_of(one["code"])]


def needs_trainer(code: str) -> bool:
    """It defines what its trainer calls, or asks the trainer for its factors."""
    tree = ast.parse(unindented(code))
    return any(isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.Import, ast.ImportFrom)) for node in tree.body) or (
        "model.adapters()" in code
    )


def builder_of(code: str) -> tuple[Any, set[str], set[str]] | None:
    if ".lora_A.default" in code:
        return peft_model, peft_cases.A, peft_cases.B
    library = next((of for name, of in OF_LIBRARIES.items() if f'"{name}"' in code), None)
    return library_cases.BUILDERS[library] if library else None


def peft_model(k: float) -> Model:
    settings = {"target_modules": ["linear", "conv"]}
    return peft_cases.model(filled(peft_cases.build(k, settings), peft_cases.A | peft_cases.B))


def names(module: Any) -> dict[str, Any]:
    """The model under each name that it has where a trainer's code is put."""
    owner = SimpleNamespace(
        model=module,
        llm=module,
        network=module,
        _resume_from_checkpoint=False,
        get_latest_save_path=lambda: None,
    )
    called = ("model", "module", "backbone", "network", "transformer", "unet", "dit", "trained_component", "text_encoder")
    return {**dict.fromkeys(called, module), "self": owner, "trainer": owner, "init_lora_state_dict": None}


def unindented(code: str) -> str:
    """Some is to be put inside a function: its lines are indented, the comment above them is not."""
    return textwrap.dedent("\n".join(line for line in code.splitlines() if not line.startswith("#")))
