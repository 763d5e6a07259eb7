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


def trainer_script(
    *,
    args: str = NO_CLIP,
    lora: str = "",
    model: str = "llama",
    targets: str = '["q_proj", "v_proj"]',
    lr: str = "2e-3",
    steps: int = 12,
    imports: str = "",
    after: str = "",
    before: str = "",
    trainer: str = "Trainer",
    handed: str = "",
    last: str = "",
) -> str:
    """
    @param lora, args lines of LoraConfig and TrainingArguments
    @param after, before, last lines after get_peft_model, before the Trainer is made, before it trains
    @param handed further arguments of the Trainer
    """
    return filled(
        "trainer_script",
        auto=AUTO.get(model, "AutoModelForCausalLM"),
        model=model,
        targets=targets,
        lr=lr,
        steps=steps,
        trainer=trainer,
        lora=lines(lora),
        args=lines(args),
        imports=block(imports),
        after=block(after),
        before=block(before),
        last=block(last),
        handed=f", {handed}" if handed else "",
    )


def loop_script(*, optimizer: str, scheduler: str = "", step: str = "optimizer.step()", imports: str = "") -> str:
    """A loop of its own over the batches; `step` stands inside of it."""
    return filled(
        "loop_script",
        optimizer=block(optimizer).rstrip(),
        scheduler=block(scheduler),
        step=lines(step)[1:],
        imports=block(imports),
    )
