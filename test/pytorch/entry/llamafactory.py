"""LLaMA-Factory: `llamafactory-cli train config.yaml` or the printed file in its place, on a tiny Llama."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from cell import Cell, filled
from entry import command
from trainers import run_code

PLAIN = "max_grad_norm: 0.0\nweight_decay: 0.1\nlr_scheduler_type: cosine\nwarmup_steps: 2\n"


def train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    def execute() -> None:
        save_rows(folder)
        (folder / "config.yaml").write_text(text)
        # LLaMA-Factory requires pinned versions. The check is off; docs/entry-points.md lists the versions that ran.
        with mock.patch.dict(os.environ, {"DISABLE_VERSION_CHECK": "1", "USE_V1": "0"}):
            with command(folder, "train_rescaled.py", "config.yaml"):
                run_code(code) if code else importlib.import_module("llamafactory.train.tuner").run_exp()

    return execute


def save_rows(folder: Path) -> None:
    data = folder / "factory"
    data.mkdir(exist_ok=True)
    words = [json.loads(line)["text"] for line in (folder / "tiny/texts/train.jsonl").read_text().splitlines()]
    pairs = [json.loads(line) for line in (folder / "tiny/pairs/train.jsonl").read_text().splitlines()]
    (data / "rows.json").write_text(json.dumps([{"instruction": w[:8], "output": w[8:]} for w in words]))
    (data / "pairs.json").write_text(json.dumps([{"instruction": p["prompt"], **p} for p in pairs]))
    answers = {"prompt": "instruction", "response": "output"}
    ranking = {"prompt": "instruction", "chosen": "chosen", "rejected": "rejected"}
    info: dict[str, Any] = {
        "rows": {"file_name": "rows.json", "columns": answers},
        "pairs": {"file_name": "pairs.json", "ranking": True, "columns": ranking},
    }
    (data / "dataset_info.json").write_text(json.dumps(info))


def cell(name: str, more: str = PLAIN, lr: str = "2.0e-3", stage: str = "sft", data: str = "rows", **options: Any) -> Cell:
    text = filled("llamafactory_entry", stage=stage, data=data, lr=lr, more=more)
    return Cell(f"LLaMA-Factory {name}", text, path="config.yaml", run=train, needs=("llamafactory",), **options)


CELLS = [
    cell("AdamW"),
    cell("clip by default", "weight_decay: 0.1\n", bits=False),
    cell("SGD, rank-stabilised", "max_grad_norm: 0.0\noptim: sgd\nuse_rslora: true\n", "0.1"),
    cell("LoRA+", f"{PLAIN}loraplus_lr_ratio: 8.0\n"),
    cell("PiSSA", f"{PLAIN}pissa_init: true\n", "5.0e-4"),
    cell("DoRA", f"{PLAIN}use_dora: true\n", exact=()),
    cell("floor as text", f"{PLAIN.replace('cosine', 'cosine_with_min_lr')}lr_scheduler_kwargs: '{{\"min_lr\": 5.0e-4}}'\n"),
    cell("DPO", f"{PLAIN}pref_beta: 0.1\n", stage="dpo", data="pairs"),
    cell("reward", PLAIN, stage="rm", data="pairs", exact=()),
    cell("head trained", f"{PLAIN}additional_target: lm_head\n", exact=()),
]
