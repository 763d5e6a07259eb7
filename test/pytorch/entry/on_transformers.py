"""Axolotl, LLaMA-Factory and ms-swift, whose programs train with the Trainer of transformers."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from cell import Cell, filled
from entry import command, texts, written

PLAIN = "weight_decay: 0.1\nmax_grad_norm: 0.0\n"
COSINE = f"{PLAIN}lr_scheduler_type: cosine\nwarmup_steps: 2\n"
FLOORED = f"{COSINE.replace('cosine', 'cosine_with_min_lr')}lr_scheduler_kwargs: '{{\"min_lr\": 5.0e-4}}'\n"
HEAD_RATE = ("embedding_lr: 1.0e-3", "# hidden")
ASFT = "use_asft_loss: true\nasft_alpha: 0.5\n"
RESCALED = "external_plugins: rescale_init.py\ncallbacks: rescale_init\n"


def axolotl_train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`axolotl train config.yaml` on a tiny Llama, in the process of the command."""
    importlib.import_module("axolotl.cli.train")

    def execute() -> None:
        rows = (folder / "tiny/texts/train.jsonl").read_text()
        config = text + ("plugins: [rescale_init.RescaleInit]\n" if code else "")
        written(folder, {"axolotl/rows.jsonl": rows, "config.yaml": config, "rescale_init.py": code or ""})
        os.environ.update(AXOLOTL_DO_NOT_TRACK="1", WANDB_DISABLED="true")
        command("axolotl.cli.main:main", "axolotl", "train", "config.yaml", "--launcher", "python")

    return execute


def llamafactory_train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`llamafactory-cli train config.yaml`, or the printed file in its place, on a tiny Llama."""
    # LLaMA-Factory requires pinned versions. The check is off; docs/entry-points.md lists the versions that ran.
    os.environ.update(DISABLE_VERSION_CHECK="1", USE_V1="0")
    importlib.import_module("llamafactory.train.tuner")

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
        if not code:
            return command("llamafactory.cli:main", "llamafactory-cli", "train", "config.yaml")
        sys.argv = ["train_rescaled.py", "config.yaml"]
        exec(compile(code, sys.argv[0], "exec"), {"__name__": "__main__"})

    return execute


def swift_sft(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`swift sft config.yaml` on a tiny Llama, in the process of the command."""
    swift = importlib.import_module("swift.pipelines")
    # ms-swift would ask ModelScope whether the model is up to date.
    mock.patch("swift.trainers.mixin.check_local_model_is_latest").start()

    def execute() -> None:
        turns = [[{"role": "user", "content": w[:8]}, {"role": "assistant", "content": w[8:]}] for w in texts(folder)]
        rows = "\n".join(json.dumps({"messages": each}) for each in turns)
        config = text + (RESCALED if code else "")
        written(folder, {"swift/rows.jsonl": rows, "config.yaml": config, "rescale_init.py": code or ""})
        words = ["config.yaml"]
        importlib.import_module("swift.cli.main").parse_yaml_args(words)
        swift.sft_main(words)

    return execute


def axolotl(name: str, more: str = PLAIN, optimizer: str = "adamw_torch", lr: str = "2.0e-3", **cell: Any) -> Cell:
    text = filled("axolotl_entry", optimizer=optimizer, lr=lr, more=more)
    return Cell(f"Axolotl {name}", text, path="config.yaml", run=axolotl_train, recorded=True, needs=("axolotl",), **cell)


def factory(name: str, more: str = COSINE, lr: str = "2.0e-3", stage: str = "sft", data: str = "rows", **cell: Any) -> Cell:
    text = filled("llamafactory_entry", stage=stage, data=data, lr=lr, more=more)
    own: dict[str, Any] = {"path": "config.yaml", "run": llamafactory_train, "recorded": True, "needs": ("llamafactory",)}
    return Cell(f"LLaMA-Factory {name}", text, **own, **cell)


def swift(name: str, more: str = COSINE, lr: str = "2.0e-3", **cell: Any) -> Cell:
    text = filled("ms_swift_entry", lr=lr, more=more)
    return Cell(f"ms-swift {name}", text, path="sft.yaml", run=swift_sft, recorded=True, needs=("swift",), **cell)


