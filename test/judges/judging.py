"""What all judges share.

A judge is `test/judges/<trainer>.py FILE...`. It prints a list of the packages that it reads them with, then reads every
file with the trainer's own loader and prints one line of JSON a file: an object, or a list of objects where the file holds several networks or runs, in the order of our reading.

    {"rank": 16, "alpha": 32, "learningRate": 2e-4, "weightDecay": 0.01, ..., "rest": {everything else it read}}

The names are those of a reading (src/config/reading.ts: ReadField); what the trainer has no number for is left out, or
null. A file that the trainer would stop on is {"refused": "why"}. A judge whose package is not there exits with 77.
"""

import ast
import importlib
import importlib.metadata
import json
import os
import sys

# A loader that asks a hub for a model's config waits half a minute where there is no network.
os.environ["HF_HUB_OFFLINE"] = "1"

# Libraries print while they are imported; standard output is for the verdicts alone.
_verdicts = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

# Judges are named after trainers, and so are packages: `import peft` must not find peft.py.
sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != os.path.dirname(os.path.realpath(__file__))]

NOT_INSTALLED = 77

# Modules that a judge asked for, whose versions it prints.
_needed = []


def need(*names):
    """The modules of these names; exits with 77 where one cannot be imported."""
    _needed.extend(names)
    try:
        return [importlib.import_module(name) for name in names]
    except Exception as error:  # noqa: BLE001 - a package that is half there fails in many ways
        missing(f"{type(error).__name__}: {error}")


def missing(why):
    """Leave, as the trainer is not here."""
    print(why, file=_verdicts, flush=True)
    sys.exit(NOT_INSTALLED)


def versions():
    """`axolotl 0.13.0` for every package that a judge needs; one of Python's own is `Python 3.13.5`."""
    packages = importlib.metadata.packages_distributions()
    found = {name for module in _needed for name in packages.get(module.split(".")[0], [])}
    python = f"Python {sys.version.split()[0]}"
    return [f"{name} {importlib.metadata.version(name)}" for name in sorted(found)] or [python]


def judge(read, endings=(".yaml", ".yml", ".json", ".toml")):
    """Print what `read(path)` makes of every file named on the command line, null for one that is not for this reader."""
    paths = sys.argv[1:]
    print(json.dumps(versions()), file=_verdicts, flush=True)
    for path in paths:
        try:
            seen = read(path) if path.endswith(endings) else None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - argparse leaves by SystemExit
            seen = {"refused": f"{type(error).__name__}: {error}"}
        print(json.dumps(seen, default=str), file=_verdicts, flush=True)


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def named(values, names):
    """Our names for some of the values, which are taken out. `names`: loader's name -> ours."""
    return {ours: values.pop(name) for name, ours in names.items() if name in values}


def split(values, names):
    """Our names for some of the loader's values, and the others under `rest`."""
    rest = dict(values)
    return {**named(rest, names), "rest": rest}


def at(config, path):
    """What stands at the dotted path; None where nothing does."""
    for step in path.split("."):
        config = (config or {}).get(step)
    return config


def taken(config, path):
    """The value at the dotted path, which is taken out; None where none stands."""
    outer, _, last = path.rpartition(".")
    return ((at(config, outer) if outer else config) or {}).pop(last, None)


def pairs(texts, evaluate=False, most=-1):
    """`key=value`, … as sd-scripts takes its arguments apart (train_network.py; train_util.py: get_optimizer)."""
    parts = (text.split("=", most) for text in texts or [])
    return {key: ast.literal_eval(value) if evaluate else value for key, value in parts}


def sd_scripts(config, most=1):
    """What all programs of sd-scripts' family read of their settings, which are taken out; and all other settings."""
    optimizer, network = pairs(config.pop("optimizer_args"), True), pairs(config.pop("network_args"), most=most)
    if isinstance(optimizer.get("eps"), (list, tuple)):
        # The second is for scale_parameter, which no fixture has on.
        optimizer["eps"], _ = optimizer["eps"]
    ours = {"rank": config.pop("network_dim"), "alpha": config.pop("network_alpha"), **named(optimizer, OPTIMIZER)}
    if "loraplus_lr_ratio" in network:
        ours["loraplusLrRatio"] = float(network.pop("loraplus_lr_ratio"))
    rest = {**config, "optimizer_args": optimizer, "network_args": network}
    return {**ours, "maxGradNorm": rest.pop("max_grad_norm"), "rest": rest}


def as_betas(values, first="adam_beta1", second="adam_beta2"):
    """The two keys of Hugging Face's Trainer as one pair, where both are there."""
    pair = [values.pop(first, None), values.pop(second, None)]
    if None not in pair:
        values["betas"] = pair
    return values


# Hugging Face's TrainingArguments, by their names.
HUGGING_FACE = {
    "learning_rate": "learningRate",
    "weight_decay": "weightDecay",
    "adam_epsilon": "eps",
    "max_grad_norm": "maxGradNorm",
}

# PEFT's LoraConfig, as trainers flatten it.
PEFT = {"lora_alpha": "alpha", "use_rslora": "useRslora", "use_dora": "useDora", "lora_dropout": "dropout"}

# torch's optimizers, and Prodigy's d0.
OPTIMIZER = {"lr": "learningRate", "weight_decay": "weightDecay", "eps": "eps", "betas": "betas", "d0": "d0"}
