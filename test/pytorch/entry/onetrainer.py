"""
OneTrainer: its own setup, LoRA, optimizer, schedule and step for Stable Diffusion 1, without embeddings, which need a
tokenizer. test/judges/sources.py replaces modules that network, optimizer and schedule do not need.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import inspect
import json
import os
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from cell import Cell

sys.path.append(str(Path(__file__).resolve().parents[2] / "judges"))

STEPS = 6
REAL = ("torch", "numpy", "safetensors", "sympy", "mpmath", "diffusers", "transformers", "accelerate", "lora_alpha_run")


def config(clip: float | None = None, optimizer: dict[str, Any] | None = None, **settings: Any) -> str:
    own = {
        **{"__version": 10, "training_method": "LORA", "lora_rank": 8, "lora_alpha": 4.0, "learning_rate": 0.002},
        **{"learning_rate_warmup_steps": 0, "epochs": 1, "train_dtype": "FLOAT_32", "clip_grad_norm": clip},
        "optimizer": optimizer or ADAMW,
    }
    return json.dumps({**own, **settings}, indent=2)


def custom(name: str, **params: str) -> dict[str, Any]:
    pairs = [{"key": key, "value": value} for key, value in params.items()]
    return {
        "learning_rate_scheduler": "CUSTOM",
        "custom_learning_rate_scheduler": f"torch.optim.lr_scheduler.{name}",
        "scheduler_params": pairs,
    }


ADAMW = {"optimizer": "ADAMW", "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01}
ADAFACTOR = {
    **{"optimizer": "ADAFACTOR", "eps": 1e-30, "eps2": 1e-3, "clip_threshold": 1.0, "decay_rate": -0.8},
    **{"weight_decay": 0.0, "scale_parameter": False, "relative_step": False, "warmup_init": False},
}
FUSED = {"fused_back_pass": True}
SGD = {"optimizer": "SGD", "momentum": 0.9, "weight_decay": 0.01}

CONFIGS = {
    "OneTrainer, ADAMW, COSINE with warm-up": config(learning_rate_scheduler="COSINE", learning_rate_warmup_steps=2),
    "OneTrainer, ADAMW, clipped": config(clip=0.01, learning_rate_scheduler="COSINE"),
    "OneTrainer, ADAMW, two rates": config(unet={"learning_rate": 0.001}, text_encoder={"learning_rate": 0.0005}),
    "OneTrainer, ADAFACTOR, LINEAR": config(optimizer=ADAFACTOR, learning_rate_scheduler="LINEAR"),
    "OneTrainer, ADAFACTOR, a step within backward": config(optimizer={**ADAFACTOR, **FUSED}),
    "OneTrainer, ADAFACTOR, a step within backward, clipped": config(clip=0.01, optimizer={**ADAFACTOR, **FUSED}),
    "OneTrainer, ADAMW, a step within backward": config(optimizer={**ADAMW, **FUSED}),
    "OneTrainer, ADAM, a step within backward": config(optimizer={**ADAMW, **FUSED, "optimizer": "ADAM"}),
    "OneTrainer, SGD, COSINE_WITH_HARD_RESTARTS": config(
        **{"optimizer": SGD, "learning_rate": 0.5, "learning_rate_scheduler": "COSINE_WITH_HARD_RESTARTS"},
        **{"learning_rate_cycles": 2.0, "learning_rate_min_factor": 0.1},
    ),
    "OneTrainer, CUSTOM CosineAnnealingLR": config(**custom("CosineAnnealingLR", T_max="%TOTAL_STEPS%", eta_min="0.001")),
    "OneTrainer, CUSTOM OneCycleLR": config(**custom("OneCycleLR", max_lr="0.002", total_steps="7")),
    "OneTrainer, CUSTOM OneCycleLR up to its own rate": config(**custom("OneCycleLR", max_lr="%LR%", total_steps="7")),
}


OFF = {
    "OneTrainer, ADAFACTOR, the scheduler ADAFACTOR": config(
        optimizer={**ADAFACTOR, "scale_parameter": True}, learning_rate_scheduler="ADAFACTOR"
    ),
}
"""Its scheduler multiplies the rate by the size of the weights, so no plan is the same run."""


def train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    parts = trainer_parts()
    config = parts.TrainConfig.default_values().from_dict(json.loads(text))
    if code:
        # Before the recorder looks for modules, and gone by then.
        leaves_a_backup(parts, config, code)
        gc.collect()

    def prepared(unet: Any, encoder: Any) -> Any:
        model = set_up(parts, config, unet, encoder, code)
        data = SimpleNamespace(get_data_set=lambda: SimpleNamespace(approximate_length=lambda: STEPS))
        parameters = model.parameters.parameters()
        trainer = SimpleNamespace(model=model, config=model.train_config, parameters=parameters, data_loader=data)
        vars(trainer).update({"grad_hook_handles": [], "__is_update_step": lambda _: True})
        names = {"self": trainer, "train_progress": model.train_progress, "nn": torch.nn}
        names |= {"create": parts.create, **vars(parts.dtype_util)}
        run = lambda first, last: parts.execute(parts.source, "train", first, last, names)
        run("scaler = ", "scaler = ")
        if model.train_config.optimizer.fused_back_pass:
            names |= {"fused_optimizer_step": True, "fused_reduce": False, "init_compile": lambda: None}
            parts.execute(parts.source, "__apply_fused_back_pass", "for param_group in", "for param_group in", names)
        run("lr_scheduler = create.", "lr_scheduler = create.")

        def step(loss: torch.Tensor) -> None:
            loss.backward()
            run("if scaler and", "self.model.optimizer.zero_grad(")

        return step, contextlib.nullcontext()

    return lambda: parts.train(parts.UNET, prepared)


def trainer_parts() -> SimpleNamespace:
    """The modules of OneTrainer, and the tiny model."""
    from entry import tiny_images

    output = os.dup(1)
    for name in ("sympy", "torch._dynamo", "transformers.optimization"):
        importlib.import_module(name)
    # Importing sources.py redirects the standard output to standard error.
    folder = importlib.import_module("sources").source("Nerogar__OneTrainer", REAL, besides=r"torch\.utils\.tensorboard")
    names = ["model.StableDiffusionModel", "modelSetup.StableDiffusionLoRASetup", "util.create", "util.dtype_util"]
    names += ["util.optimizer_util", "util.config.TrainConfig"]
    with contextlib.redirect_stdout(None):
        model, setups, create, dtype_util, optimizer_util, config = (importlib.import_module(f"modules.{n}") for n in names)
    os.dup2(output, 1)
    return SimpleNamespace(
        **{"StableDiffusionModel": model.StableDiffusionModel, "setups": setups, "create": create},
        **{"dtype_util": dtype_util, "optimizer_util": optimizer_util, "TrainConfig": config.TrainConfig},
        **{"source": (Path(folder) / "modules/trainer/GenericTrainer.py").read_text("utf-8")},
        **{name: getattr(tiny_images, name) for name in ("UNET", "execute", "train")},
    )


def leaves_a_backup(parts: Any, config: Any, code: str) -> None:
    """The factors of a run that goes on are rescaled already, so the printed code must not change them."""
    model = set_up(parts, config, *parts.UNET.models(), None)
    model.optimizer_state_dict = {"a backup": 1}
    before = [parameter.clone() for parameter in model.parameters.parameters()]
    exec(code, {"torch": torch, "model": model})
    if not all(map(torch.equal, before, model.parameters.parameters())):
        raise RuntimeError("the code changes the factors of a run that goes on")


def set_up(parts: Any, config: Any, unet: torch.nn.Module, encoder: torch.nn.Module, code: str | None) -> Any:
    """The model with LoRA and optimizer; the code runs at the top of init_model_parameters, as its comment says."""
    model = parts.StableDiffusionModel(config.model_type)
    model.train_config, model.unet, model.text_encoder, model.vae = config, unet, encoder, torch.nn.Module()
    names = dict(vars(parts.optimizer_util))
    first = "    model.parameters = parameters\n"
    own = inspect.getsource(parts.optimizer_util.init_model_parameters)
    if first not in own:
        raise LookupError("init_model_parameters does not begin as it did")
    exec(own.replace(first, textwrap.indent(code or "", "    ") + first), names)
    parts.setups.init_model_parameters = names["init_model_parameters"]
    nothing = lambda *_, **__: None
    embeddings = ("_setup_embeddings", "_setup_embedding_wrapper", "_setup_embeddings_requires_grad")
    setup = type("Setup", (parts.setups.StableDiffusionLoRASetup,), dict.fromkeys(embeddings, nothing))
    with contextlib.redirect_stdout(None):
        setup(torch.device("cpu"), torch.device("cpu"), False).setup_model(model, config)
    return model


def cell(name: str, text: str, off: tuple[float, float] | None = None) -> Cell:
    needs, bits = ("Nerogar__OneTrainer", "diffusers"), not name.endswith(", clipped")
    alone = ('"lora_alpha": 4.0', '"lora_alpha": 16.0') if "fused_back_pass" in text else None
    return Cell(name, text, path="a.json", run=train, recorded=True, exact=(), bits=bits, needs=needs, alone=alone, off=off)


TRAINERS = {
    "onetrainer": [*(cell(*each) for each in CONFIGS.items()), *(cell(*each, off=(1e-2, 10)) for each in OFF.items())]
}
