"""litgpt, mlx-lm and torchtune, which train in a loop of their own: the code stands in a copy of their source."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from cell import Cell, filled
from entry import command, edited, pasted, texts, written
from training import MODELS

ADAMW = """\
optimizer:
  class_path: torch.optim.AdamW
  init_args: {lr: 2.0e-3, weight_decay: 0.1, betas: [0.9, 0.95]}
"""
WITHIN = "config: within.yaml"
SGD = """\
optimizer:
  class_path: torch.optim.SGD
  init_args: {lr: 0.1, momentum: 0.9}
"""
NOTHING = "optimizer:\n  class_path: torch.optim.AdamW\n  init_args: {lr: 2.0e-3}\n"
SCHEDULE = """\
lr_schedule:
  name: cosine_decay
  arguments: [2.0e-3, 10, 2.0e-4]
"""
EPS = """\
optimizer_config:
  adamw: {eps: 1.0e-6, betas: [0.9, 0.95], weight_decay: 0.1}
"""


def litgpt_finetune(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`litgpt finetune_lora --config config.yaml` on a tiny GPT with random weights."""
    importlib.import_module("litgpt")

    def execute() -> None:
        save_checkpoint(folder / "litgpt", texts(folder))
        written(folder, {"config.yaml": text, "within.yaml": "lora_alpha: 4\n"})
        edited("litgpt.finetune.lora", "load_checkpoint(fabric, model,", code)
        command("litgpt.__main__:main", "litgpt", "finetune_lora", "--config", "config.yaml")

    return execute


def save_checkpoint(folder: Path, words: list[str]) -> None:
    from litgpt.config import Config
    from litgpt.model import GPT
    from litgpt.utils import save_config
    from tiny import VOCABULARY, save_tokenizer

    if folder.exists():
        return
    folder.mkdir()
    sizes = {"n_layer": 2, "n_head": 4, "n_embd": 32, "n_query_groups": 2, "intermediate_size": 48, "block_size": 64}
    config = Config(name="tiny", vocab_size=VOCABULARY, padded_vocab_size=VOCABULARY, rotary_percentage=1.0, **sizes)
    random = torch.Generator().manual_seed(3)

    def spread(name: str, p: torch.Tensor) -> torch.Tensor:
        return p if "norm" in name or "ln_" in name else 0.2 * torch.randn(p.shape, generator=random)

    torch.save({name: spread(name, p) for name, p in GPT(config).state_dict().items()}, folder / "lit_model.pth")
    save_config(config, folder)
    save_tokenizer(folder)
    (folder / "rows.json").write_text(json.dumps([{"instruction": text[:8], "output": text} for text in words]))


class Losses:
    """A callback for train() of mlx-lm. It calls backward() of PyTorch, where training.py records the losses."""

    def on_train_loss_report(self, info: dict[str, Any]) -> None:
        torch.tensor(info["train_loss"], dtype=torch.float64, requires_grad=True).backward()

    def on_val_loss_report(self, info: dict[str, Any]) -> None:
        pass


