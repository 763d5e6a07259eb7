"""An optimizer that steps: what it holds, the plan's numbers in it, what a program does besides."""

import json
import sys

import torch

from .modules import MADE, PAIRS, class_path, described, held_by, look, pairs_held, whole
from .recording import LIBRARIES, PLAN, RUN, doubt, plain, refuse

SEEN, EARLY, LEFT = {}, set(), []
"""SEEN, by id: optimizers that have stepped. EARLY: the pairs of the first step. LEFT: the norm of
all gradients, as it was last left."""
is_sketched = lambda step: str(step).rstrip("0") in ("1", "2", "5")
is_open = lambda p: p.grad is not None and not hasattr(p, "full_tensor")
times = lambda v, f: [a and a * b for a, b in zip(v, f)] if isinstance(f, list) else v * f


def measure(is_met):
    """In a step with a sketch. Nothing may change gradients from where they are left (backward,
    unscaling, clipping) to where they are met (clipping, step)."""
    held = [p for seen in SEEN.values() for p in seen.factors if is_sketched(RUN["steps"] + 1)]
    held = list(filter(is_open, held))
    norm = sum(float(p.grad.double().square().sum()) for p in held) ** 0.5
    if is_met and LEFT and abs(LEFT[0] - norm) > 1e-6 * LEFT[0]:
        doubt("gradients-changed")
    LEFT[:] = [norm] if held and not is_met else []


