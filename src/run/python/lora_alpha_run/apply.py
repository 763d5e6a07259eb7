"""A plan at run time: scaling, factors and noise before the first forward pass, an optimizer's numbers at its step."""

import json

import torch

from .modules import described, pairs_held
from .recording import NOISE, PLAN, RUN, refuse, safely
from .sketch import whole

MOVED = {}
"""By pair: the norm of A as this file left it."""
PARTS = {}
"""By optimizer, index of the group and factors: the group that is stepped in place of the user's, and what it saw."""
STEPPED = {}


@safely
@torch.no_grad()
def move_pairs(optimizer):
    """Once for every pair that the optimizer holds. The mark is the module's, so wrapping and copying keep it."""
    for pair in pairs_held(optimizer) if PLAN or NOISE else ():
        (a, b), marks = pair.factors, pair.module.__dict__.setdefault("_lora_alpha_moved", set())
        if pair.adapter not in marks and not a.is_meta:
            marks.add(pair.adapter)
            if PLAN:
                rescale(pair)
                RUN["applied"] = PLAN
            if NOISE:
                jitter(a if a.any() else b)
            MOVED[pair] = whole(a).double().norm()


def rescale(pair):
    slot, before = pair.slot(), pair.scaling
    if slot is None:
        refuse(f"The scaling of {pair.name} was not found, so the plan cannot be applied.")
    holder, key, _ = slot
    holder[key] = holder[key] * PLAN["k"]
    for p, factor in zip((*pair.factors, pair.bias), (PLAN["A"], PLAN["B"], PLAN["k"])):
        if p is not None and not hasattr(p, "_lora_alpha_moved"):  # a factor may be shared by several modules
            p.div_(factor)
            p._lora_alpha_moved = True
    if abs(pair.scaling / before / PLAN["k"] - 1) > 1e-6:
        refuse(f"The scaling of {pair.name} could not be changed.")


def jitter(p):
    """Each element by one unit in its last place, up or down as the seed says."""
    up = torch.rand(p.shape, generator=torch.Generator().manual_seed(NOISE["seed"])) < 0.5
    by = torch.where(up, 0.51, -0.51).double() * torch.finfo(p.dtype).eps
    p.copy_((p.double() * (1 + by.to(p.device))).to(p.dtype))


def check_first_step(optimizer):
    """What this file wrote must still be there."""
    for pair in pairs_held(optimizer) if PLAN else ():
        norm = float(whole(pair.factors[0]).double().norm())
        if pair not in MOVED:
            refuse(f"{pair.name} came after the optimizer, so it was not rescaled.")
        if abs(norm - float(MOVED[pair])) > 0.01 * norm:
            refuse(f"{pair.name} was written again after the optimizer was made (loaded, or drawn anew).")


def class_path(thing):
    return f"{type(thing).__module__}.{type(thing).__qualname__}"


def rule_of(optimizer):
    """By role what the plan multiplies in this optimizer's groups; nothing where alpha alone changes."""
    if not PLAN or PLAN["optimizers"] == "as-is" or not pairs_held(optimizer):
        return {}
    rule = next((rule for rule in PLAN["optimizers"] if rule["class"] == class_path(optimizer)), None)
    if rule is None:
        refuse(f"The plan has no rule for the optimizer {class_path(optimizer)}.")
    once = {key: factor for key, factor in rule.get("once", {}).items() if key in optimizer.param_groups[0]}
    return {role: {**once, **numbers} for role, numbers in rule["roles"].items()}


def times(value, factor, name):
    if isinstance(value, (tuple, list)):
        factors = factor if isinstance(factor, list) else [factor] * len(value)
        return type(value)(v if v is None else v * f for v, f in zip(value, factors))
    if not isinstance(value, (int, float, torch.Tensor)) or name == "initial_accumulator_value" and value:
        refuse(f"The plan changes {name}, which the optimizer does not take from its groups ({value!r}).")
    return value * factor


def before_step(optimizer):
    """Steps parts in place of the groups, one for all parameters of a group with the same factors. A part follows
    what the program writes into its group (a scheduler's rate), and keeps what only the optimizer writes."""
    roles, parts = rule_of(optimizer), []
    for i, group in enumerate(optimizer.param_groups if roles else ()):
        split = {}
        for p, (role, _, _) in zip(group["params"], described(group["params"])):
            split.setdefault(json.dumps(roles.get(role, {})), []).append(p)
        for text, params in split.items():
            factors = json.loads(text)
            part, seen = PARTS.setdefault((id(optimizer), i, text), ({}, {}))
            for name, value in {**dict.fromkeys(factors), **group}.items():
                if name != "params" and (name not in seen or seen[name] is not value):
                    factor = factors.get(name, 1)
                    part[name], seen[name] = times(value, factor, name) if factor != 1 else value, value
            part["params"] = params
            parts.append((part, dict(part), group, seen))
    if parts:
        STEPPED[id(optimizer)] = optimizer.param_groups, parts
        optimizer.param_groups = [part for part, *_ in parts]


def after_step(optimizer):
    """The user's groups come back, with what the optimizer itself wrote."""
    groups, parts = STEPPED.pop(id(optimizer), (optimizer.param_groups, ()))
    for part, before, group, seen in reversed(parts):
        written = {name: value for name, value in part.items() if value is not before.get(name)}
        group.update(written)
        seen.update(written)
    optimizer.param_groups = groups
