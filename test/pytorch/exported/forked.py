"""Runs a file as a program of its own: a fork of this process, which has loaded the libraries already."""

from __future__ import annotations

import contextlib
import os
import runpy
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

LIMIT_SECONDS = 300


def forked(file: Path, *options: str, stdout: str = "", prepare: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """
    How the program ended, and what it said.
    @param stdout file that takes its standard output
    @param prepare what its process does before
    """
    sys.stdout.flush()
    (out, to_out), (err, to_err) = os.pipe(), os.pipe()
    if not (pid := os.fork()):
        os.dup2(os.open(stdout, os.O_WRONLY) if stdout else to_out, 1)
        os.dup2(to_err, 2)
        signal.alarm(LIMIT_SECONDS)
        if prepare:
            prepare()
        ends_as_program([str(file), *options])
    os.close(to_out)
    os.close(to_err)
    with open(err) as errors, open(out) as results:
        # Far less is printed than a pipe holds, so the errors can be read first.
        said, printed = errors.read(), results.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return subprocess.CompletedProcess([str(file), *options], status, printed, said)


def ends_as_program(argv: list[str]) -> NoReturn:
    """Ends this process as the interpreter ends that runs such a file, but leaves alone what it has from its parent."""
    status = 1
    try:
        sys.argv, sys.stdout, sys.stderr = argv, os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
        runpy.run_path(argv[0], run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(status)
