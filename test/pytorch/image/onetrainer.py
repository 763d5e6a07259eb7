"""Trains configs of OneTrainer with its own LoRA, optimizer, schedule and step, on a tiny U-Net and CLIP text encoder.

    LORA_ALPHA_JUDGE_SOURCES=FOLDER python test/pytorch/image/onetrainer.py PRODUCT [words]      # see run.mjs

FOLDER holds a clone as Nerogar__OneTrainer. The setup for Stable Diffusion 1 runs without embeddings, which need a
tokenizer. test/judges/sources.py replaces modules that network, optimizer and schedule do not need.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
sys.path[:0] = [str(Path(__file__).resolve().parents[depth]) for depth in (1, 2)]
sys.path.append(str(Path(__file__).resolve().parents[2] / "judges"))

OUTPUT = os.dup(1)
"""The real standard output. Importing sources.py redirects it to standard error."""

import sympy  # noqa: F401
import torch
import torch._dynamo
import transformers.optimization  # noqa: F401
from comparing import STEPS, Runs, judge_all, recorded
from product import Product
from sources import source
from statements import execute
from tiny_models import UNET

REAL = ("torch", "numpy", "safetensors", "sympy", "mpmath", "diffusers", "transformers", "accelerate")
FOLDER = Path(source("Nerogar__OneTrainer", real=REAL, besides=r"torch\.utils\.tensorboard"))
with contextlib.redirect_stdout(None):
    from modules.model.StableDiffusionModel import StableDiffusionModel
    from modules.modelSetup import StableDiffusionLoRASetup as setups
    from modules.util import create, dtype_util, optimizer_util
    from modules.util.config.TrainConfig import TrainConfig
os.dup2(OUTPUT, 1)

TRAINER = (FOLDER / "modules/trainer/GenericTrainer.py").read_text("utf-8")
CPU = torch.device("cpu")


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
SGD = {"optimizer": "SGD", "momentum": 0.9, "weight_decay": 0.01}

CONFIGS = {
    "OneTrainer, ADAMW, COSINE with warm-up": config(learning_rate_scheduler="COSINE", learning_rate_warmup_steps=2),
    "OneTrainer, ADAMW, clipped": config(clip=0.01, learning_rate_scheduler="COSINE"),
    "OneTrainer, ADAMW, two rates": config(unet={"learning_rate": 0.001}, text_encoder={"learning_rate": 0.0005}),
    "OneTrainer, ADAFACTOR, LINEAR": config(optimizer=ADAFACTOR, learning_rate_scheduler="LINEAR"),
    "OneTrainer, SGD, COSINE_WITH_HARD_RESTARTS": config(
        **{"optimizer": SGD, "learning_rate": 0.5, "learning_rate_scheduler": "COSINE_WITH_HARD_RESTARTS"},
        **{"learning_rate_cycles": 2.0, "learning_rate_min_factor": 0.1},
    ),
    "OneTrainer, CUSTOM CosineAnnealingLR": config(**custom("CosineAnnealingLR", T_max="%TOTAL_STEPS%", eta_min="0.001")),
    "OneTrainer, CUSTOM OneCycleLR": config(**custom("OneCycleLR", max_lr="0.002", total_steps="7")),
    "OneTrainer, CUSTOM OneCycleLR up to its own rate": config(**custom("OneCycleLR", max_lr="%LR%", total_steps="7")),
}


def main(product: str, words: list[str]) -> int:
    return judge_all(product, words, CONFIGS, "a.json", train, more=changes_a_backup)


def changes_a_backup(server: Product) -> bool:
    """Whether the printed code changes the factors of a resumed run. Those are already rescaled, so it must not."""
    text = next(iter(CONFIGS.values()))
    plans = server.plans("a.json", text, (4.0,), 0).plans[4.0]
    model = set_up(TrainConfig.default_values().from_dict(json.loads(text)), *UNET.models(), None)
    model.optimizer_state_dict = {"a backup": 1}
    before = [parameter.clone() for parameter in model.parameters.parameters()]
    exec(next(plan.code for plan in plans if plan.code), {"torch": torch, "model": model})
    same = all(torch.equal(one, other) for one, other in zip(before, model.parameters.parameters(), strict=True))
    print(f"OneTrainer, a run that goes on: {'left alone' if same else 'changed <<<< FALSE'}")
    return not same


def train(text: str, code: str | None) -> Runs:
    def prepared(unet: Any, encoder: Any) -> Any:
        model = set_up(TrainConfig.default_values().from_dict(json.loads(text)), unet, encoder, code)
        data = SimpleNamespace(get_data_set=lambda: SimpleNamespace(approximate_length=lambda: STEPS))
        parameters = model.parameters.parameters()
        trainer = SimpleNamespace(model=model, config=model.train_config, parameters=parameters, data_loader=data)
        names = {"self": trainer, "train_progress": model.train_progress, "create": create, "nn": torch.nn, **vars(dtype_util)}
        execute(TRAINER, "train", "scaler = ", "scaler = ", names)
        execute(TRAINER, "train", "lr_scheduler = create.", "lr_scheduler = create.", names)

        def step(loss: torch.Tensor) -> None:
            loss.backward()
            execute(TRAINER, "train", "if scaler and", "self.model.optimizer.zero_grad(", names)

        return step, contextlib.nullcontext()

    return recorded(UNET, prepared)


class Setup(setups.StableDiffusionLoRASetup):
    """The setup without embeddings, which need a tokenizer."""

    def _setup_embeddings(self, *_: Any) -> None:
        pass

    _setup_embedding_wrapper = _setup_embeddings_requires_grad = _setup_embeddings


def set_up(config: Any, unet: torch.nn.Module, encoder: torch.nn.Module, code: str | None) -> Any:
    """The model with LoRA and optimizer; the code runs at the top of init_model_parameters, as its comment says."""
    model = StableDiffusionModel(config.model_type)
    model.train_config, model.unet, model.text_encoder, model.vae = config, unet, encoder, torch.nn.Module()
    names = dict(vars(optimizer_util))
    first = "    model.parameters = parameters\n"
    own = inspect.getsource(optimizer_util.init_model_parameters)
    if first not in own:
        raise LookupError("init_model_parameters does not begin as it did")
    exec(own.replace(first, textwrap.indent(code or "", "    ") + first), names)
    setups.init_model_parameters = names["init_model_parameters"]
    with contextlib.redirect_stdout(None):
        Setup(CPU, CPU, False).setup_model(model, config)
    return model


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
