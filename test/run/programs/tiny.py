"""A random Llama that trains in a moment, and rows for it. Every program draws the same."""

from __future__ import annotations

import json
import sys
from typing import Any

import torch

VOCABULARY, LENGTH, ROWS = 97, 10, 96
OPTIONS: dict[str, Any] = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
"""What a row of table.py says about the program."""


def model(kind: str = "LlamaForCausalLM", **settings: Any) -> Any:
    import transformers

    torch.manual_seed(3)
    small = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    small |= {"vocab_size": VOCABULARY, "num_key_value_heads": 2, "max_position_embeddings": 64, "pad_token_id": 0}
    small |= {"initializer_range": 0.2, "bos_token_id": 1, "eos_token_id": 2, "tie_word_embeddings": False, **settings}
    return getattr(transformers, kind)(transformers.LlamaConfig(**small))


def rows() -> list[dict[str, torch.Tensor]]:
    random = torch.Generator().manual_seed(11)
    ids = [3 + (int(torch.randint(0, 70, (1,), generator=random)) + torch.arange(LENGTH)) % 90 for _ in range(ROWS)]
    return [{"input_ids": row, "attention_mask": torch.ones_like(row), "labels": row.clone()} for row in ids]


def tokenizer() -> Any:
    """The text `12 7` is the tokens 12 and 7."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = {"<pad>": 0, "<s>": 1, "</s>": 2, **{str(i): i for i in range(3, VOCABULARY)}}
    made = Tokenizer(models.WordLevel(words, unk_token="<pad>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", bos_token="<s>", eos_token="</s>")


def lora(**settings: Any) -> Any:
    from peft import LoraConfig

    settings = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj", "down_proj"], **settings}
    return LoraConfig(**settings | OPTIONS.get("lora", {}))
