"""came-pytorch, by the authors of CAME."""

from came_pytorch import CAME

from published.entry import Published, groups
from settings import Settings


def came(factors, settings):
    made = groups(factors)
    for group, factor in zip(made, factors):
        group["eps"] = (factor.numbers.constants["eps"], 1e-16)
    return CAME(made, lr=settings.lr, betas=(*settings.betas, 0.9999))


PUBLISHED = [
    Published(
        "came",
        "came-pytorch",
        "came_pytorch.CAME",
        came,
        Settings(lr=5e-3, weight_decay=0.1, constants={"eps": 1e-6}),
    )
]
