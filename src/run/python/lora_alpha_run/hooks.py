"""Where every run passes: losses, clipping, optimizers, and the plan's numbers in them. Importing
this begins."""

import functools
import inspect
import json
import signal
import sys
import threading
import types

import torch
from torch.optim import optimizer as optim

from .modules import INDEX, MADE, PAIRS, class_path, described, held_by, look, pairs_in, whole
from .recording import LIBRARIES, NOISE, PLAN, RUN, SETTINGS
from .recording import doubt, end, plain, ranks, refuse, safely, write

SEEN, CLIPS, LEFT, LOSS, UNDO, safe = {}, {}, [], [], [], torch._disable_dynamo(safely)
"""SEEN, by id: optimizers that have stepped. CLIPS: by kind, threshold and whose. LEFT: the norm of
all gradients, as it was last left. LOSS: before a scaler multiplied it. UNDO removes the hooks."""
WATCHED = """nn.Module.__init__ nn.Module.__setstate__ Tensor.backward amp.GradScaler.scale
amp.GradScaler.unscale_ amp.autocast_mode.autocast.__enter__ optim.Optimizer.add_param_group
optim.Optimizer.__setattr__ nn.utils.clip_grad.clip_grad_norm_ nn.utils.clip_grad_norm_
nn.utils.clip_grad.clip_grad_value_ nn.utils.clip_grad_value_""".split()
is_sketched = lambda step: str(step).rstrip("0") in ("1", "2", "5")
is_open = lambda p: p.grad is not None and not hasattr(p, "full_tensor")
times = lambda v, f: [a and a * b for a, b in zip(v, f)] if isinstance(f, list) else v * f


def measure(is_met):
    """In a step with a sketch. Nothing may change gradients from where they are left (backward,
    unscaling, clipping) to where they are met (clipping, step)."""
    factors = [p for seen in SEEN.values() for p in seen.factors if is_sketched(RUN["steps"] + 1)]
    squares = [float(p.grad.double().square().sum()) for p in factors if is_open(p)]
    norm = sum(squares) ** 0.5
    doubt("gradients-changed", is_met and LEFT and abs(LEFT[0] - norm) > 1e-6 * LEFT[0])
    LEFT[:] = [norm] if squares and not is_met else []


