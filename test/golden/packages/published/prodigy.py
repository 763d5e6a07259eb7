"""prodigyopt, by the authors of Prodigy."""

from prodigyopt import Prodigy

from published.entry import Published, one_group
from settings import Settings

PUBLISHED = [
    Published(
        "prodigy",
        "prodigyopt",
        "prodigyopt.Prodigy",
        lambda f, s: Prodigy(**one_group(f, eps="eps", d0="d0"), betas=s.betas),
        Settings(lr=1.0, weight_decay=0.1, constants={"eps": 1e-3, "d0": 1e-3}),
    )
]
