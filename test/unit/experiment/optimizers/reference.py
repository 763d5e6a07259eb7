"""Makes reference.json: short LoRA runs in float64 with the optimizers as PyTorch and their own packages have them.

    python3.11 -m venv VENV
    VENV/bin/pip install torch==2.13.0 optax==0.2.8 schedulefree==1.4.1 torch-optimi==0.3.3 packaging
    VENV/bin/pip install --no-deps grokadamw==0.1.2 adam-mini==1.1.1 pytorch-optimizer==4.1.0 \
        bitsandbytes==0.50.2 axolotl==0.19.0
    VENV/bin/python test/unit/experiment/optimizers/reference.py

The layer is in layer.py. bitsandbytes trains in float32 only.
"""

import importlib.util
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
from layer import Case, both, drawn, write

jax.config.update("jax_enable_x64", True)


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


def rowwise(groups):
    """Adam-mini goes by names: those of an MLP it divides row by row."""
    (a,), (b,) = (group["params"] for group in groups)
    named = [("mlp.lora_a", a), ("mlp.lora_b", b)]
    numbers = {name: value for name, value in groups[0].items() if name != "params"}
    optimizer = adam_mini.Adam_mini(named, dim=a.shape[1], n_heads=1, verbose=False, **numbers)
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

MIX, GROWING = {**BETAS, "momentum_decay": 0.02}, {"t_alpha": 9, "t_beta3": 9}
SLOW = {"betas": (0.85, 0.98, 0.995), "alpha": 3.0}
CENTERED = {"alpha": 0.95, "centered": True, "momentum": 0.8}
INSIDE = {"decay": 0.8, "centered": True, "momentum": 0.6}
RECTIFIED = {"betas": (0.8, 0.999)}
ADAN = {"betas": (0.95, 0.9, 0.97)}


def optimi_sgd(groups):
    return optimi.SGD(groups, lr=1, momentum=0.7, decouple_wd=True, foreach=False, triton=False)


def stable_adamw(groups):
    return optimi.StableAdamW(groups, lr=1, foreach=False, triton=False, **BETAS)


def nadam_decoupled(groups):
    return optim.NAdam(groups, decoupled_weight_decay=True)


def adan_no_prox(groups):
    return pytorch_optimizer.Adan(groups, weight_decouple=True)


free = schedule_free
mix = bitsandbytes.optim.AdEMAMix
grok = both(grokadamw.GrokAdamW)

