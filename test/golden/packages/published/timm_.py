"""timm's LAMB, after NVIDIA's, and its LARS.

LARS has the rate outside the momentum: at a constant rate the same as inside, but what the first step put into the
momentum, in another unit, cannot be made up for by a schedule of the rate.
"""

from timm.optim import Lamb, Lars

from published.entry import Published, groups
from settings import Settings

PUBLISHED = [
    Published(
        "lamb",
        "timm",
        "timm.optim.Lamb",
        lambda f, s: Lamb(groups(f, eps="eps"), betas=s.betas, max_grad_norm=None),
        Settings(lr=2e-2, weight_decay=0.1, constants={"eps": 1e-3, "trustCap": 10.0}),
        fixed=("trustCap",),
    ),
    Published(
        "lars",
        "timm",
        "timm.optim.Lars",
        lambda f, s: Lars(groups(f, eps="eps"), momentum=s.momentum, trust_coeff=s.options["trust"]),
        Settings(lr=0.1, weight_decay=0.1, constants={"eps": 1e-3}, momentum=0.9, options={"trust": 0.02}),
    ),
]
