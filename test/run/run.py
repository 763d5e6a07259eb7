"""Records programs with the recorder of src/run/python, applies plans in them, and judges by losses and ΔW:
`python test/run/run.py [--quick] [--apart] [--jobs 2] [WORDS…]`. Every run is a process of its own."""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import math
import os
import runpy
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from table import QUICK, ROWS, RULES

HERE = Path(__file__).parent
RECORDER = HERE.parents[1] / "src/run/python"
STEPS = 8
Run = dict[str, Any]


def plan(rule: str, k: float, wrong: str = "") -> Run:
    """The symmetric plan of a rule of table.py. `wrong` spoils one factor of it."""
    c, (kind, powers) = k**0.5, RULES[rule]
    factor = lambda power: [factor(p) for p in power] if isinstance(power, list) else c**power
    numbers = {name: factor(power) for name, power in powers.items() if name != "once"}
    once = {name: factor(power) for name, power in powers.get("once", {}).items()}
    b = dict(numbers)
    if wrong == "lr":
        numbers, b = ({**n, "lr": n["lr"] * 1.01} for n in (numbers, b))
    if wrong in ("eps", "weight_decay"):
        numbers, b = ({**n, wrong: 1} for n in (numbers, b))
    if wrong == "group":
        b = {}
    roles = {"A": numbers, "B": b, "bias": {**numbers, "lr": 1 / k, "eps": k, "weight_decay": k}}
    optimizers = [{"class": kind, "roles": roles, "once": once}]
    return {"k": k, "A": c, "B": c, "clip": {"norm": c, "value": c}, "optimizers": optimizers, "scaleInit": True}


def variants(rule: str, expect: str, options: Run) -> dict[str, Run]:
    coarse = options.get("inside") or options.get("autocast")
    coarse = coarse or ("bfloat16" if options.get("args", {}).get("bf16") else None)
    alone = {"k": 4, "A": 1, "B": 1, "clip": {}, "optimizers": "as-is", "scaleInit": False}
    runs: dict[str, Run] = {"base": {}, "again": {}, "k = 4": {"plan": plan(rule, 4)}, "alpha alone": {"plan": alone}}
    if not expect.startswith(("refused", "late")):
        runs |= {"k = 3": {"plan": plan(rule, 3)}}
        runs |= {"control": {"noise": {"seed": 1, "dtype": coarse}}}
    if expect == "wrong":
        runs |= {f"wrong {name}": {"plan": plan(rule, 4, name)} for name in ("lr", "eps", "weight_decay", "group")}
    return runs


