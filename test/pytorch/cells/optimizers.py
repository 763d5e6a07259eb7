"""Every optimizer of `TrainingArguments(optim=…)` that runs on a CPU."""

from __future__ import annotations

from cell import Cell
from cells.templates import NO_CLIP, trainer_script

DECAY = "weight_decay=0.1,"


def optim(name: str, options: str = "", *, lr: str = "2e-3", more: str = DECAY, **cell: object) -> Cell:
    """A cell of one optimizer, with what `optim_args` hands to it."""
    handed = f'\noptim_args="{options}",' if options else ""
    args = f'{NO_CLIP}\noptim="{name}",{handed}\n{more}'
    title = " ".join(filter(None, ["optim", name, options]))
    return Cell(title, trainer_script(args=args, lr=lr), **cell)  # type: ignore[arg-type]


CELLS = [
    Cell("optim default, clip that never fires", trainer_script(args="max_grad_norm=1e4,")),
    Cell("optim default, no clip, weight decay", trainer_script(args=f"{NO_CLIP}\n{DECAY}"), quick=True),
    Cell(
        "optim default, clip that fires",
        trainer_script(args=f"max_grad_norm=0.05,\n{DECAY}"),
        bits=False,
        quick=True,
        note="torch adds 1e-6 to the norm",
    ),
    Cell("optim default, eps and betas", trainer_script(args=f"{NO_CLIP}\nadam_epsilon=1e-6,\nadam_beta2=0.95,")),
    optim("adamw_torch"),
    optim("adamw_torch_fused"),
    optim("sgd", lr="0.2", more="", quick=True),
    optim("sgd", "momentum=0.9,nesterov=true", lr="0.1", more="weight_decay=0.01,"),
    optim("adafactor", quick=True),
    optim("rmsprop", lr="1e-3"),
    optim("rmsprop", "eps=1e-6,momentum=0.9", lr="1e-3"),
    optim("adagrad", "eps=1e-6", lr="1e-2", more="weight_decay=0.01,"),
]
