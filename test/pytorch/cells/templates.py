"""Scripts that cells are made of, each a change of a few lines of a plain one."""

from __future__ import annotations

import textwrap

from cell import filled

NO_CLIP = "max_grad_norm=0.0,"
AUTO = {
    "vit": "AutoModelForImageClassification",
    "t5": "AutoModelForSeq2SeqLM",
    "bert": "AutoModelForSequenceClassification",
    "bert-tokens": "AutoModelForTokenClassification",
    "bert-answers": "AutoModelForQuestionAnswering",
    "llama-classes": "AutoModelForSequenceClassification",
}


def lines(text: str, indent: str = "    ") -> str:
    return "".join(f"\n{indent}{line}" for line in textwrap.dedent(text).strip().splitlines())


def block(text: str) -> str:
    text = textwrap.dedent(text).strip("\n")
    return f"{text}\n" if text else ""


ADAMW = "optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)"


def trainer_script(
    *,
    args: str = NO_CLIP,
    lora: str = "",
    config: str = "",
    model: str = "llama",
    targets: str = '["q_proj", "v_proj"]',
    lr: str = "2e-3",
    steps: int = 12,
    imports: str = "",
    after: str = "",
    before: str = "",
    arguments: str = "TrainingArguments",
    trainer: str = "Trainer",
    handed: str = "",
    last: str = "",
    train: str = "trainer.train()",
) -> str:
    """
    @param lora, args lines of LoraConfig and TrainingArguments; `config` makes the whole LoraConfig
    @param after, before, last lines after get_peft_model, before the Trainer is made, before it trains
    @param handed further arguments of the Trainer
    """
    made = f"config = LoraConfig(\n    r=8,\n    lora_alpha=16,\n    target_modules={targets},{lines(lora)}\n)"
    return filled(
        "trainer_script",
        **{"auto": AUTO.get(model, "AutoModelForCausalLM"), "model": model, "steps": steps, "args": lines(args)},
        **{"config": block(config).rstrip() or made, "arguments": arguments, "trainer": trainer, "train": train},
        **{"imports": block(imports), "after": block(after), "before": block(before), "last": block(last)},
        rate=lines(f"learning_rate={lr},") if lr else "",
        handed=f", {handed}" if handed else "",
    )


def loop_script(
    *,
    optimizer: str = ADAMW,
    scheduler: str = "",
    loss: str = "loss = model(**batch).loss\nloss.backward()",
    step: str = "optimizer.step()",
    imports: str = "",
    after: str = "",
    alpha: str = "16",
) -> str:
    """A loop of its own over the batches; `loss` and `step` stand inside of it."""
    return filled(
        "loop_script",
        **{"optimizer": block(optimizer).rstrip(), "scheduler": block(scheduler), "imports": block(imports)},
        **{"loss": lines(loss)[1:], "step": lines(step)[1:], "after": block(after), "alpha": alpha},
    )
