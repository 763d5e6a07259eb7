"""Where every run passes: losses, loss scaling, clipping, optimizers. Importing this begins."""

import functools
import signal
import threading

import torch
from torch.optim import optimizer as optim

from . import apply
from .modules import PAIRS, described, look
from .recording import PLAN, RUN, SETTINGS, doubt, end, ranks, safely, write
from .steps import EARLY, OTHERS, SEEN, Steps, is_sketched, measure

CLIPS, UNDO, NOW = {}, [], {"backward": 0}
"""CLIPS: norms by kind, threshold and whose. NOW: backward passes, loss, scaler, clipping."""
LIMITS = {"clip_grad_norm_": ("norm", "max_norm"), "clip_grad_value_": ("value", "clip_value")}
safe = torch._disable_dynamo(safely)


def watch(holder, name, before=None, after=None):
    """`before` may give other arguments, `after` gets the result first."""
    real = getattr(holder, name)

    @functools.wraps(real)
    def wrapped(*args, **kwargs):
        args, kwargs = (before and safe(before, args, kwargs)) or (args, kwargs)
        result = real(*args, **kwargs)
        if after:
            safe(after, result, *args)
        return result

    setattr(holder, name, wrapped)
    UNDO.append(functools.partial(setattr, holder, name, real))


def before_scale(args, kwargs):
    scaler, NOW["loss"] = [*args, *kwargs.values()]
    if scaler.is_enabled() and "scaler" not in NOW:
        scaler._init_scale /= PLAN["A"] if PLAN and PLAN.get("scaleInit") else 1
        NOW["scaler"] = scaler


def before_backward(args, _):
    loss, NOW["backward"] = NOW.pop("loss", args[0]), NOW["backward"] + 1
    if isinstance(loss, torch.Tensor) and loss.numel() == 1 and NOW["backward"] <= 16:
        RUN["losses"].append(loss.detach().clone())


def after_autocast(_, context):
    if context._enabled:
        RUN["precision"]["autocast"] = str(context.fast_dtype).removeprefix("torch.")


def before_clip(kind, name, args, kwargs):
    params, *args = args or (kwargs.pop("parameters"),)
    params = [params] if isinstance(params, torch.Tensor) else list(params)
    limit, *args = (kwargs.pop(name), *args) if name in kwargs else args
    measure(is_met=True)
    roles = {role for role, _, _ in described([p for p in params if p.grad is not None])}
    over = ("mixed" if roles - {"A", "B"} else "lora") if roles & {"A", "B"} else "other"
    NOW["clip"] = kind, float(limit), over
    limit *= PLAN["clip"].get(kind, 1) if PLAN and over == "lora" else 1
    return (params, limit, *args), kwargs


def after_clip(norm, *_):
    measure(is_met=False)
    CLIPS.setdefault(NOW["clip"], []).append(getattr(norm, "full_tensor", lambda: norm)())


def before_step(optimizer, args, kwargs):
    if id(optimizer) not in SEEN:
        SEEN[id(optimizer)] = Steps(optimizer)
        apply.first_step(optimizer)
        begin() if SEEN[id(optimizer)].pairs and not EARLY else None
    is_closure = len(args) > 1 or bool(kwargs.get("closure"))  # its gradients are yet to come
    if not is_closure:
        measure(is_met=True)
    SEEN[id(optimizer)].before(is_closure or any(kind == "value" for kind, *_ in CLIPS))
    apply.before_step(optimizer)


def begin():
    """At the first step of LoRA. A program that is told to end writes what it has."""
    look()
    EARLY.update(PAIRS.values())
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda *_: end("signal", "SIGTERM", 128 + signal.SIGTERM))


def after_step(optimizer, args, kwargs):
    apply.after_step(optimizer)
    SEEN[id(optimizer)].after()
    pick = max if any(seen.is_late for seen in SEEN.values()) else min
    done = pick((seen.steps for seen in SEEN.values() if seen.has_lora), default=0)
    if done <= RUN["steps"]:
        return
    RUN["steps"], RUN["microBatches"], NOW["backward"] = done, NOW["backward"], 0
    is_last = done >= SETTINGS["steps"]
    if is_sketched(done) or is_last:
        sketch()
    if is_last and (PLAN or not SETTINGS.get("keepGoing")):
        end("steps")
    if is_last:
        write("steps")
        for undo in UNDO:
            undo()


def sketch():
    for seen in SEEN.values():
        seen.look()
    pairs = [pair for seen in SEEN.values() for pair in seen.pairs]
    modules = {f"{pair.name}.{pair.adapter}": pair.sketch() for pair in pairs}
    RUN["sketches"].append({"step": RUN["steps"], "modules": modules})


def collect():
    """Turns what was kept into numbers, before the recording is written."""
    if RUN["sketches"] and RUN["steps"] > RUN["sketches"][-1]["step"] and not ranks()[0]:
        sketch()
    if scaler := NOW.get("scaler"):
        RUN["precision"]["scaler"] = {"initial": scaler._init_scale, "scale": scaler.get_scale()}
    for (kind, threshold, over), norms in CLIPS.items():
        norms = [float("nan") if norm is None else float(norm) for norm in norms]
        clip = {"kind": kind, "threshold": threshold, "over": over, "calls": len(norms)}
        fired = sum(norm > threshold for norm in norms) if kind == "norm" else None
        RUN["clips"].append({**clip, "norms": norms, "fired": fired})
    RUN["others"] = {"count": len(OTHERS), "names": OTHERS[:50]}


if SETTINGS.get("seed"):  # a program that draws without a seed repeats itself in a trial
    torch.manual_seed(SETTINGS["seed"] + ranks()[1])
UNDO.append(optim.register_optimizer_step_pre_hook(functools.partial(safe, before_step)).remove)
UNDO.append(optim.register_optimizer_step_post_hook(functools.partial(safe, after_step)).remove)
left, made = lambda *_: measure(is_met=False), lambda _, optimizer, *__: apply.move_pairs(optimizer)
watch(torch.optim.Optimizer, "add_param_group", after=made)
loaded = lambda args, kwargs: [*args, *kwargs.values()][1]["state"] and doubt("resumed")
watch(torch.optim.Optimizer, "load_state_dict", loaded)
watch(torch.Tensor, "backward", before_backward, left)
watch(torch.amp.GradScaler, "scale", before_scale)
watch(torch.amp.GradScaler, "unscale_", after=left)
watch(torch.amp.autocast_mode.autocast, "__enter__", after=after_autocast)
for name, (kind, limit) in LIMITS.items():
    for holder in (torch.nn.utils.clip_grad, torch.nn.utils):
        watch(holder, name, functools.partial(before_clip, kind, limit), after_clip)
