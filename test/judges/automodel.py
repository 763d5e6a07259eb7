"""NeMo Automodel: its own YAML loader, and the fields of its PeftConfig and optimizer configs."""

import dataclasses
import importlib
import inspect

from judging import OPTIMIZER, judge, need, text_of

PARTS = ("config.loader", "_peft.lora", "optim.optimizer")
yaml, loader, lora, optimizers = need("yaml", *(f"nemo_automodel.components.{part}" for part in PARTS))


def translated(value):
    """What its ConfigNode makes of the texts in a file, without importing what they name."""
    if isinstance(value, dict):
        return {key: translated(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [translated(inner) for inner in value]
    return loader.translate_value(value)


def defaults_of(target):
    """The defaults of an optimizer: of its config where it has a short name, else of the class."""
    config = optimizers.OPTIMIZER_CONFIG_REGISTRY.get(target)
    if config:
        fields = dataclasses.fields(config)
        return {field.name: field.default for field in fields if field.default is not dataclasses.MISSING}
    module, _, name = target.rpartition(".")
    parameters = inspect.signature(getattr(importlib.import_module(module), name)).parameters
    return {key: one.default for key, one in parameters.items() if one.default is not inspect.Parameter.empty}


def read(path):
    config = translated(yaml.safe_load(text_of(path)))
    peft = lora.PeftConfig.from_dict(config.pop("peft"))
    ours = {"rank": peft.dim, "alpha": peft.alpha, "dropout": peft.dropout, "useDora": peft.use_dora}
    if "optim" in config:
        optim = config.pop("optim")
        inner = optim.pop("optimizer", {})
        ours |= {"learningRate": optim.pop("learning_rate"), "maxGradNorm": optim.pop("clip_grad", 1.0)}
        ours |= {"weightDecay": inner.pop("weight_decay", 0.01), "betas": inner.pop("betas", None)}
        ours |= {"eps": inner.pop("eps", 1e-8)}
        return {**ours, "rest": {"optim": optim, "inner": inner, **config}}
    optimizer = config.pop("optimizer")
    values = {**defaults_of(optimizer["_target_"]), **optimizer}
    clip = (config.pop("clip_grad_norm", None) or {}).get("max_norm", 1.0)
    (config.get("lr_scheduler") or {}).pop("min_lr", None)
    ours |= {name: values.get(key) for key, name in OPTIMIZER.items() if key != "d0"}
    rest = {key: value for key, value in optimizer.items() if key not in OPTIMIZER}
    return {**ours, "maxGradNorm": clip, "rest": {"optimizer": rest, **config}}


judge(read)
