"""Axolotl, LLaMA-Factory and ms-swift, whose programs train with the Trainer of transformers."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from cell import Cell, filled
from entry import command, forgotten, texts, written
from trainers import run_code

PLAIN = "weight_decay: 0.1\nmax_grad_norm: 0.0\n"
COSINE = f"{PLAIN}lr_scheduler_type: cosine\nwarmup_steps: 2\n"
FLOORED = f"{COSINE.replace('cosine', 'cosine_with_min_lr')}lr_scheduler_kwargs: '{{\"min_lr\": 5.0e-4}}'\n"
RESCALED = "external_plugins: rescale_init.py\ncallbacks: rescale_init\n"


def axolotl_train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`axolotl train config.yaml` on a tiny Llama, through its function do_cli."""

    def execute() -> None:
        rows = (folder / "tiny/texts/train.jsonl").read_text()
        config = text + ("plugins: [rescale_init.RescaleInit]\n" if code else "")
        written(folder, {"axolotl/rows.jsonl": rows, "config.yaml": config, "rescale_init.py": code or ""})
        forgotten("rescale_init")
        base = importlib.import_module("axolotl.integrations.base")
        base.PluginManager.get_instance().plugins.clear()
        alone = mock.patch.dict(os.environ, AXOLOTL_DO_NOT_TRACK="1", WANDB_DISABLED="true")
        with command(folder, "axolotl"), alone, mock.patch.object(sys, "path", [str(folder), *sys.path]):
            with mock.patch.object(sys, "dont_write_bytecode", True):
                importlib.import_module("axolotl.cli.train").do_cli("config.yaml")

    return execute


def llamafactory_train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`llamafactory-cli train config.yaml`, or the printed file in its place, on a tiny Llama."""

    def execute() -> None:
        pairs = [json.loads(line) for line in (folder / "tiny/pairs/train.jsonl").read_text().splitlines()]
        rows = [{"instruction": w[:8], "output": w[8:]} for w in texts(folder)]
        answers = {"prompt": "instruction", "response": "output"}
        ranking = {"prompt": "instruction", "chosen": "chosen", "rejected": "rejected"}
        info: dict[str, Any] = {
            "rows": {"file_name": "rows.json", "columns": answers},
            "pairs": {"file_name": "pairs.json", "ranking": True, "columns": ranking},
        }
        data = {"rows": rows, "pairs": [{"instruction": p["prompt"], **p} for p in pairs], "dataset_info": info}
        files = {f"factory/{name}.json": json.dumps(each) for name, each in data.items()}
        written(folder, {**files, "config.yaml": text})
        # LLaMA-Factory requires pinned versions. The check is off; docs/entry-points.md lists the versions that ran.
        with mock.patch.dict(os.environ, {"DISABLE_VERSION_CHECK": "1", "USE_V1": "0"}):
            with command(folder, "train_rescaled.py", "config.yaml"):
                run_code(code) if code else importlib.import_module("llamafactory.train.tuner").run_exp()

    return execute


def swift_sft(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`swift sft config.yaml` on a tiny Llama, through its function sft_main."""

    def execute() -> None:
        turns = [[{"role": "user", "content": w[:8]}, {"role": "assistant", "content": w[8:]}] for w in texts(folder)]
        rows = "\n".join(json.dumps({"messages": each}) for each in turns)
        config = text + (RESCALED if code else "")
        written(folder, {"swift/rows.jsonl": rows, "config.yaml": config, "rescale_init.py": code or ""})
        words = ["config.yaml"]
        forgotten("_swift_external_")
        train = importlib.import_module("swift.pipelines").sft_main
        # ms-swift would ask ModelScope whether the model is up to date.
        latest = mock.patch("swift.trainers.mixin.check_local_model_is_latest")
        with command(folder, "swift", "sft", "config.yaml"), latest, mock.patch.dict(os.environ):
            importlib.import_module("swift.cli.main").parse_yaml_args(words)
            train(words)

    return execute


def axolotl(name: str, more: str = PLAIN, optimizer: str = "adamw_torch", lr: str = "2.0e-3", **cell: Any) -> Cell:
    text = filled("axolotl_entry", optimizer=optimizer, lr=lr, more=more)
    return Cell(f"Axolotl {name}", text, path="config.yaml", run=axolotl_train, needs=("axolotl",), **cell)


def factory(name: str, more: str = COSINE, lr: str = "2.0e-3", stage: str = "sft", data: str = "rows", **cell: Any) -> Cell:
    text = filled("llamafactory_entry", stage=stage, data=data, lr=lr, more=more)
    own: dict[str, Any] = {"path": "config.yaml", "run": llamafactory_train, "needs": ("llamafactory",)}
    return Cell(f"LLaMA-Factory {name}", text, **own, **cell)


def swift(name: str, more: str = COSINE, lr: str = "2.0e-3", **cell: Any) -> Cell:
    text = filled("ms_swift_entry", lr=lr, more=more)
    return Cell(f"ms-swift {name}", text, path="sft.yaml", run=swift_sft, needs=("swift",), **cell)


TRAINERS = {
    "axolotl": [
        axolotl("AdamW"),
        axolotl("clip by default", "weight_decay: 0.1\n", bits=False),
        axolotl("SGD, rank-stabilised", "max_grad_norm: 0.0\npeft_use_rslora: true\n", "sgd", "0.1"),
        axolotl("head trained", f"{PLAIN}lora_modules_to_save: [lm_head]\n", exact=()),
    ],
    "llamafactory": [
        factory("AdamW"),
        factory("clip by default", "weight_decay: 0.1\n", bits=False),
        factory("SGD, rank-stabilised", "max_grad_norm: 0.0\noptim: sgd\nuse_rslora: true\n", "0.1"),
        factory("LoRA+", f"{COSINE}loraplus_lr_ratio: 8.0\n"),
        factory("PiSSA", f"{COSINE}pissa_init: true\n", "5.0e-4"),
        factory("DoRA", f"{COSINE}use_dora: true\n", exact=()),
        factory("floor as text", FLOORED),
        factory("DPO", f"{COSINE}pref_beta: 0.1\n", stage="dpo", data="pairs"),
        factory("reward", stage="rm", data="pairs", exact=()),
        factory("head trained", f"{COSINE}additional_target: lm_head\n", exact=()),
    ],
    "ms_swift": [
        swift("AdamW"),
        swift("clip by default", "weight_decay: 0.1\n", bits=False),
        swift("SGD, rank-stabilised", "max_grad_norm: 0.0\noptim: sgd\nuse_rslora: true\n", "0.1"),
        swift("LoRA+", f"{COSINE}lorap_lr_ratio: 8.0\n"),
        swift("DoRA", f"{COSINE}use_dora: true\n", exact=()),
        swift("head trained", f"{COSINE}modules_to_save: [lm_head]\n", exact=()),
        swift("floor as text", FLOORED),
    ],
}
