"""Where every run passes: losses, loss scaling, clipping, and the steps of optimizers. It begins with `start`."""

import functools
import signal
import sys
import threading
import time

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from . import apply, doubts
from .modules import KINDS, class_path, described, pairs_held
from .recording import NOT_SEEN, PLAN, RUN, SETTINGS, SPENT, end, plain, ranks, refuse, safely, write

SEEN, CLIPS, SCALERS, NORMS, WATCHED, OTHERS, UNDO = {}, {}, {}, [], [], [], []
"""SEEN, by id of an optimizer that has stepped: itself, its pairs, whether it holds LoRA, its steps, its groups.
Tensors stay on their device until the end. WATCHED: factors whose gradients are measured."""
NOW = {"backward": 0, "unscaled": 0, "first": 0.0, "last": 0.0}
LIMITS = {"clip_grad_norm_": ("norm", "max_norm"), "clip_grad_value_": ("value", "clip_value")}
ROLES = ("A", "B", "magnitude", "bias", "embedding", "other")

def start():
    """Called when torch has been imported."""
    undone = getattr(torch, "_disable_dynamo", lambda function: function)
    hook = lambda function: undone(lambda optimizer, args, kwargs: safely(function, optimizer, args, kwargs))
    UNDO.append(register_optimizer_step_pre_hook(hook(before_step)).remove)
    UNDO.append(register_optimizer_step_post_hook(hook(after_step)).remove)
    watch(torch.optim.Optimizer, "add_param_group", after=lambda _, optimizer, *__: apply.move_pairs(optimizer))
    watch(torch.optim.Optimizer, "load_state_dict", before_load)
    watch(torch.Tensor, "backward", undone(before_backward), undone(lambda *_: measure("left")))
    watch(torch.amp.GradScaler, "scale", before_scale)
    watch(torch.amp.GradScaler, "unscale_", after=after_unscale)
    watch(torch.amp.autocast_mode.autocast, "__enter__", after=after_autocast)
    for holder, name in ((holder, name) for holder in (torch.nn.utils.clip_grad, torch.nn.utils) for name in LIMITS):
        watch(holder, name, functools.partial(before_clip, *LIMITS[name]), after_clip)

def watch(holder, name, before=None, after=None):
    """Puts a function in place of another: `before` may give other arguments, `after` gets the result first."""
    real = getattr(holder, name)

    @functools.wraps(real)
    def wrapped(*args, **kwargs):
        args, kwargs = (before and safely(before, args, kwargs)) or (args, kwargs)
        result = real(*args, **kwargs)
        if after:
            safely(after, result, *args)
        return result

    setattr(holder, name, wrapped)
    UNDO.append(lambda: setattr(holder, name, real))

def before_load(args, kwargs):
    if [*args, *kwargs.values()][1]["state"]:
        NOT_SEEN["resumed"] = "The optimizer's state was loaded from a checkpoint; a plan would have to rescale it too."
        refuse(NOT_SEEN["resumed"]) if PLAN else None

def measure(when):
    """In a step with a sketch. Nothing may change gradients between "left" (backward, unscaling, clipping) and "met" (clipping, step)."""
    held = WATCHED if is_sketched(RUN["steps"] + 1) else ()
    if grads := [p.grad.double().norm() for p in held if p.grad is not None]:
        NORMS.append((when, torch.stack(grads).norm()))

def before_scale(args, kwargs):
    scaler, NOW["loss"] = [*args, *kwargs.values()]
    if scaler.is_enabled() and scaler not in SCALERS:
        scaler._init_scale /= PLAN["A"] if PLAN and PLAN.get("scaleInit") else 1
        SCALERS[scaler] = scaler._init_scale

def before_backward(args, _):
    loss, NOW["backward"] = NOW.pop("loss", args[0]), NOW["backward"] + 1
    if isinstance(loss, torch.Tensor) and loss.numel() == 1 and NOW["backward"] <= 16:
        RUN["losses"].append(loss.detach().clone())

def after_unscale(*_):
    NOW["unscaled"] += 1
    measure("left")

def after_autocast(_, context):
    if context._enabled:
        RUN["precision"]["autocast"] = str(context.fast_dtype).removeprefix("torch.")

def before_clip(kind, name, args, kwargs):
    params, *args = args or (kwargs.pop("parameters"),)
    params = [params] if isinstance(params, torch.Tensor) else list(params)
    limit, *args = (kwargs.pop(name), *args) if name in kwargs else args
    measure("met")
    roles = {role for role, _, _ in described([p for p in params if p.grad is not None])}
    over = "lora" if roles and roles <= {"A", "B"} else "mixed" if roles & {"A", "B"} else "other"
    NOW["clip"] = kind, float(limit), over
    return (params, limit * (PLAN.get("clip", {}).get(kind, 1) if PLAN and over == "lora" else 1), *args), kwargs

def after_clip(norm, *_):
    measure("left")
    CLIPS.setdefault(NOW["clip"], []).append(norm.full_tensor() if hasattr(norm, "full_tensor") else norm)

