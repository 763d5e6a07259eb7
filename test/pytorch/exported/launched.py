"""Exported files on several processes: torchrun (DDP, FSDP) and accelerate come to the verdict of one process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from judge import Claim, Outcome

TORCHRUN = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
# `--multi_gpu` is two processes of torchrun; without a GPU they talk through gloo.
ACCELERATE = ["accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1"]
ACCELERATE += ["--main_process_port", "0", "--mixed_precision", "no", "--dynamo_backend", "no"]
LAUNCHERS = {
    "torchrun, DDP": (TORCHRUN, [], "2 with DDP"),
    "torchrun, FSDP": (TORCHRUN, ["--fsdp"], "2 with FSDP"),
    "accelerate": (ACCELERATE, [], "2 with DDP"),
}
QUICK = {("torchrun, DDP", 4), ("torchrun, FSDP", 3)}

LOSS = ".loss\n"
NOISE = ".loss * (1 + 2e-7 * (os.urandom(1)[0] % 3 - 1))\n"
BACKWARD = "loss.backward()\n"
KILLED = "loss.backward(); PROCESS and step == 3 and os.kill(os.getpid(), 9)\n"


def works(texts: dict[int, str], *, quick: bool) -> dict[str, Callable[[], Outcome]]:
    """@param texts an exported file by its k: 4 and 3"""
    launched = {
        f"exported, {name}, k = {k}": partial(agrees, f"exported, {name}, k = {k}", text, k, *how)
        for name, how in LAUNCHERS.items()
        for k, text in texts.items()
        if not quick or (name, k) in QUICK
    }
    if quick:
        return launched
    return {
        **launched,
        "exported, a machine that repeats no run": partial(unsteady, texts[4]),
        "exported, a process that is killed": partial(killed, texts[4]),
    }


def agrees(cell: str, text: str, k: int, launcher: list[str], options: list[str], processes: str) -> Outcome:
    outcome = Outcome(cell)
    ended, report = launched(text, launcher, options)
    if not report or ended.returncode != 0:
        outcome.faults.append(f"status {ended.returncode}: {ended.stderr[-600:]}")
        if not report:
            return outcome
    expected, used = ("identical" if k == 4 else "equivalent"), report["environment"]["processes"]
    is_true = report["verdict"] == expected
    said = f"{report['verdict']}: {report['why']}"
    outcome.claims.append(Claim("exported", k, "exact", said, is_true, is_exact=is_true))
    if used != processes:
        outcome.faults.append(f"ran with processes {used}")
    return outcome


def unsteady(text: str) -> Outcome:
    """Where no run has the same bits twice, rounding error decides, and the reason says so."""
    outcome = Outcome("exported, a machine that repeats no run")
    ended, report = launched(replaced(text, LOSS, NOISE), [], [])
    if report.get("verdict") != "equivalent" or "does not repeat even the baseline" not in report["why"]:
        outcome.faults.append(f"said {report or ended.stderr[-600:]}")
    return outcome


def killed(text: str) -> Outcome:
    outcome = Outcome("exported, a process that is killed")
    ended, report = launched(replaced(text, BACKWARD, KILLED), TORCHRUN, [])
    if ended.returncode == 0 or report or "Signal 9 (SIGKILL)" not in ended.stderr:
        outcome.faults.append(f"status {ended.returncode}, {report}: {ended.stderr[-600:]}")
    return outcome


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"the exported file has {text.count(old)} times {old}"
    return text.replace(old, new)


def launched(text: str, launcher: list[str], options: list[str]) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """How a file ended, and what it saved; `{}` if it saved nothing."""
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        file, results = Path(folder) / "check_alpha.py", Path(folder) / "results"
        file.write_text(text)
        command = [sys.executable, *(["-m", *launcher] if launcher else []), str(file), "--tiny", "--steps", "8"]
        ended = subprocess.run([*command, *options, "--save", str(results)], capture_output=True, text=True, timeout=180)
        saved = [json.loads(one.read_text()) for one in results.glob("check_alpha-*.json")]
        assert len(saved) <= 1, f"{len(saved)} processes saved a result"
        return ended, saved[0] if saved else {}
