"""Tables of published optimizers, one file a package; what is not installed is left out, and named."""

from __future__ import annotations

import importlib

from published.entry import Published

TABLES = (
    "torch_optim",
    "hugging_face",
    "peft_optimizers",
    "bnb",
    "torchao_optim",
    "pytorch_optimizer_",
    "timm_",
    "optimi_",
    "schedule_free",
    "axolotl_",
    "grok",
    "adam_mini_",
    "lion",
    "sophia",
    "came",
    "lomo",
    "prodigy",
    "d_adaptation",
    "muon_",
    "dion",
    "low_rank",
)


def published() -> tuple[list[Published], list[str]]:
    """All that is installed, and a line for each table that is not."""
    entries: list[Published] = []
    missing: list[str] = []
    for table in TABLES:
        try:
            entries += importlib.import_module(f"published.{table}").PUBLISHED
        except ImportError as error:
            missing.append(f"{table}: {error}")
    return entries, missing
