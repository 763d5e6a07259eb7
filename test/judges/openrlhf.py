"""OpenRLHF: bash runs the script, and the command's own parser reads its flags; plain flags that of the package 0.9.10."""

import ast
import os
import re

from parsers import parsed, run, tree
from shells import calls
from sources import source  # before judging, which takes this folder off the path
from judging import OPTIMIZER, judge

NOW = source("OpenRLHF__OpenRLHF")
BEFORE = f"{NOW}-0.9.10"
COMMAND = re.compile(r"^openrlhf\.cli\.(train_\w+)$")


def parser_of(path):
    """What the script does up to `args = parser.parse_args()`."""
    main = next(node for node in tree(path).body if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test))
    last = next(i for i, node in enumerate(main.body) if "parser.parse_args()" in ast.unparse(node))
    return lambda: run(main.body[: last + 1], path)["args"]


def names_in(command, is_dotted):
    if not is_dotted:
        rate = "actor_learning_rate" if command == "train_ppo_ray" else "learning_rate"
        shared = {"l2": "weightDecay", "max_norm": "maxGradNorm", "adam_betas": "betas", "lora_dropout": "dropout"}
        return {"lora_rank": "rank", "lora_alpha": "alpha", rate: "learningRate", **shared}
    part = "actor." if command == "train_ppo_ray" else ""
    adam = {f"{part}adam.{key}": name for key, name in OPTIMIZER.items() if key != "d0"}
    return {**{f"ds.lora.{key}": key for key in ("rank", "alpha", "dropout")}, **adam, f"{part}max_norm": "maxGradNorm"}


def network(command, words):
    is_dotted = any(re.match(r"--ds\.", word) for word in words)
    path = os.path.join(NOW if is_dotted else BEFORE, "openrlhf", "cli", f"{command}.py")
    values = parsed(words, parser_of(path))
    names = names_in(command, is_dotted)
    ours = {field: values.pop(name) for name, field in names.items()}
    rest = {name: value for name, value in values.items() if not name.endswith(("run_name", "ckpt_path"))}
    return {**ours, "betas": list(ours["betas"]), "rest": rest}


def read(path):
    found = []
    for words in calls(path):
        at = next((i for i, word in enumerate(words) if COMMAND.match(word)), None)
        if at is None:
            continue
        if not os.path.isdir(BEFORE) and not any(word.startswith("--ds.") for word in words):
            return None
        seen = network(COMMAND.match(words[at])[1], words[at + 1 :])
        if seen["rank"] > 0:
            found.append(seen)
    return found


judge(read, (".sh",))
