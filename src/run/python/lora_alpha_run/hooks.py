"""Where every run passes: modules, losses, clipping, optimizers. Importing this begins."""

import functools
import inspect
import signal
import threading
import types

import torch
from torch.optim import optimizer as optim

from .modules import MADE, described, pairs_held, whole
from .recording import NOISE, PLAN, RUN, SETTINGS, doubt, end, ranks, refuse, safely, write
from .steps import EARLY, SEEN, Steps, is_sketched, measure

CLIPS, NOW, safe = {}, {"backward": 0}, torch._disable_dynamo(safely)
"""CLIPS: by kind, threshold and whose. NOW: backward passes, loss, norms of this clipping."""


def watched(real, before=None, after=None):
    """`before` gets the arguments by name and may give others, `after` the result first."""
    signature = inspect.signature(real)

    @functools.wraps(real)
    def wrapped(*args, **kwargs):
        told = signature.bind(*args, **kwargs)
        before and safe(before, told.arguments)
        result = real(*told.args, **told.kwargs)
        after and safe(after, result, told.arguments)
        return result

    return wrapped


@torch.no_grad()
def move_pairs(optimizer):
    """Once for every pair held. The marks are the module's: wrapping and copying keep them."""
    for pair in pairs_held(optimizer) if PLAN or NOISE else ():
        (a, b, bias), marks = pair.factors, vars(pair.module).setdefault("_lora_alpha_moved", [])
        if (pair.names, pair.adapter) in marks or a.is_meta:
            continue
        if PLAN:
            pair.scaling() > 0 or refuse(f"{pair.name} has no scaling.")
            for name in pair.scalings():
                held = getattr(pair.module, name)
                if isinstance(held, dict):
                    held[pair.adapter] = held[pair.adapter] * PLAN["k"]
                elif not marks:  # kohya's Flux has one scale for several pairs
                    setattr(pair.module, name, held * PLAN["k"])
            for p, factor in ((a, PLAN["A"]), (b, PLAN["B"]), (bias, PLAN["k"])):
                if p is not None and not hasattr(p, "_lora_alpha_moved"):  # modules may share one
                    p.div_(factor)._lora_alpha_moved = True
        if NOISE:  # each element by one unit in the last place of its type, or of autocast's
            p, dtype = a if whole(a).any() else b, NOISE.get("dtype") or str(a.dtype)[6:]
            p = p.to_local() if hasattr(p, "to_local") else p
            draw = torch.rand(p.shape, generator=torch.Generator().manual_seed(NOISE["seed"]))
            by = (draw - 0.5).sign().double() * 0.51 * torch.finfo(getattr(torch, dtype)).eps
            p.copy_(p.double() * (1 + by.to(p.device)))
        marks.append((pair.names, pair.adapter))
        pair.size = whole(a).double().norm()


def before_scale(told):
    scaler, NOW["loss"] = told["self"], told["outputs"]
    if scaler.is_enabled() and not RUN["precision"]["scaler"]:
        scaler._init_scale /= PLAN["A"] if PLAN.get("scaleInit") else 1
        RUN["precision"]["scaler"] = {"initial": scaler._init_scale}


def before_backward(told):
    loss, NOW["backward"] = NOW.pop("loss", told["self"]), NOW["backward"] + 1
    if isinstance(loss, torch.Tensor) and loss.numel() == 1 and NOW["backward"] <= 16:
        RUN["losses"].append(loss.detach().clone())


def after_autocast(_, told):
    if told["self"]._enabled:
        RUN["precision"]["autocast"] = str(told["self"].fast_dtype)[6:]


def before_clip(kind, limit, told):
    params = told["parameters"]
    params = told["parameters"] = [params] if isinstance(params, torch.Tensor) else list(params)
    measure(is_met=True)
    roles = {role for role, _, _ in described([p for p in params if p.grad is not None])}
    over = ("mixed" if roles - {"A", "B"} else "lora") if roles & {"A", "B"} else "other"
    clip = {"kind": kind, "threshold": float(told[limit]), "over": over, "norms": []}
    NOW["norms"] = CLIPS.setdefault((kind, clip["threshold"], over), clip)["norms"]
    RUN["clips"] = list(CLIPS.values())
    told[limit] *= PLAN.get("clip", {}).get(kind, 1) if over == "lora" else 1


