"""mlx-lm: `mlx_lm.lora --config config.yaml` on a tiny Llama, on MLX's CPU."""

from __future__ import annotations

import importlib
import shutil
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from cell import Cell, filled
from entry import command, pasted
from training import MODELS

SCHEDULE = """\
lr_schedule:
  name: cosine_decay
  arguments: [2.0e-3, 10, 2.0e-4]
"""
EPS = """\
optimizer_config:
  adamw: {eps: 1.0e-6, betas: [0.9, 0.95], weight_decay: 0.1}
"""


class Losses:
    """A callback for train() of mlx-lm. It calls backward() of PyTorch, where training.py records the losses."""

    def on_train_loss_report(self, info: dict[str, Any]) -> None:
        torch.tensor(info["train_loss"], dtype=torch.float64, requires_grad=True).backward()

    def on_val_loss_report(self, info: dict[str, Any]) -> None:
        pass


def lora(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    def execute() -> None:
        save_rows(folder)
        (folder / "config.yaml").write_text(text)
        program = with_code(code)
        program.get_reporting_callbacks = lambda *_, **__: Losses()
        train = program.train
        program.train = lambda model, **how: (train(model=model, **how), MODELS.append(learned(model)))
        with command(folder, "mlx_lm.lora", "--config", "config.yaml"):
            program.main()

    return execute


def with_code(code: str | None) -> types.ModuleType:
    """mlx_lm/lora.py with the code after its print_trainable_parameters(model)."""
    path = Path(importlib.import_module("mlx_lm").__file__ or "").parent / "lora.py"
    program = types.ModuleType("mlx_lm.lora")
    program.__package__ = "mlx_lm"
    exec(compile(pasted(path.read_text(), "adapter_path = Path(", code or "pass"), str(path), "exec"), vars(program))
    return program


def learned(model: Any) -> torch.nn.Module:
    """The trained parameters as a PyTorch module: scale · A · B of each layer, and the magnitudes."""
    module = torch.nn.Module()
    for name, layer in model.named_modules():
        if "lora_a" in layer:
            factors = (torch.tensor(layer[part].tolist(), dtype=torch.float64) for part in ("lora_a", "lora_b"))
            a, b = factors
            module.register_parameter(name.replace(".", "_"), torch.nn.Parameter(layer.scale * a @ b))
        if "m" in layer:
            m = torch.tensor(layer["m"].tolist(), dtype=torch.float64)
            module.register_parameter(f"{name.replace('.', '_')}_m", torch.nn.Parameter(m))
    return module


def save_rows(folder: Path) -> None:
    data = folder / "mlx"
    data.mkdir(exist_ok=True)
    shutil.copy(folder / "tiny/texts/train.jsonl", data / "train.jsonl")


def cell(name: str, optimizer: str, lr: str, kind: str = "lora", more: str = "", **options: Any) -> Cell:
    text = filled("mlx_lm_entry", kind=kind, optimizer=optimizer, lr=lr, more=more)
    return Cell(f"mlx-lm {name}", text, path="config.yaml", run=lora, needs=("mlx_lm", "mlx"), **options)


CELLS = [
    cell("Adam", "adam", "2.0e-3"),
    cell("AdamW with eps and decay", "adamw", "2.0e-3", more=EPS),
    cell("SGD", "sgd", "0.1"),
    cell("Adam with a cosine", "adam", "2.0e-3", more=SCHEDULE),
    cell("Muon", "muon", "1.0e-2", exact=()),
    cell("Adafactor", "adafactor", "2.0e-3"),
    cell("DoRA", "adam", "2.0e-3", "dora", exact=()),
]
