"""Executes statements of a trainer's source unchanged."""

from __future__ import annotations

import ast
import functools
import textwrap
from types import CodeType
from typing import Any


def execute(source: str, function: str, first: str, last: str, names: dict[str, Any]) -> None:
    """Runs one block of a function, from the statement that begins with `first` to one that begins with `last`."""
    exec(compiled(source, function, first, last), names)


@functools.cache
def compiled(source: str, function: str, first: str, last: str) -> CodeType:
    own = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and node.name == function)
    lines = source.splitlines()
    for node in ast.walk(own):
        block = getattr(node, "body", [])
        starts = [lines[statement.lineno - 1].strip() for statement in block] if isinstance(block, list) else []
        start = next((i for i, line in enumerate(starts) if line.startswith(first)), None)
        if start is not None and any(line.startswith(last) for line in starts[start:]):
            end = next(i for i in range(start, len(starts)) if starts[i].startswith(last))
            text = "\n".join(lines[block[start].lineno - 1 : block[end].end_lineno])
            return compile(textwrap.dedent(text), function, "exec")
    raise LookupError(f"{function} has no block from {first!r} to {last!r}")
