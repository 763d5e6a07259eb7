"""The keys of trainers' schemas, read from their sources without running them.

    LORA_ALPHA_JUDGE_SOURCES=FOLDER python test/judges/keys.py      # {"axolotl ": ["adapter", …], …}
    python test/judges/keys.py packages                             # the same of installed packages

A trainer whose `<owner>__<name>` is not in the folder (sources.py), or that is no package, is left out. Layouts are named with
the dotted path of the map: `prime-sft model.lora`.
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
    """A string; of `f"--{prefix}.optim"` too, where the name stands for its value."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text(part) or ast.unparse(getattr(part, "value", part)) for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def called(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def flags(tree, inside):
    """`parser.add_argument("--name")`, and fields of a registry, `ConfigField(name="name")`. Of `--ds.lora.rank` the step
    behind `inside`."""
    named_so = rf"(?:--)?{inside and inside + chr(92) + '.' or ''}([a-z][\w-]*)[\w.-]*"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node.func) in ("add_argument", "ConfigField"):
            named = [key.value for key in node.keywords if key.arg in ("name", "arg_name")]
            found = [re.fullmatch(named_so, word or "") for word in map(text, [*node.args, *named])]
            yield from (one[1].replace("-", "_") for one in found if one)


def worded(tree, function):
    """`--name` in the texts of one function, which writes a script."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for part in ast.walk(node):
                yield from re.findall(r"(?<!\S)--([a-z]\w+)", text(part) or "" if isinstance(part, ast.Constant) else "")


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
    methods = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node.func) in ("get", "pop", "setdefault") and node.args:
            if re.fullmatch(names, ast.unparse(node.func).rpartition(".")[0]):
                yield text(node.args[0])
        elif isinstance(node, ast.Subscript) and re.fullmatch(names, ast.unparse(node.value)):
            yield text(node.slice)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In):
            if re.fullmatch(names, ast.unparse(node.comparators[0])):
                yield text(node.left)
        elif isinstance(node, ast.Attribute) and re.fullmatch(names, ast.unparse(node.value)) and id(node) not in methods:
            yield node.attr


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


def keys(folder, patterns, read, what=None, inside=None):
    found = set()
    for tree in trees(folder, patterns):
        whole = tree if inside is None else next((n for n in ast.walk(tree) if getattr(n, "name", "") == inside), tree)
        found.update(key.split(".")[0] for key in read(whole, what) if key and key != "self")
    return found


PRIME_RL = "packages/prime-rl-configs/src/prime_rl/configs"
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
    "openrlhf ": ("OpenRLHF__OpenRLHF", "openrlhf/cli/train_[sdr]*.py", flags),
    "openrlhf ds": ("OpenRLHF__OpenRLHF", "openrlhf/cli/train_*.py", flags, "ds"),
    "openrlhf ds.lora": ("OpenRLHF__OpenRLHF", "openrlhf/cli/train_*.py", flags, "ds.lora"),
    "openrlhf adam": ("OpenRLHF__OpenRLHF", "openrlhf/cli/train_[sdr]*.py", flags, "adam"),
    "openrlhf-actor ": ("OpenRLHF__OpenRLHF", "openrlhf/cli/train_ppo_ray.py", flags),
    "openrlhf-actor actor.adam": ("OpenRLHF__OpenRLHF", "openrlhf/cli/train_ppo_ray.py", flags, "(?:actor|prefix).adam"),
    "openrlhf-actor actor": ("OpenRLHF__OpenRLHF", "openrlhf/cli/train_ppo_ray.py", flags, "(?:actor|prefix)"),
    "openrlhf-actor critic": ("OpenRLHF__OpenRLHF", "openrlhf/cli/train_ppo_ray.py", flags, "(?:critic|prefix)"),
    "prime-rl ": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/rl.py", fields, "RLConfig"),
    "prime-rl trainer.model": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/trainer.py {PRIME_RL}/shared.py", fields, "(?:Base)?ModelConfig"),
    "prime-rl trainer.optim": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/trainer.py", fields, "(?:BaseOptimizer|SGD|AdamW|Muon|SignSGD)Config"),
    "prime-rl trainer": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/trainer.py", fields, "TrainerConfig"),
    "prime-sft ": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/sft.py", fields, "SFTConfig"),
    "prime-sft model": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/trainer.py {PRIME_RL}/shared.py", fields, "(?:Base)?ModelConfig"),
    "prime-sft model.lora": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/trainer.py", fields, "LoRAConfig"),
    "prime-sft optim": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/trainer.py", fields, "(?:BaseOptimizer|SGD|AdamW|Muon|SignSGD)Config"),
    "prime-sft scheduler": ("PrimeIntellect-ai__prime-rl", f"{PRIME_RL}/trainer.py", fields, r"\w*SchedulerConfig"),
    "xtuner model": ("InternLM__xtuner", "xtuner/model/*.py", parameters, "__init__"),
    "nemo-2 ": ("NVIDIA-NeMo__NeMo", "nemo/collections/speechlm/recipes/pipeline.py", asked, "cfg"),
    "nemo-2 model": ("NVIDIA-NeMo__NeMo", "nemo/collections/speechlm/recipes/pipeline.py", asked, r"cfg(?:\['model'\]|\.model)"),
    "nemo-2 optim.config": ("NVIDIA__Megatron-LM", "megatron/core/optimizer/optimizer_config.py", fields, "OptimizerConfig"),
    "nemo-2 model.peft": ("NVIDIA-NeMo__NeMo", "nemo/collections/llm/peft/lora.py", fields, "LoRA"),
    "nemo-2 optim": ("NVIDIA-NeMo__NeMo", "nemo/lightning/pytorch/optim/megatron.py", parameters, "__init__"),
    "automodel ": ("NVIDIA-NeMo__Automodel", "nemo_automodel/recipes/llm/train_ft.py", asked, r"(?:self\.)?cfg"),
    "automodel peft": ("NVIDIA-NeMo__Automodel", "nemo_automodel/components/_peft/lora.py", fields, "PeftConfig"),
    "automodel optimizer": ("NVIDIA-NeMo__Automodel", "nemo_automodel/components/optim/optimizer.py", fields, r"\w*OptimizerConfig|\w*AdamW?Config"),
    "automodel lr_scheduler": ("NVIDIA-NeMo__Automodel", "nemo_automodel/components/optim/scheduler.py", parameters, "__init__"),
    "fluxgym ": ("cocktailpeanut__fluxgym", "app.py", worded, "gen_sh"),
    "peft ": ("huggingface__peft", "src/peft/tuners/lora/config.py", fields, "LoraConfig"),
    "torchtune ": ("pytorch__torchtune", "recipes/lora*.py", asked, "cfg"),
}


def packaged(_, patterns, *rest):
    """Where the same files are installed; a source tree may have them in `src`."""
    files = re.sub(r"(?<!\S)src/", "", patterns)
    top = files.split("/")[0]
    folder = next((path for path in sys.path[1:] if os.path.isdir(os.path.join(path, top))), None)
    return (folder, files, *rest)


def cloned(source, *rest):
    root = os.environ.get("LORA_ALPHA_JUDGE_SOURCES") or os.devnull
    return (os.path.join(root, source), *rest)


if __name__ == "__main__":
    found = {place: (packaged if sys.argv[1:] else cloned)(*spec) for place, spec in SCHEMAS.items()}
    there = {place: keys(*spec) for place, spec in found.items() if spec[0] and os.path.isdir(spec[0])}
    # A package without these files has no keys.
    json.dump({place: sorted(names) for place, names in there.items() if names}, sys.stdout)
