"""An optimizer that steps, and what a program does besides, as far as its factors show it."""

import sys

import torch

from .modules import KINDS, class_path, described, held_by, pairs_held
from .recording import LIBRARIES, RUN, doubt, plain

SEEN, OTHERS, LEFT, EARLY = {}, [], [], set()
"""SEEN, by id: optimizers that have stepped. OTHERS: names of what trains beside LoRA.
LEFT: the norm of all gradients, as it was last left. EARLY: the pairs of the first step."""
ROLES = ("A", "B", "magnitude", "bias", "embedding", "other")
is_sketched = lambda step: str(step).rstrip("0") in ("1", "2", "5")
is_open = lambda p: p.grad is not None and not hasattr(p, "full_tensor")


def measure(is_met):
    """In a step with a sketch. Nothing may change gradients from where they are left (backward,
    unscaling, clipping) to where they are met (clipping, step)."""
    held = list(filter(is_open, (p for seen in SEEN.values() for p in seen.factors)))
    held = held if is_sketched(RUN["steps"] + 1) else ()
    norm = sum(float(p.grad.double().square().sum()) for p in held) ** 0.5
    if is_met and LEFT and abs(LEFT[0] - norm) > 1e-6 * LEFT[0]:
        doubt("gradients-changed")
    LEFT[:] = [norm] if held and not is_met else []


class Steps:
    """What an optimizer held at its first step, and what happened to it since."""

    def __init__(self, optimizer):
        self.optimizer, self.versions = optimizer, None
        self.held, self.pairs = held_by(optimizer), pairs_held(optimizer)
        self.groups = [self.recorded(group) for group in optimizer.param_groups]
        RUN["optimizers"].append({"class": class_path(optimizer), "groups": self.groups})
        if hidden := "FullyShardedDataParallel" in KINDS or "deepspeed" in sys.modules:
            self.pairs = [pair for pair in self.pairs if pair.factors[0].ndim > 1]
            doubt("hidden")
        if torch.cuda.is_available() and torch.cuda.is_current_stream_capturing():
            doubt("graph")
        if is_late := bool(EARLY) and not EARLY.issuperset(self.pairs):
            doubt("late")
        self.is_late, self.has_lora = is_late, bool(hidden or self.pairs)
        self.steps, ids = RUN["steps"] if is_late else 0, set(map(id, self.held))
        RUN["modules"] += plain([pair.facts(ids) for pair in self.pairs])
        factors = [p for pair in self.pairs for p in pair.factors[:2] if id(p) in ids]
        self.factors, self.scalings = factors, [pair.scaling() for pair in self.pairs]
        self.look_around_step()

    def recorded(self, group):
        """The group's entry in the recording."""
        found = described([p for p in group["params"] if p.requires_grad])
        names = {role: [name for its, name, _ in found if its == role] for role in ROLES}
        OTHERS.extend(name for role, name, _ in found if role not in ("A", "B"))
        roles = {role: {"count": len(of), "names": of[:20]} for role, of in names.items()}
        numbers = {name: v for name, v in group.items() if name not in ("params", "initial_lr")}
        initial = plain(group.get("initial_lr"))
        return {"roles": roles, "numbers": plain(numbers), "lr": [], "initialLr": initial}

    def look_around_step(self):
        """Functions around `step` must be torch's, a library's, or of the class's package."""
        step, own = self.optimizer.step, type(self.optimizer).__module__.split(".")[0]
        while step := getattr(step, "__func__", step):
            name = getattr(step, "__globals__", {}).get("__name__", "torch")
            if name.split(".")[0] not in (own, *LIBRARIES):
                doubt("patched", name)
            step = getattr(step, "__wrapped__", None)

    def before(self, is_blind):
        now = held_by(self.optimizer)
        if len(now) != len(self.held) or any(p is not q for p, q in zip(now, self.held)):
            doubt("late")
        if self.versions not in (None, [p._version for p in self.factors]):
            doubt("factors-changed")
        if self.steps < 2 and not is_blind and self.is_uneven():
            doubt("uneven")

    def is_uneven(self):
        """Of a loss of B·A alone, A times its gradient is B times its gradient, summed over all:
        held in two steps, in the first it is 0. Rounding in 16 bits stays below the limit."""
        sides = [p.factors[:2] for p in self.pairs if all(map(is_open, p.factors[:2]))]
        sums, sizes = [0.0, 0.0], 0.0
        for i, side in enumerate(zip(*sides)):
            for p in {id(p): p for p in side}.values():
                own, grad = p.detach().double(), p.grad.double()
                sums[i] += float((own * grad).sum())
                sizes += float(own.norm() * grad.norm())
        return abs(sums[0] - sums[1]) > 0.02 * sizes

    def after(self):
        self.versions, self.steps = [p._version for p in self.factors], self.steps + 1
        for group, recorded in zip(self.optimizer.param_groups, self.groups):
            recorded["lr"].append(plain(group.get("lr")))

    def look(self):
        """At every sketch: what no longer is as it was at the first step."""
        if [pair.scaling() for pair in self.pairs] != self.scalings:
            doubt("scaling-changed")
        for group, recorded in zip(self.optimizer.param_groups, self.groups):
            first = recorded["numbers"]
            now = plain({name: group.get(name) for name in first if name != "lr"})
            changed = {name for name in now if now[name] != first[name]}
            recorded["changed"] = sorted(changed.union(recorded.get("changed", ())))
