"""Makes fixture.json: short LoRA runs in PyTorch, with the twins a right and a wrong rule would train.

    python3.11 -m venv VENV && VENV/bin/pip install torch==2.13.0 numpy
    VENV/bin/python test/golden/make.py

`loss32[t]` and `loss64[t]` are the loss before step t + 1 in both precisions, from the same float32 start; `final` are the
float32 matrices after the last step. A twin starts from A/p, B/q with the scaling s*k. In the variant `rule` every number
moves by its power of c (p for A, q for B); any other leaves out what it is named after. DoRA's magnitudes keep their
numbers, or, where the case's name says same_lr_as_A, move as A's.
"""

import json
import math
from pathlib import Path
from typing import NamedTuple

import torch

import torch_tasks as tasks
from torch_rules import RULES, Rule

STEPS = 12
OUT = Path(__file__).with_name("fixture.json")

HEADS = 3
# name -> (kind, width, batch, rank, tensors)
SHAPES = {
    "w6r3": ("linear", 6, 10, 3, tasks.layer(6, 10, 3, seed=20)),
    # B away from zero, as after a start from a trained adapter.
    "w5r2b": ("linear", 5, 8, 2, tasks.layer(5, 8, 2, seed=21, b=0.3)),
    "dora5": ("dora", 5, 8, 2, tasks.layer(5, 8, 2, seed=22)),
    "mlp5": ("mlp2", 5, 8, 2, tasks.mlp(5, 7, 8, 2, seed=23)),
    "tfm6": ("tfm", 6, 2, 2, tasks.transformer(6, 9, 5, 7, 2, 2, seed=24)),
}


class Case(NamedTuple):
    optimizer: str
    loss: str = "mse"
    s: float = 2.0
    shape: str = "w6r3"
    clip: float | None = None
    clip_eps: float | None = None
    schedule: str | None = None


CASES = {
    "sgd-mse": Case("sgd"),
    "sgd-l1-clip": Case("sgd", "l1", 4.0, clip=0.2, clip_eps=1e-6),
    "nesterov-mse-linear": Case("sgd_nesterov_wd", s=4 / math.sqrt(3), schedule="linear_warmup3"),
    "adam-mse": Case("adam_l2", s=1.0),
    "adam-l1": Case("adam_l2", "l1", 2 / 3),
    "adamw-mse-cosine-clip": Case("adamw", clip=0.3, clip_eps=0, schedule="cosine_warmup4"),
    "adamw-mse": Case("adamw", s=0.5),
    **{f"{name}-mse": Case(name) for name in RULES if name not in ("sgd", "sgd_nesterov_wd", "adam_l2", "adamw")},
    "adamw-mse-trained": Case("adamw", shape="w5r2b"),
    # Where B is not zero at the start, LAMB's first step needs no other rate: here the rule is the one that is wrong.
    "lamb-l1-trained": Case("lamb", "l1", shape="w5r2b"),
    "dora-sgd-own_lr": Case("sgd", shape="dora5"),
    "dora-adam-same_lr_as_A": Case("adam_l2", shape="dora5"),
    "mlp-adamw": Case("adamw", shape="mlp5"),
    "mlp-muon": Case("muon", shape="mlp5"),
    "tfm-sgd": Case("sgd", "ce", shape="tfm6"),
    "tfm-adamw": Case("adamw", "ce", shape="tfm6"),
    "tfm-lion": Case("lion", "ce", shape="tfm6"),
}

# k, p, q, name
GAUGES = [(k, math.sqrt(k), math.sqrt(k), "sym") for k in (4.0, 0.25, 64.0, 3.0)]
GAUGES += [(2.0, 1.0, 2.0, "loraplus"), (5.0, 1.0, 5.0, "loraplus"), (8.0, 2.0, 4.0, "uneven")]


def rate(schedule: str | None, step: int) -> float:
    if schedule is None:
        return 1.0
    kind, warmup = schedule.split("_warmup")
    if step <= int(warmup):
        return step / int(warmup)
    done = (step - int(warmup)) / (STEPS - int(warmup))
    return (1 + math.cos(math.pi * done)) / 2 if kind == "cosine" else 1 - done


def clip(parameters, threshold: float, eps: float) -> None:
    if eps:
        torch.nn.utils.clip_grad_norm_(parameters, threshold)
        return
    norm = torch.sqrt(sum((p.grad**2).sum() for p in parameters))
    for p in parameters:
        p.grad.mul_(torch.clamp(threshold / norm, max=1.0))