def mlx_lora(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`mlx_lm.lora --config config.yaml` on a tiny Llama, on MLX's CPU: no PyTorch trains there, so nothing records."""

    def execute() -> None:
        rows = (folder / "tiny/texts/train.jsonl").read_text()
        written(folder, {"mlx/train.jsonl": rows, "config.yaml": text})
        program = edited("mlx_lm.lora", "adapter_path = Path(", code)
        program.get_reporting_callbacks = lambda *_, **__: Losses()
        train = program.train
        program.train = lambda model, **how: (train(model=model, **how), MODELS.append(learned(model)))
        with contextlib.chdir(folder), mock.patch.object(sys, "argv", ["mlx_lm.lora", "--config", "config.yaml"]):
            program.main()

    return execute


def learned(model: Any) -> torch.nn.Module:
    """The trained parameters as a PyTorch module: scale · A · B of each layer, and the magnitudes."""
    module = torch.nn.Module()
    tensor = lambda values: torch.tensor(values.tolist(), dtype=torch.float64)
    for name, layer in model.named_modules():
        own = name.replace(".", "_")
        if "lora_a" in layer:
            product = layer.scale * tensor(layer["lora_a"]) @ tensor(layer["lora_b"])
            module.register_parameter(own, torch.nn.Parameter(product))
        if "m" in layer:
            module.register_parameter(f"{own}_m", torch.nn.Parameter(tensor(layer["m"])))
    return module


def tune_run(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """`tune run lora_finetune_single_device --config config.yaml`, on rows and weights of our own (torchtune_parts.py)."""

    def execute() -> None:
        written(folder, {"config.yaml": filled("torchtune_run") + text})
        tuned_by(code, folder, ["tune", "run", "rescaled.py", "--config", "config.yaml"])

    return execute


def tuned_by(code: str | None, folder: Path, words: list[str]) -> None:
    import torchao.quantization

    for name in ("int4_weight_only", "int8_dynamic_activation_int4_weight"):
        # torchtune imports names that newer versions of torchao no longer have. Nothing here is quantised: None will do.
        vars(torchao.quantization).setdefault(name, None)
    package = Path(importlib.import_module("torchtune").__file__ or "").parent
    source = (package.parent / "recipes/lora_finetune_single_device.py").read_text()
    written(folder, {"rescaled.py": pasted(source, "return model\n", code)})
    command("torchtune._cli.tune:main", *words)


def litgpt(name: str, optimizer: str, mlp: str = "false", **cell: Any) -> Cell:
    text = filled("litgpt_entry", optimizer=optimizer, mlp=mlp)
    return Cell(f"litgpt {name}", text, path="config.yaml", run=litgpt_finetune, recorded=True, needs=("litgpt",), **cell)


def mlx(name: str, optimizer: str, lr: str, kind: str = "lora", more: str = "", **cell: Any) -> Cell:
    text = filled("mlx_lm_entry", kind=kind, optimizer=optimizer, lr=lr, more=more)
    return Cell(f"mlx-lm {name}", text, path="config.yaml", run=mlx_lora, needs=("mlx_lm", "mlx"), **cell)


def tuned(name: str, *, builder: str = "lora_llama2", optimizer: str = "AdamW", lr: str = "2e-3", **cell: Any) -> Cell:
    parts = {"numbers": "weight_decay: 0.1", "model": "", "more": "clip_grad_norm: null\n"}
    parts.update({key: cell.pop(key) for key in parts if key in cell})
    text = filled("torchtune", builder=builder, optimizer=optimizer, lr=lr, **parts)
    needs = ("torchtune", "omegaconf", "torchao")
    return Cell(f"torchtune {name}", text, path="torchtune.yaml", run=tune_run, recorded=True, needs=needs, **cell)


TRAINERS = {
    "litgpt": [
        litgpt("AdamW", ADAMW),
        litgpt("SGD", SGD),
        litgpt("nothing but the rate", NOTHING),
        litgpt("AdamW, MLP too", ADAMW, "true"),
        dataclasses.replace(
            litgpt("a config within a config", ADAMW, hidden=(WITHIN, "# hidden"), off=(1e-2, 10), exact=(), points_at=WITHIN),
            text=litgpt("", ADAMW).text.replace("lora_alpha: 16", WITHIN),
        ),
    ],
    "mlx_lm": [
        mlx("Adam", "adam", "2.0e-3"),
        mlx("AdamW with eps and decay", "adamw", "2.0e-3", more=EPS),
        mlx("SGD", "sgd", "0.1"),
        mlx("Adam with a cosine", "adam", "2.0e-3", more=SCHEDULE),
        mlx("Muon", "muon", "1.0e-2", exact=()),
        mlx("Adafactor", "adafactor", "2.0e-3"),
        mlx("DoRA", "adam", "2.0e-3", "dora", exact=()),
    ],
    "torchtune": [
        tuned("AdamW", quick=True),
        tuned("SGD", optimizer="SGD", lr="0.1", numbers="momentum: 0.9"),
        tuned("with clip", more="clip_grad_norm: 0.05\n", bits=False, note="torch adds 1e-6 to the norm", quick=True),
        tuned("DoRA", model="  use_dora: true\n", exact=()),
        tuned("nothing but the rate", numbers="", more=""),
        tuned("eps and betas", numbers="eps: 1e-4\n  betas: [0.8, 0.95]"),
    ],
}
