"""Makes reference.json: short LoRA runs in float64 with the optimizers as PyTorch and their own packages have them.

    python3.11 -m venv VENV
    VENV/bin/pip install torch==2.13.0 optax==0.2.8 schedulefree==1.4.1 torch-optimi==0.3.3 packaging
    VENV/bin/pip install --no-deps grokadamw==0.1.2 adam-mini==1.1.1 pytorch-optimizer==4.1.0 \
        bitsandbytes==0.50.2 axolotl==0.19.0
    VENV/bin/python test/unit/experiment/optimizers/reference.py

The layer is in layer.py. A and B have numbers of their own, so that a mix-up shows.
`losses[t]` is the loss before step t + 1; `final` are A and B after the last step. bitsandbytes trains in float32 only.
"""

import contextlib
import importlib.util
import io
import logging
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import adam_mini
import bitsandbytes
import grokadamw
import jax
import optax
import optimi
import pytorch_optimizer
import schedulefree
import torch
from layer import RANK, STEPS, WIDTH, drawn, flat, loss_of, numbers_of, rate, write

jax.config.update("jax_enable_x64", True)
OUT = Path(__file__).with_name("reference.json")


def axolotl(name: str):
    """One file of axolotl, whose package as a whole needs a GPU's libraries."""
    for folder in map(Path, sys.path):
        path = folder / "axolotl" / "utils" / "optimizers" / f"{name}.py"
        if path.exists():
            spec = importlib.util.spec_from_file_location(name, path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise SystemExit("axolotl is not installed")


class OptaxRmsprop(torch.optim.Optimizer):
    """optax.rmsprop on torch's parameters."""

    def __init__(self, groups, **constants):
        super().__init__(groups, constants)
        self.states = {}

    def step(self):
        for group in self.param_groups:
            constants = {name: group[name] for name in ("decay", "eps", "centered", "momentum")}
            rule = optax.rmsprop(group["lr"], eps_in_sqrt=True, **constants)
            for p in group["params"]:
                if p not in self.states:
                    self.states[p] = rule.init(p.detach().numpy())
                update, self.states[p] = rule.update(p.grad.numpy(), self.states[p])
                p.data += torch.tensor(update.__array__().copy())


def one_group(make):
    """The package counts the parameters of a group, so A and B share one."""
    return lambda groups: make([p for group in groups for p in group["params"]], **shared(groups))


def shared(groups):
    return {name: value for name, value in groups[0].items() if name != "params"}


def rowwise(groups):
    """Adam-mini goes by names: those of an MLP it divides row by row."""
    (a,), (b,) = (group["params"] for group in groups)
    named = [("mlp.lora_a", a), ("mlp.lora_b", b)]
    numbers = shared(groups)
    with contextlib.redirect_stdout(io.StringIO()):
        optimizer = adam_mini.Adam_mini(named, dim=WIDTH, n_heads=1, verbose=False, **numbers)
    for mine, given in zip(optimizer.param_groups, groups):
        mine.update(lr=given["lr"], eps=given["eps"], weight_decay=given["weight_decay"])
    return optimizer


def accumulated(groups):
    """The start of Adagrad's sum is one number for all groups; here each has its own."""
    optimizer = torch.optim.Adagrad(groups)
    for group in optimizer.param_groups:
        for p in group["params"]:
            optimizer.state[p]["sum"].fill_(group["iav"])
    return optimizer


def schedule_free(make):
    def made(groups):
        optimizer = make(groups)
        optimizer.train()
        return optimizer

    return made


optim = torch.optim
adopt, adamc = axolotl("adopt").ADOPT, axolotl("adamc").AdamC
D, E = {"weight_decay": 0.1}, {"eps": 1e-3}
BETAS = {"betas": (0.85, 0.98)}
COSINE, LINEAR = ("cosine", 3), ("linear", 2)

# id -> (row, make, numbers of each factor, settings shared by both, schedule)
CASES = {
    "sgd-nesterov": ("sgd", optim.SGD, {"lr": 0.02, **D}, {"momentum": 0.8, "nesterov": True}, LINEAR),
    "sgd-dampening": ("sgd", optim.SGD, {"lr": 0.03}, {"momentum": 0.7, "dampening": 0.3}, None),
    "sgdw": (
        "sgdw",
        lambda g: optimi.SGD(g, lr=1, momentum=0.7, decouple_wd=True, foreach=False, triton=False),
        {"lr": 0.02, **D},
        {"momentum": 0.7},
        COSINE,
    ),
    "asgd": ("asgd", optim.ASGD, {"lr": 0.05, "lambd": 0.3, **D}, {"alpha": 0.6, "t0": 5}, COSINE),
    "adadelta": ("adadelta", optim.Adadelta, {"lr": 0.7, **E, **D}, {"rho": 0.8}, LINEAR),
    "adagrad": ("adagrad", optim.Adagrad, {"lr": 0.05, **E, **D}, {"lr_decay": 0.1}, COSINE),
    "adagrad-accumulator": ("adagrad", accumulated, {"lr": 0.05, **E, "iav": 0.02}, {}, None),
    "adam-amsgrad": ("adam", optim.Adam, {"lr": 0.05, **E, **D}, {**BETAS, "amsgrad": True}, COSINE),
    "adam-small-beta": ("adam", optim.Adam, {"lr": 0.03, **E}, {"betas": (0.3, 0.9)}, None),
    "adamw-amsgrad": ("adamw", optim.AdamW, {"lr": 0.05, **E, **D}, {**BETAS, "amsgrad": True}, LINEAR),
    "adamax": ("adamax", optim.Adamax, {"lr": 0.02, **E, **D}, BETAS, COSINE),
    "nadam": ("nadam", optim.NAdam, {"lr": 0.02, **E, **D}, {**BETAS, "momentum_decay": 0.02}, COSINE),
    "nadam-decoupled": (
        "nadam-decoupled",
        lambda g: optim.NAdam(g, decoupled_weight_decay=True),
        {"lr": 0.02, **E, **D},
        {**BETAS, "momentum_decay": 0.02},
        LINEAR,
    ),
    "radam": ("radam", optim.RAdam, {"lr": 0.02, **E, **D}, {"betas": (0.8, 0.999)}, LINEAR),
    "radam-decoupled": ("radam-decoupled", optim.RAdam, {"lr": 0.02, **E, **D},
                        {"betas": (0.8, 0.999), "decoupled_weight_decay": True}, LINEAR),
    "rmsprop": ("rmsprop", optim.RMSprop, {"lr": 0.01, **E, **D}, {"alpha": 0.9}, COSINE),
    "rmsprop-centered": (
        "rmsprop",
        optim.RMSprop,
        {"lr": 5e-3, **E},
        {"alpha": 0.95, "centered": True, "momentum": 0.8},
        LINEAR,
    ),
    "rmsprop-eps-inside": (
        "rmsprop-eps-inside",
        OptaxRmsprop,
        {"lr": 5e-3, "eps": 1e-4},
        {"decay": 0.8, "centered": True, "momentum": 0.6},
        None,
    ),
    "rprop": ("rprop", optim.Rprop, {"lr": 0.01, "step_sizes": (0.02, 0.08)}, {"etas": (0.4, 1.3)}, None),
    "ademamix": (
        "ademamix",
        bitsandbytes.optim.AdEMAMix,
        {"lr": 0.01, **E, **D},
        {"betas": (0.85, 0.98, 0.995), "alpha": 3.0},
        COSINE,
    ),
    "ademamix-growing": (
        "ademamix",
        bitsandbytes.optim.AdEMAMix,
        {"lr": 0.01, **E, "weight_decay": 0},
        {"betas": (0.85, 0.98, 0.995), "alpha": 3.0, "t_alpha": 9, "t_beta3": 9},
        None,
    ),
    "adopt": ("adopt", lambda g: adopt(g, decouple=True), {"lr": 0.01, "eps": 0.3, **D}, BETAS, COSINE),
    "adamc": ("adamc", adamc, {"lr": 0.02, **E, **D}, BETAS, COSINE),
    "adamc-max": ("adamc", adamc, {"lr": 0.02, **E, **D, "max_lr": 0.05}, BETAS, None),
    "stable-adamw": (
        "stable-adamw",
        lambda g: optimi.StableAdamW(g, lr=1, foreach=False, triton=False, **BETAS),
        {"lr": 0.02, **E, **D},
        BETAS,
        COSINE,
    ),
    "grokadamw": (
        "grokadamw",
        one_group(grokadamw.GrokAdamW),
        {"lr": 0.02, **E, **D, "gradient_clipping": 0.3},
        {**BETAS, "lamb": 1.5, "gamma": 0.2},
        COSINE,
    ),
    "adan": ("adan", pytorch_optimizer.Adan, {"lr": 0.01, **E, **D}, {"betas": (0.95, 0.9, 0.97)}, COSINE),
    "adan-no-prox": (
        "adan",
        lambda g: pytorch_optimizer.Adan(g, weight_decouple=True),
        {"lr": 0.01, **E, **D},
        {"betas": (0.95, 0.9, 0.97)},
        None,
    ),
    "adam-mini": ("adam-mini", rowwise, {"lr": 0.02, **E, **D}, BETAS, COSINE),
    "schedule-free-sgd": (
        "schedule-free-sgd",
        schedule_free(schedulefree.SGDScheduleFree),
        {"lr": 0.05, **D},
        {"momentum": 0.8},
        LINEAR,
    ),
    "schedule-free-adamw": (
        "schedule-free-adamw",
        schedule_free(schedulefree.AdamWScheduleFree),
        {"lr": 0.02, **E, **D},
        {**BETAS, "r": 0.5},
        COSINE,
    ),
    "schedule-free-radam": (
        "schedule-free-radam",
        schedule_free(schedulefree.RAdamScheduleFree),
        {"lr": 0.02, **E, **D},
        {"betas": (0.8, 0.999)},
        None,
    ),
}

FLOAT32 = {"ademamix", "ademamix-growing"}
ALIKE = {"grokadamw"}
# What a package calls a number -> what the product calls it.
CONSTANTS = {
    "eps": "eps",
    "lambd": "lambd",
    "iav": "initialAccumulator",
    "max_lr": "maxRate",
    "gradient_clipping": "tensorClip",
}
OPTIONS = {
    "dampening": "dampening", "alpha": "alpha", "t0": "t0", "rho": "rho", "lr_decay": "lrDecay", "amsgrad": "amsgrad",
    "momentum_decay": "momentumDecay", "decay": "smoothing", "centered": "centered", "t_alpha": "tAlpha",
    "t_beta3": "tBeta3", "lamb": "lamb", "gamma": "gamma", "r": "r",
}  # fmt: skip


def train(name: str, start: dict) -> dict:
    row, make, numbers, settings, schedule = CASES[name]
    dtype = torch.float32 if name in FLOAT32 else torch.float64
    t = {key: value.to(dtype) for key, value in start.items()}
    a, b = t["a"].clone().requires_grad_(), torch.zeros(WIDTH, RANK, dtype=dtype, requires_grad=True)
    groups = [
        {"params": [p], **numbers_of(numbers, factor, name in ALIKE), **({} if row == "sgdw" else settings)}
        for factor, p in (("a", a), ("b", b))
    ]
    rates = [group["lr"] for group in groups]
    optimizer = make(groups)
    losses = []
    for step in range(1, STEPS + 1):
        for group, whole in zip(optimizer.param_groups, rates):
            group["lr"] = whole * rate(schedule, step)
        loss = loss_of(t, a, b)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return {"losses": losses, "final": {"a": flat(a), "b": flat(b)}}


def hyper(numbers: dict) -> dict:
    constants = {CONSTANTS[name]: value for name, value in numbers.items() if name in CONSTANTS}
    if "step_sizes" in numbers:
        constants.update(zip(("stepMin", "stepMax"), numbers["step_sizes"]))
    return {"lr": numbers["lr"], "weightDecay": numbers.get("weight_decay", 0), "constants": constants}


def told(name: str) -> dict:
    """The case in the product's words."""
    row, _, numbers, settings, schedule = CASES[name]
    options = {OPTIONS[key]: float(value) for key, value in settings.items() if key in OPTIONS}
    if row == "rmsprop":
        options["smoothing"] = options.pop("alpha")
    if row == "rmsprop-eps-inside":
        options["epsInside"] = 1
    if name == "adan-no-prox":
        options["noProx"] = 1
    if "etas" in settings:
        options.update(zip(("etaMinus", "etaPlus"), settings["etas"]))
    betas = settings.get("betas", (0.9, 0.999))
    if len(betas) == 3:
        options["beta3"] = betas[2]
    return {
        "id": name,
        "row": row,
        "betas": betas[:2],
        "momentum": settings.get("momentum", 0),
        "nesterov": settings.get("nesterov", False),
        "options": options,
        "a": hyper(numbers_of(numbers, "a", False)),
        "b": hyper(numbers_of(numbers, "b", name in ALIKE)),
        "schedule": {"kind": schedule[0], "warmupSteps": schedule[1]} if schedule else None,
    }


def main() -> None:
    torch.set_num_threads(1)
    start = {name: value for name, value in drawn(11).items() if name != "b"}
    write(OUT, start, [{**told(name), **train(name, start)} for name in CASES])


if __name__ == "__main__":
    main()
