"""pytorch_optimizer, a collection by Hyeongchan Kim."""

from dataclasses import replace

import pytorch_optimizer as po

from published.entry import Published, groups
from settings import Settings

ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3})


def entry(row, name, build, settings, **more):
    return Published(row, "pytorch_optimizer", f"pytorch_optimizer.{name}", build, settings, **more)


def decoupled(make, **given):
    return lambda f, s: make(groups(f, eps="eps"), lr=s.lr, betas=s.betas, weight_decouple=True, **given)


def ademamix(factors, settings):
    return po.AdEMAMix(groups(factors, eps="eps"), betas=(*settings.betas, 0.9999), weight_decouple=True)


def adan(weight_decouple):
    return lambda f, s: po.Adan(groups(f, eps="eps"), betas=(*s.betas, 0.99), weight_decouple=weight_decouple)


ADAN = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}, betas=(0.98, 0.92))

PUBLISHED = [
    entry(
        "sgdw",
        "SGDW(momentum)",
        lambda f, s: po.SGDW(groups(f), momentum=s.momentum, weight_decouple=True),
        Settings(lr=1e-2, weight_decay=0.1, momentum=0.9),
    ),
    entry("ademamix", "AdEMAMix", ademamix, ADAM),
    entry(
        "adopt",
        "ADOPT",
        decoupled(po.ADOPT),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-1}, betas=(0.9, 0.9999)),
        unlike="it decays the weights in the first step already, which only fills the averages",
    ),
    entry("stable-adamw", "StableAdamW", decoupled(po.StableAdamW, kahan_sum=False), ADAM),
    entry(
        "lion",
        "Lion",
        lambda f, s: po.Lion(groups(f), betas=s.betas),
        Settings(lr=3e-3, weight_decay=0.1, betas=(0.9, 0.99)),
    ),
    entry("adan", "Adan", adan(False), ADAN),
    entry("adan", "Adan(weight_decouple=True)", adan(True), replace(ADAN, options={"noProx": 1})),
    entry(
        "lamb",
        "Lamb",
        decoupled(po.Lamb),
        Settings(lr=2e-2, weight_decay=0.1, constants={"eps": 1e-3, "trustCap": 10.0}),
        fixed=("trustCap",),
        unlike="it decays outside the trust ratio, and does not correct the start of the averages",
    ),
    entry(
        "lars",
        "LARS",
        lambda f, s: po.LARS(groups(f), momentum=s.momentum, trust_coefficient=s.options["trust"]),
        Settings(lr=0.1, weight_decay=0.1, constants={"eps": 1e-8}, momentum=0.9, options={"trust": 0.02}),
        fixed=("eps",),
        unlike="it has the rate outside the momentum, so that the first step's unit stays in there",
    ),
    entry(
        "shampoo",
        "Shampoo",
        lambda f, s: po.Shampoo(groups(f, matrix_eps="eps")),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}),
    ),
    entry(
        "soap",
        "SOAP(precondition_frequency=1)",
        lambda f, s: po.SOAP(groups(f, eps="eps"), betas=s.betas, precondition_frequency=1),
        Settings(lr=5e-3, weight_decay=0.1, constants={"eps": 1e-3}, betas=(0.95, 0.95)),
        unlike="it refines the eigenvectors of the step before, ours are computed anew",
    ),
]
