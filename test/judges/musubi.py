"""musubi-tuner: its own argparse and read_config_from_file."""

import ast
import sys

from sources import source  # before judging, which takes this folder off the path
from judging import judge

source("kohya-ss__musubi-tuner", real=["toml"], inside="src")

from musubi_tuner.training.parser_common import read_config_from_file, setup_parser_common  # noqa: E402

OPTIMIZER = {"weight_decay": "weightDecay", "eps": "eps", "betas": "betas", "d0": "d0"}


def pairs(values, evaluate):
    split = (text.split("=") for text in values or [])
    return {key: ast.literal_eval(value) if evaluate else value for key, value in split}


def read(path):
    sys.argv = ["wan_train_network.py", "--config_file", path]
    parser = setup_parser_common()
    config = vars(read_config_from_file(parser.parse_args(), parser))
    config.pop("config_file")
    optimizer, network = pairs(config.pop("optimizer_args"), True), pairs(config.pop("network_args"), False)
    ours = {name: optimizer.pop(key) for key, name in OPTIMIZER.items() if key in optimizer}
    ratio = network.pop("loraplus_lr_ratio", None)
    return {
        "rank": config.pop("network_dim"),
        "alpha": config.pop("network_alpha"),
        "learningRate": config.pop("learning_rate"),
        "maxGradNorm": config.pop("max_grad_norm"),
        **({} if ratio is None else {"loraplusLrRatio": float(ratio)}),
        **ours,
        "rest": {**config, "optimizer_args": optimizer, "network_args": network},
    }


judge(read)
