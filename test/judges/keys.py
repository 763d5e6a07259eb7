"""The keys of trainers' schemas, read from their sources without running them.

    LORA_ALPHA_JUDGE_SOURCES=FOLDER python test/judges/keys.py      # {"axolotl": {"": ["adapter", …]}, …}

A trainer whose `<owner>__<name>` is not in the folder (sources.py) is left out. Layouts are named with the dotted path of the
map: `prime-sft model.lora`.
"""

import ast
import glob
import json
import os
import re
import sys


def trees(folder, patterns):
    for path in sorted(path for pattern in patterns.split() for path in glob.glob(f"{folder}/{pattern}", recursive=True)):
        with open(path, encoding="utf8") as file:
            yield ast.parse(file.read())


def text(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def called(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def flags(tree, _):
    """`parser.add_argument("--name")`, and fields of a registry, `ConfigField(name="name")`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node.func) in ("add_argument", "ConfigField"):
            named = [key.value for key in node.keywords if key.arg in ("name", "arg_name")]
            words = [word for word in map(text, [*node.args, *named]) if word and re.fullmatch(r"(--)?[a-z][\w.-]*", word)]
            yield from (word.removeprefix("--").replace("-", "_") for word in words)


def fields(tree, classes):
    """`name: type = …` and, with a call, `name = …` in the bodies of classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and re.fullmatch(classes or ".*", node.name):
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    yield line.target.id
                elif isinstance(line, ast.Assign) and isinstance(line.value, ast.Call) and isinstance(line.targets[0], ast.Name):
                    yield line.targets[0].id


def asked(tree, names):
    """`kwargs.get("name")`, `kwargs["name"]`, `config.name` and `"name" in config`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node.func) in ("get", "pop", "setdefault") and node.args:
            if re.fullmatch(names, ast.unparse(node.func).rpartition(".")[0]):
                yield text(node.args[0])
        elif isinstance(node, ast.Subscript) and re.fullmatch(names, ast.unparse(node.value)):
            yield text(node.slice)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In):
            if re.fullmatch(names, ast.unparse(node.comparators[0])):
                yield text(node.left)


def listed(tree, function):
    """`data.append(("name", …))` in one function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function and node.args:
            yield text(getattr(node.args[0], "elts", [None])[0])


def parameters(tree, functions):
    """The parameters of functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and re.fullmatch(functions, node.name):
            yield from (each.arg for each in [*node.args.args, *node.args.kwonlyargs])


def keys(root, source, patterns, read, what=None, inside=None):
    found = set()
    for tree in trees(os.path.join(root, source), patterns):
        whole = tree if inside is None else next((n for n in ast.walk(tree) if getattr(n, "name", "") == inside), tree)
        found.update(key for key in read(whole, what) if key and key != "self")
    return found


# Layout and map: the clone, its files, how they are read, what is asked for, and the class that it stands in.
SCHEMAS = {
    "axolotl ": ("axolotl-ai-cloud__axolotl", "src/axolotl/utils/schemas/*.py", fields),
    "kohya ": ("kohya-ss__sd-scripts", "*train_network.py library/*.py", flags),
    "kohya network_args": ("kohya-ss__sd-scripts", "networks/lora*.py", asked, "(nw_)?kwargs"),
    "musubi ": ("kohya-ss__musubi-tuner", "src/musubi_tuner/*train_network*.py src/musubi_tuner/training/*.py", flags),
    "simpletuner ": ("bghira__SimpleTuner", "simpletuner/simpletuner_sdk/server/services/field_registry/**/*.py", flags),
    "onetrainer ": ("Nerogar__OneTrainer", "modules/util/config/TrainConfig.py", listed, "data.append", "TrainConfig"),
    "onetrainer unet": ("Nerogar__OneTrainer", "modules/util/config/TrainConfig.py", listed, "data.append", "TrainModelPartConfig"),
    "ai-toolkit network": ("ostris__ai-toolkit", "toolkit/config_modules.py", asked, "kwargs", "NetworkConfig"),
    "ai-toolkit train": ("ostris__ai-toolkit", "toolkit/config_modules.py", asked, "kwargs", "TrainConfig"),
    "llamafactory ": ("hiyouga__LLaMA-Factory", "src/llamafactory/hparams/*.py", fields),
    "ms-swift ": ("modelscope__ms-swift", "swift/arguments/base_args/*.py swift/arguments/[tsr]*_args.py", fields),
    "ms-swift-megatron ": ("modelscope__ms-swift", "swift/megatron/arguments/*.py", fields),
    "trl ": ("huggingface__trl", "trl/trainer/*_config.py trl/scripts/utils.py", fields),
    "litgpt ": ("Lightning-AI__litgpt", "litgpt/finetune/lora.py", parameters, "setup"),
    "litgpt train": ("Lightning-AI__litgpt", "litgpt/args.py", fields, "TrainArgs"),
    "h2o training": ("h2oai__h2o-llmstudio", "llm_studio/python_configs/text*.py", fields, r"\w*Training\w*"),
    "mlx-lm ": ("ml-explore__mlx-lm", "mlx_lm/lora.py", flags),
    "diffusers ": ("huggingface__diffusers", "examples/**/train*lora*.py", flags),
    "kohya-gui ": ("bmaltais__kohya_ss", "kohya_gui/lora_gui.py", parameters, "save_configuration"),
    "ludwig adapter": ("ludwig-ai__ludwig", "ludwig/schema/llms/peft.py", fields, "LoraConfig"),
    "ludwig trainer": ("ludwig-ai__ludwig", "ludwig/schema/trainer.py", fields),
    "verl-actor actor_rollout_ref.actor.optim": ("volcengine__verl", "verl/workers/config/optimizer.py", fields),
    "verl-actor actor_rollout_ref.model": ("volcengine__verl", "verl/workers/config/model.py", fields),
    "torchtune ": ("pytorch__torchtune", "recipes/lora*.py", asked, "cfg"),
}

if __name__ == "__main__":
    root = os.environ.get("LORA_ALPHA_JUDGE_SOURCES") or os.devnull
    there = {place: spec for place, spec in SCHEMAS.items() if os.path.isdir(os.path.join(root, spec[0]))}
    json.dump({place: sorted(keys(root, *spec)) for place, spec in there.items()}, sys.stdout)
