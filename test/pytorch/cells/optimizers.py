"""Every optimizer of `TrainingArguments(optim=…)` that runs on a CPU."""

from __future__ import annotations

from typing import Any

from cell import Cell
from cells.templates import NO_CLIP, trainer_script

DECAY = "weight_decay=0.1,"
GALORE = f'{DECAY}\noptim_target_modules=[r".*lora_[AB].*"],'
CONSTANT = f'{DECAY}\nlr_scheduler_type="constant",\nwarmup_steps=4,'


def optim(name: str, options: str = "", *, lr: str = "2e-3", more: str = DECAY, clip: str = NO_CLIP, **cell: Any) -> Cell:
    """A cell of one optimizer, with what `optim_args` hands to it."""
    handed = f'\noptim_args="{options}",' if options else ""
    args = f'{clip}\noptim="{name}",{handed}\n{more}'
    title = " ".join(filter(None, ["optim", name, options]))
    return Cell(title, trainer_script(args=args, lr=lr), **cell)


BOTH, ALL = ("keep-init", "keep-b"), ("symmetric", "keep-init", "keep-b")
BNB = {"needs": ("bitsandbytes",), "exact": ()}

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
    Cell("optim default, clip by default", trainer_script(args=DECAY), bits=False, note="torch adds 1e-6 to the norm"),
    Cell(
        "optim default, eps, betas and decay",
        trainer_script(args=f"{NO_CLIP}\n{DECAY}\nadam_epsilon=1e-6,\nadam_beta2=0.95,"),
        exact=ALL,
        quick=True,
    ),
    Cell("optim default, large eps", trainer_script(args=f"{NO_CLIP}\nadam_epsilon=1e-3,"), quick=True),
    optim("adamw_torch"),
    optim("adamw_torch_fused"),
    optim("adamw_torch_8bit", needs=("torchao",), exact=()),
    optim("adamw_torch_4bit", needs=("torchao",), exact=()),
    optim("sgd", lr="0.2", more=""),
    optim("sgd", "momentum=0.9,nesterov=true", lr="0.1", more="weight_decay=0.01,", quick=True),
    optim("sgd", "momentum=0.9,weight_decay=0.1", lr="0.1", more="", exact=ALL),
    optim("sgd", "momentum=0.9,dampening=0.5", lr="0.1", more="", clip="max_grad_norm=0.3,", bits=False),
    optim("adafactor", exact=BOTH, quick=True),
    optim("rmsprop", lr="1e-3"),
    optim("rmsprop", "eps=1e-6,momentum=0.9", lr="1e-3", more="weight_decay=0.01,", exact=ALL),
    optim("rmsprop", "centered=True,alpha=0.9,eps=1e-5", lr="1e-3", more="", quick=True),
    optim("adagrad", lr="1e-2", more="", quick=True),
    optim("adagrad", "eps=1e-6", lr="1e-2", more="weight_decay=0.01,", exact=ALL),
    optim("lion_32bit", lr="3e-4", note="its decay depends on the version of bitsandbytes", quick=True, **BNB),
    optim("lion_8bit", lr="3e-4", **BNB),
    optim("paged_lion_32bit", lr="3e-4", **BNB),
    optim("adamw_bnb_8bit", **BNB, quick=True),
    optim("adamw_8bit", **BNB),
    optim("paged_adamw_32bit", **BNB),
    optim("paged_adamw_8bit", **BNB),
    optim("ademamix", "alpha=5.0,t_alpha=100,t_beta3=100", **BNB, quick=True),
    optim("ademamix_8bit", **BNB),
    optim("rmsprop_bnb", lr="1e-3", **BNB),
    optim("rmsprop_bnb_32bit", lr="1e-3", **BNB),
    optim("schedule_free_adamw", more=CONSTANT, needs=("schedulefree",), quick=True),
    optim("schedule_free_radam", more=CONSTANT, needs=("schedulefree",), exact=()),
    optim("schedule_free_sgd", lr="0.2", more=CONSTANT.replace("0.1", "0.01"), needs=("schedulefree",)),
    optim("stable_adamw", needs=("optimi",), exact=(), quick=True),
    optim("galore_adamw", "rank=4,update_proj_gap=10,scale=0.25", more=GALORE, needs=("galore_torch",), exact=(), quick=True),
    optim("apollo_adamw", "rank=4,update_proj_gap=10", more=GALORE, needs=("apollo_torch",), exact=()),
    optim("grokadamw", needs=("grokadamw",), exact=()),
    optim("lomo", lr="0.05", more="", clip="", needs=("lomo_optim",), exact=(), quick=True),
]
