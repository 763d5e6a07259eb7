"""litgpt: its own setup function through jsonargparse, and its own check of the training arguments."""

from judging import OPTIMIZER, judge, need, split, text_of

yaml, jsonargparse, lora, utils = need("yaml", "jsonargparse", "litgpt.finetune.lora", "litgpt.utils")

NAMES = {"lora_r": "rank", "lora_alpha": "alpha", "lora_dropout": "dropout"}


def arguments_of(optimizer):
    """What litgpt hands to the optimizer's class, and the class's defaults beside it."""
    import torch

    return utils.instantiate_torch_optimizer(optimizer, [torch.nn.Parameter(torch.zeros(2))]).defaults


def is_old(path):
    """Whether the file is for versions that had the optimizer's numbers under train, which this one stops on."""
    config = yaml.safe_load(text_of(path))
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
    values = dict(plain(made))
    optimizer = split(arguments_of(plain(values.pop("optimizer"))), {**OPTIMIZER, "momentum": "momentum"})
    values.pop("config", None)
    setup = split(values, NAMES)
    rest = {"setup": setup.pop("rest"), "optimizer": optimizer.pop("rest")}
    return {**setup, **optimizer, "maxGradNorm": 0, "rest": rest}


def plain(made):
    return made.as_dict() if hasattr(made, "as_dict") else made


judge(read)
