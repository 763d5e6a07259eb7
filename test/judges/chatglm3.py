"""ChatGLM3: ruamel.yaml as in finetune_hf.py; PEFT's and Hugging Face's own classes say what holds where it is silent."""

import dataclasses
import pathlib

from judging import HUGGING_FACE, PEFT, as_betas, judge, need, split

ruamel, peft, training = need("ruamel.yaml", "peft", "transformers.training_args")


def defaults_of(kind):
    return {
        field.name: field.default
        for field in dataclasses.fields(kind)
        if field.default is not dataclasses.MISSING and isinstance(field.default, int | float | bool | str | None)
    }


def read(path):
    config = ruamel.YAML(typ="safe", pure=True).load(pathlib.Path(path))
    adapter = split({**defaults_of(peft.LoraConfig), **config.pop("peft_config")}, {"r": "rank", **PEFT})
    arguments = {**defaults_of(training.TrainingArguments), **config.pop("training_args")}
    for name in ("learning_rate", "adam_epsilon", "weight_decay", "max_grad_norm"):
        arguments[name] = float(arguments[name])
    if not str(arguments.get("optim", "adamw")).startswith("adamw"):
        # Hugging Face's Trainer hands Adam's numbers to Adam alone.
        for name in ("adam_epsilon", "adam_beta1", "adam_beta2"):
            arguments.pop(name, None)
    optimizer = split(as_betas(arguments), HUGGING_FACE)
    rest = {"peft_config": adapter.pop("rest"), "training_args": optimizer.pop("rest"), **config}
    return {**adapter, **optimizer, "rest": rest}


judge(read)
