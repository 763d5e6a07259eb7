"""What the tables of published optimizers are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from problem import Build, Factor
from settings import Settings


@dataclass(frozen=True)
class Published:
    """A published optimizer, and the row of our table that stands for it."""

    row: str
    package: str
    name: str
    build: Build
    settings: Settings
    unlike: str | None = None
    """In what it differs from our own training under that row, where it does on purpose."""
    float64: bool = True
    """Whether it computes in float64 when the weights are float64."""
    shares: bool = False
    """Whether A and B train with the same numbers, so that only the symmetric gauge can be written."""
    fixed: tuple[str, ...] = ()
    """Constants, or the rate (`lr`), that it does not let anybody set, so that no twin can move them."""


def groups(factors: list[Factor], **keys: str | tuple[str, ...]) -> list[dict[str, Any]]:
    """A parameter group for each factor: `groups(f, eps="eps")` hands over the constant `eps` under that keyword."""

    def constant(factor: Factor, names: str | tuple[str, ...]) -> Any:
        constants = factor.numbers.constants
        return constants[names] if isinstance(names, str) else tuple(constants[name] for name in names)

    return [
        {
            "params": [factor.weights],
            "lr": factor.numbers.lr,
            "weight_decay": factor.numbers.weight_decay,
            **{keyword: constant(factor, names) for keyword, names in keys.items()},
        }
        for factor in factors
    ]


def one_group(factors: list[Factor], **keys: str) -> dict[str, Any]:
    """Keywords for an optimizer whose A and B share one group, and so one set of numbers."""
    first, second = groups(factors, **keys)
    del first["params"]
    assert first == {name: value for name, value in second.items() if name != "params"}
    return {"params": weights(factors), **first}


def builder(make: Any, keys: str = "", settings: str = "", one: bool = False, **given: Any) -> Build:
    """
    Makes an optimizer of the factors.
    @param keys constants of each group: `eps d0`, or under another keyword, `rho=gamma`
    @param settings of all groups, or options: `betas momentum trust_coefficient=trust`
    @param one whether A and B share one group
    """
    named = lambda words: dict((word.split("=") * 2)[:2] for word in words.split())

    def build(factors: list[Factor], s: Settings) -> Any:
        values = {key: getattr(s, name) if hasattr(s, name) else s.options[name] for key, name in named(settings).items()}
        if one:
            return make(**one_group(factors, **named(keys)), **values, **given)
        return make(groups(factors, **named(keys)), **values, **given)

    return build


def entries_of(package: str, prefix: str, *rows: tuple, **all: Any) -> list[Published]:
    """Entries of a package from rows of (row, name, build, settings, what else is to be said)."""
    return [
        Published(row, package, prefix + name, build, settings, **{**all, **(more[0] if more else {})})
        for row, name, build, settings, *more in rows
    ]


def numbers(lr, betas=(0.9, 0.999), momentum=0.0, nesterov=False, options=None, decay=0.1, **constants) -> Settings:
    """Settings at which every constant is felt."""
    more = {"momentum": momentum, "nesterov": nesterov, "options": options or {}}
    return Settings(lr=lr, weight_decay=decay, constants=constants, betas=betas, **more)


def weights(factors: list[Factor]) -> list[Any]:
    return [factor.weights for factor in factors]
