"""Trainers started by their own entry points: modules with `TRAINERS`, whose cells main.py judges."""

from __future__ import annotations

import contextlib
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock


def pasted(source: str, before: str, code: str) -> str:
    """The source of the trainer with `code` pasted before the line that begins with `before`."""
    at = source.index(before)
    line = source.rindex("\n", 0, at) + 1
    # Some code is indented to fit into a function; the comment above that code is not.
    lines = "\n".join(each for each in code.splitlines() if not each.startswith("#"))
    return source[:line] + textwrap.indent(textwrap.dedent(lines), " " * (at - line)) + "\n" + source[line:]


@contextlib.contextmanager
def command(folder: Path, *words: str) -> Iterator[None]:
    """Runs the block in the folder with these words as the command line."""
    with contextlib.chdir(folder), mock.patch.object(sys, "argv", list(words)):
        try:
            yield
        except SystemExit as end:
            if end.code:
                raise RuntimeError(f"{words[0]} ended with {end.code}") from end


def also(function: Callable[..., object], then: Callable[..., None]) -> Callable[..., object]:
    """Wraps a function: the arguments are passed to `then` first."""

    def both(*args: object, **kwargs: object) -> object:
        then(*args)
        return function(*args, **kwargs)

    return both


def texts(folder: Path) -> list[str]:
    """The rows of tiny/texts, which each trainer wants in a format of its own."""
    return [json.loads(line)["text"] for line in (folder / "tiny/texts/train.jsonl").read_text().splitlines()]


def written(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def forgotten(prefix: str) -> None:
    """Users train in a new process, which imports the plugin again; here the old import is removed."""
    for name in [name for name in sys.modules if name.startswith(prefix)]:
        del sys.modules[name]
