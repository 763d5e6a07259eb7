"""mlx-lm: its YAML loader with numbers as it takes them, its defaults, its layers and its optimizers."""

from judging import judge, need, text_of

yaml, lora, layers, utils, nn, optimizers = need(
    "yaml", "mlx_lm.lora", "mlx_lm.tuner.lora", "mlx_lm.tuner.utils", "mlx.nn", "mlx.optimizers"
)

CLASSES = {name.lower(): getattr(optimizers, name) for name in ("Adam", "AdamW", "Muon", "SGD", "Adafactor")}


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 8)


class Model(nn.Module):
    """One layer, to which mlx-lm gives LoRA as it does to any other."""

    def __init__(self):
        super().__init__()
        self.layers = [Block()]
        self.model_type = "llama"


def scaling_of(parameters, use_dora):
    model = Model()
    utils.linear_to_lora_layers(model, 1, {**parameters, "keys": ["linear"]}, use_dora=use_dora)
    (layer,) = [module for _, module in model.named_modules() if hasattr(module, "lora_a")]
    return layer.scale, layer.lora_a.shape[1]


def read(path):
    config = yaml.load(text_of(path), lora.yaml_loader)
    args = {**config, **{key: value for key, value in lora.CONFIG_DEFAULTS.items() if config.get(key) is None}}
    parameters = dict(args.pop("lora_parameters"))
    use_dora = args.get("fine_tune_type") == "dora"
    scaling, rank = scaling_of(parameters, use_dora)
    name = args.get("optimizer", "adam").lower()
    settings = (args.pop("optimizer_config", None) or {}).get(name, {})
    schedule = args.get("lr_schedule")
    rate = utils.build_schedule(schedule) if schedule else args["learning_rate"]
    made = CLASSES[name](learning_rate=rate, **settings)
    alpha = parameters.pop("scale")
    seen = {"alpha": alpha, "scaling": scaling, "rank": rank, "useDora": use_dora, "maxGradNorm": 0}
    parameters.pop("rank")
    seen["dropout"] = parameters.pop("dropout")
    seen["learningRate"] = schedule["arguments"][0] if schedule else args.pop("learning_rate")
    for field, attribute in (("eps", "eps"), ("betas", "betas"), ("weightDecay", "weight_decay")):
        if hasattr(made, attribute):
            seen[field] = getattr(made, attribute)
    if schedule:
        # The first is the field; the others go by the name that a rider has.
        first, *others = schedule["arguments"]
        args["lr_schedule"] = {**schedule, "arguments": {str(i + 1): value for i, value in enumerate(others)}}
    return {**seen, "rest": {**args, "lora_parameters": parameters}}


judge(read)
