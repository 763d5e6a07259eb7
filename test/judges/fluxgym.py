"""FluxGym: bash runs the script that it writes, and the parser of sd-scripts' flux_train_network.py reads the flags."""

import sys

import shells
from sources import source  # before judging, which takes this folder off the path
from judging import judge, sd_scripts

source("kohya-ss__sd-scripts", real=["toml"])

import flux_train_network  # noqa: E402


def read_from(words):
    sys.argv = ["flux_train_network.py", *words]
    config = vars(flux_train_network.setup_parser().parse_args())
    unet, rate = config.pop("unet_lr"), config.pop("learning_rate")
    return {**sd_scripts(config), "learningRate": rate if unet is None else unet}


def read(path):
    calls = shells.calls(path)
    return [read_from(words) for words in shells.runs(calls, r"flux_train_network\.py$")]


judge(read, (".sh",))
