"""torchtune: OmegaConf reads the file, the builder and the optimizer say what holds where it is silent."""

import inspect

from judging import OPTIMIZER, judge, need, split

omegaconf, utils = need("omegaconf", "torchtune.config._utils")

MODEL = {"lora_rank": "rank", "lora_alpha": "alpha", "use_dora": "useDora", "lora_dropout": "dropout"}


def with_defaults(component):
    """The arguments of a `_component_`, and its own defaults for the others; unknown ones are a TypeError."""
    arguments = dict(component)
    signature = inspect.signature(utils._get_component_from_path(arguments.pop("_component_")))
    signature.bind_partial(**arguments)
    given = [each for each in signature.parameters.values() if each.default is not inspect.Parameter.empty]
    return {**{each.name: each.default for each in given}, **arguments}


def read(path):
    config = omegaconf.OmegaConf.to_container(omegaconf.OmegaConf.load(path), resolve=True)
    model = split(with_defaults(config.pop("model")), MODEL)
    optimizer = split(with_defaults(config.pop("optimizer")), OPTIMIZER)
    clip = config.pop("clip_grad_norm", None)
    rest = {"model": model.pop("rest"), "optimizer": optimizer.pop("rest"), **config}
    return {**model, **optimizer, "maxGradNorm": clip or 0, "rest": rest}


judge(read)
