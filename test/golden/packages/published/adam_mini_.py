"""adam-mini, by its authors: one second moment a block of the matrix; for factors of an MLP, a row."""

from adam_mini import Adam_mini

from published.entry import Published
from settings import Settings


def adam_mini(factors, settings):
    named = [(f"layers.0.mlp.up_proj.lora_{factor.name}.weight", factor.weights) for factor in factors]
    made = Adam_mini(named, lr=settings.lr, betas=settings.betas, weight_decay=1.0, dim=8, n_heads=2, verbose=False)
    for group in made.param_groups:
        (factor,) = [factor for factor in factors if factor.weights is group["params"][0]]
        group["lr"], group["weight_decay"] = factor.numbers.lr, factor.numbers.weight_decay
        group["eps"] = factor.numbers.constants["eps"]
    return made


PUBLISHED = [
    Published(
        "adam-mini",
        "adam-mini",
        "adam_mini.Adam_mini",
        adam_mini,
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}),
    )
]
