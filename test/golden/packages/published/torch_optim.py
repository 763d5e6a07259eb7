"""torch.optim. Every constant has a size at which it is felt."""

import torch.optim as optim

from published.entry import Published, groups, without_decay
from settings import Settings


def asgd(factors, settings):
    return optim.ASGD(groups(factors, lambd="lambd"))


def adagrad(factors, settings):
    made = optim.Adagrad(groups(factors, eps="eps"))
    # Its initial_accumulator_value is one number for all groups.
    for factor in factors:
        made.state[factor.weights]["sum"].fill_(factor.numbers.constants["initialAccumulator"])
    return made


def rmsprop(factors, settings):
    smoothing, centered = settings.options["smoothing"], bool(settings.options["centered"])
    return optim.RMSprop(groups(factors, eps="eps"), alpha=smoothing, centered=centered, momentum=settings.momentum)


def rprop(factors, settings):
    made = optim.Rprop(without_decay(groups(factors)))
    for group, factor in zip(made.param_groups, factors):
        constants = factor.numbers.constants
        group["step_sizes"] = (constants["stepMin"], constants["stepMax"])
    return made


def adam_like(make, **given):
    return lambda factors, settings: make(groups(factors, eps="eps"), betas=settings.betas, **given)


SGD = Settings(lr=2e-2, weight_decay=0.1)
ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3})


def entry(row, name, build, settings, **more):
    return Published(row, "torch", f"torch.optim.{name}", build, settings, **more)


PUBLISHED = [
    entry("sgd", "SGD", lambda f, s: optim.SGD(groups(f)), SGD),
    entry(
        "sgd",
        "SGD(momentum, nesterov)",
        lambda f, s: optim.SGD(groups(f), momentum=s.momentum, nesterov=s.nesterov),
        Settings(lr=1e-2, weight_decay=0.1, momentum=0.9, nesterov=True),
    ),
    entry("asgd", "ASGD", asgd, Settings(lr=2e-2, weight_decay=0.1, constants={"lambd": 1e-1})),
    entry(
        "adadelta",
        "Adadelta",
        lambda f, s: optim.Adadelta(groups(f, eps="eps"), rho=s.options["rho"]),
        Settings(lr=1.0, weight_decay=0.1, constants={"eps": 1e-6}, options={"rho": 0.9}),
    ),
    entry("adam", "Adam", adam_like(optim.Adam), ADAM),
    entry(
        "adam",
        "Adam(amsgrad)",
        adam_like(optim.Adam, amsgrad=True),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}, options={"amsgrad": 1}),
    ),
    entry("adamw", "AdamW", adam_like(optim.AdamW), ADAM),
    entry("adamw", "AdamW(fused)", adam_like(optim.AdamW, fused=True), ADAM),
    entry(
        "adamw",
        "AdamW(amsgrad)",
        adam_like(optim.AdamW, amsgrad=True),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}, options={"amsgrad": 1}),
    ),
    entry("adamax", "Adamax", adam_like(optim.Adamax), ADAM),
    entry("nadam", "NAdam", adam_like(optim.NAdam), ADAM),
    entry("nadam-decoupled", "NAdam(decoupled)", adam_like(optim.NAdam, decoupled_weight_decay=True), ADAM),
    entry("radam", "RAdam", adam_like(optim.RAdam), Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-4})),
    entry(
        "rmsprop",
        "RMSprop",
        rmsprop,
        Settings(lr=3e-3, weight_decay=0.1, constants={"eps": 1e-3}, options={"smoothing": 0.99, "centered": 0}),
    ),
    entry(
        "rmsprop",
        "RMSprop(momentum, centered)",
        rmsprop,
        Settings(
            lr=1e-3, weight_decay=0.1, constants={"eps": 1e-3}, momentum=0.9, options={"smoothing": 0.99, "centered": 1}
        ),
    ),
    entry(
        "adagrad",
        "Adagrad",
        adagrad,
        Settings(lr=2e-2, weight_decay=0.1, constants={"eps": 1e-3, "initialAccumulator": 1e-3}),
    ),
    entry("rprop", "Rprop", rprop, Settings(lr=1e-3, constants={"stepMin": 1e-6, "stepMax": 5e-3})),
    entry(
        "adafactor-torch",
        "Adafactor",
        lambda f, s: optim.Adafactor(groups(f, eps=("eps", "epsRms"))),
        Settings(lr=1e-1, weight_decay=0.1, constants={"eps": 1e-3, "epsRms": 1e-3}),
    ),
    entry(
        "muon",
        "Muon",
        lambda f, s: optim.Muon(groups(f, eps="eps"), momentum=s.momentum, nesterov=s.nesterov),
        Settings(
            lr=1e-2,
            weight_decay=0.1,
            constants={"eps": 0.1},
            momentum=0.95,
            nesterov=True,
            options={"lerp": 1, "clampNorm": 1},
        ),
        unlike="its Newton-Schulz iteration runs in bfloat16, ours in float32",
        float64=False,
    ),
]
