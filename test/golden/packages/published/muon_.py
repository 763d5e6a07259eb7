"""Muon by its author, as a package."""

from muon import SingleDeviceMuon

from published.entry import Published, groups
from settings import Settings

PUBLISHED = [
    Published(
        "muon",
        "muon-optimizer",
        "muon.SingleDeviceMuon",
        lambda f, s: SingleDeviceMuon(groups(f), momentum=s.momentum),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-7}, momentum=0.95, nesterov=True, options={"lerp": 1}),
        unlike="its Newton-Schulz iteration runs in bfloat16, ours in float32",
        float64=False,
        fixed=("eps",),
    )
]
