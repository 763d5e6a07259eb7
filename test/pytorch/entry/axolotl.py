"""Axolotl: `axolotl train config.yaml` on a tiny Llama, through its function do_cli."""

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
from entry import command

PLAIN = "weight_decay: 0.1\nmax_grad_norm: 0.0\n"


def train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    def execute() -> None:
        rows = folder / "axolotl/rows.jsonl"
        rows.parent.mkdir(exist_ok=True)
        rows.write_text((folder / "tiny/texts/train.jsonl").read_text())
        (folder / "config.yaml").write_text(text + ("plugins: [rescale_init.RescaleInit]\n" if code else ""))
        (folder / "rescale_init.py").write_text(code or "")
        # Users train in a new process, which imports the plugin again; here the old import is removed.
        sys.modules.pop("rescale_init", None)
        base = importlib.import_module("axolotl.integrations.base")
        base.PluginManager.get_instance().plugins.clear()
        alone = mock.patch.dict(os.environ, AXOLOTL_DO_NOT_TRACK="1", WANDB_DISABLED="true")
        with command(folder, "axolotl"), alone, mock.patch.object(sys, "path", [str(folder), *sys.path]):
            with mock.patch.object(sys, "dont_write_bytecode", True):
                importlib.import_module("axolotl.cli.train").do_cli("config.yaml")

    return execute


def cell(name: str, more: str = PLAIN, optimizer: str = "adamw_torch", lr: str = "2.0e-3", **options: Any) -> Cell:
    text = filled("axolotl_entry", optimizer=optimizer, lr=lr, more=more)
    return Cell(f"Axolotl {name}", text, path="config.yaml", run=train, needs=("axolotl",), **options)


CELLS = [
    cell("AdamW"),
    cell("clip by default", "weight_decay: 0.1\n", bits=False),
    cell("SGD, rank-stabilised", "max_grad_norm: 0.0\npeft_use_rslora: true\n", "sgd", "0.1"),
    cell("head trained", f"{PLAIN}lora_modules_to_save: [lm_head]\n", exact=()),
]
