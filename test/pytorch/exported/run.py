"""Runs exported files: a right one gives the baseline's bits at k = 4, or stays within rounding; a wrong one does not."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from exported import launched, swept
from exported.forked import forked
from judge import Claim, Outcome
from transformers import LlamaConfig, LlamaForCausalLM

EXPECTED = {4: "identical", 3: "equivalent"}
STATUS = {"identical": 0, "equivalent": 0, "different": 1, "undecided": 2}
QUICK_STEPS, STEPS = "8", "24"
WRONG = [(4, "rescaled", "lr", 1.01), (3, "rescaled", "lr", 1.01), (3, "as-written", "lr", 1.01)]
WRONG += [(3, "rescaled", "weight_decay", 3**-0.5)]
"""k, run, number, and the factor by which it is wrong. The last is a decay that the plan forgot to move."""
COARSE = [("lr", 1.01), ("eps", 3**-0.5), ("max_norm", 3**-0.5)]
"""The same in bfloat16 at k = 3, where rounding error may hide them."""


def works(printed: dict[str, Any], *, quick: bool) -> dict[str, Callable[[], Outcome]]:
    """
    What there is to do, by name.
    @param printed what print.ts prints
    """
    steps, files = QUICK_STEPS if quick else STEPS, printed["files"]
    first = {one["k"]: one for one in reversed(files)}
    return {
        **{f"exported {one['name']}, k = {one['k']}": partial(right, one, steps) for one in files if one["quick"] or not quick},
        **{f"exported, {wrong_number(*what)}": partial(wrong, first[what[0]], steps, *what) for what in WRONG},
        **{f"exported, {key} wrong in bfloat16": partial(coarse, first[3], steps, key, by) for key, by in COARSE},
        "exported, on a machine without what it needs": partial(complaints, first[4]),
        "exported, tokens without a tokenizer": partial(without_tokenizer, first[4]),
        "exported, a full disk and Ctrl-C": partial(interrupted, first[4]),
        **launched.works({k: one["text"] for k, one in first.items()}, printed["batch"], quick=quick),
        **({} if quick else swept.works(printed["sweep"], printed["ofRanks"])),
    }


def right(one: dict[str, Any], steps: str) -> Outcome:
    outcome = Outcome(f"exported {one['name']}, k = {one['k']}")
    report, status = run(one["text"], "--tiny", one["tiny"], "--steps", steps)
    is_true = report["verdict"] == EXPECTED[one["k"]] and status == 0
    claim = Claim("exported", one["k"], "exact", f"{report['verdict']}: {report['why']}", is_true, is_exact=is_true)
    outcome.claims.append(claim)
    names = [variant["name"] for variant in report["variants"]]
    if names[:3] != ["base", "rescaled", "alpha-only"] or "control-3" not in names or not report["deltaW"]:
        outcome.faults.append(f"the report lacks a run, or ΔW: {names}")
    resolved = report["resolution"]
    if not 0 < resolved["lr"] < 0.01 or "; would notice lr ≥ " not in report["why"]:
        outcome.faults.append(f"a resolution of {resolved}: {report['why']}")
    return outcome


def wrong_number(k: int, name: str, key: str, factor: float) -> str:
    return f"{key} of {name} × {factor:.3g}, k = {k}"


def wrong(one: dict[str, Any], steps: str, k: int, name: str, key: str, factor: float) -> Outcome:
    """A judge that cannot tell a wrong number from a right one proves nothing."""
    outcome = Outcome(f"exported, {wrong_number(k, name, key, factor)}")
    text = changed(one, name, key, factor)
    report, status = run(text, "--tiny", one["tiny"], "--steps", steps)
    if report["verdict"] != "different" or status != 1:
        outcome.faults.append(f"said {report['verdict']}: {report['why']}")
    return outcome


def coarse(one: dict[str, Any], steps: str, key: str, factor: float) -> Outcome:
    """Too coarse for a verdict, or noticed: a wrong number is never accepted."""
    outcome = Outcome(f"exported, {key} wrong in bfloat16")
    for tiny in (one["tiny"], "qwen2"):
        text = changed(one, "rescaled", key, factor)
        report, _ = run(text, "--tiny", tiny, "--steps", steps, "--dtype", "bfloat16")
        if report["verdict"] not in ("undecided", "different") or "would notice lr ≥ " not in report["why"]:
            outcome.faults.append(f"said {report['verdict']}: {report['why']}")
    return outcome


def changed(one: dict[str, Any], name: str, key: str, factor: float) -> str:
    """An exported file with a number of a run multiplied."""
    [(before, number)] = re.findall(rf'( +"{name}": dict\(.*?\b{key}=)([\d.e-]+)', one["text"], flags=re.S)
    text = one["text"].replace(before + number, f"{before}{float(number) * factor}")
    assert text != one["text"]
    return text


def run(text: str, *args: str) -> tuple[dict[str, Any], int]:
    """The JSON of an exported file that runs in this process, and its exit status."""
    printed, status = io.StringIO(), 0
    with written(text) as file, contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        with mock.patch.object(sys, "argv", [str(file), *args, "--json"]):
            try:
                runpy.run_path(str(file), run_name="__main__")
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
            finally:
                torch.use_deterministic_algorithms(False)
    report = json.loads(printed.getvalue())
    assert STATUS[report["verdict"]] == status, f"{report['verdict']} ended with {status}"
    assert {"loraAlpha", "check", "verdict", "steps", "variants", "deltaW", "environment"} <= report.keys()
    return report, status


def complaints(one: dict[str, Any]) -> Outcome:
    """What is missing is said in one sentence, with a status and without a traceback."""
    outcome = Outcome("exported, on a machine without what it needs")
    with written(one["text"]) as file:
        data = file.with_name("rows.jsonl")
        data.write_text('{"text": "a"}\nnot JSON\n')
        for run_with, options, status, sentence in (
            (bare, [], 2, r"No module named '\w+'; install torch, transformers, peft"),
            (bare, ["--steps", "3"], 64, r"argument --steps: 3 is no whole number of 8 or more"),
            (forked, ["--model", str(file.with_name("nowhere"))], 64, r"the model \S+nowhere cannot be loaded: "),
            (forked, ["--tiny", "--data", str(data)], 64, r"rows.jsonl cannot be read as JSONL"),
            (forked, ["--tiny", "--data", os.devnull], 64, r"null is empty"),
            (forked, ["--tiny", "gpt2"], 64, r"Target modules \S+ \S+ not found in the base model"),
        ):
            ended = run_with(file, *options)
            last = ended.stderr.strip().splitlines()[-1:] or [""]
            if ended.returncode != status or not re.search(sentence, last[0]) or "Traceback" in ended.stderr or ended.stdout:
                outcome.faults.append(f"{options}: status {ended.returncode}, {ended.stderr[-300:]}")
    return outcome


def bare(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """In a Python that has no packages."""
    return subprocess.run([sys.executable, "-S", str(file), *options], capture_output=True, text=True)


def without_tokenizer(one: dict[str, Any]) -> Outcome:
    """A model of which only the weights are there can be trained on input_ids, and on no text."""
    outcome = Outcome("exported, tokens without a tokenizer")
    with written(one["text"]) as file:
        sizes = {"hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 4, "num_hidden_layers": 2}
        config = LlamaConfig(vocab_size=64, num_key_value_heads=4, initializer_range=0.2, **sizes)
        LlamaForCausalLM(config).save_pretrained(file.with_name("model"))
        rows = file.with_name("rows.jsonl")
        for row, sentence in (
            ({"input_ids": [*range(50)]}, r"identical: "),
            ({"input_ids": [64]}, r"rows.jsonl has a token beyond the 64 of the model"),
            ({"text": "a"}, r"rows.jsonl cannot be read as JSONL"),
        ):
            rows.write_text(json.dumps(row))
            options = ["--model", str(file.with_name("model")), "--data", str(rows), "--steps", "8"]
            ended = forked(file, *options)
            if not re.search(sentence, ended.stdout + ended.stderr):
                outcome.faults.append(f"{row}: {ended.returncode}, {ended.stdout[-300:]} {ended.stderr[-300:]}")
    return outcome


def interrupted(one: dict[str, Any]) -> Outcome:
    """Results that cannot be written whole are an error and leave nothing; Ctrl-C ends without a traceback."""
    outcome = Outcome("exported, a full disk and Ctrl-C")
    stop = "    os.kill(os.getpid(), signal.SIGINT)\n"
    for name, text, status, sentence in (
        ("no room", one["text"], 64, r"check_alpha-.*\.json cannot be written: File too large$"),
        ("full", one["text"], 64, r"No space left on device$"),
        ("Ctrl-C", one["text"].replace("    base = base_model()\n", f"{stop}    base = base_model()\n"), -signal.SIGINT, ""),
    ):
        with written(text) as file:
            saved = file.with_name("saved")
            # As on a full disk: what is written to a file beyond 100 bytes fails.
            small = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100, 100)) if name == "no room" else None
            full = "/dev/full" if name == "full" else ""
            ended = forked(file, "--tiny", "--steps", "8", "--save", str(saved), stdout=full, prepare=small)
            said = ended.stderr.strip().split("\n")[-1]
            left = [one.name for one in saved.iterdir()]
            if ended.returncode != status or not re.search(sentence, said) or "Traceback" in ended.stderr or left:
                outcome.faults.append(f"{name}: status {ended.returncode}, {left}, {ended.stderr[-300:]}")
    return outcome


@contextlib.contextmanager
def written(text: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        file = Path(folder) / "check_alpha.py"
        file.write_text(text)
        yield file
