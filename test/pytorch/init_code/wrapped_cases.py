"""Runs the printed code of each trainer on a real model, under the names that the trainer has for the model.

Code that begins with an import of its trainer runs in test/pytorch/entry, through the entry point of that trainer.
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
"""Name by which the code finds a factor → the library that names its factors so."""


def checks(cases: list[dict[str, Any]]) -> Iterator[Checked]:
    for case in distinct(cases):
        build, a, b = builder_of(case["code"])
        old, new = build(1.0), build(case["k"])
        run_code(unindented(case["code"]), **names(new.module))
        yield check(f"{case['id']} {case['gauge']} k={case['k']:g}", case, old, new, a, b)


def distinct(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each printed code once, without code that needs an entry point and code whose names belong to no library."""
    by_code = {(one["id"], one["code"]): one for one in cases if one["code"].strip()}
    return [one for one in by_code.values() if not needs_trainer(one["code"]) and builder_of(one["code"])]


def needs_trainer(code: str) -> bool:
    """Whether the code needs its trainer: it defines a hook of the trainer, or asks the trainer for the factors."""
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
    """The model under every name that a trainer has for it at the place of the code."""
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
    """The code without indentation. Code for the inside of a function is indented; the comment above it is not."""
    return textwrap.dedent("\n".join(line for line in code.splitlines() if not line.startswith("#")))
