"""Scripts with an optimizer, a scheduler or a loop of their own."""

from __future__ import annotations

from typing import Any

from cell import Cell
from cells.templates import ADAMW, NO_CLIP, loop_script, trainer_script

PLAIN = f"{NO_CLIP}\nweight_decay=0.1,"
MODEL = "model.parameters()"
UNSCALED, SCALED = (f"scale_parameter={scales}, relative_step=False" for scales in (False, True))
CAME_BETAS = "betas=(0.9, 0.999, 0.9999)"
TRAINABLE = "[p for p in model.parameters() if p.requires_grad]"
NONE: dict[str, Any] = {"exact": ()}
BOTH, ALL = ("keep-init", "keep-b"), ("symmetric", "keep-init", "keep-b")
TWO_GROUPS = '[{"params": of("q_proj"), "lr": 1e-3}, {"params": of("v_proj")}]'
OF = """
def of(part):
    return [p for name, p in model.named_parameters() if part in name and p.requires_grad]
"""


def handed(name: str, optimizer: str, *, scheduler: str = "", imports: str = "", **cell: Any) -> Cell:
    """An optimizer, and perhaps a scheduler, handed to the Trainer."""
    before = f"optimizer = {optimizer}" + (f"\nscheduler = {scheduler}" if scheduler else "")
    both = f"optimizers=(optimizer, {'scheduler' if scheduler else 'None'})"
    text = trainer_script(args=NO_CLIP, imports=imports, before=before, handed=both)
    return Cell(f"handed over: {name}", text, **cell)


def torch_optim(arguments: str, **cell: Any) -> Cell:
    return handed(f"torch.optim.{arguments}", f"torch.optim.{arguments.replace('(', '(model.parameters(), ', 1)}", **cell)


def packaged(package: str, made: str, name: str = "", **cell: Any) -> Cell:
    """An optimizer of a package, which the cell needs."""
    kind = made.split("(")[0]
    return handed(name or kind, made, imports=f"from {package} import {kind}", **{"needs": (package,), **cell})


def loop(name: str, optimizer: str, *, cell: dict[str, Any] | None = None, **script: Any) -> Cell:
    return Cell(f"loop: {name}", loop_script(optimizer=optimizer, **script), **(cell or {}))


def scheduled(scheduler: str, lr: str = "2e-3", **cell: Any) -> Cell:
    """A loop with a scheduler that steps after each batch."""
    adamw = f"optimizer = torch.optim.AdamW(model.parameters(), lr={lr})"
    text = loop_script(optimizer=adamw, scheduler=f"scheduler = {scheduler}", step="optimizer.step()\nscheduler.step()")
    return Cell(f"loop, {scheduler.replace('torch.optim.lr_scheduler.', '')}", text, **cell)


def changed(name: str, *, exact: tuple[str, ...] = (), quick: bool = False, **script: Any) -> Cell:
    """A Trainer script in which something else than the arguments decides."""
    return Cell(f"script: {name}", trainer_script(args=PLAIN, **script), exact=exact, quick=quick)


SUBCLASS = """
class Mine(Trainer):
    def create_optimizer(self, model=None):
        self.optimizer = torch.optim.SGD([p for p in self.model.parameters() if p.requires_grad], lr=0.1)
        return self.optimizer
"""
SECOND = """
model.add_adapter("second", LoraConfig(r=4, lora_alpha=8, init_lora_weights=False, target_modules=["q_proj"]))
model.set_adapter("default")
"""
PLUS = "from peft.optimizers import create_loraplus_optimizer"
LORAPLUS = "create_loraplus_optimizer(model=model, optimizer_cls={}, lr={}, loraplus_lr_ratio={}{})"

