"""Where every run passes: an optimizer is made, it steps, the last recorded step is done."""

import functools
import signal
import sys
import time

import torch
from torch.optim import optimizer as optimizers

from . import apply, gradients
from .modules import described, pairs_held
from .recording import BEFORE_WRITING, PLAN, RUN, SETTINGS, end, not_seen, plain, refuse, safely, write
from .sketch import oriented, sketch, whole

STEPS = SETTINGS.get("steps", 20)
SEEN, PATCHED, HANDLES = {}, [], []
"""By id of an optimizer that has stepped: itself, whether it holds LoRA, its pairs, its steps, its recorded groups."""
TIME = {"hooks": 0.0, "sketch": 0.0, "first": 0.0, "last": 0.0}


def start():
    """Called when torch has been imported."""
    outside = getattr(torch, "_disable_dynamo", lambda function: function)
    HANDLES.append(optimizers.register_optimizer_step_pre_hook(outside(timed(before))))
    HANDLES.append(optimizers.register_optimizer_step_post_hook(outside(timed(after))))
    left, scaler, utils = lambda *_: gradients.measure("left"), torch.amp.GradScaler, torch.nn.utils
    watch(torch.optim.Optimizer, "__init__", after=lambda _, self, *__: apply.move_pairs(self))
    watch(torch.optim.Optimizer, "load_state_dict", before=state_loaded)
    watch(torch.Tensor, "backward", outside(gradients.before_backward), outside(left))
    watch(scaler, "__init__", after=gradients.scaler_made)
    watch(scaler, "scale", after=gradients.after_scale)
    watch(scaler, "unscale_", after=gradients.unscaled)
    watch(torch.amp.autocast_mode.autocast, "__enter__", after=gradients.autocast_entered)
    for place in (utils.clip_grad, utils):
        replace(place, "clip_grad_norm_", gradients.clip(place.clip_grad_norm_, "norm", "max_norm"))
        replace(place, "clip_grad_value_", gradients.clip(place.clip_grad_value_, "value", "clip_value"))
    BEFORE_WRITING.extend([seconds, gradients.collect])


def replace(holder, name, wrapped):
    PATCHED.append((holder, name, getattr(holder, name)))
    setattr(holder, name, wrapped)


def watch(holder, name, before=None, after=None):
    real = getattr(holder, name)

    @functools.wraps(real)
    def wrapped(*args, **kwargs):
        if before:
            before(*args)
        result = real(*args, **kwargs)
        if after:
            after(result, *args)
        return result

    replace(holder, name, wrapped)


def stop():
    """The program goes on without the recorder."""
    for handle in HANDLES:
        handle.remove()
    for holder, name, real in PATCHED:
        setattr(holder, name, real)


def timed(hook):
    def wrapped(optimizer, args, kwargs):
        begin = time.perf_counter()
        safely(hook)(optimizer, args, kwargs)
        TIME["hooks"] += time.perf_counter() - begin

    return wrapped


@safely
def state_loaded(_, state):
    if state["state"]:
        not_seen("resumed", "The optimizer's state was loaded from a checkpoint.")
        if PLAN:
            refuse("The program resumes an optimizer's state, which the plan would have to rescale too.")


def before(optimizer, args, kwargs):
    if id(optimizer) not in SEEN:
        apply.check_first_step(optimizer)
        first_step(optimizer)
    if len(args) < 2 and not kwargs.get("closure"):
        gradients.measure("met")
    for group, recorded in zip(optimizer.param_groups, SEEN[id(optimizer)]["groups"]):
        lr = group.get("lr")
        recorded["lr"].append(lr.clone() if isinstance(lr, torch.Tensor) else lr)
    apply.before_step(optimizer)


