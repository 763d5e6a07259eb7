"""bitsandbytes on the CPU: states in 32 bits, and in 8 bits, which are kept relative to the largest of a block.

Its AdEMAMix is left out: in 0.50.2 it stops on a CPU, where the two first moments it keeps in one tensor are taken for one.
"""

import bitsandbytes.optim as bnb

from published.entry import Published, groups
from settings import Settings

EIGHT_BIT = "its states are rounded to 8 bits"


def adam_like(make, **given):
    return lambda f, s: make(groups(f, eps="eps"), betas=s.betas, **given)


def lion_like(make, **given):
    return lambda f, s: make(groups(f), betas=s.betas, **given)


def entry(row, name, build, settings, **more):
    return Published(row, "bitsandbytes", f"bitsandbytes.optim.{name}", build, settings, float64=False, **more)


ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3})
LION = Settings(lr=3e-3, weight_decay=0.1, betas=(0.9, 0.99))

PUBLISHED = [
    entry("adamw", "AdamW32bit", adam_like(bnb.AdamW32bit), ADAM),
    entry("adamw", "AdamW8bit", adam_like(bnb.AdamW8bit, min_8bit_size=0), ADAM, unlike=EIGHT_BIT),
    entry("adamw", "Adam32bit, whose decay is AdamW's", adam_like(bnb.Adam32bit), ADAM),
    entry("lion", "Lion32bit", lion_like(bnb.Lion32bit), LION),
    entry("lion", "Lion8bit", lion_like(bnb.Lion8bit, min_8bit_size=0), LION, unlike=EIGHT_BIT),
    entry(
        "sgd",
        "SGD32bit(momentum)",
        lambda f, s: bnb.SGD32bit(groups(f), lr=s.lr, momentum=s.momentum),
        Settings(lr=1e-2, weight_decay=0.1, momentum=0.9),
    ),
    entry(
        "rmsprop",
        "RMSprop32bit",
        lambda f, s: bnb.RMSprop32bit(groups(f, eps="eps"), alpha=s.options["smoothing"]),
        Settings(lr=3e-3, weight_decay=0.1, constants={"eps": 1e-3}, options={"smoothing": 0.99}),
    ),
    entry(
        "adagrad",
        "Adagrad32bit",
        lambda f, s: bnb.Adagrad32bit(groups(f, eps="eps")),
        Settings(lr=2e-2, weight_decay=0.1, constants={"eps": 1e-3, "initialAccumulator": 0.0}),
        fixed=("initialAccumulator",),
    ),
]
