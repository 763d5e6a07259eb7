"""Makes fixture.json: short LoRA runs in PyTorch, with the twins a right and a wrong rule would train.

    python3.11 -m venv VENV && VENV/bin/pip install torch==2.13.0 numpy
    VENV/bin/python test/golden/make.py

One layer, y = x W0^T + s (x A^T) B^T. `loss32[t]` and `loss64[t]` are the loss before step t + 1 in both precisions, from
the same float32 start; `final` are the float32 factors after the last step. A twin starts from A/p, B/q with the scaling
s*k. In the variant `rule` every constant moves; any other leaves out what it is named after.
"""

import json
import math
from pathlib import Path

import torch
from torch.nn.functional import l1_loss, mse_loss

STEPS = 12
WIDTH, BATCH, RANK = 6, 10, 3
OUT = Path(__file__).with_name("fixture.json")

# name -> (class, constants, settings that each factor has, degree in the gradient, coupled decay)
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {}, {"lr": 0.05}, 1, True),
    "sgd_nesterov_wd": (
        torch.optim.SGD,
        {"momentum": 0.8, "nesterov": True},
        {"lr": 0.02, "weight_decay": 0.05},
        1,
        True,
    ),
    "adam_l2": (torch.optim.Adam, {"betas": [0.85, 0.98]}, {"lr": 0.01, "eps": 1e-5, "weight_decay": 0.02}, 0, True),
    "adamw": (torch.optim.AdamW, {"betas": [0.9, 0.999]}, {"lr": 0.02, "eps": 1e-8, "weight_decay": 0.1}, 0, False),
}

# id -> (optimizer, loss, scaling, clip, clip_eps, schedule)
CASES = {
    "sgd-mse": ("sgd", "mse", 2.0, None, None, None),
    "sgd-l1-clip": ("sgd", "l1", 4.0, 0.2, 1e-6, None),
    "nesterov-mse-linear": ("sgd_nesterov_wd", "mse", 4 / math.sqrt(3), None, None, "linear_warmup3"),
    "adam-mse": ("adam_l2", "mse", 1.0, None, None, None),
    "adam-l1": ("adam_l2", "l1", 2 / 3, None, None, None),
    "adamw-mse-cosine-clip": ("adamw", "mse", 2.0, 0.3, 0, "cosine_warmup4"),
    "adamw-mse": ("adamw", "mse", 0.5, None, None, None),
}

GAUGES = [(4.0, "sym"), (0.25, "sym"), (64.0, "sym"), (3.0, "sym"), (2.0, "loraplus"), (5.0, "loraplus")]


def draw(seed: int) -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    bound = 1 / math.sqrt(WIDTH)
    uniform = lambda *shape: (2 * torch.rand(*shape, generator=random) - 1) * bound
    return {
        "X": torch.randn(BATCH, WIDTH, generator=random),
        "Y": torch.randn(BATCH, WIDTH, generator=random),
        "W0": uniform(WIDTH, WIDTH),
        "A0": uniform(RANK, WIDTH),
        "B0": torch.zeros(WIDTH, RANK),
    }


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


def moved(settings: dict, c: float, degree: int, coupled: bool, alone: str | None) -> dict:
    """The settings of a factor that starts divided by c; `alone` names the one that is forgotten."""
    powers = {"lr": -degree - 1, "eps": 1, "weight_decay": 2 if coupled else 1 + degree}
    return {key: value if key == alone else value * c ** powers[key] for key, value in settings.items()}


def train(start, case, dtype, k=1.0, p=1.0, q=1.0, alone=None):
    optimizer, loss, s, threshold, eps, schedule = case
    make, constants, settings, degree, coupled = OPTIMIZERS[optimizer]
    t = {name: value.to(dtype) for name, value in start.items()}
    a = (t["A0"] / p).requires_grad_()
    b = (t["B0"] / q).requires_grad_()
    groups = [{"params": [w], **moved(settings, c, degree, coupled, alone)} for w, c in ((a, p), (b, q))]
    opt = make(groups, **{key: tuple(v) if isinstance(v, list) else v for key, v in constants.items()})
    base_rates = [group["lr"] for group in opt.param_groups]
    losses = []
    for step in range(1, STEPS + 1):
        for group, base in zip(opt.param_groups, base_rates):
            group["lr"] = base * rate(schedule, step)
        y = t["X"] @ t["W0"].T + (t["X"] @ a.T @ b.T) * (s * k)
        value = (l1_loss if loss == "l1" else mse_loss)(y, t["Y"])
        opt.zero_grad()
        value.backward()
        losses.append(value.item())
        if threshold is not None:
            clip([a, b], threshold * p, eps)
        opt.step()
    return losses, {"A0": a.detach() * p, "B0": b.detach() * q}


def deviation(values, base) -> float:
    return max(abs(x - y) / abs(y) for x, y in zip(values, base))


def flat(tensor) -> list[float]:
    return [float(f"{value:.9g}") for value in tensor.flatten().tolist()]


def replayed(name: str, case, start) -> dict:
    optimizer, loss, s, threshold, eps, schedule = case
    settings = OPTIMIZERS[optimizer][2]
    loss32, final = train(start, case, torch.float32)
    loss64, _ = train(start, case, torch.float64)
    forgotten = {"rule": None, "eps_same": "eps", "wd_same": "weight_decay"}
    twins = []
    for k, gauge in GAUGES:
        p, q = (math.sqrt(k), math.sqrt(k)) if gauge == "sym" else (1.0, k)
        for variant, alone in forgotten.items():
            if alone is not None and alone not in settings:
                continue
            twin32, factors = train(start, case, torch.float32, k, p, q, alone)
            twin64, _ = train(start, case, torch.float64, k, p, q, alone)
            same = twin32 == loss32 and all(torch.equal(factors[f], final[f]) for f in final)
            numbers = {"dev32": deviation(twin32, loss32), "dev64": deviation(twin64, loss64), "bit": same}
            twins.append({"k": k, "p": p, "q": q, "gauge": gauge, "variant": variant, **numbers})
    return {
        "id": name,
        "shape": "w6r3",
        "loss": loss,
        "opt": optimizer,
        "hp": settings,
        "s": s,
        "clip": threshold,
        "clip_eps": eps,
        "schedule": schedule,
        "loss32": loss32,
        "loss64": loss64,
        "final": {factor: flat(values) for factor, values in final.items()},
        "twins": twins,
    }


def main() -> None:
    torch.set_num_threads(1)
    start = draw(20)
    tensors = {name: {"shape": list(value.shape), "v": flat(value)} for name, value in start.items()}
    fixture = {
        "torch": torch.__version__,
        "steps": STEPS,
        "tensors": {"w6r3": {"kind": "linear", "N": WIDTH, "M": BATCH, "r": RANK, "t": tensors}},
        "optimizers": {name: constants for name, (_, constants, *_) in OPTIMIZERS.items()},
        "cases": [replayed(name, case, start) for name, case in CASES.items()],
    }
    OUT.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
