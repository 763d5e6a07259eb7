"""Between forward pass and step: losses, loss scaling, clipping, and whether anything else changed the gradients."""

import functools

import torch

from .modules import described
from .recording import PLAN, RUN, not_seen, safely

LOSSES, CLIPS, SCALERS, NORMS, WATCHED = [], {}, [], [], []
"""Tensors stay on their device until the end. WATCHED: the factors whose gradients are measured in the first steps."""
COUNT = {"backward": 0, "unscaled": 0}


@safely
def measure(when):
    """Nothing may change the gradients between "left" (backward, clipping, unscaling) and "met" (clipping, step)."""
    grads = [p.grad for p in WATCHED if p.grad is not None]
    if grads:
        NORMS.append((when, torch.stack([grad.double().norm() for grad in grads]).norm()))


@safely
def before_backward(loss, *_):
    COUNT["backward"] += 1
    if loss.numel() == 1 and COUNT["backward"] <= 16:
        LOSSES.append(getattr(loss, "_lora_alpha_loss", loss).detach().clone())


@safely
def after_scale(scaled, scaler, loss):
    if isinstance(scaled, torch.Tensor):
        scaled._lora_alpha_loss = loss


@safely
def scaler_made(_, scaler, *__):
    if scaler.is_enabled():
        if PLAN and PLAN.get("scaleInit"):
            scaler._init_scale /= PLAN["A"]
        SCALERS.append((scaler._init_scale, scaler))


@safely
def unscaled(*_):
    COUNT["unscaled"] += 1
    measure("left")


@safely
def autocast_entered(_, context):
    if context._enabled:
        RUN["precision"]["autocast"] = str(context.fast_dtype).removeprefix("torch.")


@safely
def whose(params):
    measure("met")
    roles = {role for role, _, _ in described([p for p in params if p.grad is not None])}
    return "lora" if roles and roles <= {"A", "B"} else "mixed" if roles & {"A", "B"} else "other"


@safely
def clipped(kind, limit, over, norm):
    measure("left")
    norm = norm.full_tensor() if hasattr(norm, "full_tensor") else norm
    CLIPS.setdefault((kind, float(limit), over), []).append(norm)


def clip(real, kind, limit_name):
    @functools.wraps(real)
    def wrapped(parameters, *args, **kwargs):
        parameters = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
        limit, *args = (kwargs.pop(limit_name), *args) if limit_name in kwargs else args
        over = whose(parameters)
        factor = PLAN["clip"].get(kind, 1) if PLAN and over == "lora" else 1
        norm = real(parameters, limit * factor, *args, **kwargs)
        clipped(kind, limit, over, norm)
        return norm

    return wrapped


def collect():
    """Turns what was kept into numbers, before the recording is written."""
    changed = (w == "left" and v == "met" and abs(a - b) > 1e-6 * a for (w, a), (v, b) in zip(NORMS, NORMS[1:]))
    if any(map(bool, changed)):
        why = "The program changed gradients between backward and step in a way that is not recorded: its own clipping?"
        not_seen("gradients-changed", why)
    for initial, scaler in SCALERS[:1]:
        skipped = max(0, COUNT["unscaled"] - RUN["steps"])
        RUN["precision"]["scaler"] = {"initial": initial, "scale": scaler.get_scale(), "skipped": skipped}
    RUN["losses"] = [float(loss) for loss in LOSSES]
    for (kind, threshold, over), norms in CLIPS.items():
        norms = [float(norm) for norm in norms] if kind == "norm" else None
        fired = norms and sum(norm > threshold for norm in norms)
        seen = {"kind": kind, "threshold": threshold, "over": over, "norms": norms, "fired": fired}
        RUN["clips"].append({**seen, "calls": len(CLIPS[kind, threshold, over])})
