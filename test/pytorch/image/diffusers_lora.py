"""Trains with diffusers' LoRA script for Flux: bash expands a command line, and the script's own statements train.

    LORA_ALPHA_JUDGE_SOURCES=FOLDER python test/pytorch/image/diffusers_lora.py PRODUCT [words]      # see run.mjs

FOLDER holds a clone as huggingface__diffusers. The script's parser, LoRA, parameter groups, optimizer, schedule and step
run on a tiny Flux and CLIP text encoder. As its comment asks, the printed code runs between LoRA and optimizer.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
SOURCES = Path(os.environ.get("LORA_ALPHA_JUDGE_SOURCES", os.devnull))
SCRIPT = SOURCES / "huggingface__diffusers/examples/dreambooth/train_dreambooth_lora_flux.py"
sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
sys.path.append(str(Path(__file__).resolve().parents[2] / "judges"))

import torch
from accelerate import Accelerator
from comparing import STEPS, Runs, judge_all, recorded
from shells import calls, runs
from statements import execute
from tiny_models import FLUX
from transformers.integrations.peft import MIN_PEFT_VERSION, check_peft_version


def command(*flags: str, rate: str = "1e-3", clip: str = "1e6") -> str:
    numbers = ["--rank=8", "--lora_alpha=16", f"--learning_rate={rate}", f"--max_grad_norm={clip}"]
    needed = ["--pretrained_model_name_or_path=tiny", "--instance_data_dir=data", '--instance_prompt="a cat"']
    words = [*needed, *numbers, f"--max_train_steps={STEPS}", *flags]
    return f"#!/bin/bash\naccelerate launch {SCRIPT.name} \\\n  " + " \\\n  ".join(words) + "\n"


TEXT_ENCODER = ("--train_text_encoder", "--text_encoder_lr=5e-4")

COMMANDS = {
    "diffusers": command(),
    "diffusers, clipped": command(clip="0.01"),
    "diffusers, text encoder": command(*TEXT_ENCODER),
    "diffusers, text encoder at its own default": command("--train_text_encoder"),
    "diffusers, text encoder, decay of its own": command(*TEXT_ENCODER, "--adam_weight_decay_text_encoder=0.1"),
    "diffusers, text encoder, clipped": command(*TEXT_ENCODER, clip="0.01"),
    "diffusers, decay and epsilon": command("--adam_weight_decay=0.1", "--adam_epsilon=1e-6"),
    "diffusers, cosine": command("--lr_scheduler=cosine", "--lr_warmup_steps=2"),
    "diffusers, polynomial": command("--lr_scheduler=polynomial", "--lr_warmup_steps=0", "--lr_power=2"),
    "diffusers, prodigy": command("--optimizer=prodigy", rate="1.0"),
    "diffusers, prodigy, text encoder": command("--optimizer=prodigy", "--train_text_encoder", rate="1.0"),
    "diffusers, some layers": command("--lora_layers=attn.to_q,attn.to_v"),
}


def main(product: str, words: list[str]) -> int:
    if not SCRIPT.is_file():
        print("skipped diffusers: LORA_ALPHA_JUDGE_SOURCES has no folder huggingface__diffusers")
        return 0
    return judge_all(product, words, COMMANDS, "a.sh", partial(train, loaded()), missing_peft)


def missing_peft(text: str) -> str | None:
    """transformers adds no LoRA to a text encoder with a PEFT older than it likes."""
    if "--train_text_encoder" not in text:
        return None
    try:
        check_peft_version(min_version=MIN_PEFT_VERSION)
    except ValueError as error:
        return str(error)
    return None


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("script", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def train(script: ModuleType, text: str, code: str | None) -> Runs:
    source = SCRIPT.read_text("utf-8")

    def set_up(transformer: Any, encoder: Any) -> Any:
        names = {**vars(script), "args": script.parse_args(words_of(text)), "accelerator": Accelerator(cpu=True)}
        names |= {"transformer": transformer, "text_encoder_one": encoder, "train_dataloader": [None] * STEPS}
        execute(source, "main", "if args.lora_layers is not None:", "if args.train_text_encoder:", names)
        if code is not None:
            exec(code, names)
        execute(source, "main", "if args.scale_lr:", 'if args.optimizer.lower() == "prodigy":', names)
        execute(source, "main", "num_warmup_steps_for_scheduler = ", "if args.train_text_encoder:", names)

        def step(loss: torch.Tensor) -> None:
            names["loss"] = loss
            execute(source, "main", "accelerator.backward(loss)", "optimizer.zero_grad()", names)

        return step, contextlib.nullcontext()

    return recorded(FLUX, set_up)


def words_of(text: str) -> list[str]:
    """The command-line arguments that bash passes to the script."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sh"
        path.write_text(text, "utf-8")
        (words,) = runs(calls(str(path)), SCRIPT.name)
    return words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
