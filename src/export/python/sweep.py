"""LoRA Alpha: a check with PyTorch. This sweep runs each check of its folder with each seed; with
--rates it trains the baseline of each rank at each of them, for `lora-alpha rank --run`. It runs
with Ray Tune, here or on the Ray cluster of this machine. Each result is in results/ at once; a
sweep that is started again runs only what is missing. The checks get --model, --data, --steps,
--dtype, --tiny and --fsdp."""

import argparse
import ast
import contextlib
import hashlib
import importlib.metadata
import json
import logging
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# A Ray that is started here sends no statistics, and prints nothing between our lines.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_AIR_NEW_OUTPUT", "0")

CHECKS = []
FOLDER, SAME = Path(__file__).resolve().parent, {"identical", "equivalent", "trained"}
HANDED_ON = {"--model", "--data", "--steps", "--dtype", "--tiny", "--fsdp"}


def fail(message):
    print(f"{sys.argv[0]}: {' '.join(str(message).split())}", file=sys.stderr)
    sys.exit(64)


def seeds(text):
    return sorted({int(seed) for seed in text.split(",")})


def rates(text):
    return sorted({float(rate) for rate in text.split(",")})


def arguments():
    """Those of the sweep, and those of the checks."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.error = lambda message: fail(f"{message} (see --help)")
    add = parser.add_argument
    add("--address", help="of a Ray cluster; auto: that of this machine; local: none")
    add("--seeds", type=seeds, default=[0, 1, 2], help="such as 1,2,3 (default: 0,1,2)")
    add("--rates", type=rates, default=[], help="learning rates, such as 5e-5,1e-4,2e-4,4e-4")
    add("--cpus", type=float, default=1, help="cores of a trial (default: 1)")
    add("--gpus", type=float, help="GPUs of a trial; several: torchrun (default: 1, if any)")
    add("--retries", type=int, default=2, help="for a trial that dies (default: 2)")
    add("--again", action="store_true", help="also run what is in the results")
    add("--json", action="store_true", help="print one JSON document")
    args, options = parser.parse_known_args()
    unknown = {option.split("=")[0] for option in options if option.startswith("-")} - HANDED_ON
    if unknown:
        parser.error(f"unknown option {unknown.pop()}")
    if "://" in str(args.address):
        fail("start it on a machine of the cluster, with --address auto")
    return args, options


ARGS, OPTIONS = arguments()  # Before Ray, which takes seconds to import.
try:
    import ray
    from ray.tune import Callback, FailureConfig, RunConfig, Tuner, with_parameters, with_resources
except ImportError as error:
    said = f'{error}; install it: pip install "ray[tune]"'
    print(" ".join(said.split()), file=sys.stderr)
    sys.exit(2)


def states(path):
    """Path, size and time of a file, or of all in a folder but results/."""
    results, stats = FOLDER / "results", []
    for one in [path, *sorted(path.rglob("*"))]:
        if results not in one.parents and one.is_file():
            stats.append(f"{one} {one.stat().st_size} {one.stat().st_mtime_ns}")
    return stats


def trials_of(seeds, options, texts):
    """Each check with each seed. What makes a result is in its name."""
    words = [word for option in options for word in option.split("=", 1) if word]
    # Of several that are found, the first is imported.
    for name in ("torch", "transformers", "peft"):
        words += [str(one.version) for one in importlib.metadata.distributions(name=name)]
    for check, text in texts.items():
        models = map(ast.literal_eval, re.findall("^MODEL = (.+)$", text, re.M))
        named = [*words, *filter(None, models)]
        marks = [text, *named, *(state for word in named for state in states(Path(word).resolve()))]
        mark = hashlib.sha256("\n".join(marks).encode()).hexdigest()[:8]
        for seed in seeds:
            yield {
                "check": check,
                "seed": seed,
                "options": [*options, f"--seed={seed}", "--json"],
                "file": str(FOLDER / "results" / f"{check}_seed_{seed}_{mark}.json"),
                "cwd": os.getcwd(),
            }


def run_trial(config, texts, start):
    """Somewhere in the cluster: a check with a seed, as a process."""
    of = config["trial"]
    # The text came with the trial, from no shared disk.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{of['check']}.py")
        file.write_text(texts[of["check"]], encoding="utf-8")
        command = [sys.executable, *start, str(file), *of["options"]]
        cwd = of["cwd"] if os.path.isdir(of["cwd"]) else None
        ended = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    document = ended.stdout.strip().rpartition("\n")[2]
    lines = ended.stderr.strip("= \n").splitlines()
    # Two processes may have said it in one line. Where one dies, its peers fail.
    own = [line for line in lines if line.startswith(f"{file}: ")]
    died = [line for line in lines if "out of memory" in line or "received by PID" in line]
    said = (died or own or lines or [""])[-1].rpartition(f"{file}: ")[2].strip()
    if document.startswith("{"):
        return {"document": document}
    if (own or ended.returncode == 2) and not died:
        return {"sentence": said}
    raise RuntimeError(said if ended.returncode > 0 else f"killed by signal {-ended.returncode}")


class Keep(Callback):
    """Keeps each result when its trial ends, and says what becomes of the trials."""

    def __init__(self):
        self.said = {}  # The last word on a trial, by the file of its result.

    def say(self, trial, what):
        of = trial.config["trial"]
        self.said[of["file"]] = what
        print(f"{of['check']}, seed {of['seed']}: {what}", file=sys.stderr)

    def on_trial_complete(self, trial, **_):
        file, document = Path(trial.config["trial"]["file"]), trial.last_result.get("document")
        if document and file.with_suffix(".part").write_text(document, encoding="utf-8"):
            file.with_suffix(".part").replace(file)  # A reader sees the whole result, or none.
        verdict = json.loads(document)["verdict"] if document else None
        self.say(trial, verdict or trial.last_result["sentence"])

    def on_trial_recover(self, trial, **_):
        self.say(trial, "it died, and is tried again")


def run(trials, args, texts):
    """Runs trials; what became of them, by the files of their results."""
    ray.init(address=args.address, log_to_driver=False, logging_level="ERROR")
    logging.disable(logging.ERROR)
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    cpus, gpus = args.cpus, args.gpus
    if gpus is None:
        gpus = float(any(node.get("GPU") for node in nodes))
    if not any(node.get("CPU", 0) >= cpus and node.get("GPU", 0) >= gpus for node in nodes):
        lacks = f"no machine has {cpus:g} cores and {gpus:g} GPUs"
        print(f"{lacks}; trials wait for one", file=sys.stderr)
    start = []
    if gpus > 1:
        start = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={gpus:g}"]
    trial = with_parameters(run_trial, texts=texts, start=start)
    needs = {"cpu": cpus, "gpu": gpus}
    keep, retry = Keep(), FailureConfig(max_failures=args.retries)
    space = {"trial": {"grid_search": trials}}
    os.makedirs(FOLDER / "results", exist_ok=True)
    with tempfile.TemporaryDirectory() as notes, contextlib.redirect_stdout(sys.stderr):
        how = RunConfig(storage_path=notes, verbose=0, callbacks=[keep], failure_config=retry)
        ended = Tuner(with_resources(trial, needs), param_space=space, run_config=how).fit()
    for one in (one for one in ended if one.error):  # Our own sentence, or the first line of Ray's.
        said = str(one.error).rpartition("RuntimeError: ")[2].strip().splitlines()[0]
        keep.said[one.config["trial"]["file"]] = said
    return keep.said


def kept(trial):
    """The document of a trial's result; one that is not whole is none."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        found = json.loads(Path(trial["file"]).read_text(encoding="utf-8"))
        return found if {"verdict", "why", "variants"} <= {*found} else None


