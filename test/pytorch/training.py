"""Runs a text as its trainer would, and records every loss and what was learned."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import torch
import transformers
from peft import LoraConfig
from peft.tuners.tuners_utils import BaseTuner
from torch.nn.modules.module import register_module_forward_pre_hook
from transformers.optimization import TYPE_TO_SCHEDULER_FUNCTION

FACTORS = {"lora_A", "lora_B", "lora_embedding_A", "lora_embedding_B", "lora_a", "lora_b"}
# In embedding layers it is B that starts at random.
DRAWN = {"lora_A", "lora_embedding_B", "lora_a"}

MODELS: list[torch.nn.Module] = []
"""Models with LoRA of the training that goes on. PEFT's come by themselves; others are put here before the first step."""


@dataclass
class Run:
    """Of one training: the value of every tensor that `backward` was called on, and what the trained models are."""

    losses: list[float] = field(default_factory=list)
    learned: dict[str, torch.Tensor] = field(default_factory=dict)
    seal: str = ""
    """Of a recording, whose `learned` are sketches: hashes of all of each ΔW."""


def trained(execute: Callable[[], None], *, nudge: int = 0, unit: float = 0.0, double: bool = False) -> Run:
    """
    Trains and records. One seed, so that two runs differ only by what they are told.
    @param nudge moves every element of A by `unit` of itself, up or down as this seed says; 0: not at all
    @param double in float64, from the moment PEFT has made the factors
    """
    run = Run()
    MODELS.clear()
    for seed in (random.seed, numpy.random.seed, torch.manual_seed):
        seed(7)
    with recording(run, nudge, unit, double), unpatched(), quiet():
        execute()
    for i, model in enumerate(MODELS):
        run.learned.update({f"{i}.{name}": value for name, value in learned(model)})
    return run


@contextlib.contextmanager
def recording(run: Run, nudge: int, unit: float, double: bool) -> Iterator[None]:
    """Where all training passes: PEFT fills the factors, and somebody asks for gradients."""
    inject, backward = BaseTuner.inject_adapter, torch.Tensor.backward

    def recorded_inject(self: Any, model: Any, adapter_name: str, *args: Any, **kwargs: Any) -> Any:
        done = inject(self, model, adapter_name, *args, **kwargs)
        if double:
            model.double()
        if not any(model is known for known in MODELS):
            MODELS.append(model)
        return done

    def recorded_backward(self: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        run.losses.append(float(self.detach().double()))
        return backward(self, *args, **kwargs)

    def nudge_once(module: torch.nn.Module, _: Any) -> None:
        # Moves A just before the forward pass of the first step, whose gradients matter most under Adam. Moving A
        # earlier could be undone: a model may still be cast to a coarser format, or EVA may fill A in passes without
        # gradients.
        if module.training and torch.is_grad_enabled() and is_lora(module):
            before_step.remove()
            for model in MODELS:
                nudged(model, nudge, unit)

    BaseTuner.inject_adapter, torch.Tensor.backward = recorded_inject, recorded_backward
    before_step = register_module_forward_pre_hook(nudge_once if nudge else lambda module, _: None)
    try:
        yield
    finally:
        BaseTuner.inject_adapter, torch.Tensor.backward = inject, backward
        before_step.remove()


@contextlib.contextmanager
def unpatched() -> Iterator[None]:
    """Puts back what a script has replaced in the libraries' classes and tables, and the type by default."""
    schedules = dict(TYPE_TO_SCHEDULER_FUNCTION)
    before = {kind: dict(vars(kind)) for kind in (torch.optim.AdamW, transformers.Trainer, LoraConfig)}
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)
        TYPE_TO_SCHEDULER_FUNCTION.update(schedules)
        for kind, members in before.items():
            for name, member in members.items():
                if vars(kind).get(name) is not member:
                    setattr(kind, name, member)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


@torch.no_grad()
def nudged(model: torch.nn.Module, seed: int, unit: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    for name, p in model.named_parameters():
        if DRAWN & set(name.split(".")):
            up = torch.rand(p.shape, generator=generator) < 0.5
            # Through `data`, which the pass that is going on does not notice. Two units: one may round back.
            p.data.mul_(torch.where(up, 1 + 2 * unit, 1 - 2 * unit).to(p.dtype))


@torch.no_grad()
def learned(model: torch.nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    """ΔW of every LoRA layer and adapter, scaling included; and every other parameter that was trained."""
    has_lora = False
    for name, module in model.named_modules():
        for adapter in adapters(module):
            has_lora = True
            yield f"ΔW {name} {adapter}", module.get_delta_weight(adapter).double()
            bias = getattr(module.lora_B[adapter], "bias", None) if adapter in module.lora_B else None
            if bias is not None:
                yield f"bias of ΔW {name} {adapter}", (module.scaling[adapter] * bias).double()
        if isinstance(getattr(module, "lora_a", None), torch.nn.Module):
            has_lora = True
            # torchtune: only its DoRA layers keep the quotient.
            scaling = getattr(module, "scaling", None) or module.alpha / module.rank
            yield f"ΔW {name}", (scaling * module.lora_b.weight @ module.lora_a.weight).double()
        if is_litgpts(module):
            has_lora = True
            yield f"ΔW {name}", module.get_lora_AB().double()
    for name, p in model.named_parameters():
        # Merged factors are part of the weights.
        if (p.requires_grad or not has_lora) and not FACTORS & set(name.split(".")):
            yield name, p.double()


def is_lora(module: torch.nn.Module) -> bool:
    is_torchtunes = isinstance(getattr(module, "lora_a", None), torch.nn.Module)
    return bool(adapters(module)) or is_torchtunes or is_litgpts(module)


def is_litgpts(module: torch.nn.Module) -> bool:
    # litgpt gives layers without rank no factors.
    return hasattr(module, "get_lora_AB") and hasattr(module, "lora_A")


def adapters(module: torch.nn.Module) -> list[str]:
    if not hasattr(module, "get_delta_weight"):
        return []
    return [name for part in ("lora_A", "lora_embedding_A") for name in getattr(module, part, {})]


def script(text: str, folder: Path) -> Callable[[], None]:
    """Python, run as a program of its own from `folder`."""

    def execute() -> None:
        # Compiled with a name: dataclasses and pickles look their module up.
        shutil.rmtree(folder / "out", ignore_errors=True)
        with contextlib.chdir(folder):
            exec(compile(text, "script.py", "exec"), {"__name__": "__main__"})

    return execute


