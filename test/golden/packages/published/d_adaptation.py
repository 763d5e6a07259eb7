"""dadaptation, by the authors of D-Adaptation."""

import dadaptation
from dadaptation.experimental import DAdaptAdamPreprint, DAdaptAdanIP

from published.entry import Published, one_group
from settings import Settings


def entry(row, make, constants, betas=(0.9, 0.999), lr=1.0, **given):
    keys = {name: name for name in constants if name in ("eps", "d0")}
    return Published(
        row,
        "dadaptation",
        f"dadaptation.{make.__name__}{'(decouple=True)' if given else ''}",
        lambda f, s: make(**one_group(f, **keys), **given),
        Settings(lr=lr, weight_decay=0.1, constants=constants, betas=betas),
    )


PUBLISHED = [
    entry("dadapt-adam", dadaptation.DAdaptAdam, {"eps": 1e-4, "d0": 1e-3}, lr=0.1),
    entry("dadapt-adam-preprint", DAdaptAdamPreprint, {"eps": 1e-4, "d0": 1e-3}, lr=0.1),
    entry("dadapt-adam-decoupled", dadaptation.DAdaptAdam, {"eps": 1e-4, "d0": 1e-3}, lr=0.1, decouple=True),
    entry("dadapt-adam-preprint-decoupled", DAdaptAdamPreprint, {"eps": 1e-4, "d0": 1e-3}, lr=0.1, decouple=True),
    entry("dadapt-sgd", dadaptation.DAdaptSGD, {"d0": 1e-3}, lr=0.1),
    entry("dadapt-adan", dadaptation.DAdaptAdan, {"eps": 1e-4, "d0": 1e-3}, betas=(0.98, 0.92), lr=0.1),
    entry("dadapt-adan-ip", DAdaptAdanIP, {"eps": 1e-4, "d0": 1e-3}, betas=(0.98, 0.92), lr=0.1),
    entry("dadapt-adagrad", dadaptation.DAdaptAdaGrad, {"eps": 1e-4, "d0": 1e-3}),
]
