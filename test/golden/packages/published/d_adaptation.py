"""dadaptation, by the authors of D-Adaptation."""

import dadaptation
from dadaptation.experimental import DAdaptAdamPreprint, DAdaptAdanIP

from published.entry import Published, one_group
from settings import Settings


def entry(row, make, constants, decay=0.1, betas=(0.9, 0.999), **given):
    keys = {name: name for name in constants if name in ("eps", "d0")}
    words = "".join(f"({name}={value})" for name, value in given.items())
    return Published(
        row,
        "dadaptation",
        f"dadaptation.{make.__name__}{words}",
        lambda f, s: make(**one_group(f, **keys), **given),
        Settings(lr=1.0, weight_decay=decay, constants=constants, betas=betas),
    )


PUBLISHED = [
    entry("dadapt-adam", dadaptation.DAdaptAdam, {"eps": 1e-4, "d0": 1e-3}),
    entry("dadapt-adam-preprint", DAdaptAdamPreprint, {"eps": 1e-4, "d0": 1e-3}),
    entry("dadapt-sgd", dadaptation.DAdaptSGD, {"d0": 1e-3}),
    entry("dadapt-adan", dadaptation.DAdaptAdan, {"eps": 1e-4, "d0": 1e-3}, betas=(0.98, 0.92)),
    entry("dadapt-adan-ip", DAdaptAdanIP, {"eps": 1e-4, "d0": 1e-3}, betas=(0.98, 0.92)),
    entry("dadapt-adagrad", dadaptation.DAdaptAdaGrad, {"eps": 1e-4, "d0": 1e-3}),
]
