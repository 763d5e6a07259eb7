"""sd-scripts, with its own parser, network, optimizer, schedule and step; and LyCORIS in its trainer."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import importlib
import math
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import torch
from cell import Cell
from placing import placed

STAND_INS = ("imagesize", "voluptuous", "library.lpw_stable_diffusion", "library.sdxl_lpw_stable_diffusion")
"""Packages that sd-scripts imports for data sets and samples. Nothing here uses them."""


def config(*lines: str, module: str = "networks.lora", rate: str = "2e-3", clip: str = "0") -> str:
    head = [f'network_module = "{module}"', "network_dim = 8", "network_alpha = 4", f"learning_rate = {rate}"]
    return "\n".join([*head, f"max_grad_norm = {clip}", *lines, ""])


def scheduled(kind: str, *args: str) -> str:
    return config(f'lr_scheduler_type = "{kind}"', f"lr_scheduler_args = {[*args]}".replace("'", '"'))


def lycoris(*args: str, lines: tuple[str, ...] = ()) -> str:
    preset = "preset=unet-convblock-only" if "algo=locon" in args else "preset=attn-mlp"
    return config(f"network_args = {[*args, preset]}".replace("'", '"'), *lines, module="lycoris.kohya")


def flux(*args: str) -> str:
    """Of the network for sd-scripts' own Flux."""
    lines = [f"network_args = {[*args]}".replace("'", '"')] if args else []
    return config("network_train_unet_only = true", *lines, module="networks.lora_flux")


CONFIGS = {
    "sd-scripts": config(),
    "sd-scripts, clipped": config(clip="0.01"),
    "sd-scripts, convolutions": config('network_args = ["conv_dim=4", "conv_alpha=2"]'),
    "sd-scripts, two rates": config("unet_lr = 1e-3", "text_encoder_lr = 5e-4"),
    "sd-scripts, SGD": config('optimizer_type = "SGD"', 'optimizer_args = ["momentum=0.9"]', rate="0.5"),
    "sd-scripts, LoRA+": config('network_args = ["loraplus_lr_ratio=4"]', 'optimizer_args = ["weight_decay=0", "eps=1e-30"]'),
    "sd-scripts, max-norm": config("scale_weight_norms = 0.01"),
    "sd-scripts, OneCycleLR": scheduled("OneCycleLR", "max_lr=2e-3", "total_steps=7"),
    "sd-scripts, CyclicLR": scheduled("CyclicLR", "base_lr=1e-4", "max_lr=2e-3", "step_size_up=3", "cycle_momentum=False"),
    "sd-scripts, eta_min": scheduled("CosineAnnealingLR", "T_max=6", "eta_min=1e-3"),
    "sd-scripts, polynomial": config('lr_scheduler = "polynomial"', rate="2e-6"),
    "sd-scripts, polynomial with an end": config('lr_scheduler = "polynomial"', 'lr_scheduler_args = ["lr_end=1e-3"]'),
    "sd-scripts, cosine with a floor": config('lr_scheduler = "cosine_with_min_lr"', 'lr_scheduler_args = ["min_lr=1e-3"]'),
    "LyCORIS": lycoris("algo=locon", "conv_dim=4", "conv_alpha=2"),
    "LyCORIS, no Tucker": lycoris("algo=locon", "conv_dim=4", "conv_alpha=2", "use_tucker=False"),
    "LyCORIS, Tucker": lycoris("algo=locon", "conv_dim=4", "conv_alpha=2", "use_tucker=True"),
    "LyCORIS, Tucker by its old name": lycoris("algo=locon", "conv_dim=4", "conv_alpha=2", "use_cp=1"),
    "LyCORIS, scalar": lycoris("algo=lora", "use_scalar=1"),
    "LyCORIS, norms": lycoris("algo=lora", "train_norm=1"),
    "LyCORIS, DoRA": lycoris("algo=lora", "dora_wd=1"),
    "LyCORIS, rank-stabilised": lycoris("algo=lora", "rs_lora=yes"),
    "LyCORIS, LoRA+": lycoris(
        "algo=lora", "loraplus_lr_ratio=4", lines=('optimizer_args = ["weight_decay=0", "eps=1e-30"]',)
    ),
    "sd-scripts, Flux": flux(),
}
NOT_UNDERSTOOD = {
    "sd-scripts, Flux, rates by pattern": flux("network_reg_lrs=.*double.*=5e-4"),
    "sd-scripts, Flux, noise by gradients (GGPO)": flux("ggpo_sigma=0.03", "ggpo_beta=1e4"),
}
"""Arguments of the network, which no plan could follow."""


