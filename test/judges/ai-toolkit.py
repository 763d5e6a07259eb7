"""ai-toolkit: its own get_config, NetworkConfig, TrainConfig and ModelConfig, and its rule for peft_format."""

from sources import source  # before judging, which takes this folder off the path
from judging import judge

source("ostris__ai-toolkit", real=["oyaml", "yaml"])

from toolkit.config import get_config  # noqa: E402
from toolkit.config_modules import ModelConfig, NetworkConfig, TrainConfig  # noqa: E402

# Models of the old style, and whether toolkit/lora_special.py takes peft_format for them; all of the new style are
# transformers (is_transformer in their own classes).
OLD = {"is_flux": True, "is_v3": True, "is_lumina2": True, "is_pixart": False, "is_auraflow": False, "is_v2": False}
U_NETS = {None, "sd1", "sd2", "sdxl", "ssd", "vega", "pixart", "pixart_sigma", "auraflow"}


def forces_alpha(model, network):
    if network.type.lower() in ("locon", "lycoris"):
        return False
    return any(forced and getattr(model, name) for name, forced in OLD.items()) or model.arch not in U_NETS


def read(path):
    process = get_config(path)["config"]["process"]
    return [one for config in process if "network" in config for one in networks(config)]


def networks(config):
    network, train = NetworkConfig(**config["network"]), TrainConfig(**config["train"])
    parameters = dict(train.optimizer_params)
    decay = {"weightDecay": parameters.pop("weight_decay")} if "weight_decay" in parameters else {}
    rest = {key: value for key, value in config.items() if key != "network"}
    rest["train"] = {k: v for k, v in config["train"].items() if k not in ("lr", "max_grad_norm", "optimizer_params")}
    shared = {"learningRate": train.lr, "maxGradNorm": train.max_grad_norm, **decay, "rest": {**rest, "parameters": parameters}}
    forced = forces_alpha(ModelConfig(**config["model"]), network)
    scalings = [(network.linear, network.linear_alpha)] + ([(network.conv, network.conv_alpha)] if network.conv else [])
    alphas = [(rank, rank if forced else alpha) for rank, alpha in scalings]
    return [{"rank": rank, "alpha": alpha, "scaling": alpha / rank, **shared} for rank, alpha in alphas]


judge(read)
