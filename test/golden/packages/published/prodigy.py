"""prodigyopt, by the authors of Prodigy."""

from prodigyopt import Prodigy

from published.entry import Published, one_group
from settings import Settings


def entry(row, name, decouple):
    return Published(
        row,
        "prodigyopt",
        f"prodigyopt.{name}",
        lambda f, s: Prodigy(**one_group(f, eps="eps", d0="d0"), betas=s.betas, decouple=decouple),
        Settings(lr=1.0, weight_decay=0.1, constants={"eps": 1e-3, "d0": 1e-3}),
    )


PUBLISHED = [entry("prodigy", "Prodigy", True), entry("prodigy-coupled", "Prodigy(decouple=False)", False)]