class Steps:
    """What an optimizer held at its first step, and what happened to it since."""

    def __init__(self, optimizer):
        self.optimizer, self.kind, self.depth, self.parts = optimizer, class_path(optimizer), 0, []
        self.held, self.pairs = list(map(id, held_by(optimizer))), pairs_held(optimizer)
        self.groups = list(map(recorded, optimizer.param_groups))
        RUN["optimizers"].append({"class": self.kind, "groups": self.groups})
        kinds = {type(module).__name__ for module in MADE}
        if is_hidden := "FullyShardedDataParallel" in kinds or "deepspeed" in sys.modules:
            self.pairs = [pair for pair in self.pairs if pair.factors[0].ndim > 1]
            doubt("hidden")
        if torch.cuda.is_available() and torch.cuda.is_current_stream_capturing():
            doubt("graph")
        if self.pairs and not EARLY:
            look()
            EARLY.update(PAIRS.values())
        self.is_late, self.has_lora = (
            not EARLY.issuperset(self.pairs),
            is_hidden or bool(self.pairs),
        )
        self.is_late and doubt("late")
        self.steps, self.versions = RUN["steps"] if self.is_late else 0, None
        RUN["modules"] += plain([pair.facts(self.held) for pair in self.pairs])
        factors = [p for pair in self.pairs for p in pair.factors[:2] if id(p) in self.held]
        self.factors, self.scalings = factors, [pair.scaling() for pair in self.pairs]
        self.look_around_step()
        self.rule = self.rule_of_plan() if self.pairs else {}
        for group in optimizer.param_groups:  # what the optimizer itself carries on
            once = self.rule.get("once", {}).items()
            group.update({name: group[name] * f for name, f in once if name in group})

    def look_around_step(self):
        """Functions around `step` must be torch's, a library's, or of the class's package."""
        step = self.optimizer.step
        while step := getattr(step, "__func__", step):
            name = getattr(step, "__globals__", {}).get("__name__", "torch")
            if name.split(".")[0] not in (self.kind.split(".")[0], __package__, *LIBRARIES):
                doubt("patched", name)
            step = getattr(step, "__wrapped__", None)

    def rule_of_plan(self):
        """What the plan multiplies in the groups. The factors that it divided must still be so."""
        for pair in self.pairs if PLAN else ():
            norm = float(whole(pair.factors[0]).double().norm())
            if pair.size is None or abs(norm - float(pair.size)) > 0.01 * norm:
                refuse(f"{pair.name} was made, loaded or drawn anew after the optimizer.")
        if PLAN.get("optimizers", "as-is") == "as-is":
            return {}
        rules = (rule for rule in PLAN["optimizers"] if rule["class"] == self.kind)
        return next(rules, None) or refuse(f"The plan has no rule for the optimizer {self.kind}.")

    def before(self, is_closure):
        is_closure or measure(is_met=True)  # its gradients are yet to come
        if self.held != list(map(id, held_by(self.optimizer))):
            doubt("late")
        if self.versions not in (None, [p._version for p in self.factors]):
            is_stepped = all(p.grad is None for p in self.factors)
            doubt("fused" if is_stepped else "factors-changed")
        is_blind = is_closure or any(clip["kind"] == "value" for clip in RUN["clips"])
        if self.steps < 2 and not is_blind and self.is_uneven():
            doubt("uneven")
        self.change_groups()

    def is_uneven(self):
        """Of a loss of B·A alone, A times its gradient is B times its gradient, summed over all:
        held in two steps, in the first it is 0. Rounding in 16 bits stays below the limit."""
        sides = [p.factors[:2] for p in self.pairs if all(map(is_open, p.factors[:2]))]
        gap, size = 0.0, 0.0
        for p, sign in {p: sign for side in sides for p, sign in zip(side, (1, -1))}.items():
            own, grad = p.detach().double(), p.grad.double()
            gap += sign * float((own * grad).sum())
            size += float(own.norm() * grad.norm())
        return abs(gap) > 0.02 * size

    def change_groups(self):
        """Steps parts in place of the groups: one for all parameters with the same factors."""
        self.program, roles = self.optimizer.param_groups, self.rule.get("roles")
        for group in self.program if roles else ():
            split = {}
            for p, (role, _, _) in zip(group["params"], described(group["params"])):
                split.setdefault(json.dumps(roles.get(role, {})), []).append(p)
            # "{}" last: what the optimizer writes has the program's units there
            for text, params in sorted(split.items(), reverse=True):
                factors = json.loads(text)
                if absent := [name for name in factors if group.get(name) is None]:
                    refuse(f"{self.kind} does not keep {absent}, which the plan changes.")
                changed = {name: times(group[name], f) for name, f in factors.items()}
                part = {**group, **changed, "params": params}
                self.parts.append((group, part, dict(part)))
        if self.parts:
            self.optimizer.param_groups = [part for _, part, _ in self.parts]

    def after(self):
        """The program's groups come back, with what the optimizer itself wrote."""
        for group, part, old in self.parts:
            group.update({name: new for name, new in part.items() if new is not old.get(name)})
        self.optimizer.param_groups, self.parts = self.program, []
        self.versions, self.steps = [p._version for p in self.factors], self.steps + 1
        for group, recorded in zip(self.program, self.groups):
            recorded["lr"].append(plain(group.get("lr")))

    def sketches(self):
        """By module; and what no longer is as it was at the first step."""
        if [pair.scaling() for pair in self.pairs] != self.scalings:
            doubt("scaling-changed")
        for group, recorded in zip(self.optimizer.param_groups, self.groups):
            first = recorded["numbers"]
            now = plain({name: group.get(name) for name in first if name != "lr"})
            changed = {name for name in now if now[name] != first[name]}
            recorded["changed"] = sorted(changed.union(recorded["changed"]))
        return {f"{pair.name}.{pair.adapter}": pair.sketch() for pair in self.pairs}


def recorded(group):
    """The group's entry in the recording."""
    names = {}
    for role, name, _ in described([p for p in group["params"] if p.requires_grad]):
        names.setdefault(role, []).append(name)
    roles = {role: {"count": len(of), "names": of[:20]} for role, of in names.items()}
    numbers = plain({name: value for name, value in group.items() if name != "params"})
    return {"roles": roles, "numbers": numbers, "lr": [], "changed": []}
