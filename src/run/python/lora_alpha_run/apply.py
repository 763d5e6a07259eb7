"""A plan at run time: scaling and factors before the first pass, numbers at each step."""

import json

import torch

from .modules import class_path, described, pairs_held, whole
from .recording import NOISE, PLAN, RUN, refuse

MOVED, STEPPED = {}, {}
"""MOVED, by pair: the norm of A as left here. STEPPED, by optimizer: its groups and parts."""
times = lambda v, f: [a and a * b for a, b in zip(v, f)] if isinstance(f, list) else v * f


@torch.no_grad()
def move_pairs(optimizer):
    """Once for every pair held. The marks are the module's: wrapping and copying keep them."""
    for pair in pairs_held(optimizer) if PLAN or NOISE else ():
        (a, b, bias), marks = pair.factors, vars(pair.module).setdefault("_lora_alpha_moved", set())
        if ("pair", pair.adapter) in marks or a.is_meta:
            continue
        marks.add(("pair", pair.adapter))
        if PLAN:
            RUN["applied"] = PLAN if pair.scaling() > 0 else refuse(f"{pair.name} has no scaling.")
            for _, name, holder, key in pair.slots():
                if (name, key) not in marks:  # kohya's Flux has one scale for several pairs
                    holder[key] = holder[key] * PLAN["k"]
                    marks.add((name, key))
            for p, factor in ((a, PLAN["A"]), (b, PLAN["B"]), (bias, PLAN["k"])):
                if p is not None and not hasattr(p, "_lora_alpha_moved"):  # modules may share one
                    p.div_(factor)._lora_alpha_moved = True
        if NOISE:  # each element by one unit in the last place of its type, or of autocast's
            p, dtype = a if whole(a).any() else b, NOISE.get("dtype") or str(a.dtype)[6:]
            p = p.to_local() if hasattr(p, "to_local") else p
            draw = torch.rand(p.shape, generator=torch.Generator().manual_seed(NOISE["seed"]))
            by = torch.where(draw < 0.5, 0.51, -0.51).double()
            by *= torch.finfo(getattr(torch, dtype)).eps
            p.copy_(p.double() * (1 + by.to(p.device)))
        MOVED[pair] = whole(a).double().norm()


def rule_of(optimizer):
    """What the plan multiplies in this optimizer's groups, by role; nothing for alpha alone."""
    if not PLAN or PLAN["optimizers"] == "as-is" or not pairs_held(optimizer):
        return {"roles": {}}
    kind = class_path(optimizer)
    rules = (rule for rule in PLAN["optimizers"] if rule["class"] == kind)
    return next(rules, None) or refuse(f"The plan has no rule for the optimizer {kind}.")


def first_step(optimizer):
    """What was written here must still be there. What the optimizer carries on changes only now."""
    for pair in pairs_held(optimizer) if PLAN else ():
        norm = float(whole(pair.factors[0]).double().norm())
        if pair not in MOVED or abs(norm - float(MOVED[pair])) > 0.01 * norm:
            refuse(f"{pair.name} was made, loaded or drawn anew after the optimizer: not rescaled.")
    once = rule_of(optimizer).get("once", {})
    for group in optimizer.param_groups:
        group.update({name: group[name] * f for name, f in once.items() if name in group})


def before_step(optimizer):
    """Steps parts in place of the groups: one for all parameters with the same factors."""
    roles, parts = rule_of(optimizer)["roles"], []
    for group in optimizer.param_groups if roles else ():
        split = {}
        for p, (role, _, _) in zip(group["params"], described(group["params"])):
            split.setdefault(json.dumps(roles.get(role, {})), []).append(p)
        # "{}" last: what the optimizer writes has the program's units there
        for text, params in sorted(split.items(), reverse=True):
            factors = {name: f for name, f in json.loads(text).items() if f != 1}
            if absent := [name for name in factors if group.get(name) is None]:
                refuse(f"{class_path(optimizer)} does not keep {absent}, which the plan changes.")
            changed = {name: times(group[name], f) for name, f in factors.items()}
            part = {**group, **changed, "params": params}
            parts.append((group, part, dict(part)))
    if parts:
        STEPPED[id(optimizer)] = optimizer.param_groups, parts
        optimizer.param_groups = [part for _, part, _ in parts]


def after_step(optimizer):
    """The program's groups come back, with what the optimizer itself wrote."""
    optimizer.param_groups, parts = STEPPED.pop(id(optimizer), (optimizer.param_groups, ()))
    for group, part, old in parts:
        group.update({name: new for name, new in part.items() if new is not old.get(name)})
