"""Adafactor of transformers, in its four ways to set a rate."""

from transformers.optimization import Adafactor

from published.entry import Published, groups
from settings import Settings


def adafactor(scale, relative):
    def build(factors, settings):
        eps = ("eps", "epsRms") if scale else ("eps", "eps")
        made = groups(factors, eps=eps)
        for group in made:
            if relative:
                group["lr"] = None
        return Adafactor(made, lr=None if relative else 1.0, scale_parameter=scale, relative_step=relative)

    return build


def entry(row, ways, build, settings, **more):
    return Published(row, "transformers", f"transformers.Adafactor({ways})", build, settings, **more)


PUBLISHED = [
    entry(
        "adafactor-hf",
        "scale_parameter=False, relative_step=False",
        adafactor(False, False),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-6}),
    ),
    entry(
        "adafactor-hf-scale",
        "relative_step=False",
        adafactor(True, False),
        Settings(lr=5e-2, weight_decay=0.1, constants={"eps": 1e-6, "epsRms": 1e-2}),
    ),
    entry(
        "adafactor-hf-relative",
        "scale_parameter=False",
        adafactor(False, True),
        Settings(lr=1.0, weight_decay=0.1, constants={"eps": 1e-6}),
        fixed=("lr",),
    ),
    entry(
        "adafactor-hf-scale-relative",
        "the defaults",
        adafactor(True, True),
        Settings(lr=1.0, weight_decay=0.1, constants={"eps": 1e-6, "epsRms": 1e-2}),
    ),
]
