"""Optimizers that Axolotl brings along: ADOPT, AdamC, SinkGD."""

from axolotl.utils.optimizers.adamc import AdamC
from axolotl.utils.optimizers.adopt import ADOPT
from axolotl.utils.optimizers.sinkgd import SinkGD

from published.entry import Published, groups, one_group
from settings import Settings

ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3})


def adamc(factors, settings):
    made = groups(factors, eps="eps", max_lr="maxRate")
    return AdamC(made, lr=settings.lr, betas=settings.betas)


def sinkgd(factors, settings):
    made = one_group(factors, sinkgd_eps="eps")
    return SinkGD([{"params": made.pop("params"), "use_sinkgd": True}], **made)


def entry(row, name, build, settings, **more):
    return Published(row, "axolotl", f"axolotl.{name}", build, settings, **more)


PUBLISHED = [
    entry(
        "adopt",
        "ADOPT(decouple=True)",
        lambda f, s: ADOPT(groups(f, eps="eps"), betas=s.betas, decouple=True),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-1}, betas=(0.9, 0.9999)),
    ),
    entry("adamc", "AdamC", adamc, Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3, "maxRate": 2e-2})),
    entry(
        "sinkgd",
        "SinkGD",
        sinkgd,
        Settings(lr=1e-1, weight_decay=0.1, constants={"eps": 3e-2}),
        float64=False,
        shares=True,
    ),
]
