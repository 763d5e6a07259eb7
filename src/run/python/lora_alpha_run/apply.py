"""A plan at run time: scaling, factors and noise before the first forward pass, an optimizer's numbers at its step."""

import json

import torch

from .modules import class_path, described, pairs_held, whole
from .recording import NOISE, PLAN, RUN, refuse

MOVED, STEPPED = {}, {}
"""MOVED, by pair: the norm of A as this file left it. STEPPED, by optimizer: its groups, and their parts."""

@torch.no_grad()
def move_pairs(optimizer):
    """Once for every pair that the optimizer holds. The marks are the module's, so wrapping and copying keep them."""
    for pair in pairs_held(optimizer) if PLAN or NOISE else ():
        (a, b, bias), marks = pair.factors, vars(pair.module).setdefault("_lora_alpha_moved", set())
        if ("pair", pair.adapter) in marks or a.is_meta:
            continue
        marks.add(("pair", pair.adapter))
        if PLAN:
            holder, key, _ = pair.slot() if pair.scaling() > 0 else refuse(f"{pair.name}: its scaling was not found.")
            if key not in marks:  # kohya's Flux has one scale for several pairs of a module
                holder[key] = holder[key] * PLAN["k"]
            for p, factor in ((a, PLAN["A"]), (b, PLAN["B"]), (bias, PLAN["k"])):
                if p is not None and not hasattr(p, "_lora_alpha_moved"):  # several modules may share a factor
                    p.div_(factor)._lora_alpha_moved = True
            marks.add(key)
            RUN["applied"] = PLAN
        if NOISE:  # each element by one unit in the last place of its type, or of autocast's
            p, dtype = a if whole(a).any() else b, getattr(torch, NOISE.get("dtype") or str(a.dtype)[6:])
            p = p.to_local() if hasattr(p, "to_local") else p
            up = torch.rand(p.shape, generator=torch.Generator().manual_seed(NOISE["seed"])) < 0.5
            by = torch.where(up, 0.51, -0.51).double() * torch.finfo(dtype).eps
            p.copy_((p.double() * (1 + by.to(p.device))).to(p.dtype))
        MOVED[pair] = whole(a).double().norm()

def rule_of(optimizer):
    """What the plan multiplies in this optimizer's groups, by role; nothing where alpha alone changes."""
    if not PLAN or PLAN["optimizers"] == "as-is" or not pairs_held(optimizer):
        return {"roles": {}}
    rules = [rule for rule in PLAN["optimizers"] if rule["class"] == class_path(optimizer)]
    return rules[0] if rules else refuse(f"The plan has no rule for the optimizer {class_path(optimizer)}.")

def first_step(optimizer):
    """What this file wrote must still be there. Numbers that the optimizer itself carries on change only now."""
    for pair in pairs_held(optimizer) if PLAN else ():
        norm = float(whole(pair.factors[0]).double().norm())
        if pair not in MOVED or abs(norm - float(MOVED[pair])) > 0.01 * norm:
            refuse(f"{pair.name} was made, loaded or drawn anew after the optimizer, so it was not rescaled.")
    for group in optimizer.param_groups:
        group.update({n: group[n] * f for n, f in rule_of(optimizer).get("once", {}).items() if n in group})

def times(value, factor):
    if not isinstance(value, (tuple, list)):
        return value * factor
    factors = factor if isinstance(factor, list) else [factor] * len(value)
    return type(value)(v if v is None else v * f for v, f in zip(value, factors))

def before_step(optimizer):
    """Steps parts in place of the groups: one for all parameters of a group with the same factors."""
    roles, parts = rule_of(optimizer)["roles"], []
    for group in optimizer.param_groups if roles else ():
        split = {}
        for p, (role, _, _) in zip(group["params"], described(group["params"])):
            split.setdefault(json.dumps(roles.get(role, {})), []).append(p)
        for text, params in sorted(split.items(), reverse=True):  # "{}" last: what it writes has the program's units
            factors = {name: factor for name, factor in json.loads(text).items() if factor != 1}
            if absent := [name for name in factors if group.get(name) is None]:
                refuse(f"The plan changes {absent}, which {class_path(optimizer)} does not keep in its groups.")
            part = {**group, **{name: times(group[name], f) for name, f in factors.items()}, "params": params}
            parts.append((group, part, dict(part)))
    if parts:
        STEPPED[id(optimizer)] = optimizer.param_groups, parts
        optimizer.param_groups = [part for _, part, _ in parts]

def after_step(optimizer):
    """The program's groups come back, with what the optimizer itself wrote."""
    optimizer.param_groups, parts = STEPPED.pop(id(optimizer), (optimizer.param_groups, ()))
    for group, part, before in parts:
        group.update({name: value for name, value in part.items() if value is not before.get(name)})
