"""torch-optimi."""

import optimi

from published.entry import Published, groups
from settings import Settings

ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}, betas=(0.9, 0.99))


def entry(row, make, settings, betas=None, **keys):
    return Published(
        row,
        "torch-optimi",
        f"optimi.{make.__name__}",
        lambda f, s: make(groups(f, **keys), lr=s.lr, betas=betas or s.betas, triton=False),
        settings,
    )


PUBLISHED = [
    entry("stable-adamw", optimi.StableAdamW, ADAM, eps="eps"),
    entry("adamw", optimi.AdamW, ADAM, eps="eps"),
    entry("lion", optimi.Lion, Settings(lr=3e-3, weight_decay=0.1, betas=(0.9, 0.99))),
]
