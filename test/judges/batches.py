"""Runs a batch file in Wine's cmd, with stubs in the place of every program, and gives what those were called with.

The stubs are Windows programs, so that cmd waits for them and hands them its own command line: `apt-get install
--no-install-recommends wine gcc-mingw-w64-x86-64-win32`.
"""

import atexit
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

from shells import PROGRAMS, TRAINERS, argument_lists

COMPILER = "x86_64-w64-mingw32-gcc"

# As the stub of a shell: how many words, and the words, each with a zero behind it.
STUB = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int count, char **words) {
  FILE *calls = fopen(getenv("CALLS"), "ab");
  const char *name = words[0];
  for (const char *at = name; *at; at++) if (*at == '\\' || *at == '/') name = at + 1;
  int length = strlen(name);
  if (length > 4 && _stricmp(name + length - 4, ".exe") == 0) length -= 4;
  fprintf(calls, "%d%c%.*s%c", count, 0, length, name, 0);
  for (int i = 1; i < count; i++) fprintf(calls, "%s%c", words[i], 0);
  return fclose(calls);
}
"""


def can_run():
    """Whether batch files can be run here."""
    return shutil.which("wine") is not None and shutil.which(COMPILER) is not None


def version():
    """`wine 10.0`."""
    return subprocess.run(["wine", "--version"], capture_output=True, text=True).stdout.split()[0].replace("-", " ")


@functools.cache
def _stub():
    folder = tempfile.mkdtemp()
    source, program = os.path.join(folder, "stub.c"), os.path.join(folder, "stub.exe")
    pathlib.Path(source).write_text(STUB)
    subprocess.run([COMPILER, "-s", "-o", program, source], check=True)
    stub = pathlib.Path(program).read_bytes()
    shutil.rmtree(folder)
    return stub


@functools.cache
def _windows():
    """Keeps Wine up until this program ends: it takes a second to start, and a moment for each file then."""
    keeper = subprocess.Popen(
        ["wine", "cmd", "/q"],
        env={**os.environ, "WINEDEBUG": "-all"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(keeper.wait)
    atexit.register(keeper.stdin.close)


def calls(path):
    """The argument lists of the programs that the batch file at `path` starts, in order."""
    _windows()
    with tempfile.TemporaryDirectory() as folder:
        for name in PROGRAMS + TRAINERS:
            pathlib.Path(folder, f"{name}.exe").write_bytes(_stub())
        log = pathlib.Path(folder, "calls")
        log.touch()
        # Git checks files out with Windows' line ends there.
        lines = pathlib.Path(path).read_text().splitlines()
        pathlib.Path(folder, "script.bat").write_bytes("".join(f"{line}\r\n" for line in lines).encode())
        environment = {**os.environ, "WINEDEBUG": "-all", "CALLS": "Z:" + str(log).replace("/", "\\")}
        command = ["wine", "cmd", "/c", "script.bat"]
        # What a batch file ends with says nothing: a missing activate.bat does not stop it.
        subprocess.run(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        return argument_lists(log.read_bytes())
