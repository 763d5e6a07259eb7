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
import tiny_unet
import torch
import torch._dynamo
import transformers.optimization  # noqa: F401
from comparing import STEPS, Runs, judge_all, named, recorded
from onetrainer_configs import CONFIGS
from product import Product
from sources import source
from statements import execute

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


def main(product: str, words: list[str]) -> int:
    return judge_all(product, named(CONFIGS, words), "a.json", train, more=None if words else changes_a_backup)


def changes_a_backup(server: Product) -> bool:
    """Whether the printed code changes the factors of a resumed run. Those are already rescaled, so it must not."""
    text = next(iter(CONFIGS.values()))
    plans = server.plans("a.json", text, (4.0,), 0).plans[4.0]
    model = set_up(TrainConfig.default_values().from_dict(json.loads(text)), *tiny_unet.models(), None)
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

    return recorded(tiny_unet, prepared)


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