LAUNCHERS = {
    "torchrun": ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"],
    "accelerate": ["-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1"]
    + ["--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", str(20000 + os.getpid() % 20000)],
}
LIBRARIES = "torch torch.distributed.fsdp peft accelerate transformers.trainer trl lightning".split()
LIBRARIES += ["transformers.models.llama.modeling_llama"]
APART = {"PYTHONPATH": str(RECORDER), "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
APART |= {"ACCELERATE_USE_CPU": "true", "TOKENIZERS_PARALLELISM": "false"}


def started(program: str, options: Run, settings: Run, folder: Path, apart: bool) -> int:
    """The process of one run. A fork of this one has the libraries already, and its recorder starts late; a program
    that is launched, and any with --apart, comes in by the door: `sitecustomize`."""
    if pid := os.fork():
        return pid
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(folder)
    signal.alarm(900)
    told = {"out": str(folder / "run.json"), "steps": STEPS, "keepGoing": False, "plan": None, "noise": None}
    told |= settings
    os.environ.update(APART, LORA_ALPHA_RUN=json.dumps(told))
    file, told_program = str(HERE / "programs" / program), json.dumps(options)
    if apart or "launch" in options:
        launcher = LAUNCHERS.get(options.get("launch", ""), [])
        os.execv(sys.executable, [sys.executable, *launcher, file, told_program])
    try:
        sys.path[:0] = [str(RECORDER), str(HERE / "programs")]
        from lora_alpha_run import hooks, recording  # noqa: F401

        sys.argv = [file, told_program]
        runpy.run_path(file, run_name="__main__")
        recording.at_exit()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(1)


def recorded(options: Run, folder: Path) -> Run:
    """What a run that has ended wrote; without a recording, what the program said."""
    said, out = (folder / "said").read_text(), folder / "run.json"
    nothing = {"steps": 0, "refused": None, "notSeen": []}
    if options.get("launch") and not (folder / "run.rank1.json").exists():
        return {**nothing, "reason": f"rank 1 wrote nothing {said[-300:]}"}
    if not out.exists():
        return {**nothing, "reason": said[-400:]}
    return {**json.loads(out.read_text()), "saved": bool({"saved", "trained to the end"} & set(said.splitlines()))}


def record_all(asked: list[tuple[str, Run, Run]], jobs: int, apart: bool) -> Iterator[Run]:
    """The recordings of (program, options, settings), in this order, several at a time."""
    with tempfile.TemporaryDirectory() as root:
        running: dict[int, int] = {}
        done, given = {}, 0
        for i, (program, options, settings) in enumerate(asked):
            while i not in done:
                while given < len(asked) and len(running) < jobs:
                    folder = Path(root) / str(given)
                    folder.mkdir()
                    running[started(*asked[given], folder, apart)] = given
                    given += 1
                ended = running.pop(os.wait()[0])
                done[ended] = recorded(asked[ended][1], Path(root) / str(ended))
            yield done.pop(i)


def bits(one: Run, other: Run) -> bool:
    shas = lambda run: [{name: m["sha"] for name, m in s["modules"].items()} for s in run["sketches"]]
    return one["losses"] == other["losses"] and shas(one) == shas(other)


def drift(one: Run, other: Run) -> float:
    """The largest relative difference of a loss or of a module's ΔW; infinite where one run diverges."""
    if not one["steps"] or one["steps"] != other["steps"]:
        return math.inf
    losses = list(zip(map(float, one["losses"]), map(float, other["losses"]), strict=True))
    most = [abs(x - y) / (abs(x) or 1) for x, y in losses]
    for name, m in one["sketches"][-1]["modules"].items():
        values = zip(m["values"], other["sketches"][-1]["modules"][name]["values"])
        most.append((sum((float(x) - float(y)) ** 2 for x, y in values) / 8) ** 0.5 / (m["norm"] or 1))
    return max(d if math.isfinite(d) else math.inf for d in most)


def verdicts(runs: dict[str, Run]) -> dict[str, str]:
    base, said = runs["base"], {}
    noise = max((drift(base, runs[name]) for name in ("control", "again") if name in runs), default=0.0)
    for name, run in runs.items():
        if run["refused"] or not run["steps"]:
            said[name] = "refused" if run["refused"] else "no run"
        elif name == "base" or not base["steps"]:
            said[name] = "recorded"
        else:
            far = drift(base, run)
            near = "equivalent" if far <= 10 * max(noise, 1e-12) else "different"
            said[name] = "identical" if bits(base, run) else f"{near} {far:.0e}/{noise:.0e}"
    return said


def failures(runs: dict[str, Run], said: dict[str, str], expect: str) -> list[str]:
    """What is not as table.py expects it."""
    wanted = {"again": "identical", "k = 4": "identical", "k = 3": "equivalent", "alpha alone": "different"}
    wanted |= {name: "different" for name in said if name.startswith("wrong")}
    if expect == "rounding":
        wanted["k = 4"] = "equivalent"
    if expect == "refused":
        wanted = {"again": "identical", "k = 4": "refused", "alpha alone": "different"}
    if expect.startswith("late"):
        wanted = {"again": "identical", "k = 4": "refused", "alpha alone": "refused"}
    if expect.startswith("noted"):
        wanted = {"again": "identical", "alpha alone": "different"}
    wrong = [f"{name}: {said[name]}" for name, word in wanted.items() if not said[name].startswith(word)]
    noted = {seen["what"] for run in runs.values() for seen in run["notSeen"]}
    allowed = set(expect.split(": ")[-1].split(", ")) if expect.startswith(("noted", "also", "late")) else set()
    wrong += [f"notSeen: {sorted(noted)}"] if noted != allowed else []
    wrong += [f"{name} went on to the end" for name, run in runs.items() if run.get("saved")]
    return wrong + [f"{name}: {run['reason']}" for name, run in runs.items() if run["reason"] and not run["refused"]]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--apart", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    chosen = [row for row in ROWS if all(word in row[0] for word in args.words)]
    chosen = [row for row in chosen if row[0] in QUICK] if args.quick else chosen
    for library in () if args.apart else ("torch._dynamo",) if args.quick else LIBRARIES:
        try:
            importlib.import_module(library)
        except ImportError as error:
            print(f"{library} is not installed: {error}")
    gc.freeze()  # the recorder looks through all objects: not through those of this process
    failed, report = 0, []
    asked = [(row, variants(row[3], row[4], row[2])) for row in chosen]
    settings = [(row[1], row[2], each) for row, runs in asked for each in runs.values()]
    recordings = record_all(settings, args.jobs, args.apart)
    for (name, _, _, _, expect), names in asked:
        runs = {variant: next(recordings) for variant in names}
        said = verdicts(runs)
        wrong = failures(runs, said, expect)
        failed += bool(wrong)
        report.append({"name": name, "verdicts": said, "wrong": wrong, "seconds": runs["base"].get("seconds")})
        columns = [said.get(column, "") for column in ("again", "k = 4", "k = 3", "alpha alone")]
        columns += [f"{n.removeprefix('wrong ')} {v.split()[0]}" for n, v in said.items() if n.startswith("wrong")]
        print("ok  " if not wrong else "FAIL", f"{name:38}", *(f"{column:22}" for column in columns), flush=True)
        for line in wrong:
            print("     ", line[-400:], flush=True)
    if args.json:
        args.json.write_text(json.dumps(report, indent=1))
    print(f"{len(chosen) - failed} of {len(chosen)} as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
