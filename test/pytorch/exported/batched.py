"""
Runs an exported batch file of SLURM with the real torchrun. `srun` and `scontrol` are stand-ins: they start their command, and
name this machine twice, once for each node. What is tested is the file, not SLURM.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from judge import Claim, Outcome

NODES = 2
# As SLURM does, `srun` starts one torchrun on every node.
SRUN = '#!/bin/bash\npids=()\nfor ((node = 0; node < SLURM_NNODES; node++)); do "$@" & pids+=($!); done\n'
SRUN += 'status=0\nfor pid in "${pids[@]}"; do wait "$pid" || status=$?; done\nexit $status\n'
STAND_INS = {"srun": SRUN, "scontrol": "#!/bin/sh\nprintf 'localhost\\nlocalhost\\n'\n"}
SLURM = {"SLURM_JOB_NODELIST": "localhost,localhost", "SLURM_NNODES": str(NODES), "SLURM_GPUS_ON_NODE": "1"}


def works(batch: str, check: str) -> dict[str, Callable[[], Outcome]]:
    """@param check an exported file at k = 4"""
    return {
        "exported, a batch file of SLURM": partial(runs, batch, check),
        "exported, a batch file of SLURM with a wrong option": partial(fails, batch, check),
    }


def runs(batch: str, check: str) -> Outcome:
    """Two nodes come to one verdict, which is saved once."""
    outcome = Outcome("exported, a batch file of SLURM")
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        ended = start(batch, check, Path(folder), "--tiny", "--steps", "8")
        saved = [json.loads(file.read_text()) for file in Path(folder, "lora-alpha-results").glob("check_alpha-*.json")]
    for one in saved:
        is_true = one["verdict"] == "identical" and ended.returncode == 0
        outcome.claims.append(Claim("batched", 4, "exact", f"{one['verdict']}: {one['why']}", is_true, is_exact=is_true))
    processes = [one["environment"]["processes"] for one in saved]
    if processes != [f"{NODES} with DDP"] or "identical: " not in ended.stdout:
        outcome.faults.append(f"{processes}, status {ended.returncode}: {ended.stderr[-600:]}")
    return outcome


def fails(batch: str, check: str) -> Outcome:
    outcome = Outcome("exported, a batch file of SLURM with a wrong option")
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        ended = start(batch, check, Path(folder), "--tiny", "--stepz", "8")
    if ended.returncode == 0 or "unrecognized arguments: --stepz" not in ended.stderr:
        outcome.faults.append(f"status {ended.returncode}: {ended.stderr[-600:]}")
    return outcome


def start(batch: str, check: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    programs = folder / "programs"
    programs.mkdir()
    for name, text in STAND_INS.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (folder / "check_alpha.py").write_text(check)
    (folder / "check_alpha.sbatch").write_text(batch)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    # The port comes from the job's number: processes of this machine have different ones.
    env = {**os.environ, **SLURM, "SLURM_JOB_ID": str(os.getpid()), "PATH": path}
    command = ["bash", "check_alpha.sbatch", *options]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=180)