def after_clip(norm, _):
    measure(is_met=False)
    NOW["norms"].append(getattr(norm, "full_tensor", lambda: norm)())


def set_attribute(optimizer, name, value):
    """An instance may get a step of its own (OneTrainer's), which torch's hooks do not see. Nor is
    accelerate's wrapper, which keeps no groups, an optimizer of its own."""

    def step(_, *args, **kwargs):
        safe(before_step, optimizer, args, kwargs)
        result = value(*args, **kwargs)
        safe(after_step, optimizer)
        return result

    if is_own := name == "step" and "param_groups" in vars(optimizer):
        functools.update_wrapper(step, value)
    object.__setattr__(optimizer, name, types.MethodType(step, optimizer) if is_own else value)


def before_step(optimizer, args, kwargs):
    """Of steps inside each other the outermost counts."""
    if id(optimizer) not in SEEN:
        SEEN[id(optimizer)] = Steps(optimizer)
        is_main = EARLY and threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, lambda *_: end("signal", "SIGTERM", 128 + 15))
    seen = SEEN[id(optimizer)]
    seen.depth += 1
    if seen.depth == 1:
        seen.before(is_closure=any(map(callable, (*args, *kwargs.values()))))


def after_step(optimizer, *_):
    SEEN[id(optimizer)].depth -= 1
    if SEEN[id(optimizer)].depth:
        return
    SEEN[id(optimizer)].after()
    pick = max if any(seen.is_late for seen in SEEN.values()) else min
    done = pick((seen.steps for seen in SEEN.values() if seen.has_lora), default=0)
    if done <= RUN["steps"]:
        return
    RUN["steps"], RUN["microBatches"], NOW["backward"] = done, NOW["backward"], 0
    is_last = done >= SETTINGS["steps"]
    if is_sketched(done) or is_last:
        sketch()
    if is_last:
        write("steps") if SETTINGS.get("keepGoing") and not PLAN else end("steps")


def sketch():
    modules = [item for seen in SEEN.values() for item in seen.sketches().items()]
    RUN["sketches"].append({"step": RUN["steps"], "modules": dict(modules)})


def collect():
    """What is known only at the end, before the recording is written."""
    if RUN["sketches"] and RUN["steps"] > RUN["sketches"][-1]["step"] and not ranks()[0]:
        sketch()
    roles = [group["roles"] for one in RUN["optimizers"] for group in one["groups"]]
    rest = [of for held in roles for role, of in held.items() if role not in ("A", "B")]
    names = [name for of in rest for name in of["names"]]
    RUN["others"] = {"count": sum(of["count"] for of in rest), "names": names[:50]}


if SETTINGS.get("seed"):  # a program that draws without a seed repeats itself in a trial
    torch.manual_seed(SETTINGS["seed"] + ranks()[1])
left, made = lambda *_: measure(is_met=False), lambda _, told: MADE.setdefault(told["self"])
given = lambda _, told: move_pairs(told["self"])
is_new = lambda state: all(isinstance(one, dict) and {*map(type, one.values())} <= {bool} for one in state.values())
resumed = lambda told: None if is_new(told["state_dict"]["state"]) else doubt("resumed")
WATCHED = [
    (torch.nn.Module, "__init__", None, made),
    (torch.nn.Module, "__setstate__", None, made),  # a copy
    (torch.optim.Optimizer, "add_param_group", None, given),
    (torch.optim.Optimizer, "load_state_dict", resumed, None),
    (torch.Tensor, "backward", before_backward, left),
    (torch.amp.GradScaler, "scale", before_scale, None),
    (torch.amp.GradScaler, "unscale_", None, left),
    (torch.amp.autocast_mode.autocast, "__enter__", None, after_autocast),
]
for kind, limit in (("norm", "max_norm"), ("value", "clip_value")):
    before = functools.partial(before_clip, kind, limit)
    for holder in (torch.nn.utils.clip_grad, torch.nn.utils):
        WATCHED.append((holder, f"clip_grad_{kind}_", before, after_clip))
for holder, name, before, after in WATCHED:
    setattr(holder, name, watched(getattr(holder, name), before, after))
torch.optim.Optimizer.__setattr__ = set_attribute
optim.register_optimizer_step_pre_hook(functools.partial(safe, before_step))
optim.register_optimizer_step_post_hook(functools.partial(safe, after_step))
