"""ms-swift: `swift sft config.yaml` on a tiny Llama, through its function sft_main."""

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

PLAIN = "weight_decay: 0.1\nmax_grad_norm: 0.0\nlr_scheduler_type: cosine\nwarmup_steps: 2\n"
RESCALED = "external_plugins: rescale_init.py\ncallbacks: rescale_init\n"


def sft(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    def execute() -> None:
        save_rows(folder)
        (folder / "config.yaml").write_text(text + (RESCALED if code else ""))
        (folder / "rescale_init.py").write_text(code or "")
        words = ["config.yaml"]
        # Users train in a new process, which imports the plugin again; here the old import is removed.
        for name in [name for name in sys.modules if name.startswith("_swift_external_")]:
            del sys.modules[name]
        train = importlib.import_module("swift.pipelines").sft_main
        # ms-swift would ask ModelScope whether the model is up to date.
        latest = mock.patch("swift.trainers.mixin.check_local_model_is_latest")
        with command(folder, "swift", "sft", "config.yaml"), latest, mock.patch.dict(os.environ):
            importlib.import_module("swift.cli.main").parse_yaml_args(words)
            train(words)

    return execute


def save_rows(folder: Path) -> None:
    data = folder / "swift"
    data.mkdir(exist_ok=True)
    words = [json.loads(line)["text"] for line in (folder / "tiny/texts/train.jsonl").read_text().splitlines()]
    turns = [[{"role": "user", "content": w[:8]}, {"role": "assistant", "content": w[8:]}] for w in words]
    (data / "rows.jsonl").write_text("\n".join(json.dumps({"messages": each}) for each in turns))


def cell(name: str, more: str = PLAIN, lr: str = "2.0e-3", **options: Any) -> Cell:
    return Cell(f"ms-swift {name}", filled("ms_swift_entry", lr=lr, more=more), path="sft.yaml", run=sft, needs=("swift",), **options)


CELLS = [
    cell("AdamW"),
    cell("clip by default", "weight_decay: 0.1\n", bits=False),
    cell("SGD, rank-stabilised", "max_grad_norm: 0.0\noptim: sgd\nuse_rslora: true\n", "0.1"),
    cell("LoRA+", f"{PLAIN}lorap_lr_ratio: 8.0\n"),
    cell("DoRA", f"{PLAIN}use_dora: true\n", exact=()),
    cell("head trained", f"{PLAIN}modules_to_save: [lm_head]\n", exact=()),
    cell("floor as text", f"{PLAIN.replace('cosine', 'cosine_with_min_lr')}lr_scheduler_kwargs: '{{\"min_lr\": 5.0e-4}}'\n"),
]