class Steps:
    """What an optimizer held at its first step, and what happened to it since."""

    def __init__(self, optimizer):
        kinds, held = look(), held_by(optimizer)
        self.optimizer, self.kind, self.around = optimizer, class_path(optimizer), None
        self.held = list(map(id, held))
        self.pairs = [pair for pair in pairs_in(held) if pair.factors[0].ndim > 1]
        self.groups = list(map(recorded, optimizer.param_groups))
        RUN["optimizers"].append({"class": self.kind, "groups": self.groups})
        is_hidden = "FullyShardedDataParallel" in kinds or "deepspeed" in sys.modules
        is_late, state = any(pair.is_late() for pair in self.pairs), optimizer.state.values()
        doubt("hidden", is_hidden)
        doubt("graph", torch.cuda.is_available() and torch.cuda.is_current_stream_capturing())
        doubt("resumed", any(torch.is_tensor(x) and x.any() for one in state for x in one.values()))
        doubt("late", is_late)
        # Steps are counted where all have stepped that hold LoRA; what comes late takes over.
        self.is_counted, self.steps = is_hidden or bool(self.pairs), RUN["steps"] if is_late else 0
        for seen in SEEN.values() if is_late else ():
            seen.is_counted = False
        RUN["modules"] += plain([pair.facts(self.held) for pair in self.pairs])
        factors = [p for pair in self.pairs for p in pair.factors[:2] if id(p) in self.held]
        self.factors, self.scalings = factors, [pair.scaling for pair in self.pairs]
        self.versions = [p._version for p in factors]
        rules = PLAN.get("optimizers", "as-is") if self.pairs else "as-is"
        rule = {} if rules == "as-is" else {one["class"]: one for one in rules}.get(self.kind)
        self.roles = (rule or {}).get("roles", {})
        rule is None and refuse(f"The plan has no rule for the optimizer {self.kind}.")
        for group in optimizer.param_groups:  # what the optimizer itself carries on
            once = rule.get("once", {}).items()
            group.update({name: group[name] * f for name, f in once if name in group})
        # Functions around `step` must be torch's, a library's, or of the class's package
        step, allowed = optimizer.step, (self.kind.split(".")[0], __package__, *LIBRARIES)
        while step := getattr(step, "__func__", step):
            name = getattr(step, "__globals__", {}).get("__name__", "torch")
            doubt("patched", name.split(".")[0] not in allowed, name)
            step = getattr(step, "__wrapped__", None)

    def step(self, is_closure):
        """Around a step. A closure has its gradients yet to come."""
        optimizer, program = self.optimizer, self.optimizer.param_groups
        is_closure or measure(is_met=True)
        doubt("late", self.held != list(map(id, held_by(optimizer))))
        is_fused = all(p.grad is None for p in self.factors)
        is_written = self.versions != [p._version for p in self.factors]
        doubt("fused" if is_fused else "factors-changed", is_written)
        is_blind = is_closure or any(kind == "value" for kind, *_ in CLIPS)
        doubt("uneven", self.steps < 2 and not is_blind and self.is_uneven())
        # Parts step in place of the groups: one for all parameters with the same factors.
        groups = program if self.roles else ()
        parts = [(group, part, dict(part)) for group in groups for part in self.parts_of(group)]
        if parts:
            optimizer.param_groups = [part for _, part, _ in parts]
        yield
        # The program's groups come back, with what the optimizer itself wrote.
        for group, part, old in parts:
            group.update({name: new for name, new in part.items() if new is not old.get(name)})
        optimizer.param_groups = program
        self.versions, self.steps = [p._version for p in self.factors], self.steps + 1
        for group, recorded in zip(program, self.groups):
            recorded["lr"].append(plain(group.get("lr")))
        done = min((seen.steps for seen in SEEN.values() if seen.is_counted), default=0)
        is_new, is_last = done > RUN["steps"], done >= SETTINGS["steps"]
        RUN["steps"] = max(done, RUN["steps"])
        if is_new and (is_sketched(done) or is_last):
            modules = [item for seen in SEEN.values() for item in seen.sketches().items()]
            RUN["sketches"].append({"step": done, "modules": dict(modules)})
        if is_last:
            write("steps") if SETTINGS.get("keepGoing") and not PLAN else end("steps")

    def parts_of(self, group):
        split = {}
        for p, (role, _, _) in zip(group["params"], described(group["params"])):
            split.setdefault(json.dumps(self.roles.get(role, {})), []).append(p)
        # "{}" last: what the optimizer writes has the program's units there
        for factors, params in sorted(split.items(), reverse=True):
            changed = {name: times(group[name], f) for name, f in json.loads(factors).items()}
            yield {**group, **changed, "params": params}

    def is_uneven(self):
        """Of a loss of B·A alone, A times its gradient is B times its gradient, summed over all:
        held in two steps, in the first it is 0. Rounding in 16 bits stays below the limit."""
        sides = [p.factors[:2] for p in self.pairs if all(map(is_open, p.factors[:2]))]
        signs = {p: sign for side in sides for p, sign in zip(side, (1, -1))}
        both = ((sign, p.detach().double(), p.grad.double()) for p, sign in signs.items())
        terms = [(sign * float((p * g).sum()), float(p.norm() * g.norm())) for sign, p, g in both]
        return abs(sum(gap for gap, _ in terms)) > 0.02 * sum(size for _, size in terms)

    def sketches(self):
        """By module; and what no longer is as it was at the first step."""
        doubt("scaling-changed", [pair.scaling for pair in self.pairs] != self.scalings)
        for group, recorded in zip(self.optimizer.param_groups, self.groups):
            first = recorded["numbers"]
            now = plain({name: group.get(name) for name in first if name != "lr"})
            changed = {name for name in now if now[name] != first[name]}
            recorded["changed"] = sorted(changed.union(recorded["changed"]))
        return {f"{pair.name}.{pair.adapter}": pair.sketch() for pair in self.pairs}


def recorded(group):
    """The group's entry in the recording."""
    names, others = {}, RUN["others"]
    for role, name, _ in described([p for p in group["params"] if p.requires_grad]):
        names.setdefault(role, []).append(name)
    rest = [name for role in names if role not in ("A", "B") for name in names[role]]
    others.update(count=others["count"] + len(rest), names=[*others["names"], *rest][:50])
    roles = {role: {"count": len(of), "names": of[:20]} for role, of in names.items()}
    numbers = plain({name: value for name, value in group.items() if name != "params"})
    return {"roles": roles, "numbers": numbers, "lr": [], "changed": []}


def watched(real, watcher):
    """The watcher is a generator: its first part may change the arguments, which it gets by name,
    and its second has the result too."""
    signature = inspect.signature(real)

    @functools.wraps(real)
    def wrapped(*args, **kwargs):
        told = signature.bind(*args, **kwargs)
        around = watcher(told.arguments)
        safe(next, around, None)
        result = told.arguments["result"] = real(*told.args, **told.kwargs)
        safe(next, around, None)
        return result

    return wrapped


