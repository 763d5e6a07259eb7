"""lion-pytorch, by Phil Wang, with the constants of the paper."""

from lion_pytorch import Lion

from published.entry import Published, groups
from settings import Settings

PUBLISHED = [
    Published(
        "lion",
        "lion-pytorch",
        "lion_pytorch.Lion",
        lambda f, s: Lion(groups(f), betas=s.betas),
        Settings(lr=3e-3, weight_decay=0.1, betas=(0.9, 0.99)),
    )
]
