"""Packages that collect optimizers."""

from dataclasses import replace

from published.entry import Published, entries_of, groups, numbers, one_group

ADAM = numbers(1e-2, eps=1e-3)
LION = numbers(3e-3, betas=(0.9, 0.99))
ADOPT = numbers(1e-2, betas=(0.9, 0.9999), eps=1e-1)


def pytorch_optimizer() -> list[Published]:
    """By Hyeongchan Kim."""
    import pytorch_optimizer as po

    def decoupled(make, **given):
        return lambda f, s: make(groups(f, eps="eps"), lr=s.lr, betas=s.betas, weight_decouple=True, **given)

    def ademamix(factors, settings):
        return po.AdEMAMix(groups(factors, eps="eps"), betas=(*settings.betas, 0.9999), weight_decouple=True)

    def adan(weight_decouple):
        return lambda f, s: po.Adan(groups(f, eps="eps"), betas=(*s.betas, 0.99), weight_decouple=weight_decouple)

    def sgdw(factors, settings):
        return po.SGDW(groups(factors), momentum=settings.momentum, weight_decouple=True)

    def lars(factors, settings):
        return po.LARS(groups(factors), momentum=settings.momentum, trust_coefficient=settings.options["trust"])

    def soap(factors, settings):
        return po.SOAP(groups(factors, eps="eps"), betas=settings.betas, precondition_frequency=1)

    of_adan = numbers(1e-2, betas=(0.98, 0.92), eps=1e-3)
    of_lamb = {
        "fixed": ("trustCap",),
        "unlike": "it decays outside the trust ratio, and does not correct the start of the averages",
    }
    of_lars = {
        "fixed": ("eps",),
        "unlike": "it has the rate outside the momentum, so that the first step's unit stays in there",
    }
    return entries_of(
        "pytorch_optimizer", "pytorch_optimizer.",
        ("sgdw", "SGDW(momentum)", sgdw, numbers(1e-2, momentum=0.9)),
        ("ademamix", "AdEMAMix", ademamix, ADAM),
        ("adopt", "ADOPT", decoupled(po.ADOPT), ADOPT,
         {"unlike": "it decays the weights in the first step already, which only fills the averages"}),
        ("stable-adamw", "StableAdamW", decoupled(po.StableAdamW, kahan_sum=False), ADAM),
        ("lion", "Lion", lambda f, s: po.Lion(groups(f), betas=s.betas), LION),
        ("adan", "Adan", adan(False), of_adan),
        ("adan", "Adan(weight_decouple=True)", adan(True), replace(of_adan, options={"noProx": 1})),
        ("lamb", "Lamb", decoupled(po.Lamb), numbers(2e-2, eps=1e-3, trustCap=10.0), of_lamb),
        ("lars", "LARS", lars, numbers(0.1, eps=1e-8, momentum=0.9, options={"trust": 0.02}), of_lars),
        ("shampoo", "Shampoo", lambda f, s: po.Shampoo(groups(f, matrix_eps="eps")), ADAM),
        ("soap", "SOAP(precondition_frequency=1)", soap, numbers(5e-3, betas=(0.95, 0.95), eps=1e-3),
         {"unlike": "it refines the eigenvectors of the step before, ours are computed anew"}),
    )  # fmt: skip


def timm() -> list[Published]:
    """LAMB, after NVIDIA's, and LARS.

    LARS has the rate outside the momentum: at a constant rate the same as inside, but what the first step put into the
    momentum, in another unit, cannot be made up for by a schedule of the rate.
    """
    from timm.optim import Lamb, Lars

    def lamb(factors, settings):
        return Lamb(groups(factors, eps="eps"), betas=settings.betas, max_grad_norm=None)

    def lars(factors, settings):
        return Lars(groups(factors, eps="eps"), momentum=settings.momentum, trust_coeff=settings.options["trust"])

    return entries_of(
        "timm", "timm.optim.",
        ("lamb", "Lamb", lamb, numbers(2e-2, eps=1e-3, trustCap=10.0), {"fixed": ("trustCap",)}),
        ("lars", "Lars", lars, numbers(0.1, eps=1e-3, momentum=0.9, options={"trust": 0.02})),
    )  # fmt: skip


def torch_optimi() -> list[Published]:
    import optimi

    def build(make, **keys):
        return lambda f, s: make(groups(f, **keys), lr=s.lr, betas=s.betas, triton=False)

    adam = numbers(1e-2, betas=(0.9, 0.99), eps=1e-3)
    return entries_of(
        "torch-optimi", "optimi.",
        ("stable-adamw", optimi.StableAdamW.__name__, build(optimi.StableAdamW, eps="eps"), adam),
        ("adamw", optimi.AdamW.__name__, build(optimi.AdamW, eps="eps"), adam),
        ("lion", optimi.Lion.__name__, build(optimi.Lion), LION),
    )  # fmt: skip


def schedule_free() -> list[Published]:
    """By the authors of Schedule-Free."""
    import schedulefree

    def adaptive(make):
        return lambda f, s: make(groups(f, eps="eps"), betas=s.betas)

    def sgd(factors, settings):
        return schedulefree.SGDScheduleFree(groups(factors), momentum=settings.momentum)

    return entries_of(
        "schedulefree", "schedulefree.",
        ("schedule-free-sgd", "SGDScheduleFree", sgd, numbers(5e-2, momentum=0.9)),
        ("schedule-free-adamw", "AdamWScheduleFree", adaptive(schedulefree.AdamWScheduleFree), ADAM),
        ("schedule-free-radam", "RAdamScheduleFree", adaptive(schedulefree.RAdamScheduleFree), ADAM),
    )  # fmt: skip


def axolotl() -> list[Published]:
    """Optimizers that Axolotl brings along: ADOPT, AdamC, SinkGD."""
    from axolotl.utils.optimizers.adamc import AdamC
    from axolotl.utils.optimizers.adopt import ADOPT as Adopt
    from axolotl.utils.optimizers.sinkgd import SinkGD

    def adopt(factors, settings):
        return Adopt(groups(factors, eps="eps"), betas=settings.betas, decouple=True)

    def adamc(factors, settings):
        return AdamC(groups(factors, eps="eps", max_lr="maxRate"), lr=settings.lr, betas=settings.betas)

    def sinkgd(factors, settings):
        made = one_group(factors, sinkgd_eps="eps")
        return SinkGD([{"params": made.pop("params"), "use_sinkgd": True}], **made)

    return entries_of(
        "axolotl", "axolotl.",
        ("adopt", "ADOPT(decouple=True)", adopt, ADOPT),
        ("adamc", "AdamC", adamc, numbers(1e-2, eps=1e-3, maxRate=2e-2)),
        ("sinkgd", "SinkGD", sinkgd, numbers(1e-1, eps=3e-2), {"float64": False, "shares": True}),
    )  # fmt: skip


TABLES = (pytorch_optimizer, timm, torch_optimi, schedule_free, axolotl)