def before_step(optimizer, args, kwargs):
    if id(optimizer) not in SEEN:
        first_step(optimizer)
        apply.first_step(optimizer)
    if len(args) < 2 and not kwargs.get("closure"):
        measure("met")
    doubts.before_step(SEEN[id(optimizer)], any(kind == "value" for kind, *_ in CLIPS))
    for group, recorded in zip(optimizer.param_groups, SEEN[id(optimizer)]["groups"]):
        recorded["lr"].append(plain(group.get("lr")))
    apply.before_step(optimizer)

def first_step(optimizer):
    pairs, groups, held = pairs_held(optimizer), [], [p for group in optimizer.param_groups for p in group["params"]]
    for group in optimizer.param_groups:
        found = described([p for p in group["params"] if p.requires_grad])
        names = {role: [name for its, name, _ in found if its == role] for role in ROLES}
        roles = {role: {"count": len(of), "names": of[:20]} for role, of in names.items()}
        OTHERS.extend(name for role, name, _ in found if role not in ("A", "B"))
        numbers = plain({name: value for name, value in group.items() if name not in ("params", "initial_lr")})
        groups.append({"roles": roles, "numbers": numbers, "lr": [], "initialLr": plain(group.get("initial_lr"))})
    RUN["optimizers"].append({"class": class_path(optimizer), "groups": groups})
    if hidden := "FullyShardedDataParallel" in KINDS or "deepspeed" in sys.modules:
        pairs = [pair for pair in pairs if pair.factors[0].ndim > 1]
        NOT_SEEN["hidden"] = "FSDP 1 and DeepSpeed keep factors in flat buffers and clip out of sight: not all is seen."
        refuse(NOT_SEEN["hidden"]) if PLAN else None
    if torch.cuda.is_available() and torch.cuda.is_current_stream_capturing():
        NOT_SEEN["graph"] = "The step is captured in a CUDA graph: what the graph does when it is replayed is not seen."
    SEEN[id(optimizer)] = {"self": optimizer, "pairs": pairs, "lora": hidden or pairs, "steps": 0, "groups": groups}
    doubts.begin(optimizer, SEEN[id(optimizer)])
    RUN["modules"] += plain([pair.facts(set(map(id, held))) for pair in pairs])
    if pairs:
        RUN["device"] = str(held[0].device)
        WATCHED.extend(p for pair in pairs for p in pair.factors[:2] if not hasattr(p, "full_tensor"))
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, lambda *_: end("signal", "SIGTERM", 128 + signal.SIGTERM))

def after_step(optimizer, args, kwargs):
    apply.after_step(optimizer)
    doubts.after_step(optimizer, SEEN[id(optimizer)])
    SEEN[id(optimizer)]["steps"] += 1
    done = min((seen["steps"] for seen in SEEN.values() if seen["lora"]), default=0)
    if done == RUN["steps"]:
        return
    RUN.update(steps=done, microBatches=NOW["backward"])
    NOW.update(backward=0, last=time.perf_counter())
    if done == 1:
        SPENT["seconds"], NOW["first"] = 0.0, NOW["last"]
    if is_sketched(done) or done >= SETTINGS["steps"]:
        sketch()
    if done >= SETTINGS["steps"] and SETTINGS.get("keepGoing") and not PLAN:
        write("steps")
        for undo in UNDO:
            undo()
    elif done >= SETTINGS["steps"]:
        end("steps")

def is_sketched(step):
    return str(step).rstrip("0") in ("1", "2", "5")

def sketch():
    for seen in SEEN.values():
        doubts.look(seen)
    pairs = [pair for seen in SEEN.values() for pair in seen["pairs"]]
    RUN["sketches"].append({"step": RUN["steps"], "modules": {f"{p.name}.{p.adapter}": p.sketch() for p in pairs}})

def collect():
    """Turns what was kept into numbers before the recording is written. An early end has its last sketch here."""
    if RUN["steps"] > max((s["step"] for s in RUN["sketches"]), default=RUN["steps"]) and not ranks()[0]:
        sketch()
    between = [(a, b) for (left, a), (met, b) in zip(NORMS, NORMS[1:]) if (left, met) == ("left", "met")]
    if any(float((a - b).abs()) > 1e-6 * float(a) for a, b in between):
        why = "The program changes gradients between backward and step in a way that is not recorded: its own clipping?"
        NOT_SEEN["gradients-changed"] = why
    for scaler, initial in SCALERS.items():
        skipped = max(0, NOW["unscaled"] - RUN["steps"])
        RUN["precision"]["scaler"] = {"initial": initial, "scale": scaler.get_scale(), "skipped": skipped}
    for (kind, threshold, over), norms in CLIPS.items():
        norms = [float("nan") if norm is None else float(norm) for norm in norms]
        clip = {"kind": kind, "threshold": threshold, "over": over, "calls": len(norms), "norms": None, "fired": None}
        fired = {"norms": norms, "fired": sum(norm > threshold for norm in norms)} if kind == "norm" else {}
        RUN["clips"].append({**clip, **fired})
    RUN["others"] = {"count": len(OTHERS), "names": OTHERS[:50]}
    n = max(1, RUN["steps"] - 1)
    RUN["seconds"] = {"step": (NOW["last"] - NOW["first"]) / n, "recorder": SPENT["seconds"] / n}
