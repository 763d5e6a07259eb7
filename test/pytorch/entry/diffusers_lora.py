"""diffusers' LoRA script for Flux: bash expands a command line, and the script's own statements train on a tiny Flux."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from cell import Cell
from transformers.integrations.peft import MIN_PEFT_VERSION, check_peft_version

sys.path.append(str(Path(__file__).resolve().parents[2] / "judges"))
from shells import calls, runs

SCRIPT = "train_dreambooth_lora_flux.py"
STEPS = 6


def command(*flags: str, rate: str = "1e-3", clip: str = "1e6") -> str:
    numbers = ["--rank=8", "--lora_alpha=16", f"--learning_rate={rate}", f"--max_grad_norm={clip}"]
    needed = ["--pretrained_model_name_or_path=tiny", "--instance_data_dir=data", '--instance_prompt="a cat"']
    words = [*needed, *numbers, f"--max_train_steps={STEPS}", *flags]
    return f"#!/bin/bash\naccelerate launch {SCRIPT} \\\n  " + " \\\n  ".join(words) + "\n"


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
    "diffusers, adam, which the script does not know": command("--optimizer=adam", "--adam_weight_decay=0.1"),
    "diffusers, some layers": command("--lora_layers=attn.to_q,attn.to_v"),
}


def train(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    from accelerate import Accelerator
    from entry import tiny_images

    path = tiny_images.clone("huggingface__diffusers") / "examples/dreambooth" / SCRIPT
    source = path.read_text("utf-8")
    spec = importlib.util.spec_from_file_location("script", path)
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    run = lambda first, last, names: tiny_images.execute(source, "main", first, last, names)

    def set_up(transformer: Any, encoder: Any) -> Any:
        names = {**vars(script), "args": script.parse_args(words_of(text)), "accelerator": Accelerator(cpu=True)}
        names |= {"transformer": transformer, "text_encoder_one": encoder, "train_dataloader": [None] * STEPS}
        run("if args.lora_layers is not None:", "if args.train_text_encoder:", names)
        if code is not None:
            exec(code, names)
        run("if args.scale_lr:", 'if args.optimizer.lower() == "prodigy":', names)
        run("num_warmup_steps_for_scheduler = ", "if args.train_text_encoder:", names)

        def step(loss: torch.Tensor) -> None:
            names["loss"] = loss
            run("accelerator.backward(loss)", "optimizer.zero_grad()", names)

        return step, contextlib.nullcontext()

    return lambda: tiny_images.train(tiny_images.FLUX, set_up)


def words_of(text: str) -> list[str]:
    """The command-line arguments that bash passes to the script."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sh"
        path.write_text(text, "utf-8")
        (words,) = runs(calls(str(path)), SCRIPT)
    return words


def cell(name: str, text: str) -> Cell:
    needs = ["huggingface__diffusers", "diffusers", "torchvision"]
    try:
        check_peft_version(min_version=MIN_PEFT_VERSION)
    except ValueError:
        # transformers adds no LoRA to a text encoder with a PEFT older than it likes.
        needs += ["a newer PEFT"] if "--train_text_encoder" in text else []
    bits = not name.endswith(", clipped")
    return Cell(name, text, path="a.sh", run=train, recorded=True, exact=(), bits=bits, needs=tuple(needs))


TRAINERS = {"diffusers": [cell(*each) for each in COMMANDS.items()]}