# id -> row, make, numbers of each factor, settings of both, schedule
TABLE = {
    "sgd-nesterov": ("sgd", optim.SGD, {"lr": 0.02, **D}, {"momentum": 0.8, "nesterov": True}, LINEAR),
    "sgd-dampening": ("sgd", optim.SGD, {"lr": 0.03}, {"momentum": 0.7, "dampening": 0.3}),
    "sgdw": ("sgdw", optimi_sgd, {"lr": 0.02, **D}, {"momentum": 0.7}, COSINE),
    "asgd": ("asgd", optim.ASGD, {"lr": 0.05, "lambd": 0.3, **D}, {"alpha": 0.6, "t0": 5}, COSINE),
    "adadelta": ("adadelta", optim.Adadelta, {"lr": 0.7, **E, **D}, {"rho": 0.8}, LINEAR),
    "adagrad": ("adagrad", optim.Adagrad, {"lr": 0.05, **E, **D}, {"lr_decay": 0.1}, COSINE),
    "adagrad-accumulator": ("adagrad", accumulated, {"lr": 0.05, **E, "iav": 0.02}),
    "adam-amsgrad": ("adam", optim.Adam, {"lr": 0.05, **E, **D}, {**BETAS, "amsgrad": True}, COSINE),
    "adam-small-beta": ("adam", optim.Adam, {"lr": 0.03, **E}, {"betas": (0.3, 0.9)}),
    "adamw-amsgrad": ("adamw", optim.AdamW, {"lr": 0.05, **E, **D}, {**BETAS, "amsgrad": True}, LINEAR),
    "adamax": ("adamax", optim.Adamax, {"lr": 0.02, **E, **D}, BETAS, COSINE),
    "nadam": ("nadam", optim.NAdam, {"lr": 0.02, **E, **D}, MIX, COSINE),
    "nadam-decoupled": ("nadam-decoupled", nadam_decoupled, {"lr": 0.02, **E, **D}, MIX, LINEAR),
    "radam": ("radam", optim.RAdam, {"lr": 0.02, **E, **D}, RECTIFIED, LINEAR),
    "radam-decoupled": ("radam-decoupled", optim.RAdam, {"lr": 0.02, **E, **D},
                        {**RECTIFIED, "decoupled_weight_decay": True}, LINEAR),
    "rmsprop": ("rmsprop", optim.RMSprop, {"lr": 0.01, **E, **D}, {"alpha": 0.9}, COSINE),
    "rmsprop-centered": ("rmsprop", optim.RMSprop, {"lr": 5e-3, **E}, CENTERED, LINEAR),
    "rmsprop-eps-inside": ("rmsprop-eps-inside", OptaxRmsprop, {"lr": 5e-3, "eps": 1e-4}, INSIDE),
    "rprop": ("rprop", optim.Rprop, {"lr": 0.01, "step_sizes": (0.02, 0.08)}, {"etas": (0.4, 1.3)}),
    "ademamix": ("ademamix", mix, {"lr": 0.01, **E, **D}, SLOW, COSINE),
    "ademamix-growing": ("ademamix", mix, {"lr": 0.01, **E, "weight_decay": 0}, {**SLOW, **GROWING}),
    "adopt": ("adopt", lambda g: adopt(g, decouple=True), {"lr": 0.01, "eps": 0.3, **D}, BETAS, COSINE),
    "adamc": ("adamc", adamc, {"lr": 0.02, **E, **D}, BETAS, COSINE),
    "adamc-max": ("adamc", adamc, {"lr": 0.02, **E, **D, "max_lr": 0.05}, BETAS),
    "stable-adamw": ("stable-adamw", stable_adamw, {"lr": 0.02, **E, **D}, BETAS, COSINE),
    "grokadamw": ("grokadamw", grok, {"lr": 0.02, **E, **D, "gradient_clipping": 0.3},
                  {**BETAS, "lamb": 1.5, "gamma": 0.2}, COSINE),
    "adan": ("adan", pytorch_optimizer.Adan, {"lr": 0.01, **E, **D}, ADAN, COSINE),
    "adan-no-prox": ("adan", adan_no_prox, {"lr": 0.01, **E, **D}, ADAN),
    "adam-mini": ("adam-mini", rowwise, {"lr": 0.02, **E, **D}, BETAS, COSINE),
    "schedule-free-sgd": ("schedule-free-sgd", free(schedulefree.SGDScheduleFree), {"lr": 0.05, **D},
                          {"momentum": 0.8}, LINEAR),
    "schedule-free-adamw": ("schedule-free-adamw", free(schedulefree.AdamWScheduleFree), {"lr": 0.02, **E, **D},
                            {**BETAS, "r": 0.5}, COSINE),
    "schedule-free-radam": ("schedule-free-radam", free(schedulefree.RAdamScheduleFree), {"lr": 0.02, **E, **D},
                            RECTIFIED),
}  # fmt: skip

# What a package calls a setting -> what the product calls it.
OPTIONS = {
    "dampening": "dampening", "alpha": "alpha", "t0": "t0", "rho": "rho", "lr_decay": "lrDecay", "amsgrad": "amsgrad",
    "momentum_decay": "momentumDecay", "decay": "smoothing", "centered": "centered", "t_alpha": "tAlpha",
    "t_beta3": "tBeta3", "lamb": "lamb", "gamma": "gamma", "r": "r",
}  # fmt: skip


def case_of(name: str) -> Case:
    """The case, its settings also in the product's words."""
    case = Case(*TABLE[name])
    settings = case.settings
    options = {OPTIONS[key]: float(value) for key, value in settings.items() if key in OPTIONS}
    if case.row == "rmsprop":
        options["smoothing"] = options.pop("alpha")
    options.update({"epsInside": 1} if case.row == "rmsprop-eps-inside" else {})
    options.update({"noProx": 1} if name == "adan-no-prox" else {})
    options.update(zip(("etaMinus", "etaPlus"), settings.get("etas", ())))
    options.update(zip(("beta3",), settings.get("betas", ())[2:]))
    return case._replace(
        # optimi's SGD is made with its momentum.
        settings={} if case.row == "sgdw" else settings, options=options, betas=settings.get("betas"),
        momentum=settings.get("momentum", 0), nesterov=settings.get("nesterov", False),
        alike=name == "grokadamw", float32=case.row == "ademamix",
    )  # fmt: skip


if __name__ == "__main__":
    write(__file__, drawn(11), {name: case_of(name) for name in TABLE})
