"""Trainers by their own entry points: a module a trainer, whose CELLS main.py judges."""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock


def pasted(source: str, before: str, code: str) -> str:
    """The trainer's own file with the code in front of the line that begins so, as the code's comment asks."""
    at = source.index(before)
    line = source.rindex("\n", 0, at) + 1
    # Some code is indented as the function is, and the comment above it never.
    lines = "\n".join(each for each in code.splitlines() if not each.startswith("#"))
    return source[:line] + textwrap.indent(textwrap.dedent(lines), " " * (at - line)) + "\n" + source[line:]


@contextlib.contextmanager
def command(folder: Path, *words: str) -> Iterator[None]:
    """In the folder, as if these words had been typed there."""
    with contextlib.chdir(folder), mock.patch.object(sys, "argv", list(words)):
        try:
            yield
        except SystemExit as end:
            if end.code:
                raise RuntimeError(f"{words[0]} ended with {end.code}") from end


def also(function: Callable[..., object], then: Callable[..., None]) -> Callable[..., object]:
    """The function, which tells its arguments to `then` first."""

    def both(*args: object, **kwargs: object) -> object:
        then(*args)
        return function(*args, **kwargs)

    return both