CELLS = [
    torch_optim("AdamW(lr=2e-3, weight_decay=0.1, eps=1e-6)", quick=True),
    torch_optim("AdamW(lr=2e-3)"),
    torch_optim("Adam(lr=2e-3, weight_decay=0.01)"),
    torch_optim("Adam(lr=2e-3, amsgrad=True)", quick=True),
    torch_optim("NAdam(lr=2e-3, weight_decay=0.01)", quick=True),
    torch_optim("RAdam(lr=2e-3, weight_decay=0.01)", **NONE),
    torch_optim("Adadelta(lr=1.0)"),
    torch_optim("ASGD(lr=0.1, lambd=1e-2)"),
    torch_optim("Rprop(lr=1e-3)"),
    torch_optim("Adamax(lr=2e-3)"),
    torch_optim("SGD(lr=0.1, momentum=0.9)", quick=True),
    torch_optim("Adafactor(lr=1e-2)", **NONE),
    handed("torch.optim.Muon", f"torch.optim.Muon({TRAINABLE}, lr=1e-2, weight_decay=0.1)", quick=True),
    handed("Muon as RMS", f'torch.optim.Muon({TRAINABLE}, lr=5e-3, adjust_lr_fn="match_rms_adamw")'),
    packaged("transformers", f"Adafactor({MODEL}, lr=2e-3, {UNSCALED})", "transformers.Adafactor", needs=()),
    packaged("transformers", f"Adafactor({MODEL}, lr=2e-2, {SCALED})", "transformers.Adafactor, relative", needs=(), **NONE),
    packaged("prodigyopt", f"Prodigy({TRAINABLE}, lr=1.0)", quick=True),
    packaged("lion_pytorch", f"Lion({TRAINABLE}, lr=3e-4, weight_decay=0.1)", quick=True),
    packaged("optimi", f"AdamW({MODEL}, lr=2e-3, weight_decay=0.1, kahan_sum=True)", "optimi's AdamW with Kahan sums"),
    packaged("optimi", f"Lion({TRAINABLE}, lr=3e-4)", "optimi's Lion"),
    packaged("came_pytorch", f"CAME({TRAINABLE}, lr=2e-4)", **NONE),
    packaged("pytorch_optimizer", f"CAME({TRAINABLE}, lr=2e-4, {CAME_BETAS})", "pytorch_optimizer's CAME", **NONE),
    packaged("dadaptation", f"DAdaptAdam({TRAINABLE}, lr=1.0)", **NONE),
    handed(
        "bitsandbytes' AdamW8bit",
        "bnb.optim.AdamW8bit(model.parameters(), lr=2e-3, weight_decay=0.1)",
        imports="import bitsandbytes as bnb",
        needs=("bitsandbytes",),
        **NONE,
    ),
    handed("LoRA+", LORAPLUS.format("torch.optim.AdamW", "1e-3", "8.0", ", loraplus_weight_decay=0.1"), imports=PLUS, quick=True),
    handed("LoRA+ with eps", LORAPLUS.format("torch.optim.AdamW", "1e-3", "8.0", ", eps=1e-5"), imports=PLUS),
    handed("LoRA+ with SGD", LORAPLUS.format("torch.optim.SGD", "0.05", "4.0", ""), imports=PLUS),
    handed(
        "LoRA-FA",
        "create_lorafa_optimizer(model=model, r=8, lora_alpha=16, lr=2e-3, weight_decay=0.1)",
        imports="from peft.optimizers import create_lorafa_optimizer",
        **NONE,
    ),
    handed(
        "OneCycleLR",
        "torch.optim.AdamW(model.parameters(), lr=2e-3)",
        scheduler="torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=2e-3, total_steps=12)",
        quick=True,
        **NONE,
    ),
    handed(
        "linear schedule",
        "torch.optim.AdamW(model.parameters(), lr=2e-3)",
        scheduler="get_linear_schedule_with_warmup(optimizer, 3, 12)",
        imports="from transformers import get_linear_schedule_with_warmup",
    ),
    loop("AdamW", ADAMW, cell={"quick": True}),
    loop(
        "AdamW, clip by value",
        ADAMW,
        step="torch.nn.utils.clip_grad_value_(model.parameters(), 1e-3)\noptimizer.step()",
        cell={"quick": True},
    ),
    loop(
        "AdamW, clip by norm",
        ADAMW,
        step="torch.nn.utils.clip_grad_norm_(model.parameters(), 0.05)\noptimizer.step()",
        cell={"bits": False, "note": "torch adds 1e-6 to the norm", "quick": True},
    ),
    *(
        loop(optimizer.split("(")[0], f"optimizer = torch.optim.{optimizer}", cell={"exact": exact})
        for optimizer, exact in {
            "SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)": ALL,
            "Adamax(model.parameters(), lr=2e-3, weight_decay=0.01)": BOTH,
            "Rprop(model.parameters(), lr=1e-3)": BOTH,
            "ASGD(model.parameters(), lr=0.1, weight_decay=0.01)": BOTH,
            "Adafactor(model.parameters(), lr=1e-2, eps=(1e-7, 1e-3))": (),
        }.items()
    ),
    loop("NAdam, two groups", f"optimizer = torch.optim.NAdam({TWO_GROUPS}, lr=2e-3)", imports=OF, cell=NONE),
    loop(
        "accelerate",
        ADAMW + "\naccelerator = Accelerator()\nmodel, optimizer, loader = accelerator.prepare(model, optimizer, loader)",
        imports="from accelerate import Accelerator",
    ),
    scheduled("torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=2e-3, total_steps=12)", **NONE),
    scheduled("torch.optim.lr_scheduler.CyclicLR(optimizer, 5e-4, 2e-3, step_size_up=4)", **NONE),
    scheduled("torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=12, eta_min=5e-4)", quick=True, **NONE),
    scheduled("torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=12)"),
    scheduled("torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 4, eta_min=5e-4)", **NONE),
    scheduled("torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=6)"),
    scheduled("torch.optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.5)"),
    scheduled("torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)"),
    scheduled("torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))"),
    scheduled("get_cosine_schedule_with_warmup(optimizer, 3, 12)", quick=True),
    changed("optimizer_cls_and_kwargs=(torch.optim.SGD, numbers)", before='numbers = {"lr": 0.1}', handed="optimizer_cls_and_kwargs=(torch.optim.SGD, numbers)"),
    changed("create_optimizer overridden", before=SUBCLASS, trainer="Mine", quick=True),
    changed("learning_rate assigned after construction", before="args.learning_rate = 5e-3", quick=True),
    Cell(
        "script: lora_alpha assigned after construction",
        trainer_script(args=PLAIN).replace("model = get_peft", "config.lora_alpha = 32\nmodel = get_peft"),
        exact=(),
        quick=True,
    ),
    changed("set_optimizer", before='args = args.set_optimizer(name="sgd", learning_rate=0.1)'),
    changed("set_lr_scheduler", before='args = args.set_lr_scheduler(name="polynomial")'),
    changed("a second adapter that is not trained", after=SECOND, quick=True),
]
