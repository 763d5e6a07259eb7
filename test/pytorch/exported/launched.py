"""
Exported files on several processes: torchrun (DDP, FSDP) and accelerate come to the verdict of one process, and so does a
batch file of SLURM with the real torchrun. `srun` and `scontrol` are stand-ins: they start their command, and name this
machine twice, once for each node. What is tested is the file, not SLURM.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import psutil
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
BACKWARD = "        loss.backward()\n"
KILLED = BACKWARD + "        PROCESS and step == 3 and os.kill(os.getpid(), 9)\n"

# As SLURM does, `srun` starts one torchrun on every node.
SRUN = '#!/bin/bash\npids=()\nfor ((node = 0; node < SLURM_NNODES; node++)); do "$@" & pids+=($!); done\n'
SRUN += 'status=0\nfor pid in "${pids[@]}"; do wait "$pid" || status=$?; done\nexit $status\n'
STAND_INS = {"srun": SRUN, "scontrol": "#!/bin/sh\nprintf 'localhost\\nlocalhost\\n'\n"}
SLURM = {"SLURM_JOB_NODELIST": "localhost,localhost", "SLURM_NNODES": "2", "SLURM_GPUS_ON_NODE": "1"}
LIMIT_SECONDS = 180

Ended = subprocess.CompletedProcess[str]


def works(texts: dict[int, str], batch: str, *, quick: bool) -> dict[str, Callable[[], Outcome]]:
    """@param texts an exported file by its k: 4 and 3"""
    launched = {
        f"exported, {name}, k = {k}": partial(agrees, f"exported, {name}, k = {k}", text, k, *how)
        for name, how in LAUNCHERS.items()
        for k, text in texts.items()
        if not quick or (name, k) in QUICK
    }
    others = (unsteady, killed, partial(batched, batch), partial(batched_wrongly, batch))
    names = ("a machine that repeats no run", "a process that is killed", "a batch file of SLURM")
    cells = [f"exported, {name}" for name in (*names, "a batch file of SLURM with a wrong option")]
    alone = {cell: partial(work, cell, texts[4]) for cell, work in zip(cells, others)}
    return launched if quick else {**launched, **alone}


def expect(outcome: Outcome, expected: bool, ended: Ended, *more: Any) -> Outcome:
    if not expected:
        outcome.faults.append(f"status {ended.returncode}, {more}:\n{ended.stderr}")
    return outcome


def claimed(outcome: Outcome, report: dict[str, Any], k: int, verdict: str) -> None:
    is_true, said = report["verdict"] == verdict, f"{report['verdict']}: {report['why']}"
    outcome.claims.append(Claim("exported", k, "exact", said, is_true, is_exact=is_true))


def agrees(cell: str, text: str, k: int, launcher: list[str], options: list[str], processes: str) -> Outcome:
    ended, report = launched(text, launcher, options)
    outcome = expect(Outcome(cell), bool(report) and ended.returncode == 0, ended)
    if report:
        claimed(outcome, report, k, "identical" if k == 4 else "equivalent")
        expect(outcome, report["environment"]["processes"] == processes, ended, report["environment"])
    return outcome


def unsteady(cell: str, text: str) -> Outcome:
    """Where no run has the same bits twice, rounding error decides, and the reason says so."""
    ended, report = launched(replaced(text, LOSS, NOISE), [], [])
    said = report.get("verdict") == "equivalent" and "does not repeat even the baseline" in report["why"]
    return expect(Outcome(cell), said, ended, report)


def killed(cell: str, text: str) -> Outcome:
    ended, report = launched(replaced(text, BACKWARD, KILLED), TORCHRUN, [])
    is_seen = ended.returncode != 0 and not report and "Signal 9 (SIGKILL)" in ended.stderr
    return expect(Outcome(cell), is_seen, ended, report)


def batched(batch: str, cell: str, check: str) -> Outcome:
    """Two nodes come to one verdict, which is saved once."""
    outcome = Outcome(cell)
    ended, saved = started(batch, check, "--tiny", "--steps", "8")
    for one in saved:
        claimed(outcome, one, 4, "identical")
    processes = [one["environment"]["processes"] for one in saved]
    is_one = processes == ["2 with DDP"] and "identical: " in ended.stdout and ended.returncode == 0
    return expect(outcome, is_one, ended, processes)


def batched_wrongly(batch: str, cell: str, check: str) -> Outcome:
    ended, _ = started(batch, check, "--tiny", "--stepz", "8")
    is_said = ended.returncode != 0 and "unrecognized arguments: --stepz" in ended.stderr
    return expect(Outcome(cell), is_said, ended)


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"the exported file has {text.count(old)} times {old}"
    return text.replace(old, new)


def launched(text: str, launcher: list[str], options: list[str]) -> tuple[Ended, dict[str, Any]]:
    """How a file ended, and what it saved; `{}` if it saved nothing."""
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        file, results = Path(folder) / "check_alpha.py", Path(folder) / "results"
        file.write_text(text)
        command = [sys.executable, *(["-m", *launcher] if launcher else []), str(file), "--tiny", "--steps", "8"]
        ended = waited_for([*command, *options, "--save", str(results)])
        saved = saved_in(results)
        assert len(saved) <= 1, f"{len(saved)} processes saved a result"
        return ended, saved[0] if saved else {}


def waited_for(command: list[str], *, cwd: Path | None = None, env: Mapping[str, str] = os.environ) -> Ended:
    """How a command ended, with all that its processes said. One that is killed, or never ends, says where it stood."""
    told = {**env, "PYTHONFAULTHANDLER": "1"}
    started = subprocess.Popen(command, cwd=cwd, env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    late = ""
    try:
        out, err = started.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        late = f"\nThe processes did not end within {LIMIT_SECONDS} s.\n"
        for process in psutil.Process(started.pid).children(recursive=True):
            process.send_signal(signal.SIGABRT)
        started.send_signal(signal.SIGABRT)
        out, err = started.communicate()
    return Ended(command, started.returncode, out, err + late)


def started(batch: str, check: str, *options: str) -> tuple[Ended, list[dict[str, Any]]]:
    """How a batch file ended, and what was saved."""
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as name:
        folder, programs = Path(name), Path(name) / "programs"
        programs.mkdir()
        for program, text in STAND_INS.items():
            (programs / program).write_text(text)
            (programs / program).chmod(0o755)
        (folder / "check_alpha.py").write_text(check)
        (folder / "check_alpha.sbatch").write_text(batch)
        path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
        # The port comes from the job's number: processes of this machine have different ones.
        env = {**os.environ, **SLURM, "SLURM_JOB_ID": str(os.getpid()), "PATH": path}
        command = ["bash", "check_alpha.sbatch", *options]
        return waited_for(command, cwd=folder, env=env), saved_in(folder / "lora-alpha-results")


def saved_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in folder.glob("check_alpha-*.json")]
