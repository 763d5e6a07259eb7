"""Tiny random models and made-up data, in a folder that scripts load them from: `tiny/llama`, `tiny/llama.pt`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers

VOCABULARY, LENGTH, ROWS = 97, 10, 96
SMALL = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
LANGUAGE = {
    **SMALL,
    "vocab_size": VOCABULARY,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
# Small weights train too slowly to tell two runs apart.
SPREAD = {"initializer_range": 0.2}
NO_DROPOUT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}


def save_all(folder: Path) -> None:
    """Saves every model with the rows it is trained on."""
    for name, make in MODELS.items():
        torch.manual_seed(3)
        model = make()
        model.save_pretrained(folder / name)
        save_tokenizer(folder / name)
        torch.save(ROWS_OF.get(name, texts)(torch.Generator().manual_seed(11)), folder / f"{name}.pt")
    save_texts(folder)


def save_texts(folder: Path) -> None:
    """Data sets as TRL's scripts load them: a text a row, and pairs of a better and a worse answer."""
    numbers = [row["input_ids"].tolist() for row in texts(torch.Generator().manual_seed(11))]
    words = [" ".join(map(str, row)) for row in numbers]
    back = [" ".join(map(str, reversed(row))) for row in numbers]
    pairs = [{"prompt": w[:8], "chosen": w[8:], "rejected": b[8:]} for w, b in zip(words, back)]
    for name, rows in {"texts": [{"text": w} for w in words], "pairs": pairs}.items():
        (folder / name).mkdir()
        (folder / name / "train.jsonl").write_text("\n".join(map(json.dumps, rows)))


def save_tokenizer(folder: Path) -> None:
    """A tokenizer of numbers: the text `12 7` is the tokens 12 and 7."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {"<pad>": 0, "<s>": 1, "</s>": 2, **{str(i): i for i in range(3, VOCABULARY)}}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<pad>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    special = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>"}
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)


def llama(**more: Any) -> Any:
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(**LANGUAGE, **SPREAD, **more))


def llama_classes(labels: int) -> Any:
    config = transformers.LlamaConfig(**LANGUAGE, **SPREAD, num_labels=labels)
    return transformers.LlamaForSequenceClassification(config)


def gpt2() -> Any:
    sizes = {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64}
    dropout = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    tokens = {"bos_token_id": 1, "eos_token_id": 2}
    config = transformers.GPT2Config(vocab_size=VOCABULARY, **sizes, **dropout, **tokens, **SPREAD)
    return transformers.GPT2LMHeadModel(config)


def t5() -> Any:
    sizes = {"d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4}
    tokens = {"decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 2}
    return transformers.T5ForConditionalGeneration(
        transformers.T5Config(vocab_size=VOCABULARY, dropout_rate=0.0, **sizes, **tokens)
    )


def vit() -> Any:
    config = transformers.ViTConfig(image_size=16, patch_size=4, num_labels=5, **SMALL, **NO_DROPOUT, **SPREAD)
    return transformers.ViTForImageClassification(config)


def bert(kind: str, labels: int = 3) -> Any:
    config = transformers.BertConfig(vocab_size=VOCABULARY, num_labels=labels, **SMALL, **NO_DROPOUT, **SPREAD)
    return getattr(transformers, kind)(config)


MODELS: dict[str, Callable[[], Any]] = {
    "llama": lambda: llama(tie_word_embeddings=False),
    "llama-tied": lambda: llama(tie_word_embeddings=True),
    "llama-classes": lambda: llama_classes(3),
    "llama-score": lambda: llama_classes(1),
    "qwen2": lambda: transformers.Qwen2ForCausalLM(
        transformers.Qwen2Config(**LANGUAGE, **SPREAD, tie_word_embeddings=True)
    ),
    "gpt2": gpt2,
    "t5": t5,
    "vit": vit,
    "bert": lambda: bert("BertForSequenceClassification"),
    "bert-tokens": lambda: bert("BertForTokenClassification"),
    "bert-answers": lambda: bert("BertForQuestionAnswering", 2),
}

Rows = list[dict[str, torch.Tensor]]


def texts(random: torch.Generator) -> Rows:
    """Numbers that count upwards by one or two, with some noise."""
    rows = []
    for _ in range(ROWS):
        first, stride = (int(torch.randint(3, high, (1,), generator=random)) for high in (70, 5))
        ids = 3 + (first + (stride - 2) * torch.arange(LENGTH)) % (VOCABULARY - 3)
        noise = torch.rand(LENGTH, generator=random) < 0.1
        ids = torch.where(noise, torch.randint(3, VOCABULARY, (LENGTH,), generator=random), ids)
        rows.append({"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": ids.clone()})
    return rows


def translations(random: torch.Generator) -> Rows:
    return [{**row, "labels": row["input_ids"].flip(0)} for row in texts(random)]


def classes(random: torch.Generator) -> Rows:
    return [{**row, "labels": row["input_ids"][2] % 3} for row in texts(random)]


def tokens(random: torch.Generator) -> Rows:
    return [{**row, "labels": row["input_ids"] % 3} for row in texts(random)]


def answers(random: torch.Generator) -> Rows:
    spans = lambda ids: {"start_positions": ids[0] % 5, "end_positions": 5 + ids[1] % 5}
    return [{"input_ids": row["input_ids"], **spans(row["input_ids"])} for row in texts(random)]


def pictures(random: torch.Generator) -> Rows:
    labels = torch.randint(0, 5, (ROWS,), generator=random)
    return [{"pixel_values": torch.randn(3, 16, 16, generator=random) + 0.3 * y, "labels": y} for y in labels]


ROWS_OF: dict[str, Callable[[torch.Generator], Rows]] = {
    "t5": translations,
    "vit": pictures,
    "llama-classes": classes,
    "bert": classes,
    "bert-tokens": tokens,
    "bert-answers": answers,
}