def moved(rule: Rule, c: float, stays: tuple[str, ...]) -> dict:
    """The numbers of a factor that starts divided by c."""
    move = lambda value, power: value * c**power
    return {
        key: value
        if key in stays
        else tuple(map(move, value, rule.powers[key]))
        if isinstance(value, list)
        else move(value, rule.powers[key])
        for key, value in rule.hp.items()
    }


def train(name: str, case: Case, dtype, k=1.0, p=1.0, q=1.0, stays=()):
    kind, _, _, _, start = SHAPES[case.shape]
    rule = RULES[case.optimizer]
    t = {key: value.to(dtype) if value.is_floating_point() else value for key, value in start.items()}
    gauge = {"A": p, "B": q, "m": 1.0}
    w = {key: (t[key] / gauge[key[0]]).requires_grad_() for key in tasks.trained_names(t)}
    if kind == "dora":
        w["m"] = t["W0"].norm(dim=1, keepdim=True).clone().requires_grad_()
    groups = []
    for factor in ("A", "B", "m") if kind == "dora" else ("A", "B"):
        c = p if factor == "m" and "same_lr_as_A" in name else gauge[factor]
        groups.append({"params": [w[key] for key in w if key[0] == factor], "factor": factor, **moved(rule, c, stays)})
    constants = {key: tuple(v) if isinstance(v, list) else v for key, v in rule.constants.items() if key != "scale"}
    opt = rule.make(groups, **constants)
    base_rates = [group["lr"] for group in opt.param_groups]
    early = None if "early" in stays else rule.early
    losses = []
    for step in range(1, STEPS + 1):
        for group, base in zip(opt.param_groups, base_rates):
            more = early(step, gauge[group["factor"]], group["factor"]) if early else 1.0
            group["lr"] = base * rate(case.schedule, step) * more
        value = tasks.loss_of(case.loss, tasks.output(kind, t, w, case.s * k, HEADS), t["Y"])
        opt.zero_grad()
        value.backward()
        losses.append(value.item())
        if case.clip is not None:
            clip(list(w.values()), case.clip * p, case.clip_eps)
        opt.step()
    return losses, {key: value.detach() * gauge[key[0]] for key, value in w.items()}


def deviation(values, base) -> float:
    return float(f"{max(abs(x - y) / abs(y) for x, y in zip(values, base)):.3g}")


def flat(tensor) -> list[float]:
    return [float(f"{value:.9g}") for value in tensor.flatten().tolist()]


def replayed(name: str, case: Case) -> dict:
    rule = RULES[case.optimizer]
    loss32, final = train(name, case, torch.float32)
    loss64, _ = train(name, case, torch.float64)
    twins = []
    for k, p, q, gauge in GAUGES:
        for variant, stays in ({"rule": ()} | rule.forgotten).items():
            twin32, factors = train(name, case, torch.float32, k, p, q, stays)
            twin64, _ = train(name, case, torch.float64, k, p, q, stays)
            same = twin32 == loss32 and all(torch.equal(factors[f], final[f]) for f in final)
            numbers = {"dev32": deviation(twin32, loss32), "dev64": deviation(twin64, loss64), "bit": same}
            twins.append({"k": k, "p": p, "q": q, "gauge": gauge, "variant": variant, **numbers})
    return {
        "id": name,
        "shape": case.shape,
        "loss": case.loss,
        "opt": case.optimizer,
        "hp": rule.hp,
        "s": case.s,
        "clip": case.clip,
        "clip_eps": case.clip_eps,
        "schedule": case.schedule,
        "loss32": [float(f"{value:.9g}") for value in loss32],
        "loss64": loss64,
        "final": {factor: flat(values) for factor, values in final.items()},
        "twins": twins,
    }


def tensors_of(kind, width, batch, rank, tensors) -> dict:
    values = lambda value: flat(value) if value.is_floating_point() else value.flatten().tolist()
    shape = {"kind": kind, "N": width, "M": batch, "r": rank} | ({"heads": HEADS} if kind == "tfm" else {})
    return shape | {"t": {name: {"shape": list(value.shape), "v": values(value)} for name, value in tensors.items()}}


def main() -> None:
    torch.set_num_threads(1)
    fixture = {
        "torch": torch.__version__,
        "steps": STEPS,
        "tensors": {name: tensors_of(*shape) for name, shape in SHAPES.items()},
        "optimizers": {name: rule.constants for name, rule in RULES.items()},
        "cases": [replayed(name, case) for name, case in CASES.items()],
    }
    OUT.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
