"""musubi-tuner: its own argparse and read_config_from_file."""

import sys

from sources import source  # before judging, which takes this folder off the path
from judging import OPTIMIZER, judge, named, pairs

source("kohya-ss__musubi-tuner", real=["toml"], inside="src")

from musubi_tuner.training.parser_common import read_config_from_file, setup_parser_common  # noqa: E402


def read(path):
    sys.argv = ["wan_train_network.py", "--config_file", path]
    parser = setup_parser_common()
    config = vars(read_config_from_file(parser.parse_args(), parser))
    config.pop("config_file")
    optimizer, network = pairs(config.pop("optimizer_args"), True), pairs(config.pop("network_args"))
    ratio = network.pop("loraplus_lr_ratio", None)
    return {
        "rank": config.pop("network_dim"),
        "alpha": config.pop("network_alpha"),
        "learningRate": config.pop("learning_rate"),
        "maxGradNorm": config.pop("max_grad_norm"),
        **({} if ratio is None else {"loraplusLrRatio": float(ratio)}),
        **named(optimizer, OPTIMIZER),
        "rest": {**config, "optimizer_args": optimizer, "network_args": network},
    }


judge(read)
