"""FluxGym: bash runs the script that it writes, and the parser of sd-scripts' flux_train_network.py reads the flags."""

import sys

import shells
from sources import source  # before judging, which takes this folder off the path
from judging import OPTIMIZER, judge, named, pairs

source("kohya-ss__sd-scripts", real=["toml"])

import flux_train_network  # noqa: E402


def read_from(words):
    sys.argv = ["flux_train_network.py", *words]
    config = vars(flux_train_network.setup_parser().parse_args())
    optimizer, network = pairs(config.pop("optimizer_args"), True), pairs(config.pop("network_args"), most=1)
    if isinstance(optimizer.get("eps"), (list, tuple)):
        # The second is for scale_parameter, which is off.
        optimizer["eps"], _ = optimizer["eps"]
    ratio = network.pop("loraplus_lr_ratio", None)
    unet, rate = config.pop("unet_lr"), config.pop("learning_rate")
    return {
        "rank": config.pop("network_dim"),
        "alpha": config.pop("network_alpha"),
        "learningRate": rate if unet is None else unet,
        "maxGradNorm": config.pop("max_grad_norm"),
        **({} if ratio is None else {"loraplusLrRatio": float(ratio)}),
        **named(optimizer, OPTIMIZER),
        "rest": {**config, "optimizer_args": optimizer, "network_args": network},
    }


def read(path):
    calls = shells.calls(path)
    return [read_from(words) for words in shells.runs(calls, r"flux_train_network\.py$")]


judge(read, (".sh",))
