"""Judges cells whose names hold all of the words: see run.mjs, which starts this."""

from __future__ import annotations

import argparse
import dataclasses
import gc
import importlib
import importlib.metadata
import json
import logging
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

os.environ.update({"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""})
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import torch
import transformers
from cells import ALL
from entry import ai_toolkit, diffusers_lora, fragments, on_transformers, onetrainer, own_loops, sd_scripts
from exported import run as exported
from init_code import run as init_code
from judge import Judge, Outcome
from product import Product
from ranks import run as ranks
from resumed import run as resumed
from tiny import save_all
from twice import works as twice


def main() -> int:
    args = arguments()
    torch.set_num_threads(1)
    logging.disable(logging.WARNING)
    transformers.utils.logging.disable_progress_bar()
    # The Trainer collects garbage; the libraries' own objects are none.
    gc.freeze()
    # Forks share the libraries, which take longer to load than most cells to train.
    jobs = [multiprocessing.get_context("fork").Process(target=work_of, args=(args, i)) for i in range(len(args.json))]
    for job in jobs:
        job.start()
    for job, json_file in zip(jobs, args.json):
        job.join()
        if job.exitcode and Path(json_file).exists():
            report = json.loads(Path(json_file).read_text())
            Path(json_file).write_text(json.dumps({**report, "ended": job.exitcode}, indent=1))
    return 1 if any(job.exitcode for job in jobs) else 0


def work_of(args: argparse.Namespace, job: int) -> None:
    """One job: of two it has every second cell."""
    product, file = Product(args.product), Path(args.json[job])
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        save_all(Path(folder) / "tiny")
        judge = Judge(product, Path(folder), everything=not args.quick)
        entries = (fragments, on_transformers, own_loops, sd_scripts, ai_toolkit, diffusers_lora, onetrainer)
        trainers = {name: cells for entry in entries for name, cells in entry.TRAINERS.items()}
        if "switches" in args.entry:
            trainers["switches"] = importlib.import_module("cells.options").CELLS
        cells = [cell for name in args.entry for cell in trainers[name]] or ALL
        work = {cell.name: partial(judge.judged, cell) for cell in cells if cell.quick or not args.quick}
        if not args.entry:
            work.update({} if args.quick else twice(judge))
            work.update(init_code.works(json.loads(Path(args.codes).read_text()), quick=args.quick))
            work.update(exported.works(json.loads(Path(args.exported).read_text()), quick=args.quick))
            work.update(ranks.works(json.loads(Path(args.ranks).read_text()), quick=args.quick))
            work.update(resumed.works(json.loads(Path(args.resumed).read_text())))
        chosen = [name for name in work if all(word.lower() in name.lower() for word in args.words)]
        chosen = chosen[job :: len(args.json)]
        report: dict[str, Any] = {"versions": versions(), "cells": chosen, "outcomes": []}
        for name in chosen:
            # Written before each cell: should one end this process, it is known which.
            file.write_text(json.dumps(report, indent=1))
            outcomes.append(judged(name, work[name]))
            show(outcomes[-1])
            report["outcomes"].append(record(outcomes[-1]))
        file.write_text(json.dumps(report, indent=1))
    product.close()
    sys.exit(0 if outcomes and not any(o.failed for o in outcomes) else 1)


def judged(name: str, work: Callable[[], Outcome]) -> Outcome:
    """A cell that breaks is a failure of its own; the others still run."""
    begin = time.time()
    try:
        outcome = work()
    except Exception:
        outcome = Outcome(name, faults=[traceback.format_exc()])
    outcome.seconds = time.time() - begin
    return outcome


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--product", required=True, help="bundle of product.ts")
    parser.add_argument("--quick", action="store_true", help="the cells of npm test")
    parser.add_argument("--entry", action="append", default=[], help="a trainer of entry/, or switches (cells/options.py), in place of all cells")
    parser.add_argument("--codes", required=True, help="what init_code/print.ts prints")
    parser.add_argument("--exported", required=True, help="what exported/print.ts prints")
    parser.add_argument("--resumed", required=True, help="what resumed/print.ts prints")
    parser.add_argument("--ranks", required=True, help="what ranks/print.ts prints")
    parser.add_argument("--json", required=True, action="append", help="file that outcomes are written to: one a job")
    return parser.parse_args()


def versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in ("torch", "transformers", "peft", "accelerate", "trl")}


def record(outcome: Outcome) -> dict[str, Any]:
    claims = [{**dataclasses.asdict(claim), "is_false": claim.is_false} for claim in outcome.claims]
    return {**dataclasses.asdict(outcome), "claims": claims, "failed": outcome.failed}


def show(outcome: Outcome) -> None:
    how = "skipped" if outcome.skipped else "FAILED" if outcome.failed else "passed"
    print(f"{how} {outcome.cell} ({outcome.seconds:.1f} s) {outcome.skipped or ''}", flush=True)
    for fault in outcome.faults:
        print(f"    {fault}")
    for claim in outcome.claims:
        print(f"    {claim}")


if __name__ == "__main__":
    sys.exit(main())
