"""Command lines: bash runs the script with stubs in the place of every program, and tells what they were given.

The name of a file begins with its trainer: `kohya-train.sh`. Flags are read by their names, as argparse and Hydra take them:
no trainer's own parser is asked here.
"""

import argparse
import re

import shells  # before judging, which takes this folder out of sys.path
from judging import HUGGING_FACE, judge, named, pairs

FLAGS = {**HUGGING_FACE, "lora_alpha": "alpha", "loraplus_lr_ratio": "loraplusLrRatio", "lorap_lr_ratio": "loraplusLrRatio"}
SIZES = {"lora_r": "rank", "lora_alpha": "alpha"}
MEGATRON = {"lora_rank": "rank", "lr": "learningRate", "clip_grad": "maxGradNorm", "adam_eps": "eps"}
VERL = {"model.lora_rank": "rank", "model.lora_alpha": "alpha", "actor.optim.lr": "learningRate"}
VERL |= {"actor.optim.weight_decay": "weightDecay", "actor.optim.clip_grad": "maxGradNorm"}
VERL |= {"actor.optim.override_optimizer_config.eps": "eps"}
OPENRLHF = {"ds.lora.rank": "rank", "ds.lora.alpha": "alpha", "adam.lr": "learningRate", "adam.weight_decay": "weightDecay"}
OPENRLHF |= {"adam.eps": "eps", "max_norm": "maxGradNorm", "lora_rank": "rank", "lora_alpha": "alpha", "l2": "weightDecay"}
OPENRLHF |= {"learning_rate": "learningRate", "actor_learning_rate": "learningRate"}
# Trainer -> the program to look for, and the flags of our fields.
TRAINERS = {
    "kohya": (r"train_network\.py$", {"network_dim": "rank", "network_alpha": "alpha", "max_grad_norm": "maxGradNorm"}),
    "trl": (r"^sft$|dpo\.py$", {**FLAGS, "lora_r": "rank"}),
    "ms-swift": (r"^sft$", {**FLAGS, **MEGATRON}),
    "litgpt": (r"^finetune_lora$", SIZES),
    "llamafactory": (r"^train$|train_bash\.py$", {**FLAGS, "lora_rank": "rank"}),
    "axolotl": (r"^train$", {**SIZES, "learning_rate": "learningRate"}),
    "torchtune": (
        r"^lora_finetune_distributed$",
        {"model.lora_rank": "rank", "model.lora_alpha": "alpha", "optimizer.lr": "learningRate"},
    ),
    "verl": (r"^verl\.trainer", {f"actor_rollout_ref.{key}": name for key, name in VERL.items()}),
    "automodel": (r"^llm$", {"peft.dim": "rank", "peft.alpha": "alpha", "optimizer.lr": "learningRate"}),
    "diffusers": (r"^train_\w+\.py$", {**FLAGS, "rank": "rank", "adam_weight_decay": "weightDecay"}),
    "openrlhf": (r"^openrlhf\.cli", OPENRLHF),
    "generic": (r"\.py$", {**FLAGS, "lora_r": "rank"}),
    "loralib": (r"run_glue\.py$", {**FLAGS, "lora_r": "rank"}),
}

FLAG = re.compile(r"^--?([A-Za-z][\w.-]*)(?:=(.*))?$", re.S)
PAIR = re.compile(r"^\+{0,2}([A-Za-z_][\w.]*)=(.*)$", re.S)


def flags_of(words):
    """Every flag with its values, as argparse takes them; `key=value` behind a flag that has its value is Hydra's."""
    flags, open_flag = {}, None
    for word in words:
        flag = FLAG.match(word)
        pair = PAIR.match(word)
        if flag and not re.match(r"^-[\d.]", word):
            name = flag[1].replace("-", "_")
            flags[name] = [flag[2]] if flag[2] is not None else []
            open_flag = None if flag[2] is not None else name
        elif pair and not (open_flag and all(PAIR.match(value) for value in flags[open_flag])):
            flags[pair[1]] = [pair[2]]
            open_flag = None
        elif open_flag:
            flags[open_flag].append(word)
    return flags


def is_lora(trainer, flags, fields):
    if trainer == "loralib":
        return "apply_lora" in flags
    ranks = [name for name, field in fields.items() if field in ("rank", "alpha")]
    return any(name in flags and flags[name] != ["0"] for name in ranks)


def number(values):
    """As argparse's `type=float` takes it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--value", type=float)
    return parser.parse_args([f"--value={values[0]}"]).value


def seen(trainer, flags, fields):
    own = {}
    for name in list(flags):
        if name in fields and flags[name]:
            own[fields[name]] = number(flags.pop(name))
    if trainer == "kohya":
        for name in ("unet_lr", "learning_rate"):
            if name in flags and "learningRate" not in own:
                own["learningRate"] = number(flags.pop(name))
        kohyas = {"weight_decay": "weightDecay", "eps": "eps", "loraplus_lr_ratio": "loraplusLrRatio"}
        for given in ("optimizer_args", "network_args"):
            flags[given] = pairs(flags.pop(given, []))
            own |= {field: float(value) for field, value in named(flags[given], kohyas).items()}
    return {**own, "rest": {name: plain(values) for name, values in flags.items()}}


def plain(values):
    """One value as a number, where it is one."""
    if not isinstance(values, list) or len(values) != 1:
        return values
    try:
        return float(values[0])
    except ValueError:
        return values[0]


def read(path):
    name = re.split(r"[/\\]", path)[-1]
    trainer = next(trainer for trainer in sorted(TRAINERS, key=len, reverse=True) if name.startswith(trainer + "-"))
    program, fields = TRAINERS[trainer]
    calls = shells.calls(path)
    found = (flags_of(words) for words in shells.runs(calls, program))
    return [seen(trainer, flags, fields) for flags in found if is_lora(trainer, flags, fields)]


judge(read, (".sh",))
