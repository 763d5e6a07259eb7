"""Runs a file that converts a checkpoint."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
from pathlib import Path
from unittest import mock


def convert(text: str, old: Path, new: Path) -> tuple[int, str]:
    """The exit status of a file that runs in this process, and what it says of an error."""
    file, said, status = new.with_name("convert.py"), io.StringIO(), 0
    file.write_text(text)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        with mock.patch.object(sys, "argv", [str(file), str(old), str(new)]):
            try:
                runpy.run_path(str(file), run_name="__main__")
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
    return status, said.getvalue()
