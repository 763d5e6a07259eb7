"""ai-toolkit: the statements of its process, with its own network, optimizer, schedule and step."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import yaml
from cell import Cell
from placing import placed

STEPS = 6
PROCESS = "jobs/process/BaseSDTrainProcess.py"
AUDIO = ("torchaudio", "av")
"""Packages that ai-toolkit imports for sound. Nothing here uses them."""
STEP = "extensions_built_in/sd_trainer/SDTrainer.py"


def config(*train: str, network: str = "", kwargs: str = "{}", clip: float = 1e6) -> str:
    return f"""job: extension
config:
  name: a
  process:
    - type: sd_trainer
      device: cpu
      network:
        type: lora
        linear: 8
        linear_alpha: 4
{network}        network_kwargs: {kwargs}
      train:
        steps: {STEPS}
        train_unet: true
        train_text_encoder: true
        max_grad_norm: {clip}
{"".join(f"        {line}{chr(10)}" for line in train)}      model:
        name_or_path: tiny
"""


ADAMW = ("optimizer: adamw", "lr: 0.002")
ADAGRAD = ("optimizer: adagrad", "lr: 0.002")
FED_BACK = ("ema_config:", "  use_ema: true", "  ema_decay: 0.9", "  use_feedback: true", "  param_multiplier: 0.999")
COSINE = ("lr_scheduler: cosine", "lr_scheduler_params:", "  eta_min: 0.001")

SOME = "{only_if_contains: [to_q, to_v]}"
"""DoRA in ai-toolkit does not support convolutions."""

CONFIGS = {
    "ai-toolkit, adamw": config(*ADAMW),
    "ai-toolkit, adamw, clipped": config(*ADAMW, clip=0.01),
    "ai-toolkit, prodigy": config("optimizer: prodigy", "lr: 1.0"),
    "ai-toolkit, adafactor": config("optimizer: adafactor", "lr: 0.002"),
    "ai-toolkit, adafactor, never clipped": config("optimizer: adafactor", "lr: 0.002", clip=0.01),
    "ai-toolkit, Adafactor, clipped": config("optimizer: Adafactor", "lr: 0.002", clip=0.01),
    "ai-toolkit, automagic": config("optimizer: automagic", "lr: 0.0001"),
    "ai-toolkit, automagic3": config("optimizer: automagic3", "lr: 0.0001"),
    "ai-toolkit, lion": config("optimizer: lion", "lr: 0.0001", clip=0.01),
    "ai-toolkit, adagrad, clipped": config(*ADAGRAD, clip=0.01),
    "ai-toolkit, adagrad, cosine with a floor": config(*ADAGRAD, *COSINE),
    "ai-toolkit, adagrad, warm-up": config(
        *ADAGRAD, "lr_scheduler: constant_with_warmup", "lr_scheduler_params:", "  num_warmup_steps: 3"
    ),
    "ai-toolkit, adagrad, linear": config(
        *ADAGRAD, "lr_scheduler: linear", "lr_scheduler_params:", "  start_factor: 0.5", "  end_factor: 0.25"
    ),
    "ai-toolkit, convolutions": config(*ADAGRAD, network="        conv: 4\n        conv_alpha: 2\n"),
    "ai-toolkit, convolutions without an alpha": config(*ADAGRAD, network="        conv: 4\n"),
    "ai-toolkit, some layers": config(*ADAGRAD, kwargs=SOME),
    "ai-toolkit, an average that pulls back and shrinks": config(*ADAGRAD, *FED_BACK),
    "ai-toolkit, parts that swap": config("optimizer: adafactor", "lr: 0.002", "do_paramiter_swapping: true"),
    "ai-toolkit, DoRA": config(*ADAGRAD, kwargs=SOME).replace("type: lora", "type: dora"),
}

ZERO_LINE, ALPHA_LINE = "linear_alpha: 0", "linear_alpha: 4"
ZERO = config(*ADAGRAD, network="        alpha: 4\n").replace(ALPHA_LINE, ZERO_LINE)
REPLACED = config("optimizer: automagic", "lr: 0.002")
OF_FLUX = config(*ADAGRAD).replace("text_encoder: true", "text_encoder: false") + "        is_flux: true\n"


def train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    from entry import tiny_images

    sources = tiny_images.clone("ostris__ai-toolkit")
    for name in AUDIO:
        sys.modules.setdefault(name, types.ModuleType(name))
    importlib.import_module("toolkit.lora_special")
    source, step_source = ((sources / file).read_text("utf-8") for file in (PROCESS, STEP))
    source = placed(source, code) if code else source

    def set_up(unet: Any, encoder: Any) -> Any:
        process = process_of(yaml.safe_load(text)["config"]["process"][0], unet)
        names = {"self": process, "unet": unet, "text_encoder": encoder, "params": [], **makers()}
        with contextlib.redirect_stdout(None):
            first = "if self.network_config is not None:"
            tiny_images.execute(source, "run", first, first, names)
            process.params = names["params"]
            tiny_images.execute(source, "run", "optimizer_type = ", "self.lr_scheduler = ", names)
            averaged = "if self.train_config.ema_config.use_ema:"
            tiny_images.execute(source, "setup_ema", averaged, averaged, names)

        def step(loss: torch.Tensor) -> None:
            loss.backward()
            tiny_images.execute(step_source, "hook_train_loop", "if not self.is_grad_acc", "with self.timer('sch", names)
            if process.train_config.do_paramiter_swapping:  # as run() does before each step
                process.optimizer.swap_paramiters()

        return step, process.network

    return lambda: tiny_images.train(tiny_images.FLUX if "is_flux: true" in text else tiny_images.UNET, set_up)


def process_of(config: dict[str, Any], unet: torch.nn.Module) -> Any:
    """The attributes that the statements read from a process at the start of training."""
    from accelerate import Accelerator
    from toolkit.config_modules import ModelConfig, NetworkConfig, TrainConfig

    nothing = lambda *_, **__: None
    model = type("Model", (), {"is_transformer": False, "use_old_lokr_format": True})()
    model.get_model_to_train, model.get_transformer_block_names = lambda: unet, nothing
    kinds = {"network": NetworkConfig, "train": TrainConfig, "model": ModelConfig}
    return types.SimpleNamespace(
        **{f"{name}_config": kind(**config[name]) for name, kind in kinds.items()},
        **dict.fromkeys(("get_latest_save_path", "ensure_params_requires_grad", "setup_ema"), nothing),
        **dict.fromkeys(("adapter", "ema")),
        **dict.fromkeys(("named_lora", "is_grad_accumulation_step"), False),
        **{"sd": model, "name": "a", "save_root": os.devnull, "device_torch": torch.device("cpu")},
        **{"accelerator": Accelerator(cpu=True), "timer": lambda _: contextlib.nullcontext()},
    )


def makers() -> dict[str, Any]:
    """The names that the statements use, imported as ai-toolkit imports them."""
    import inspect

    from toolkit.ema import ExponentialMovingAverage
    from toolkit.lora_special import LoRASpecialNetwork
    from toolkit.lycoris_special import LycorisSpecialNetwork
    from toolkit.optimizer import get_optimizer
    from toolkit.scheduler import get_lr_scheduler

    nothing = lambda *_, **__: None
    own = (ExponentialMovingAverage, LoRASpecialNetwork, LycorisSpecialNetwork, get_optimizer, get_lr_scheduler)
    called = {"flush": nothing, "print_acc": nothing, "sync_grad_transfers": nothing}
    return {**{one.__name__: one for one in own}, **called, "inspect": inspect, "os": os, "torch": torch}


def cell(name: str, text: str, **own: Any) -> Cell:
    needs = ("ostris__ai-toolkit", "diffusers", "torchvision", "optimum")
    bits = not name.endswith(", clipped")
    return Cell(name, text, path="a.yaml", run=train, recorded=True, exact=(), bits=bits, needs=needs, **own)


TRAINERS = {
    "ai_toolkit": [
        *(cell(*each) for each in CONFIGS.items()),
        cell("ai-toolkit, a linear_alpha of 0 beside an alpha", ZERO, hidden=(ZERO_LINE, ALPHA_LINE), off=(1e-2, 10)),
        cell("ai-toolkit, a rate that automagic replaces", REPLACED, off=(1e-2, 1e6)),
        cell("ai-toolkit, Flux, which ignores alpha", OF_FLUX, ignored=("linear_alpha: 4", "linear_alpha: 16")),
    ]
}