def result_of(trial, said):
    """What is known of a trial. A failure hides an older result."""
    result = {key: trial[key] for key in ("check", "seed", "file")}
    found = kept(trial) or {"verdict": None}
    if found["verdict"] != (said or found["verdict"] or "not run"):
        verdict, why = ("failed", said) if said else ("not run", "the sweep was stopped")
        return {**result, "verdict": verdict, "why": why, "maxDeviation": None}
    far = {run["name"]: run["maxDeviation"] for run in found["variants"]}
    said = {"verdict": found["verdict"], "why": found["why"]}
    return {**result, **said, "maxDeviation": far.get("rescaled")}  # None: not finite.


def line_of(check, results):
    """A check with its seeds, as a line of the table."""
    _, alpha, _, rank, plan = check.split("_", 4)
    verdicts = ", ".join(sorted({one["verdict"] for one in results}))
    none = ("failed", "not run", "trained")
    far = [one["maxDeviation"] for one in results if one["verdict"] not in none]
    most = f"{max(math.inf if x is None else x for x in far):.1e}" if far else "-"
    return f"{alpha:9} {rank:5} {plan:10} {len(results):<6} {most:<18} {verdicts}"


def main():
    texts = {check: Path(FOLDER, f"{check}.py").read_text(encoding="utf-8") for check in CHECKS}
    if ARGS.rates:  # Checks of one rank have one baseline.
        by_rank = {check.split("_")[3]: text for check, text in texts.items()}
        texts = {
            f"alpha_own_rank_{rank}_lr-{rate:g}": text.replace("RATE = None", f"RATE = {rate!r}", 1)
            for rank, text in by_rank.items()
            for rate in ARGS.rates
        }
    trials = [*trials_of(ARGS.seeds, OPTIONS, texts)]
    missing = [of for of in trials if ARGS.again or not kept(of)]
    there = f"{len(trials) - len(missing)} of them in the results"
    print(f"{len(trials)} trials, {there}", file=sys.stderr)
    said = run(missing, ARGS, texts) if missing else {}
    results = [result_of(of, said.get(of["file"])) for of in trials]
    lines = [line_of(check, [one for one in results if one["check"] == check]) for check in texts]
    table = "\n".join(["alpha     rank  plan       seeds  largest deviation  verdict", *lines])
    print(json.dumps({"loraAlpha": 1, "sweep": results}) if ARGS.json else table)
    sys.stdout.flush()  # A full disk is an error, too.
    others = [one for one in results if one["verdict"] not in SAME]
    for x in others:
        print(f"{x['check']}, seed {x['seed']}: {x['verdict']}: {x['why']}", file=sys.stderr)
    is_different = any(one["verdict"] == "different" for one in others)
    sys.exit(0 if not others else 1 if is_different else 2)


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)
except Exception as error:
    fail(f"{type(error).__name__}: {error}")
