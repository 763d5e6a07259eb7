"""Every switch of every published optimizer that has a rule, turned: in a script, and in a config of sd-scripts. And every
optimizer of Hugging Face's Trainer under LoRA+.

The classes say themselves which switches they have, so that a new one is measured before anybody calls it harmless.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import torch
import trainers
from cell import Cell, filled
from cells.templates import loop_script
from transformers import Trainer, TrainingArguments
from transformers.training_args import OptimizerNames

EVERY = ""
PACKAGES = {
    **{"torch.optim": EVERY, "torchao.optim": EVERY, "dadaptation": EVERY},
    "bitsandbytes.optim": "Adam AdamW AdamW8bit Lion Lion8bit AdEMAMix SGD Adagrad RMSprop LAMB LARS",
    "pytorch_optimizer": "AdEMAMix ADOPT Adan CAME StableAdamW Lion SOAP",
    **{"transformers": "Adafactor", "prodigyopt": "Prodigy", "lion_pytorch": "Lion", "came_pytorch": "CAME"},
    "optimi": "AdamW StableAdamW Lion",
    "schedulefree": "AdamWScheduleFree RAdamScheduleFree SGDScheduleFree",
    "prodigyplus": "ProdigyPlusScheduleFree",
}
"""Packages of optimizers, and their classes that the product knows."""
OWN_WAYS = "foreach maximize differentiable capturable fused is_paged fsdp_in_use use_triton gradient_release fused_back_pass".split()
"""Switches that are ways to compute the same step: each is turned alone. So are many others; few in every combination."""
IN_KOHYA = ("torch.optim", "bitsandbytes.optim", "torchao.optim", "pytorch_optimizer", "prodigyplus")
"""Packages whose classes sd-scripts takes by their paths; of these others it has its own names."""
KOHYAS_OWN = ("lion_pytorch", "prodigyopt", "dadaptation", "schedulefree")


@cache
def made(package: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(package), name, None)
    except ImportError:
        return None


def classes() -> Iterator[tuple[str, str]]:
    for package, names in PACKAGES.items():
        if made(package, "__name__") is None:
            continue
        for name in names.split() or dir(importlib.import_module(package)):
            if inspect.isclass(made(package, name)) and issubclass(made(package, name), torch.optim.Optimizer):
                yield package, name


def choices(kind: Any) -> Iterator[dict[str, Any]]:
    """Arguments with some of its switches turned, as far as it makes steps with them."""
    parameters = inspect.signature(kind.__init__).parameters
    switches = {n: p.default for n, p in parameters.items() if isinstance(p.default, bool) or n in ("foreach", "fused")}
    numbers = {"lr": lr if isinstance(lr := parameters["lr"].default, float) else 1e-3} if "lr" in parameters else {}
    numbers |= {"weight_decay": 0.01} if "weight_decay" in parameters else {}
    numbers |= {"momentum": 0.9} if "nesterov" in switches or "LARS" in kind.__name__ else {}
    numbers |= {"lr": None} if "relative_step" in switches else {}
    deciding = [name for name in switches if name not in OWN_WAYS]
    most = len(deciding) if len(deciding) <= 4 else 1
    turned = [some for count in range(most + 1) for some in combinations(deciding, count)]
    for some in [*turned, *((name,) for name in switches if name in OWN_WAYS)]:
        given = {**numbers, **{name: not switches[name] for name in some}}
        given |= {"lr": 1e-3} if given.get("relative_step") is False else {}
        if makes_steps(kind, given):
            yield given


def makes_steps(kind: Any, given: dict[str, Any]) -> bool:
    weights = [torch.nn.Parameter(torch.zeros(8, 16)), torch.nn.Parameter(torch.full((16, 8), 0.1))]
    try:
        optimizer = kind(weights, **given)
        getattr(optimizer, "train", lambda: None)()
        for _ in range(8):
            for p in weights:
                p.grad = torch.randn_like(p)
            optimizer.step()
    except (Exception, SystemExit):  # Not on a processor, not together, or not at all.
        return False
    return bool(weights[0].any())


def in_script(package: str, name: str, given: dict[str, Any]) -> Cell:
    numbers = "".join(f", {key}={value!r}" for key, value in given.items())
    turn = "\noptimizer.train()" if "ScheduleFree" in name else ""
    made_there = f"optimizer = {package}.{name}([p for p in model.parameters() if p.requires_grad]{numbers}){turn}"
    text = loop_script(optimizer=made_there, imports=f"import {package}", after="loader = list(loader) * 2\n")
    return Cell(f"switches in a script: {package}.{name}{numbers}", text, exact=(), bits=False)


def in_kohya(package: str, name: str, given: dict[str, Any]) -> Cell:
    numbers = [f"{key}={value!r}" for key, value in given.items() if key != "lr"]
    text = f"""network_module = "networks.lora"
