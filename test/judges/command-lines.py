"""Command lines: bash runs the script with stubs in the place of every program, and tells what they were given.

The name of a file begins with its trainer: `kohya-train.sh`. Flags are read by their names, as argparse and Hydra take them:
no trainer's own parser is asked here.
"""

import argparse
import re

import shells  # before judging, which takes this folder out of sys.path
from judging import judge

# Trainer -> the program to look for, and the flags of our fields.
HUGGING_FACE = {
    "learning_rate": "learningRate",
    "weight_decay": "weightDecay",
    "adam_epsilon": "eps",
    "max_grad_norm": "maxGradNorm",
    "lora_alpha": "alpha",
    "loraplus_lr_ratio": "loraplusLrRatio",
    "lorap_lr_ratio": "loraplusLrRatio",
}
VERL = "actor_rollout_ref."
TRAINERS = {
    "kohya": (r"train_network\.py$", {"network_dim": "rank", "network_alpha": "alpha", "max_grad_norm": "maxGradNorm"}),
    "trl": (r"^sft$|dpo\.py$", {**HUGGING_FACE, "lora_r": "rank"}),
    "ms-swift": (
        r"^sft$",
        {**HUGGING_FACE, "lora_rank": "rank", "lr": "learningRate", "clip_grad": "maxGradNorm", "adam_eps": "eps"},
    ),
    "litgpt": (r"^finetune_lora$", {"lora_r": "rank", "lora_alpha": "alpha"}),
    "llamafactory": (r"^train$|train_bash\.py$", {**HUGGING_FACE, "lora_rank": "rank"}),
    "axolotl": (r"^train$", {"lora_r": "rank", "lora_alpha": "alpha", "learning_rate": "learningRate"}),
    "torchtune": (
        r"^lora_finetune_distributed$",
        {"model.lora_rank": "rank", "model.lora_alpha": "alpha", "optimizer.lr": "learningRate"},
    ),
    "verl": (
        r"^verl\.trainer",
        {
            VERL + "model.lora_rank": "rank",
            VERL + "model.lora_alpha": "alpha",
            VERL + "actor.optim.lr": "learningRate",
            VERL + "actor.optim.weight_decay": "weightDecay",
            VERL + "actor.optim.clip_grad": "maxGradNorm",
            VERL + "actor.optim.override_optimizer_config.eps": "eps",
        },
    ),
    "automodel": (r"^llm$", {"peft.dim": "rank", "peft.alpha": "alpha", "optimizer.lr": "learningRate"}),
    "diffusers": (
        r"^train_\w+\.py$",
        {**HUGGING_FACE, "rank": "rank", "adam_weight_decay": "weightDecay"},
    ),
    "openrlhf": (
        r"^openrlhf\.cli",
        {
            "ds.lora.rank": "rank",
            "ds.lora.alpha": "alpha",
            "adam.lr": "learningRate",
            "adam.weight_decay": "weightDecay",
            "adam.eps": "eps",
            "max_norm": "maxGradNorm",
            "lora_rank": "rank",
            "lora_alpha": "alpha",
            "learning_rate": "learningRate",
            "actor_learning_rate": "learningRate",
            "l2": "weightDecay",
        },
    ),
    "generic": (r"\.py$", {**HUGGING_FACE, "lora_r": "rank"}),
    "loralib": (r"run_glue\.py$", {**HUGGING_FACE, "lora_r": "rank"}),
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
        args = dict(text.split("=") for text in flags.pop("optimizer_args", []))
        for name, field in (("weight_decay", "weightDecay"), ("eps", "eps")):
            if name in args:
                own[field] = float(args.pop(name))
        flags["optimizer_args"] = args
        network = dict(text.split("=") for text in flags.pop("network_args", []))
        if "loraplus_lr_ratio" in network:
            own["loraplusLrRatio"] = float(network.pop("loraplus_lr_ratio"))
        flags["network_args"] = network
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