def tiny_flux() -> Any:
    """Flux as sd-scripts builds it, whose network looks for the names of its blocks."""
    from entry import tiny_images
    from library.flux_models import Flux, FluxParams

    sizes = {"in_channels": 4, "vec_in_dim": 8, "context_in_dim": 8, "hidden_size": 16, "mlp_ratio": 2, "num_heads": 2}
    sizes |= {"depth": 1, "depth_single_blocks": 1, "axes_dim": [2, 2, 4], "theta": 10000, "qkv_bias": True}
    model = lambda flux, noisy, times, text: flux(
        **{"img": noisy, "img_ids": torch.zeros(2, 16, 3), "txt": text.last_hidden_state, "txt_ids": torch.zeros(2, 8, 3)},
        **{"timesteps": times, "y": text.pooler_output},
    )
    make = lambda: Flux(FluxParams(**sizes, guidance_embed=False))
    return dataclasses.replace(tiny_images.FLUX, make=make, run=model)


def train(text: str, code: str | None, folder: Path, parsed: Callable[[Any], Any] | None = None) -> Callable[[], None]:
    """@param parsed what the parser makes of a command, where the text is one"""
    from accelerate import Accelerator
    from entry import tiny_images

    sources = tiny_images.clone("kohya-ss__sd-scripts")
    sys.modules.update({name: MagicMock() for name in STAND_INS})
    train_network = importlib.import_module("train_network")
    source = (sources / "train_network.py").read_text("utf-8")
    if code is not None:
        source = placed(source, code)

    def set_up(unet: Any, encoder: Any) -> Any:
        parser = train_network.setup_parser()
        config = {} if parsed else {**tomllib.loads(text), "max_train_steps": tiny_images.STEPS}
        args = parsed(parser) if parsed else parser.parse_args([], argparse.Namespace(**config))
        texts = [encoder] if is_flux else encoder
        names = {
            **vars(train_network),
            **{"self": train_network.NetworkTrainer(), "args": args, "accelerator": Accelerator(cpu=True)},
            **{"network_module": importlib.import_module(args.network_module), "vae": None, "unet": unet},
            **{"text_encoder": texts, "text_encoders": [encoder]},
        }
        run = lambda first, last: tiny_images.execute(source, "train", first, last, names)
        with contextlib.redirect_stdout(None):
            run("net_kwargs = ", "if args.dim_from_weights")
            run("network_has_multiplier = ", "optimizer_name, ")
        run("lr_scheduler = ", "lr_scheduler = ")
        run("accelerator.unwrap_model(network).prepare_grad_etc", "accelerator.unwrap_model(network).prepare_grad_etc")

        def step(loss: Any) -> None:
            names["loss"] = loss
            run("accelerator.backward(loss)", "optimizer.zero_grad")
            run("if args.scale_weight_norms:", "if args.scale_weight_norms:")

        return step, contextlib.nullcontext()

    is_flux = "lora_flux" in text
    return lambda: tiny_images.train(tiny_flux() if is_flux else tiny_images.UNET, set_up)


def cell(name: str, text: str, **more: Any) -> Cell:
    needs = ("kohya-ss__sd-scripts", "diffusers", "toml", "torchvision", *(("lycoris",) if "LyCORIS" in name else ()))
    own: dict[str, Any] = {"run": train, "recorded": True, "exact": (), "bits": not name.endswith(", clipped")}
    return Cell(name, text, path="a.toml", needs=needs, **{**own, **more})


def not_understood(name: str, text: str) -> Cell:
    hidden = next(line for line in text.splitlines() if line.startswith("network_args"))
    return cell(name, text, hidden=(hidden, "# hidden"), off=(1e-4, math.inf))


TRAINERS = {
    "sd_scripts": [*(cell(*each) for each in CONFIGS.items()), *(not_understood(*each) for each in NOT_UNDERSTOOD.items())]
}