def watch(name, told):
    """Around a call of what WATCHED names."""
    if name in ("__init__", "__setstate__"):  # made, or copied
        yield
        MADE.setdefault(told["self"])
    elif name == "add_param_group":
        yield
        for pair in pairs_in(held_by(told["self"])) if PLAN or NOISE else ():
            pair.move()
    elif name == "__setattr__":
        # An instance may get a step of its own (OneTrainer's), which torch's hooks do not see. Nor
        # is accelerate's wrapper, which keeps no groups, an optimizer of its own.
        optimizer, step = told["self"], told["value"]
        if told["name"] == "step" and "param_groups" in vars(optimizer):
            own = lambda self, *args, **kwargs: step(*args, **kwargs)
            own = functools.update_wrapper(watched(own, functools.partial(watch, "step")), step)
            told["value"] = types.MethodType(own, optimizer)
            UNDO.append(functools.partial(setattr, optimizer, "step", step))
        yield
    elif name == "step":
        before_step(told["self"], told.get("args", ()), told.get("kwargs", {}))
        yield
        after_step(told["self"])
    elif name == "__enter__":
        yield
        if told["self"]._enabled:
            RUN["precision"]["autocast"] = str(told["self"].fast_dtype)[6:]
    elif name == "scale":
        scaler, LOSS[:] = told["self"], [told["outputs"]]
        if scaler.is_enabled() and not RUN["precision"]["scaler"]:
            scaler._init_scale /= PLAN["A"] if PLAN.get("scaleInit") else 1
            RUN["precision"]["scaler"] = {"initial": scaler._init_scale}
        yield
    elif name in ("backward", "unscale_"):
        loss = LOSS.pop() if LOSS else told["self"]
        if torch.is_tensor(loss) and loss.numel() == 1 and len(RUN["losses"]) < 100_000:
            RUN["losses"].append(loss.detach().clone())
        yield
        measure(is_met=False)
    else:
        kind, limit = ("norm", "max_norm") if "norm" in name else ("value", "clip_value")
        params = told["parameters"]
        params = told["parameters"] = [params] if torch.is_tensor(params) else list(params)
        measure(is_met=True)
        roles = {role for role, _, _ in described([p for p in params if p.grad is not None])}
        over = ("mixed" if roles - {"A", "B"} else "lora") if roles & {"A", "B"} else "other"
        clip = {"kind": kind, "threshold": float(told[limit]), "over": over, "norms": []}
        norms = CLIPS.setdefault((kind, clip["threshold"], over), clip)["norms"]
        RUN["clips"] = list(CLIPS.values())
        told[limit] *= PLAN.get("clip", {}).get(kind, 1) if over == "lora" else 1
        yield
        measure(is_met=False)
        norms.append(whole(told["result"]) if kind == "norm" else None)


def before_step(optimizer, args, kwargs):
    """Of steps inside each other the first counts."""
    if id(optimizer) not in SEEN:
        SEEN[id(optimizer)] = Steps(optimizer)
        is_main = PAIRS and threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, lambda *_: end("signal", "SIGTERM", 128 + 15))
            UNDO.append(functools.partial(signal.signal, signal.SIGTERM, signal.SIG_DFL))
    seen = SEEN[id(optimizer)]
    if not seen.around:
        seen.around = seen.step(is_closure=any(map(callable, (*args, *kwargs.values()))))
        next(seen.around)


def after_step(optimizer, *_):
    around, SEEN[id(optimizer)].around = SEEN[id(optimizer)].around, None
    around and next(around, None)
    if "ended" in RUN:  # the program trains on as if the recorder had never been there
        for undo in reversed(UNDO):
            undo()
        for kept in (UNDO, SEEN, CLIPS, MADE, INDEX, PAIRS):
            kept.clear()


for path in WATCHED:
    *parents, name = path.split(".")
    holder = functools.reduce(getattr, parents, torch)
    UNDO.append(functools.partial(setattr, holder, name, real := getattr(holder, name)))
    setattr(holder, name, watched(real, functools.partial(watch, name)))
UNDO.append(optim.register_optimizer_step_pre_hook(functools.partial(safe, before_step)).remove)
UNDO.append(optim.register_optimizer_step_post_hook(functools.partial(safe, after_step)).remove)
if SETTINGS.get("seed"):  # a program that draws without a seed repeats itself in a trial
    torch.manual_seed(SETTINGS["seed"] + ranks()[1])
