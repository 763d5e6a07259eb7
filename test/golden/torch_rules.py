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
    forgotten: dict[str, tuple[str, ...]]
    # A further factor on the rate: (step, c, A or B) -> factor.
    early: Callable[[int, float, str], float] | None


def rule(make: Callable, numbers: dict[str, tuple], forgotten: dict = {}, early: Any = None, **constants: Any) -> Rule:
    """@param numbers name -> (value, power of c by which it moves)"""
    hp, powers = ({name: pair[i] for name, pair in numbers.items()} for i in (0, 1))
    return Rule(make, constants, hp, powers, forgotten, early)


EPS, DECAY = {"eps_same": ("eps",)}, {"wd_same": ("weight_decay",)}
BETAS = {"betas": [0.9, 0.999]}


def adafactor(lr: tuple, eps: tuple, forgotten: dict, scale: bool, relative: bool, **more: tuple) -> Rule:
    numbers = {"lr": lr, "eps": eps, "weight_decay": (0.01, 1), **more}
    how = {"clip": 1.0, "decay_rate": -0.8, "scale_parameter": scale, "relative_step": relative}
    return rule(own.AdafactorHf, numbers, forgotten, **how)


RULES = {
    "sgd": rule(SGD, {"lr": (0.05, -2)}),
    "sgd_nesterov_wd": rule(SGD, {"lr": (0.02, -2), "weight_decay": (0.05, 2)}, DECAY, momentum=0.8, nesterov=True),
    "asgd": rule(ASGD, {"lr": (0.02, -2), "lambd": (0.05, 2)}, {"lambd_same": ("lambd",)}, alpha=0.6, t0=6.0),
    "adadelta": rule(Adadelta, {"lr": (1.0, -2), "eps": (1e-6, 2)}, EPS | {"lr_same_eps_same": ("lr", "eps")}, rho=0.8),
    "adam_l2": rule(
        Adam, {"lr": (0.01, -1), "eps": (1e-5, 1), "weight_decay": (0.02, 2)}, EPS | DECAY, betas=[0.85, 0.98]
    ),
    "amsgrad": rule(Adam, {"lr": (0.02, -1), "eps": (1e-8, 1)}, betas=[0.8, 0.9], amsgrad=True),
    "adamw": rule(AdamW, {"lr": (0.02, -1), "eps": (1e-8, 1), "weight_decay": (0.1, 1)}, EPS | DECAY, **BETAS),
    "adamax": rule(Adamax, {"lr": (0.02, -1), "eps": (1e-4, 1)}, EPS, betas=[0.8, 0.95]),
    "nadam": rule(NAdam, {"lr": (0.01, -1), "eps": (1e-4, 1)}, EPS, **BETAS, momentum_decay=0.02),
    "radam": rule(
        RAdam, {"lr": (0.02, -1), "eps": (1e-8, 1)}, {"lr_const_over_c": ("early",)},
        lambda step, c, _: 1 / c if step <= 5 else 1.0, **BETAS,
    ),
    "rmsprop_centered": rule(
        RMSprop, {"lr": (2e-3, -1), "eps": (1e-4, 1)}, EPS, alpha=0.9, momentum=0.7, centered=True
    ),
    "adagrad_iav": rule(
        own.adagrad, {"lr": (0.05, -1), "eps": (1e-10, 1), "iav": (0.02, 2)}, {"iav_same": ("iav",)}, lr_decay=0.05
    ),
    "rprop": rule(
        Rprop, {"lr": (2e-3, -1), "step_sizes": ([1e-6, 0.01], [-1, -1])}, {"step_sizes_same": ("step_sizes",)},
        etas=[0.4, 1.3],
    ),
    "adafactor_torch": rule(
        Adafactor, {"lr": (0.1, 0), "eps": ([1e-10, 1e-3], [1, -1]), "weight_decay": (0.01, 0)}, EPS,
        beta2_decay=-0.7, d=1.0,
    ),
    "adafactor_hf_scale_lr": adafactor((0.05, 0), ([1e-30, 1e-3], [2, -1]), {"eps2_same": ("eps",)}, True, False),
    "adafactor_hf_noscale_lr": adafactor((0.02, -1), ([1e-6, 1e-3], [2, 0]), EPS | DECAY, False, False),
    "adafactor_hf_noscale_rel": adafactor(
        (0.0, 0), ([1e-30, 1e-3], [2, 0]), {"no_hook": ("eps", "relmult")}, False, True, relmult=(1.0, -1)
    ),
    "lion": rule(own.Lion, {"lr": (5e-3, -1), "weight_decay": (0.1, 1)}, DECAY, betas=[0.9, 0.99]),
    "lamb": rule(
        own.Lamb, {"lr": (0.02, 0), "eps": (1e-6, 1), "weight_decay": (0.01, 1), "phi_max": (10.0, -1)},
        {"no_step1_fix": ("early",)}, lambda step, c, factor: 1 / c if step == 1 and factor == "B" else 1.0, **BETAS,
    ),
    "muon": rule(
        own.Muon, {"lr": (0.01, -1), "eps": (1e-4, 1), "weight_decay": (0.1, 1)}, EPS,
        momentum=0.9, nesterov=True, ns_steps=4, scale="sqrt(max(1,rows/cols))",
    ),
    "prodigy": rule(
        own.Prodigy, {"lr": (1.0, 0), "d0": (1e-3, -1), "eps": (1e-8, 1), "weight_decay": (0.01, 1)},
        {"d0_same": ("d0",)}, **BETAS,
    ),
}
