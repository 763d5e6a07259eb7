"""Dion, Microsoft's code as axolotl-contribs-mit has it."""

from axolotl.contribs.mit.dion.dion import Dion

from published.entry import Published, groups
from settings import Settings

PUBLISHED = [
    Published(
        "dion",
        "axolotl-contribs-mit",
        "dion.Dion",
        lambda f, s: Dion([{**g, "algorithm": "dion"} for g in groups(f, epsilon="eps")], mu=s.momentum),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}, momentum=0.95),
        unlike="its random start is another",
    )
]
