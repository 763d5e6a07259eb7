"""Runs scripts of a folder, each in a fork of one process: recorded for six steps, and to the end for its losses."""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import sys
import traceback
from pathlib import Path

import peft  # noqa: F401
import torch

torch.set_num_threads(1)
recorder, folder = sys.argv[1], Path(sys.argv[2])
sys.path.insert(0, str(Path(__file__).parent))


def run(script: Path, *, recorded: bool) -> None:
    sys.argv = [str(script)]
    if not recorded:
        with script.with_suffix(".losses").open("w") as out, contextlib.redirect_stdout(out):
            runpy.run_path(str(script), run_name="__main__")
        return
    sys.path.insert(0, recorder)
    out = str(script.with_suffix(".json"))
    os.environ["LORA_ALPHA_RUN"] = json.dumps({"out": out, "steps": 6, "keepGoing": False, "plan": None, "noise": None})
    import lora_alpha_run.hooks  # type: ignore[import-not-found]  # noqa: F401

    runpy.run_path(str(script), run_name="__main__")


for script in sorted(folder.glob("*.py")):
    for recorded in (False, True) if script.stem.endswith("-16") else (False,):
        if (child := os.fork()) == 0:
            try:
                run(script, recorded=recorded)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
