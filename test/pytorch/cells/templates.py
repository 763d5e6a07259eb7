"""Scripts that cells are made of, each a change of a few lines of a plain one."""

from __future__ import annotations

import textwrap

NO_CLIP = "max_grad_norm=0.0,"
AUTO = {
    "vit": "AutoModelForImageClassification",
    "t5": "AutoModelForSeq2SeqLM",
    "bert": "AutoModelForSequenceClassification",
    "bert-tokens": "AutoModelForTokenClassification",
    "bert-answers": "AutoModelForQuestionAnswering",
    "llama-classes": "AutoModelForSequenceClassification",
}

TRAINER = """\
import torch
from peft import LoraConfig, get_peft_model
from transformers import {auto}, Trainer, TrainingArguments
{imports}
rows = torch.load("tiny/{model}.pt")
model = {auto}.from_pretrained("tiny/{model}")
config = LoraConfig(
    r=8,
    lora_alpha=16,
    target_modules={targets},{lora}
)
model = get_peft_model(model, config)
{after}args = TrainingArguments(
    output_dir="out",
    learning_rate={lr},
    max_steps={steps},
    per_device_train_batch_size=8,
    report_to="none",
    save_strategy="no",{args}
)
{before}trainer = {trainer}(model=model, args=args, train_dataset=rows{handed})
{last}trainer.train()
"""

LOOP = """\
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, get_cosine_schedule_with_warmup
{imports}
rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
{optimizer}
{scheduler}
for batch in loader:
    loss = model(**batch).loss
    loss.backward()
{step}
    optimizer.zero_grad()
"""


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
    return TRAINER.format(
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
    return LOOP.format(
        optimizer=block(optimizer).rstrip(),
        scheduler=block(scheduler),
        step=lines(step)[1:],
        imports=block(imports),
    )