network_dim = 8
network_alpha = 16
network_train_unet_only = true
learning_rate = {given["lr"]}
lr_scheduler = "constant"
max_grad_norm = 0.0
optimizer_type = "{name if package in KOHYAS_OWN else f"{package}.{name}"}"
optimizer_args = [{", ".join(f'"{number}"' for number in numbers)}]
"""
    title = f"switches in sd-scripts: {package}.{name}, {', '.join(numbers)}"
    return Cell(title, text, exact=(), bits=False, path="config.toml", run=as_kohya(made(package, name)))


class Renamed:
    """A model whose factors have sd-scripts' names."""

    def __init__(self, model: torch.nn.Module) -> None:
        self.model = model

    def named_parameters(self) -> Iterator[tuple[str, torch.nn.Parameter]]:
        for name, p in self.model.named_parameters():
            yield name.replace("lora_A.default", "lora_down").replace("lora_B.default", "lora_up"), p


def as_kohya(kind: Any) -> Callable[[str, str | None, Path], Callable[[], None]]:
    """Trains a small model with the numbers of such a config, as its train_network.py would."""

    def run(text: str, code: str | None, folder: Path) -> Callable[[], None]:
        def execute() -> None:
            from peft import LoraConfig, get_peft_model
            from transformers import AutoModelForCausalLM

            config = tomllib.loads(text)
            lora = {"r": config["network_dim"], "lora_alpha": config["network_alpha"]}
            model = AutoModelForCausalLM.from_pretrained(folder / "tiny/llama")
            model = get_peft_model(model, LoraConfig(**lora, target_modules=["q_proj", "v_proj"]))
            if code:
                exec(code, {"network": Renamed(model)})
            pairs = (argument.split("=", 1) for argument in config["optimizer_args"])
            given = {key: ast.literal_eval(value) for key, value in pairs}
            trained = [p for p in model.parameters() if p.requires_grad]
            optimizer = kind(trained, lr=config["learning_rate"], **given)
            getattr(optimizer, "train", lambda: None)()
            rows = torch.load(folder / "tiny/llama.pt")
            for batch in list(torch.utils.data.DataLoader(rows, batch_size=8)) * 2:
                model(**batch).loss.backward()
                optimizer.step()
                optimizer.zero_grad()

        return execute

    return run


def by_name(name: str) -> Iterator[Cell]:
    """Plans that add a LoRA+ ratio to a trainer's file: it must make this optimizer with two rates."""
    args = TrainingArguments(optim=name, output_dir="out", optim_target_modules=["layer"], report_to="none")
    try:
        Trainer.get_optimizer_cls_and_kwargs(args, torch.nn.Sequential(torch.nn.Linear(4, 4)))
    except (ImportError, ValueError):  # Its library is not here.
        return
    if name == "adalomo":  # It wants a GPU.
        return
    yield from (rewritten(trainer, name, f"{key}: {name}\n") for trainer, key in OPTIMIZER_KEY.items())


OPTIMIZER_KEY = {"llamafactory": "optim", "axolotl": "optimizer"}


def rewritten(trainer: str, name: str, more: str, **own: Any) -> Cell:
    """A file that its trainer's own parser and factory of optimizers take, before and after."""
    text = filled(f"{trainer}_factory", more=more)
    # A later line takes the place of an earlier one with its key.
    lines = {line.partition(":")[0]: line for line in text.splitlines()}
    given: dict[str, Any] = {"exact": (), "bits": False, "needs": (trainer,), **own}
    return Cell(f"factory of {trainer}: {name}", "\n".join(lines.values()) + "\n", path="config.yaml", run=trainers.by_factory(trainer), **given)