def first_step(optimizer):
    pairs, groups, held = pairs_held(optimizer), [], set()
    for group in optimizer.param_groups:
        roles = {role: {"count": 0, "names": []} for role in ("A", "B", "magnitude", "bias", "embedding", "other")}
        for p, (role, name, _) in zip(group["params"], described(group["params"])):
            held.add(id(p))
            for counted, most in ((roles[role], 20), (RUN["others"], 50))[: 1 if role in ("A", "B") else 2]:
                counted["count"] += 1
                counted["names"] += [name][: most - len(counted["names"])]
        numbers = {name: plain(value) for name, value in group.items() if name not in ("params", "initial_lr")}
        groups.append({"roles": roles, "numbers": numbers, "lr": [], "initialLr": plain(group.get("initial_lr"))})
    flat = any(type(p).__name__ == "FlatParameter" for group in optimizer.param_groups for p in group["params"])
    if flat or not pairs and "deepspeed" in sys.modules:
        not_seen("flattened", "FSDP 1 or DeepSpeed keeps parameters in flat buffers: factors and clipping are not seen.")
    RUN["optimizers"].append({"class": apply.class_path(optimizer), "groups": groups})
    RUN["modules"] += [module_of(pair, held) for pair in pairs]
    lora = bool(pairs) or flat
    SEEN[id(optimizer)] = {"self": optimizer, "lora": lora, "pairs": pairs, "steps": 0, "groups": groups}
    if pairs:
        RUN["device"] = str(pairs[0].factors[0].device)
        gradients.WATCHED += [p for pair in pairs for p in pair.factors if not hasattr(p, "full_tensor")]
    if pairs and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda *_: end("signal", "SIGTERM", 128 + signal.SIGTERM))


def module_of(pair, held):
    a, b = (whole(p).double() for p in pair.factors)
    dropout = getattr(pair.module, "lora_dropout", getattr(pair.module, "dropout", 0))
    dropout = dropout[pair.adapter] if isinstance(dropout, torch.nn.ModuleDict) else dropout
    dropout = getattr(dropout, "p", dropout)
    return {
        **{"name": pair.name, "adapter": pair.adapter, "kind": apply.class_path(pair.module)},
        **{"rank": oriented(a, b)[1].shape[-1], "scaling": pair.scaling, "dropout": plain(dropout) or 0},
        "dtype": str(pair.factors[0].dtype).removeprefix("torch."),
        "initA": {"std": float(a.std()), "max": float(a.abs().max())},
        "initB": {"max": float(b.abs().max())},
        "dora": any("magnitude" in name or "dora_scale" in name for name, _ in pair.module.named_parameters()),
        "embedding": "embedding" in pair.names[0] or isinstance(pair.module, torch.nn.Embedding),
        "bias": pair.bias is not None,
        "trains": {role: p.requires_grad and id(p) in held for role, p in zip("AB", pair.factors)},
    }


def after(optimizer, args, kwargs):
    apply.after_step(optimizer)
    SEEN[id(optimizer)]["steps"] += 1
    done = min((seen["steps"] for seen in SEEN.values() if seen["lora"]), default=0)
    if done == RUN["steps"]:
        return
    RUN.update(steps=done, microBatches=gradients.COUNT["backward"])
    gradients.COUNT["backward"] = 0
    TIME["last"] = time.perf_counter()
    if done == 1:
        TIME.update(hooks=0.0, first=TIME["last"])
    if done == 2:
        gradients.WATCHED.clear()
    if str(done).rstrip("0") in ("1", "2", "5") or done >= STEPS:
        pairs = [pair for seen in SEEN.values() for pair in seen["pairs"]]
        RUN["sketches"].append({"step": done, "modules": {f"{p.name}.{p.adapter}": sketch(p) for p in pairs}})
        TIME["sketch"] = time.perf_counter() - TIME["last"]
    if done >= STEPS and SETTINGS.get("keepGoing") and not PLAN:
        write("steps")
        stop()
    elif done >= STEPS:
        end("steps")


def seconds():
    n = max(1, RUN["steps"] - 1)
    each = {"step": (TIME["last"] - TIME["first"]) / n, "recorder": TIME["hooks"] / n}
    RUN["seconds"] = {**each, "sketch": TIME["sketch"]}
