"""Trains configs of kohya's trainers with the real networks on a tiny U-Net and CLIP text encoder.

    node test/pytorch/image/run.mjs [--python PATH] [words]

The Python needs torch, diffusers, transformers and toml; a cell needs `lycoris-lora`, or sd-scripts' sources in
LORA_ALPHA_JUDGE_SOURCES (a folder kohya-ss__sd-scripts), and is skipped without them. Of each plan that the product
calls exact, the rewritten config with the printed code must give the bits of the config as it was, at k = 4 and 1/4.
"""

from __future__ import annotations

import ast
import importlib
import logging
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.append(str(Path(os.environ.get("LORA_ALPHA_JUDGE_SOURCES", os.devnull)) / "kohya-ss__sd-scripts"))

import torch
from configs import CONFIGS
from comparing import judged
from product import Product
from tiny_unet import models, output, sample
from transformers import get_scheduler

STEPS = 6


def main(product: str, words: list[str]) -> int:
    torch.set_num_threads(1)
    logging.disable()
    server = Product(product)
    false = 0
    for name, text in CONFIGS.items():
        if not all(word in name for word in words):
            continue
        module = tomllib.loads(text)["network_module"]
        try:
            importlib.import_module(module)
        except ImportError as error:
            print(f"skipped {name}: {error}")
            continue
        false += judged(server, name, "a.toml", text, train, clips(text))
    server.close()
    return 1 if false else 0


def train(text: str, code: str | None) -> tuple[torch.Tensor, torch.Tensor]:
    """Every loss, and what the trained network adds to the output of the U-Net for a probe."""
    config = tomllib.loads(text)
    arguments = {name: pairs(config.get(name, [])) for name in ("network_args", "optimizer_args", "lr_scheduler_args")}
    unet, encoder = models()
    probe = sample(10_000)
    before = output(unet, encoder, probe).detach()
    torch.manual_seed(1)
    module = importlib.import_module(config["network_module"])
    network = module.create_network(
        1.0, config["network_dim"], config["network_alpha"], None, [encoder], unet, **arguments["network_args"]
    )
    network.apply_to([encoder], unet, not config.get("network_train_unet_only", False), True)
    if code is not None:
        exec(code, {"torch": torch, "network": network})
    rate = config["learning_rate"]
    found = network.prepare_optimizer_params(config.get("text_encoder_lr", rate), config.get("unet_lr", rate), rate)
    groups = found[0] if isinstance(found, tuple) else found
    options = {name: ast.literal_eval(value) for name, value in arguments["optimizer_args"].items()}
    optimizer = getattr(torch.optim, config.get("optimizer_type", "AdamW"))(groups, lr=rate, **options)
    schedule = schedule_of(config, optimizer, arguments["lr_scheduler_args"])
    network.prepare_grad_etc([encoder], unet)
    losses = []
    for step in range(STEPS):
        loss = (output(unet, encoder, sample(step)) - sample(step)[3]).pow(2).mean()
        loss.backward()
        if config.get("max_grad_norm", 1.0) != 0:
            torch.nn.utils.clip_grad_norm_(network.get_trainable_params(), config.get("max_grad_norm", 1.0))
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        if config.get("scale_weight_norms"):
            network.apply_max_norm_regularization(config["scale_weight_norms"], torch.device("cpu"))
        losses.append(loss.detach())
    return torch.stack(losses), output(unet, encoder, probe).detach() - before


def clips(text: str) -> bool:
    return tomllib.loads(text).get("max_grad_norm", 1.0) != 0


def pairs(lines: list[str]) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines)


def schedule_of(config: dict[str, Any], optimizer: torch.optim.Optimizer, texts: dict[str, str]) -> Any:
    """As get_scheduler_fix of sd-scripts (library/train_util.py) makes it."""
    arguments = {name: ast.literal_eval(value) for name, value in texts.items()}
    if config.get("lr_scheduler_type"):
        return getattr(torch.optim.lr_scheduler, config["lr_scheduler_type"])(optimizer, **arguments)
    name = config.get("lr_scheduler", "constant")
    return get_scheduler(name, optimizer, 0, STEPS, scheduler_specific_kwargs=arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