DECAYS = "weight_decay: 0.1\n"
ADDED: list[tuple[str, str, str]] = [
    ("llamafactory", "an eps and a decay", f"adam_epsilon: 1.0e-4\n{DECAYS}"),
    ("llamafactory", "a clip that fires", "max_grad_norm: 0.01\n"),
    ("llamafactory", "SGD with arguments", f"optim: sgd\noptim_args: momentum=0.9,nesterov=True,weight_decay=0.5\n{DECAYS}"),
    ("llamafactory", "RMSprop with an eps", "optim: rmsprop\noptim_args: eps=1e-4,momentum=0.5\n"),
    ("llamafactory", "Adagrad with an eps", f"optim: adagrad\noptim_args: eps=1e-4\n{DECAYS}"),
    ("llamafactory", "AdEMAMix with arguments", f"optim: ademamix\noptim_args: eps=1e-5,beta3=0.99,alpha=3\n{DECAYS}"),
    ("llamafactory", "Schedule-Free with a decay", f"optim: schedule_free_adamw\noptim_args: r=1.0\n{DECAYS}"),
    ("llamafactory", "StableAdamW with a decay", f"optim: stable_adamw\n{DECAYS}"),
    ("llamafactory", "DoRA and SGD", "optim: sgd\nuse_dora: true\nlearning_rate: 0.05\n"),
    ("llamafactory", "a ratio and RMSprop", f"optim: rmsprop\nloraplus_lr_ratio: 4.0\n{DECAYS}"),
    ("llamafactory", "its Muon", f"use_muon: true\n{DECAYS}"),
    ("llamafactory", "Adam-mini", f"use_adam_mini: true\n{DECAYS}"),
    ("llamafactory", "a ratio beside Muon", "use_muon: true\nloraplus_lr_ratio: 4.0\n"),
    *(("axolotl", name, f"optimizer: {name}\n{DECAYS}") for name in "optimi_adamw adopt_adamw came_pytorch adamc".split()),
    *(("axolotl", name, f"optimizer: {name}\n{DECAYS}") for name in "ao_adamw_fp8 sinkgd flash_adamw flash_sgd flash_lion".split()),
    ("axolotl", "an eps among the arguments", f"optimizer: optimi_adamw\noptim_args: {{eps: 1.0e-4}}\nadam_epsilon: 1.0e-6\n{DECAYS}"),
    ("axolotl", "a decay among the arguments", f"optimizer: optimi_adamw\noptim_args: {{weight_decay: 0.0}}\n{DECAYS}"),
    ("axolotl", "a decay among the arguments alone", "optimizer: adamc\noptim_args: {weight_decay: 0.1}\n"),
    ("axolotl", "a rate among the arguments", "optimizer: optimi_adamw\noptim_args: {lr: 1.0e-3}\n"),
    ("axolotl", "SGD with a decay among the arguments", f"optimizer: sgd\noptim_args: {{momentum: 0.9, weight_decay: 0.5}}\n{DECAYS}"),
    ("axolotl", "a ratio and RMSprop", f"optimizer: rmsprop\nloraplus_lr_ratio: 4.0\n{DECAYS}"),
    ("axolotl", "a ratio and CAME", f"optimizer: came_pytorch\nloraplus_lr_ratio: 4.0\n{DECAYS}"),
    ("axolotl", "groups of rates", "lr_groups: [{name: q, modules: [q_proj], lr: 1.0e-3}]\n"),
]
"""Files whose plans add or move keys beside alpha and the rate."""

FOUND = [(package, name, given) for package, name in classes() for given in choices(made(package, name))]
CELLS = [
    *(in_script(*found) for found in FOUND),
    *(cell for name in OptimizerNames for cell in by_name(name.value)),
    *(rewritten(*each) for each in ADDED),
    *(in_kohya(*found) for found in FOUND if found[0] in (*IN_KOHYA, *KOHYAS_OWN)),
]
