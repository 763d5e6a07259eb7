"""kohya sd-scripts: its own argparse and read_config_from_file, its own rules for ranks and alphas of blocks."""

import sys

from sources import source  # before judging, which takes this folder off the path
from judging import judge, sd_scripts

source("kohya-ss__sd-scripts", real=["toml"])

import train_network  # noqa: E402
from library.train_util import read_config_from_file  # noqa: E402
from networks.lora import get_block_dims_and_alphas  # noqa: E402

BLOCKS = ["block_dims", "block_alphas", "conv_block_dims", "conv_block_alphas"]


def arguments(path):
    sys.argv = ["train_network.py", "--config_file", path]
    parser = train_network.setup_parser()
    return vars(read_config_from_file(parser.parse_args(), parser))


def number(text):
    try:
        return float(text)
    except ValueError:
        return text


def expanded(text):
    """Lists and pairs within an argument, number by number."""
    if "=" in text:
        return {key: number(value) for key, value in (pair.split("=") for pair in text.split(","))}
    return [number(item) for item in text.split(",")] if "," in text else number(text)


def read(path):
    config = arguments(path)
    config.pop("config_file")
    text_encoder_alone = config["network_train_text_encoder_only"]
    rates = config["text_encoder_lr"] if text_encoder_alone else config["unet_lr"]
    rate = next(value for value in [*(rates if isinstance(rates, list) else [rates]), config["learning_rate"]] if value is not None)
    shared = sd_scripts(config)
    if config["optimizer_type"].lower() != "adafactor":
        shared["learningRate"] = rate
    dim, alpha, network = shared["rank"], shared["alpha"], shared["rest"]["network_args"]
    networks = [(dim, alpha), *others(network, dim, alpha, config["network_module"])]
    shared["rest"]["network_args"] = {key: expanded(value) for key, value in network.items()}
    return [{**shared, "rank": rank, "alpha": own} for rank, own in networks]


def others(network, dim, alpha, module):
    """Ranks and alphas beside the network's own."""
    conv = None
    if module == "lycoris.kohya":
        if "conv_dim" in network or "conv_alpha" in network:
            conv = (int(network.get("conv_dim", dim) or dim), float(network.get("conv_alpha", alpha) or alpha))
    elif "conv_dim" in network:
        conv = (int(network["conv_dim"]), float(network.get("conv_alpha", 1)))
    found = [conv] if conv else []
    found += [(int(rank), alpha) for name, rank in network.items() if name.endswith("_dim") and name != "conv_dim" and int(rank)]
    if any(name in network for name in BLOCKS):
        dims, alphas, conv_dims, conv_alphas = get_block_dims_and_alphas(
            False, network.get("block_dims"), network.get("block_alphas"), dim, alpha,
            network.get("conv_block_dims"), network.get("conv_block_alphas"), *(conv or (None, None)),
        )  # fmt: skip
        both = [*zip(dims, alphas), *zip(conv_dims or [], conv_alphas or [])]
        found += [(rank, own) for rank, own in both if rank]
    found += [(int(pair.split("=")[1]), alpha) for pair in network.get("network_reg_dims", "").split(",") if pair]
    return found


judge(read)
