"""The optimizers of the fixture: how torch makes them, their numbers, and how those move with the scaling."""

from typing import Any, Callable, NamedTuple

from torch.optim import ASGD, SGD, Adadelta, Adafactor, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop, Rprop

import torch_optimizers as own


class Rule(NamedTuple):
    make: Callable
    constants: dict[str, Any]
    # Each factor's numbers, and the power of c by which each moves.
    hp: dict[str, Any]
    powers: dict[str, Any]
    # Variant -> what stays.
    forgotten: dict[str, tuple[str, ...]] = {}
    # A further factor on the rate: (step, c, A or B) -> factor.
    early: Callable[[int, float, str], float] | None = None


EPS, DECAY = {"eps_same": ("eps",)}, {"wd_same": ("weight_decay",)}
HF = {"clip": 1.0, "decay_rate": -0.8}
BETAS = {"betas": [0.9, 0.999]}

RULES = {
    "sgd": Rule(SGD, {}, {"lr": 0.05}, {"lr": -2}),
    "sgd_nesterov_wd": Rule(
        SGD,
        {"momentum": 0.8, "nesterov": True},
        {"lr": 0.02, "weight_decay": 0.05},
        {"lr": -2, "weight_decay": 2},
        DECAY,
    ),
    "asgd": Rule(
        ASGD,
        {"alpha": 0.6, "t0": 6.0},
        {"lr": 0.02, "lambd": 0.05},
        {"lr": -2, "lambd": 2},
        {"lambd_same": ("lambd",)},
    ),
    "adadelta": Rule(
        Adadelta,
        {"rho": 0.8},
        {"lr": 1.0, "eps": 1e-6},
        {"lr": -2, "eps": 2},
        EPS | {"lr_same_eps_same": ("lr", "eps")},
    ),
    "adam_l2": Rule(
        Adam,
        {"betas": [0.85, 0.98]},
        {"lr": 0.01, "eps": 1e-5, "weight_decay": 0.02},
        {"lr": -1, "eps": 1, "weight_decay": 2},
        EPS | DECAY,
    ),
    "amsgrad": Rule(Adam, {"betas": [0.8, 0.9], "amsgrad": True}, {"lr": 0.02, "eps": 1e-8}, {"lr": -1, "eps": 1}),
    "adamw": Rule(
        AdamW,
        BETAS,
        {"lr": 0.02, "eps": 1e-8, "weight_decay": 0.1},
        {"lr": -1, "eps": 1, "weight_decay": 1},
        EPS | DECAY,
    ),
    "adamax": Rule(Adamax, {"betas": [0.8, 0.95]}, {"lr": 0.02, "eps": 1e-4}, {"lr": -1, "eps": 1}, EPS),
    "nadam": Rule(NAdam, BETAS | {"momentum_decay": 0.02}, {"lr": 0.01, "eps": 1e-4}, {"lr": -1, "eps": 1}, EPS),
    "radam": Rule(
        RAdam,
        BETAS,
        {"lr": 0.02, "eps": 1e-8},
        {"lr": -1, "eps": 1},
        {"lr_const_over_c": ("early",)},
        lambda step, c, _: 1 / c if step <= 5 else 1.0,
    ),
    "rmsprop_centered": Rule(
        RMSprop,
        {"alpha": 0.9, "momentum": 0.7, "centered": True},
        {"lr": 2e-3, "eps": 1e-4},
        {"lr": -1, "eps": 1},
        EPS,
    ),
    "adagrad_iav": Rule(
        own.adagrad,
        {"lr_decay": 0.05},
        {"lr": 0.05, "eps": 1e-10, "iav": 0.02},
        {"lr": -1, "eps": 1, "iav": 2},
        {"iav_same": ("iav",)},
    ),
    "rprop": Rule(
        Rprop,
        {"etas": [0.4, 1.3]},
        {"lr": 2e-3, "step_sizes": [1e-6, 0.01]},
        {"lr": -1, "step_sizes": [-1, -1]},
        {"step_sizes_same": ("step_sizes",)},
    ),
    "adafactor_torch": Rule(
        Adafactor,
        {"beta2_decay": -0.7, "d": 1.0},
        {"lr": 0.1, "eps": [1e-10, 1e-3], "weight_decay": 0.01},
        {"lr": 0, "eps": [1, -1], "weight_decay": 0},
        EPS,
    ),
    "adafactor_hf_scale_lr": Rule(
        own.AdafactorHf,
        HF | {"scale_parameter": True, "relative_step": False},
        {"lr": 0.05, "eps": [1e-30, 1e-3], "weight_decay": 0.01},
        {"lr": 0, "eps": [2, -1], "weight_decay": 1},
        {"eps2_same": ("eps",)},
    ),
    "adafactor_hf_noscale_lr": Rule(
        own.AdafactorHf,
        HF | {"scale_parameter": False, "relative_step": False},
        {"lr": 0.02, "eps": [1e-6, 1e-3], "weight_decay": 0.01},
        {"lr": -1, "eps": [2, 0], "weight_decay": 1},
        EPS | DECAY,
    ),
    "adafactor_hf_noscale_rel": Rule(
        own.AdafactorHf,
        HF | {"scale_parameter": False, "relative_step": True},
        {"lr": 0.0, "eps": [1e-30, 1e-3], "weight_decay": 0.01, "relmult": 1.0},
        {"lr": 0, "eps": [2, 0], "weight_decay": 1, "relmult": -1},
        {"no_hook": ("eps", "relmult")},
    ),
    "lion": Rule(
        own.Lion, {"betas": [0.9, 0.99]}, {"lr": 5e-3, "weight_decay": 0.1}, {"lr": -1, "weight_decay": 1}, DECAY
    ),
    "lamb": Rule(
        own.Lamb,
        BETAS,
        {"lr": 0.02, "eps": 1e-6, "weight_decay": 0.01, "phi_max": 10.0},
        {"lr": 0, "eps": 1, "weight_decay": 1, "phi_max": -1},
        {"no_step1_fix": ("early",)},
        lambda step, c, factor: 1 / c if step == 1 and factor == "B" else 1.0,
    ),
    "muon": Rule(
        own.Muon,
        {"momentum": 0.9, "nesterov": True, "ns_steps": 4, "scale": "sqrt(max(1,rows/cols))"},
        {"lr": 0.01, "eps": 1e-4, "weight_decay": 0.1},
        {"lr": -1, "eps": 1, "weight_decay": 1},
        EPS,
    ),
    "prodigy": Rule(
        own.Prodigy,
        BETAS,
        {"lr": 1.0, "d0": 1e-3, "eps": 1e-8, "weight_decay": 0.01},
        {"lr": 0, "d0": -1, "eps": 1, "weight_decay": 1},
        {"d0_same": ("d0",)},
    ),
}
