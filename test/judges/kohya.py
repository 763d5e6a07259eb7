"""kohya sd-scripts: tomllib and ast as library/train_util.py and networks/lora.py use them.

sd-scripts is not a package, so its argparse cannot be asked: what a file does not say is left out here.
"""

import ast
import tomllib

from judging import judge

OPTIMIZER = {"weight_decay": "weightDecay", "eps": "eps", "betas": "betas"}


def flattened(config):
    """read_config_from_file: the tables of one level go, their keys stay."""
    flat = {}
    for name, value in config.items():
        flat.update(value if isinstance(value, dict) else {name: value})
    return flat


def pairs(values, evaluate):
    split = (text.split("=") for text in values or [])
    return {key: ast.literal_eval(value) if evaluate else value for key, value in split}


def read(path):
    with open(path, "rb") as file:
        config = flattened(tomllib.load(file))
    optimizer = pairs(config.pop("optimizer_args", None), True)
    network = pairs(config.pop("network_args", None), False)
    shared = {ours: optimizer.pop(name) for name, ours in OPTIMIZER.items() if name in optimizer}
    if "betas" in shared:
        shared["betas"] = list(shared["betas"])
    rate = next(key for key in ("unet_lr", "learning_rate") if config.get(key) is not None)
    shared["learningRate"] = config.pop(rate)
    if "max_grad_norm" in config:
        shared["maxGradNorm"] = config.pop("max_grad_norm")
    if "loraplus_lr_ratio" in network:
        shared["loraplusLrRatio"] = float(network.pop("loraplus_lr_ratio"))
    own = {"rank": config.pop("network_dim", None), "alpha": config.pop("network_alpha", None)}
    conv = {"rank": network.pop("conv_dim", None), "alpha": network.pop("conv_alpha", None)}
    rest = {**config, "optimizer_args": optimizer, "network_args": network}
    networks = [{key: value for key, value in own.items() if value is not None}]
    if conv["rank"] is not None:
        networks.append({key: float(value) for key, value in conv.items() if value is not None})
    return [{**one, **shared, "rest": rest} for one in networks]


judge(read)
