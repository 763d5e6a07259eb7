"""What torchtune's recipe is told to load in place of a real checkpoint, tokenizer and data set."""

from __future__ import annotations

from typing import Any

import torch
from torchtune.models.llama2 import llama2
from torchtune.training.checkpointing import ModelType

SIZES = {"vocab_size": 97, "num_layers": 2, "num_heads": 4, "num_kv_heads": 2, "embed_dim": 32, "max_seq_len": 64}
SIZES |= {"intermediate_dim": 48}


class Tokenizer:
    pad_id = 0
    max_seq_len = 64


class Checkpointer:
    """Weights drawn from one seed, as large as those of the tiny models."""

    def __init__(self, model_type: str, **_: Any) -> None:
        self.model_type = ModelType[model_type]

    def load_checkpoint(self) -> dict[str, Any]:
        random = torch.Generator().manual_seed(3)
        weights = llama2(**SIZES).state_dict()
        return {"model": {name: self._drawn(name, p, random) for name, p in weights.items()}}

    def save_checkpoint(self, *_: Any, **__: Any) -> None:
        """Saves nothing: the test reads the trained weights from the model."""

    @staticmethod
    def _drawn(name: str, p: torch.Tensor, random: torch.Generator) -> torch.Tensor:
        return torch.ones_like(p) if name.endswith("scale") else 0.2 * torch.randn(p.shape, generator=random)


def rows(tokenizer: Tokenizer) -> list[dict[str, list[int]]]:
    loaded = torch.load("tiny/llama.pt")
    return [{"tokens": row["input_ids"].tolist(), "labels": row["labels"].tolist()} for row in loaded]
