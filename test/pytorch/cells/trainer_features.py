"""What TrainingArguments can say beside the optimizer."""

from __future__ import annotations

from typing import Any

from cell import BFLOAT16, Cell
from cells.templates import NO_CLIP, trainer_script

PLAIN = f"{NO_CLIP}\nweight_decay=0.1,"
EVALUATED = 'eval_strategy="steps",\neval_steps=3,'


def args(name: str, lines: str, *, cell: dict[str, Any] | None = None, **script: Any) -> Cell:
    return Cell(f"Trainer {name}", trainer_script(args=f"{PLAIN}\n{lines}", **script), **(cell or {}))


def schedule(name: str, lines: str = "", *, cell: dict[str, Any] | None = None, **script: Any) -> Cell:
    return args(f"schedule {name} {lines.splitlines()[0] if lines else ''}".strip(), f'lr_scheduler_type="{name}",\n{lines}', cell=cell, **script)


NONE, BOTH, ALL = ({"exact": exact} for exact in ((), ("keep-init", "keep-b"), ("symmetric", "keep-init", "keep-b")))
QUICK = {"quick": True}

RESUMED = trainer_script(args=PLAIN).replace(
    "trainer.train()", 'trainer.train(resume_from_checkpoint="checkpoints/checkpoint-6")'
)
LEAVES_CHECKPOINT = (
    trainer_script(args=PLAIN)
    .replace('output_dir="out"', 'output_dir="checkpoints"')
    .replace('save_strategy="no"', 'save_strategy="steps",\n    save_steps=6')
)

CELLS = [
    args("accumulation", "gradient_accumulation_steps=2,", steps=6, cell=QUICK),
    schedule("linear", "warmup_steps=3,", cell=QUICK),
    schedule("cosine", "warmup_steps=0.2,"),
    schedule("cosine_with_restarts", 'lr_scheduler_kwargs={"num_cycles": 2},'),
    schedule("constant"),
    schedule("constant_with_warmup", "warmup_steps=4,"),
    schedule("inverse_sqrt", "warmup_steps=2,"),
    schedule("polynomial", lr="5e-6", cell={**BOTH, **QUICK}),
    schedule("polynomial", 'lr_scheduler_kwargs={"lr_end": 5e-4, "power": 2.0},', cell=QUICK),
    schedule("polynomial", 'lr_scheduler_kwargs="{\\"lr_end\\": 5e-4}",', cell=NONE),
    schedule("cosine_with_min_lr", 'lr_scheduler_kwargs={"min_lr": 4e-4},', cell={**ALL, **QUICK}),
    schedule("cosine_with_min_lr", 'lr_scheduler_kwargs={"min_lr_rate": 0.2},'),
    schedule("cosine_warmup_with_min_lr", 'lr_scheduler_kwargs={"min_lr": 4e-4},\nwarmup_steps=3,'),
    schedule("cosine_warmup_with_min_lr", 'lr_scheduler_kwargs={"min_lr_rate": 0.2, "warmup_lr_rate": 0.1},\nwarmup_steps=3,'),
    schedule(
        "warmup_stable_decay",
        'lr_scheduler_kwargs={"num_decay_steps": 5, "min_lr_ratio": 0.1},\nwarmup_steps=3,',
    ),
    schedule("greedy", 'lr_scheduler_kwargs={"patience": 1},\n' + EVALUATED, handed="eval_dataset=rows[:8]", cell={**NONE, **QUICK}),
    schedule("reduce_lr_on_plateau", EVALUATED, handed="eval_dataset=rows[:8]", cell=NONE),
    schedule(
        "reduce_lr_on_plateau",
        'lr_scheduler_kwargs={"patience": 0, "factor": 0.5, "min_lr": 1e-3, "threshold": 1.0},\n' + EVALUATED,
        handed="eval_dataset=rows[:8]",
        cell=NONE,
    ),
    args("bf16", "bf16=True,\nuse_cpu=True,", cell={"unit": BFLOAT16, "finer": ("bf16=True", "bf16=False"), **QUICK}),
    args("activation checkpointing", "gradient_checkpointing=True,", cell=QUICK),
    args("NEFTune and label smoothing", "neftune_noise_alpha=5.0,\nlabel_smoothing_factor=0.1,"),
    args("group by length, seed and workers", "dataloader_drop_last=True,\nseed=17,\ndata_seed=5,"),
    Cell("Trainer resumes a run of the old alpha", RESUMED, exact=(), before=LEAVES_CHECKPOINT, quick=True),
    Cell(
        "Trainer whose arguments are a dict",
        trainer_script(args=PLAIN)
        .replace("args = TrainingArguments(", "numbers = dict(")
        .replace("trainer = Trainer(", "args = TrainingArguments(**numbers)\ntrainer = Trainer("),
        exact=("keep-init", "keep-b"),
        note="no eps is added to a dict that may be handed on elsewhere",
    ),
]
