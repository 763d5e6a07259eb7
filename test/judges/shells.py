"""Runs a shell script with stubs in the place of every program, and gives what those were called with.

Nothing of the script but bash itself is real: PATH leads to stubs that write their arguments down and end with 0.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAMS = ["python", "python3", "accelerate", "torchrun", "deepspeed", "ray", "nohup", "srun", "uv"]
TRAINERS = ["swift", "megatron", "llamafactory-cli", "axolotl", "trl", "litgpt", "tune", "mlx_lm.lora", "automodel"]

STUB = """#!{python}
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + "\\n")
"""


def calls(path):
    """The argument lists of the programs that the script at `path` starts, in order."""
    with tempfile.TemporaryDirectory() as folder:
        for name in PROGRAMS + TRAINERS:
            stub = os.path.join(folder, name)
            with open(stub, "w") as file:
                file.write(STUB.format(python=sys.executable))
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
        with open(log) as file:
            return [json.loads(line) for line in file]


def arguments(call, program):
    """What the program gets whose name matches: the words behind it."""
    for at, word in enumerate(call):
        if re.search(program, word):
            return call[at + 1 :]
    return None


def runs(path, program):
    """The arguments of every command of the script that runs `program`."""
    found = (arguments(call, program) for call in calls(path))
    return [words for words in found if words is not None]