def without_alpha(cell: Cell, line: str = "") -> Cell:
    return dataclasses.replace(cell, text=cell.text.replace("lora_alpha: 16\n", line))


def stopped(cell: Cell) -> Cell:
    """A run at which the trainer stops: nothing is exact."""
    return dataclasses.replace(cell, exact=(), trained=False, may_be_exact=False, recorded=False, note="LLaMA-Factory stops")


TRAINERS = {
    "axolotl": [
        axolotl("AdamW"),
        axolotl("clip by default", "weight_decay: 0.1\n", bits=False),
        axolotl("SGD, rank-stabilised", "max_grad_norm: 0.0\npeft_use_rslora: true\n", "sgd", "0.1"),
        axolotl("loss of EAFT", f"{PLAIN}use_eaft: true\neaft_alpha: 0.5\n"),
        dataclasses.replace(
            axolotl("a rate of the head's LoRA", f"{PLAIN}embedding_lr: 1.0e-3\n", exact=(), hidden=HEAD_RATE, off=(1e-4, 2)),
            text=axolotl("", f"{PLAIN}embedding_lr: 1.0e-3\n").text.replace("q_proj, v_proj", "q_proj, lm_head"),
        ),
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
        factory("vocabulary resized", f"{COSINE}resize_vocab: true\nadd_tokens: '200'\n", exact=()),
        factory("loss of DFT", f"{COSINE}use_dft_loss: true\n"),
        factory("loss of EAFT", f"{COSINE}use_eaft_loss: true\neaft_alpha: 0.5\n"),
        factory("loss of ASFT", f"{COSINE}{ASFT}ref_model: tiny/llama\n"),
        stopped(factory("loss of ASFT without a reference", f"{COSINE}{ASFT}")),
        factory("LoRA in the blocks of LLaMA Pro", f"{COSINE}use_llama_pro: true\nfreeze_trainable_layers: 1\n"),
        factory("LoRA+, a rate of embeddings", f"{COSINE}loraplus_lr_ratio: 4.0\nloraplus_lr_embedding: 1.0e-3\n"),
        without_alpha(factory("without alpha")),
        without_alpha(factory("alpha null"), "lora_alpha: null\n"),
        factory("zeros", "weight_decay: 0\nwarmup_steps: 0\nmax_grad_norm: 0\n"),
        factory("nothing but the rate", "", bits=False),
        factory("Adafactor, a ratio added", "max_grad_norm: 0.0\noptim: adafactor\n", exact=()),
        factory("RMSprop, a ratio added", "max_grad_norm: 0.0\noptim: rmsprop\n", "1.0e-3"),
    ],
    "ms_swift": [
        swift("AdamW"),
        swift("clip by default", "weight_decay: 0.1\n", bits=False),
        swift("SGD, rank-stabilised", "max_grad_norm: 0.0\noptim: sgd\nuse_rslora: true\n", "0.1"),
        swift("LoRA+", f"{COSINE}lorap_lr_ratio: 8.0\n"),
        swift("DoRA", f"{COSINE}use_dora: true\n", exact=()),
        swift("head trained", f"{COSINE}modules_to_save: [lm_head]\n", exact=()),
        swift("floor as text", FLOORED),
        swift("dtype of LoRA", f"{COSINE}lora_dtype: bfloat16\n"),
        without_alpha(swift("nothing but the rate", "", bits=False)),
        swift("PiSSA", f"{COSINE}init_weights: pissa\n"),
        swift("gaussian init", f"{COSINE}init_weights: gaussian\n"),
        swift("targets by a pattern", f"{COSINE}target_regex: '.*(q|v)_proj'\n"),
        swift("target parameters", f"{COSINE}target_parameters: [mlp.gate_proj.weight]\n"),
        swift("freeze_parameters_ratio, which full tuning alone reads", f"{COSINE}freeze_parameters_ratio: 0.5\n"),
        swift("trainable_parameters, which full tuning alone reads", f"{COSINE}trainable_parameters: [lm_head]\n"),
        swift("its own default, which ignores a ratio", "max_grad_norm: 0.0\nweight_decay: 0.0\noptimizer: default\n"),
    ],
}
