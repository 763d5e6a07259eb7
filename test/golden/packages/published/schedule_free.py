"""schedulefree, by the authors of Schedule-Free."""

import schedulefree

from published.entry import Published, groups
from settings import Settings

ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3})


def entry(row, name, build, settings):
    return Published(row, "schedulefree", f"schedulefree.{name}", build, settings)


PUBLISHED = [
    entry(
        "schedule-free-sgd",
        "SGDScheduleFree",
        lambda f, s: schedulefree.SGDScheduleFree(groups(f), momentum=s.momentum),
        Settings(lr=5e-2, weight_decay=0.1, momentum=0.9),
    ),
    entry(
        "schedule-free-adamw",
        "AdamWScheduleFree",
        lambda f, s: schedulefree.AdamWScheduleFree(groups(f, eps="eps"), betas=s.betas),
        ADAM,
    ),
    entry(
        "schedule-free-radam",
        "RAdamScheduleFree",
        lambda f, s: schedulefree.RAdamScheduleFree(groups(f, eps="eps"), betas=s.betas),
        ADAM,
    ),
]
