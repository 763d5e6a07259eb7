"""Trains configs of sd-scripts with its own parser, network, optimizer, schedule and step, on a tiny U-Net.

    node test/pytorch/image/run.mjs [--python PATH] [words]

LORA_ALPHA_JUDGE_SOURCES names a folder with a clone as kohya-ss__sd-scripts. The Python needs torch, torchvision,
diffusers, transformers and toml, and `lycoris-lora` for the cells of LyCORIS. The statements of train_network.py run
unchanged, with the printed code at the place that its comment names. If the product calls a plan exact, the rewritten
config must give the same bits as the original config, at k = 4 and 1/4.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

os.environ["OMP_NUM_THREADS"] = "1"
FOLDER = Path(os.environ.get("LORA_ALPHA_JUDGE_SOURCES", os.devnull)) / "kohya-ss__sd-scripts"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.append(str(FOLDER))

import tiny_unet
import torch
from accelerate import Accelerator
from comparing import STEPS, Runs, judge_all, named, recorded
from configs import CONFIGS
from placing import placed
from statements import execute

STAND_INS = ("imagesize", "voluptuous", "library.lpw_stable_diffusion", "library.sdxl_lpw_stable_diffusion")
"""Packages that sd-scripts imports for data sets and samples. Nothing here uses them."""


def main(product: str, words: list[str]) -> int:
    for name in STAND_INS:
        sys.modules[name] = MagicMock()
    try:
        import train_network  # noqa: F401
    except ImportError as error:
        print(f"skipped sd-scripts and LyCORIS: {error}")
        return 0
    return judge_all(product, named(CONFIGS, words), "a.toml", train, missing_network)


def missing_network(text: str) -> str | None:
    try:
        importlib.import_module(tomllib.loads(text)["network_module"])
    except ImportError as error:
        return str(error)
    return None


def train(text: str, code: str | None) -> Runs:
    import train_network

    source = (FOLDER / "train_network.py").read_text("utf-8")
    if code is not None:
        source = placed(source, code)

    def set_up(unet: Any, encoder: Any) -> Any:
        config = argparse.Namespace(**tomllib.loads(text), max_train_steps=STEPS)
        args = train_network.setup_parser().parse_args([], config)
        names = {
            **vars(train_network),
            **{"self": train_network.NetworkTrainer(), "args": args, "accelerator": Accelerator(cpu=True)},
            **{"network_module": importlib.import_module(args.network_module), "vae": None, "unet": unet},
            **{"text_encoder": encoder, "text_encoders": [encoder]},
        }
        run = lambda first, last: execute(source, "train", first, last, names)
        with contextlib.redirect_stdout(None):
            run("net_kwargs = ", "if args.dim_from_weights")
            run("network_has_multiplier = ", "optimizer_name, ")
        run("lr_scheduler = ", "lr_scheduler = ")
        run("accelerator.unwrap_model(network).prepare_grad_etc", "accelerator.unwrap_model(network).prepare_grad_etc")

        def step(loss: torch.Tensor) -> None:
            names["loss"] = loss
            run("accelerator.backward(loss)", "optimizer.zero_grad")
            run("if args.scale_weight_norms:", "if args.scale_weight_norms:")

        return step, contextlib.nullcontext()

    return recorded(tiny_unet, set_up)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
