"""diffusers: bash runs the script; the training script's own parse_args and the LoraConfig that it makes of them."""

import ast
import functools
import glob
import os
import re

from parsers import functions, parsed, run, tree
from shells import calls
from sources import source  # before judging, which takes this folder off the path
from judging import judge, named

EXAMPLES = os.path.join(source("huggingface__diffusers"), "examples")
SCRIPT = re.compile(r"(?:^|/)(train_\w*lora\w*\.py)$")

LORA = {"r": "rank", "lora_alpha": "alpha", "lora_dropout": "dropout", "use_dora": "useDora"}
ARGUMENTS = {"learning_rate": "learningRate", "adam_weight_decay": "weightDecay", "weight_decay": "weightDecay"}
ARGUMENTS |= {"adam_epsilon": "eps", "max_grad_norm": "maxGradNorm"}
# What LoraConfig takes of them, which moves with a plan.
MOVED = ["rank", "lora_rank", "lora_alpha", "adam_beta1", "adam_beta2"]


@functools.cache
def path_of(name):
    (path,) = glob.glob(os.path.join(EXAMPLES, "*", name))
    return path


@functools.cache
def parser_of(path):
    (own,) = functions(path, "parse_args", "get_args")
    return run([own], path)[own.name]


def lora_of(path, args):
    """The keywords of the first LoraConfig that the script makes: the model's, before the text encoder's."""
    makers = functions(path, "get_lora_config")
    wanted = {maker.name for maker in makers} or {"LoraConfig"}
    call = next(node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and getattr(node.func, "id", "") in wanted)
    statement = ast.fix_missing_locations(ast.Assign([ast.Name("made", ast.Store())], call, lineno=1))
    return run([*makers, statement], path, args=args, LoraConfig=lambda **keywords: keywords)["made"]


def read(path):
    found = []
    for words in calls(path):
        at = next((i for i, word in enumerate(words) if SCRIPT.search(word)), None)
        if at is not None:
            found.append(network(path_of(SCRIPT.search(words[at])[1]), words[at + 1 :]))
    return found


def network(path, words):
    parse = parser_of(path)
    args = {}
    values = parsed(words, lambda: args.setdefault("own", parse()))
    made = lora_of(path, args["own"])
    shared = named(values, ARGUMENTS)
    if "adam_beta1" in values:
        shared["betas"] = [values["adam_beta1"], values["adam_beta2"]]
    rest = {name: value for name, value in values.items() if name not in MOVED}
    return {**{ours: made[name] for name, ours in LORA.items() if name in made}, **shared, "rest": rest}


judge(read, (".sh",))
