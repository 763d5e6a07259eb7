"""kohya_ss: its own functions make sd-scripts' config of the settings, and sd-scripts' own parser reads that.

The function that calls them takes 300 arguments, so what it does between them is repeated here (kohya_gui/lora_gui.py:
train_model).
"""

import json
import os
import shlex
import sys
import tempfile

from sources import source  # before judging, which takes this folder off the path
from judging import judge, sd_scripts, text_of

source("bmaltais__kohya_ss", real=["toml"])
source("kohya-ss__sd-scripts", real=["toml"])

import toml  # noqa: E402
import train_network  # noqa: E402
from kohya_gui import common_gui, lora_gui  # noqa: E402
from library.train_util import read_config_from_file  # noqa: E402


def float_of(settings, name, otherwise=0):
    return float(settings.get(name, otherwise) or 0)


def config_of(settings):
    """config_toml_data, as far as it is about LoRA."""
    text_encoder, unet = float_of(settings, "text_encoder_lr"), float_of(settings, "unet_lr")
    unet_only, text_encoder_only = lora_gui.resolve_network_train_flags(text_encoder, unet)
    ratios = [settings.get(f"loraplus_{part}lr_ratio", 0) for part in ("", "unet_", "text_encoder_")]
    t5xxl = float_of(settings, "t5xxl_lr") or text_encoder
    config = {
        "learning_rate": float_of(settings, "learning_rate"),
        "unet_lr": unet or None,
        "text_encoder_lr": [text_encoder, t5xxl] if text_encoder else None,
        "network_train_unet_only": unet_only,
        "network_train_text_encoder_only": text_encoder_only,
        "network_alpha": float_of(settings, "network_alpha", 1),
        "network_dim": int(settings["network_dim"]),
        "network_args": lora_gui.append_loraplus_network_args("", *ratios).split(),
        "max_grad_norm": settings.get("max_grad_norm", 1.0),
        "optimizer_type": settings["optimizer"],
        "optimizer_args": str(settings.get("optimizer_args", "")).replace('"', "").split(),
        "lr_scheduler": settings.get("lr_scheduler", "cosine"),
        "lr_warmup_steps": common_gui.resolve_lr_warmup_steps(settings.get("lr_warmup", 10), settings.get("lr_warmup_steps", 0)),
    }
    return {key: value for key, value in config.items() if value not in ["", False, None]}


def read(path):
    settings = common_gui.update_my_data(json.loads(text_of(path)))
    with tempfile.NamedTemporaryFile("w", suffix=".toml", delete=False) as file:
        toml.dump(config_of(settings), file)
    extra = [shlex.quote(word) for word in settings.get("additional_parameters", "").replace('"', "").split()]
    sys.argv = ["train_network.py", "--config_file", file.name, *extra]
    parser = train_network.setup_parser()
    config = vars(read_config_from_file(parser.parse_args(), parser))
    os.unlink(file.name)
    rate = (config["text_encoder_lr"] or [0])[0] if config["network_train_text_encoder_only"] else config["unet_lr"]
    seen = sd_scripts(config, most=-1)
    shared = {
        **seen,
        "learningRate": rate or config["learning_rate"],
        "warmup": config["lr_warmup_steps"],
        "rest": {"scheduler": config["lr_scheduler"], "options": seen["rest"]["optimizer_args"]},
    }
    own = (seen["rank"], seen["alpha"])
    return [{**shared, "rank": rank, "alpha": alpha} for rank, alpha in [own, *others(settings, own[1])]]


def others(settings, alpha):
    """Ranks and alphas beside the network's own, as its type hands them on."""
    kind = settings["LoRA_type"]
    if kind == "Flux1":
        return [(rank, alpha) for key, rank in settings.items() if key.endswith("_dim") and key not in ("network_dim", "conv_dim") and rank]
    if kind == "LyCORIS/LoCon":
        return [(int(settings["conv_dim"]), float(settings["conv_alpha"]))]
    lists = [[float(item) for item in settings.get(f"block_{what}", "").split(",") if item] for what in ("dims", "alphas")]
    return [(int(rank), own) for rank, own in zip(*lists) if rank]


judge(read)
