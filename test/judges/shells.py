"""Runs a shell script with stubs in the place of every program, and gives what those were called with.

Nothing of the script but bash itself is real: PATH leads to stubs that write their arguments down and end with 0.
"""

import os
import re
import subprocess
import tempfile

PROGRAMS = ["python", "python3", "accelerate", "torchrun", "deepspeed", "ray", "nohup", "srun", "uv"]
TRAINERS = ["swift", "megatron", "llamafactory-cli", "axolotl", "trl", "litgpt", "tune", "mlx_lm.lora", "automodel"]

# How many words, and the words, each with a zero behind it.
STUB = r"""#!/bin/sh
printf '%s\0' "$(($# + 1))" "${0##*/}" "$@" >> "$CALLS"
"""


def argument_lists(log):
    """What stubs wrote down, call by call."""
    words = iter(log.decode().split("\0")[:-1])
    return [[next(words) for _ in range(int(count))] for count in words]


def calls(path):
    """The argument lists of the programs that the script at `path` starts, in order."""
    with tempfile.TemporaryDirectory() as folder:
        for name in PROGRAMS + TRAINERS:
            stub = os.path.join(folder, name)
            with open(stub, "w") as file:
                file.write(STUB)
            os.chmod(stub, 0o755)
        log = os.path.join(folder, "calls")
        open(log, "w").close()
        environment = {"PATH": folder + ":/bin:/usr/bin", "CALLS": log, "HOME": folder}
        # A script of Windows' line ends is one that git made of another.
        with open(path, newline="") as file:
            text = file.read().replace("\r\n", "\n")
        done = subprocess.run(["bash", "-c", text], env=environment, cwd=folder, capture_output=True, text=True)
        if "command not found" in done.stderr or "syntax error" in done.stderr:
            raise ValueError(done.stderr.strip())
        with open(log, "rb") as file:
            return argument_lists(file.read())


def arguments(call, program):
    """What the program gets whose name matches: the words behind it."""
    for at, word in enumerate(call):
        if re.search(program, word):
            return call[at + 1 :]
    return None


def runs(calls, program):
    """The arguments of every call that runs `program`."""
    found = (arguments(call, program) for call in calls)
    return [words for words in found if words is not None]
