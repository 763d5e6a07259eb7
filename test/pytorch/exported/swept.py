"""Runs an exported sweep with a real Ray on this machine: trials that die, that fail, and that are there already."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from exported.launched import TORCHRUN, replaced
from judge import Claim, Outcome

IMPORTS = "import argparse\n"
DIES = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n"
# Two trials may start at once; one of them makes the file.
DIES_ONCE = """import os, signal
try: os.close(os.open({file!r}, os.O_CREAT | os.O_EXCL)), os.kill(os.getpid(), signal.SIGKILL)
except FileExistsError: pass
"""

Sweep = list[dict[str, str]]


def works(sweep: Sweep, of_ranks: Sweep) -> dict[str, Callable[[], Outcome]]:
    """@param sweep the name and text of each file: three checks, or one at each of two ranks, and sweep.py"""
    cells = {
        "exported, a Ray sweep of six trials": sweeps,
        "exported, a Ray sweep of checks that go wrong": fails,
        "exported, a Ray sweep of another model": names_results,
        "exported, a Ray sweep under torchrun": keeps_sentences,
    }
    rates = "exported, a Ray sweep of learning rates at ranks 16 and 64"
    return {
        **{cell: partial(judged, cell, judge, sweep) for cell, judge in cells.items()},
        rates: partial(judged, rates, sweeps_rates, of_ranks),
    }


def judged(cell: str, judge: Callable[[Outcome, Sweep, Path], None], sweep: Sweep) -> Outcome:
    outcome = Outcome(cell)
    if not importlib.util.find_spec("ray"):
        outcome.skipped = "not installed: ray"
        return outcome
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        judge(outcome, sweep, Path(folder))
    return outcome


def sweeps(outcome: Outcome, sweep: Sweep, folder: Path) -> None:
    """Six trials, one of which is killed once; a second start has nothing to run, and another seed is run alone."""
    checks = written(sweep, folder)
    before(checks[1], DIES_ONCE.format(file=str(folder / "died")))
    first, report = run(folder, "--seeds", "0,1")
    for one in report:
        is_true = one["verdict"] == "identical" and one["maxDeviation"] == 0
        outcome.claims.append(Claim("swept", 4, "exact", f"{one['verdict']}: {one['why']}", is_true, is_exact=is_true))
    results = {file: file.stat().st_mtime_ns for file in (folder / "results").iterdir()}
    documents = [json.loads(file.read_text()) for file in results]
    seen = sorted((document["check"]["alpha"][1], document["seed"]) for document in documents)
    again, _ = run(folder, "--seeds", "0,1")
    expect(outcome, first, 0, r"\A6 trials, 0 of them in the results\n")
    expect(outcome, again, 0, r"\A6 trials, 6 of them in the results\n\Z")
    if len(re.findall(r"alpha_64\w+, seed \d: it died, and is tried again", first.stderr)) != 1:
        outcome.faults.append(f"one trial must be tried again, once: {first.stderr[-600:]}")
    if seen != [(alpha, seed) for alpha in (4, 64, 256) for seed in (0, 1)]:
        outcome.faults.append(f"the results are those of {seen}")
    if results != {file: file.stat().st_mtime_ns for file in (folder / "results").iterdir()}:
        outcome.faults.append("the second start wrote results")
    broken = min(results)
    broken.write_text("")
    mended, _ = run(folder, "--seeds", "0,1")
    expect(outcome, mended, 0, r"\A6 trials, 5 of them in the results\n")
    if not broken.read_text():
        outcome.faults.append("an empty result was taken for one")


def sweeps_rates(outcome: Outcome, sweep: Sweep, folder: Path) -> None:
    """The baseline of each rank at each rate, in the words that `lora-alpha rank --run` reads."""
    written(sweep, folder)
    ended, _ = run(folder, "--seeds", "0", "--rates", "1e-3,1e-1")
    expect(outcome, ended, 0, r"\A4 trials, 0 of them in the results\n")
    documents = [json.loads(file.read_text()) for file in (folder / "results").iterdir()]
    seen = sorted((of["rank"], of["scaling"], of["rate"], len(of["loss"])) for of in documents)
    if seen != [(rank, 16 / rank, rate, 8) for rank in (16, 64) for rate in (1e-3, 1e-1)]:
        outcome.faults.append(f"the results are those of {seen}")
    starts = {of["loss"][0] for of in documents}
    if len(starts) != 1 or len({of["loss"][-1] for of in documents}) != 4:
        outcome.faults.append("all must start with one loss, and end with losses of their own")


def names_results(outcome: Outcome, sweep: Sweep, folder: Path) -> None:
    """The same option may name another model in another folder, or later; so may a config, and so may a package."""
    space = functions(sweep, folder)
    models = [folder / "x" / "m", folder / "y" / "m"]
    for model in models:
        model.mkdir(parents=True)
        (model / "config.json").write_text("{}")
    (models[0] / "nowhere").symlink_to(folder / "nowhere")
    of_config = 'MODEL, SEED, BATCH = "./m", 42, 8\n'

    def result(model: Path, options: list[str], text: str) -> str:
        with contextlib.chdir(model.parent):
            [trial] = space["trials_of"]([0], options, {"alpha_64": text})
        return Path(trial["file"]).name

    for options, text in ((["--model", "./m"], "a check"), (["--model=m"], "a check"), ([], of_config)):
        before_change = [result(model, options, text) for model in models]
        if before_change != [result(model, options, text) for model in models]:
            outcome.faults.append(f"the same trial has two names: {options}, {text}")
        (models[0] / "config.json").write_text(f"other than {before_change}, of {options}")
        if len({*before_change, result(models[0], options, text)}) != 3:
            outcome.faults.append(f"trials of different models have one name: {options}, {text}")
    installed, around = result(models[0], [], "a check"), result(folder / "m", ["--model", "."], "a check")
    (folder / "results").mkdir()
    (folder / "results" / "new.json").write_text("{}")
    if around != result(folder / "m", ["--model", "."], "a check"):
        outcome.faults.append("a result changes the name of the next")
    (folder / "peft-99.0.dist-info").mkdir()
    (folder / "peft-99.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: peft\nVersion: 99.0\n")
    with mock.patch.object(sys, "path", [str(folder), *sys.path]):
        if installed == result(models[0], [], "a check"):
            outcome.faults.append("trials of different versions of PEFT have one name")
    for text in ("", "{", "[]", "1", "[1]", '{"a": 1}'):
        (folder / "results" / "new.json").write_text(text)
        if space["kept"]({"file": str(folder / "results" / "new.json")}):
            outcome.faults.append(f"{text!r} is taken for a result")


def keeps_sentences(outcome: Outcome, sweep: Sweep, folder: Path) -> None:
    """torchrun ends with 1 and a ruler, whatever the check said; only what may go well another time is raised."""
    own = "import sys; sys.exit(print(f'{{sys.argv[0]}}: {}', file=sys.stderr) or 64)"
    for check, sentence, raised in (
        (own.format("the model m cannot be loaded"), "the model m cannot be loaded", None),
        (own.format("CUDA out of memory"), None, r"CUDA out of memory"),
        (own.format("connection closed by peer").replace("sys.exit", "") + f"\n{DIES}", None, r"Signal 9 \(SIGKILL\)"),
        (DIES, None, r"Signal 9 \(SIGKILL\)"),
    ):
        trial = {"trial": {"check": "alpha_64", "options": [], "cwd": str(folder)}}
        try:
            ended = functions(sweep, folder)["run_trial"](trial, {"alpha_64": check}, ["-m", *TORCHRUN])
            seen = (ended["sentence"], "")
        except RuntimeError as error:
            seen = (None, str(error))
        if seen[0] != sentence or bool(raised) != bool(seen[1]) or not re.search(raised or "", seen[1]):
            outcome.faults.append(f"{check}: {seen}")


def functions(sweep: Sweep, folder: Path) -> dict[str, Any]:
    """The functions of a sweep that is in a folder. Nothing is run."""
    [text] = [one["text"] for one in sweep if one["name"] == "sweep.py"]
    space: dict[str, Any] = {"__file__": str(folder / "sweep.py"), "__name__": "sweep"}
    with mock.patch.object(sys, "argv", ["sweep.py"]):
        exec(compile(text.partition("\ntry:\n    main()")[0], "sweep.py", "exec"), space)
    return space


def fails(outcome: Outcome, sweep: Sweep, folder: Path) -> None:
    """Another run is a result; a check that cannot run is not tried again; one that always dies is tried as often as asked."""
    wrong, broken, dying = written(sweep, folder)
    wrong.write_text(re.sub(r'("rescaled": .*?\blr=)[\d.e-]+', r"\g<1>0.5", wrong.read_text(), flags=re.S))
    broken.write_text(replaced(broken.read_text(), "LORA = dict(", "LORA = dict(nothing=1, "))
    before(dying, DIES)
    ended, report = run(folder, "--seeds", "0", "--retries", "1")
    expect(outcome, ended, 1, r"alpha_256\w+, seed 0: failed: killed by signal 9\n")
    if len(re.findall(r"tried again", ended.stderr)) != 1:
        outcome.faults.append(f"only the check that dies must be tried again, once: {ended.stderr[-600:]}")
    said = [(one["verdict"], one["why"]) for one in report]
    if [verdict for verdict, _ in said] != ["different", "failed", "failed"] or "argument 'nothing'" not in said[1][1]:
        outcome.faults.append(f"said {said}")
    if len([*(folder / "results").iterdir()]) != 1:
        outcome.faults.append("there must be one result")


def written(sweep: Sweep, folder: Path) -> list[Path]:
    """The checks of the sweep in a folder, by their alphas."""
    for one in sweep:
        (folder / one["name"]).write_text(one["text"])
    return [folder / one["name"] for one in sweep if one["name"] != "sweep.py"]


def before(check: Path, code: str) -> None:
    check.write_text(replaced(check.read_text(), IMPORTS, code + IMPORTS))


def run(folder: Path, *options: str) -> tuple[subprocess.CompletedProcess[str], list[dict[str, Any]]]:
    """A sweep on a Ray of its own, and what it says of each trial."""
    command = [sys.executable, "sweep.py", "--address", "local", "--tiny", "--steps", "8", *options, "--json"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280)
    return ended, json.loads(ended.stdout)["sweep"] if ended.stdout else []


def expect(outcome: Outcome, ended: subprocess.CompletedProcess[str], status: int, words: str) -> None:
    if ended.returncode != status or not re.search(words, ended.stderr) or "Traceback" in ended.stderr:
        outcome.faults.append(f"status {ended.returncode}, without {words}: {ended.stderr[-600:]}")
