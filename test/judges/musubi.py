"""musubi-tuner: its own argparse and read_config_from_file."""

import sys

from sources import source  # before judging, which takes this folder off the path
from judging import judge, sd_scripts

source("kohya-ss__musubi-tuner", real=["toml"], inside="src")

from musubi_tuner.training.parser_common import read_config_from_file, setup_parser_common  # noqa: E402


def read(path):
    sys.argv = ["wan_train_network.py", "--config_file", path]
    parser = setup_parser_common()
    config = vars(read_config_from_file(parser.parse_args(), parser))
    config.pop("config_file")
    rate = config.pop("learning_rate")
    return {**sd_scripts(config, most=-1), "learningRate": rate}


judge(read)
