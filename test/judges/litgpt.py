"""litgpt: its own setup function through jsonargparse, and its own check of the training arguments."""

import inspect

from judging import judge, need, split

yaml, jsonargparse, lora, utils = need("yaml", "jsonargparse", "litgpt.finetune.lora", "litgpt.utils")

NAMES = {"lora_r": "rank", "lora_alpha": "alpha", "lora_dropout": "dropout"}
OPTIMIZER = {"lr": "learningRate", "weight_decay": "weightDecay", "eps": "eps", "betas": "betas", "momentum": "momentum"}


class Seen(Exception):
    """Carries the arguments of an optimizer out of its making."""


def arguments_of(optimizer):
    """What litgpt hands to the optimizer's class, and the class's defaults beside it."""
    import torch

    made = utils.instantiate_torch_optimizer(optimizer, [torch.nn.Parameter(torch.zeros(2))])
    return {name: value for name, value in made.defaults.items()}


def is_old(path):
    """Whether the file is for versions that had the optimizer's numbers under train, which this one stops on."""
    with open(path, encoding="utf-8") as file:
        config = yaml.safe_load(file)
    train = config.get("train") or {}
    return "optimizer" not in config and any(name in train for name in ("learning_rate", "weight_decay", "beta1", "beta2"))


def read(path):
    if is_old(path):
        return None
    parser = jsonargparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--config", action="config")
    parser.add_function_arguments(lora.setup)
    config = parser.parse_args(["--config", path])
    made = parser.instantiate_classes(config)
    lora.validate_args(made.train, made.eval)
    values = made.as_dict() if hasattr(made, "as_dict") else dict(vars(made))
    optimizer = split(arguments_of(to_plain(values.pop("optimizer"))), OPTIMIZER)
    values.pop("config", None)
    setup = split(values, NAMES)
    rest = {"setup": setup.pop("rest"), "optimizer": optimizer.pop("rest")}
    return {**setup, **optimizer, "maxGradNorm": 0, "rest": rest}


def to_plain(optimizer):
    return optimizer.as_dict() if hasattr(optimizer, "as_dict") else optimizer


judge(read)
