"""Packages that collect optimizers."""

from dataclasses import replace

from published.entry import Published, builder, entries_of, groups, numbers, one_group

ADAM = numbers(1e-2, eps=1e-3)
LION = numbers(3e-3, betas=(0.9, 0.99))
ADOPT = numbers(1e-2, betas=(0.9, 0.9999), eps=1e-1)


def pytorch_optimizer() -> list[Published]:
    """By Hyeongchan Kim."""
    import pytorch_optimizer as po

    def decoupled(make, **given):
        return builder(make, "eps", "lr betas", weight_decouple=True, **given)

    def with_beta(make, third, weight_decouple):
        return lambda f, s: make(groups(f, eps="eps"), betas=(*s.betas, third), weight_decouple=weight_decouple)

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
        ("sgdw", "SGDW(momentum)", builder(po.SGDW, "", "momentum", weight_decouple=True), numbers(1e-2, momentum=0.9)),
        ("ademamix", "AdEMAMix", with_beta(po.AdEMAMix, 0.9999, True), ADAM),
        ("adopt", "ADOPT", decoupled(po.ADOPT), ADOPT,
         {"unlike": "it decays the weights in the first step already, which only fills the averages"}),
        ("stable-adamw", "StableAdamW", decoupled(po.StableAdamW, kahan_sum=False), ADAM),
        ("lion", "Lion", builder(po.Lion, "", "betas"), LION),
        ("adan", "Adan", with_beta(po.Adan, 0.99, False), of_adan),
        ("adan", "Adan(weight_decouple=True)", with_beta(po.Adan, 0.99, True), replace(of_adan, options={"noProx": 1})),
        ("lamb", "Lamb", decoupled(po.Lamb), numbers(2e-2, eps=1e-3, trustCap=10.0), of_lamb),
        ("lars", "LARS", builder(po.LARS, "", "momentum trust_coefficient=trust"),
         numbers(0.1, eps=1e-8, momentum=0.9, options={"trust": 0.02}), of_lars),
        ("shampoo", "Shampoo", builder(po.Shampoo, "matrix_eps=eps"), ADAM),
        ("soap", "SOAP(precondition_frequency=1)", builder(po.SOAP, "eps", "betas", precondition_frequency=1),
         numbers(5e-3, betas=(0.95, 0.95), eps=1e-3),
         {"unlike": "it refines the eigenvectors of the step before, ours are computed anew"}),
    )  # fmt: skip


def timm() -> list[Published]:
    """LAMB, after NVIDIA's, and LARS.

    LARS has the rate outside the momentum: at a constant rate the same as inside, but what the first step put into the
    momentum, in another unit, cannot be made up for by a schedule of the rate.
    """
    from timm.optim import Lamb, Lars

    lamb = builder(Lamb, "eps", "betas", max_grad_norm=None)
    lars = builder(Lars, "eps", "momentum trust_coeff=trust")
    return entries_of(
        "timm", "timm.optim.",
        ("lamb", "Lamb", lamb, numbers(2e-2, eps=1e-3, trustCap=10.0), {"fixed": ("trustCap",)}),
        ("lars", "Lars", lars, numbers(0.1, eps=1e-3, momentum=0.9, options={"trust": 0.02})),
    )  # fmt: skip


def torch_optimi() -> list[Published]:
    import optimi

    def row(name, make, keys, settings):
        return (name, make.__name__, builder(make, keys, "lr betas", triton=False), settings)

    adam = numbers(1e-2, betas=(0.9, 0.99), eps=1e-3)
    return entries_of(
        "torch-optimi", "optimi.",
        row("stable-adamw", optimi.StableAdamW, "eps", adam),
        row("adamw", optimi.AdamW, "eps", adam),
        row("lion", optimi.Lion, "", LION),
    )  # fmt: skip


def schedule_free() -> list[Published]:
    """By the authors of Schedule-Free."""
    import schedulefree

    sgd = builder(schedulefree.SGDScheduleFree, "", "momentum")
    adamw, radam = (builder(getattr(schedulefree, f"{kind}ScheduleFree"), "eps", "betas") for kind in ("AdamW", "RAdam"))
    return entries_of(
        "schedulefree", "schedulefree.",
        ("schedule-free-sgd", "SGDScheduleFree", sgd, numbers(5e-2, momentum=0.9)),
        ("schedule-free-adamw", "AdamWScheduleFree", adamw, ADAM),
        ("schedule-free-radam", "RAdamScheduleFree", radam, ADAM),
    )  # fmt: skip


def axolotl() -> list[Published]:
    """Optimizers that Axolotl brings along: ADOPT, AdamC, SinkGD."""
    from axolotl.utils.optimizers.adamc import AdamC
    from axolotl.utils.optimizers.adopt import ADOPT as Adopt
    from axolotl.utils.optimizers.sinkgd import SinkGD

    def sinkgd(factors, settings):
        made = one_group(factors, sinkgd_eps="eps")
        return SinkGD([{"params": made.pop("params"), "use_sinkgd": True}], **made)

    return entries_of(
        "axolotl", "axolotl.",
        ("adopt", "ADOPT(decouple=True)", builder(Adopt, "eps", "betas", decouple=True), ADOPT),
        ("adamc", "AdamC", builder(AdamC, "eps max_lr=maxRate", "lr betas"), numbers(1e-2, eps=1e-3, maxRate=2e-2)),
        ("sinkgd", "SinkGD", sinkgd, numbers(1e-1, eps=3e-2), {"float64": False, "shares": True}),
    )  # fmt: skip


TABLES = (pytorch_optimizer, timm, torch_optimi, schedule_free, axolotl)
