"""Tiny random models and made-up data, in a folder that scripts load them from: `tiny/llama`, `tiny/llama.pt`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers

VOCABULARY, LENGTH, ROWS = 97, 10, 96
# Small weights train too slowly to tell two runs apart.
SPREAD = {"initializer_range": 0.2}
SMALL = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, **SPREAD}
TOKENS = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
LANGUAGE = {**SMALL, **TOKENS, "vocab_size": VOCABULARY, "num_key_value_heads": 2, "max_position_embeddings": 64}
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


def made(model: str, kind: str, **settings: Any) -> Callable[[], Any]:
    return lambda: getattr(transformers, model)(getattr(transformers, f"{kind}Config")(**settings))


LLAMA_CLASSES = ("LlamaForSequenceClassification", "Llama")
BERT = {"vocab_size": VOCABULARY, **SMALL, **NO_DROPOUT}
GPT2 = {"vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64, **SPREAD}
GPT2 |= {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "bos_token_id": 1, "eos_token_id": 2}
T5 = {"vocab_size": VOCABULARY, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4}
T5 |= {"dropout_rate": 0.0, "decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 2}
EXPERTS = {**LANGUAGE, "num_experts_per_tok": 2, "head_dim": 8}
MODELS: dict[str, Callable[[], Any]] = {
    "llama": made("LlamaForCausalLM", "Llama", **LANGUAGE, tie_word_embeddings=False),
    "llama-tied": made("LlamaForCausalLM", "Llama", **LANGUAGE, tie_word_embeddings=True),
    "llama-classes": made(*LLAMA_CLASSES, **LANGUAGE, num_labels=3),
    "llama-score": made(*LLAMA_CLASSES, **LANGUAGE, num_labels=1),
    "qwen2": made("Qwen2ForCausalLM", "Qwen2", **LANGUAGE, tie_word_embeddings=True),
    "qwen3-moe": made("Qwen3MoeForCausalLM", "Qwen3Moe", **EXPERTS, num_experts=4, moe_intermediate_size=24),
    "mixtral": made("MixtralForCausalLM", "Mixtral", **EXPERTS, num_local_experts=4),
    "olmoe": made("OlmoeForCausalLM", "Olmoe", **EXPERTS, num_experts=4),
    "gpt-oss": made("GptOssForCausalLM", "GptOss", **EXPERTS, num_local_experts=4),
    "gpt2": made("GPT2LMHeadModel", "GPT2", **GPT2),
    "t5": made("T5ForConditionalGeneration", "T5", **T5),
    "vit": made("ViTForImageClassification", "ViT", image_size=16, patch_size=4, num_labels=5, **SMALL, **NO_DROPOUT),
    "bert": made("BertForSequenceClassification", "Bert", **BERT, num_labels=3),
    "bert-tokens": made("BertForTokenClassification", "Bert", **BERT, num_labels=3),
    "bert-answers": made("BertForQuestionAnswering", "Bert", **BERT, num_labels=2),
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
