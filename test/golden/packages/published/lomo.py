"""lomo-optim, by the authors of LOMO: weights move inside the backward pass, A and B with the same numbers."""

from contextlib import contextmanager

import torch
from lomo_optim import AdaLomo, Lomo

from published.entry import Published, weights
from settings import Settings


class FusedLomo(Lomo):
    def fused_backward(self, loss):
        super().fused_backward(loss, self.lr)


class FusedAdaLomo(AdaLomo):
    def fused_backward(self, loss):
        super().fused_backward(loss, self.lr)


@contextmanager
def on_the_cpu():
    """AdaLomo puts its states on a GPU, whether there is one or not."""
    original = torch.Tensor.cuda
    torch.Tensor.cuda = lambda self, *_, **__: self
    try:
        yield
    finally:
        torch.Tensor.cuda = original


def shared(factors):
    numbers, others = (factor.numbers for factor in factors)
    assert numbers == others
    return torch.nn.ParameterList(weights(factors)), numbers


def lomo(factors, settings):
    model, numbers = shared(factors)
    return FusedLomo(model, lr=numbers.lr, weight_decay=numbers.weight_decay)


def adalomo(factors, settings):
    model, numbers = shared(factors)
    eps = (numbers.constants["eps"], numbers.constants["epsRms"])
    with on_the_cpu():
        return FusedAdaLomo(model, lr=numbers.lr, eps=eps, weight_decay=numbers.weight_decay)


PUBLISHED = [
    Published(
        "sgdw",
        "lomo-optim",
        "lomo_optim.Lomo",
        lomo,
        Settings(lr=2e-2, weight_decay=0.1),
        float64=False,
        shares=True,
    ),
    Published(
        "adalomo",
        "lomo-optim",
        "lomo_optim.AdaLomo",
        adalomo,
        Settings(lr=5e-2, weight_decay=0.1, constants={"eps": 1e-6, "epsRms": 1e-2}),
        float64=False,
        shares=True,
    ),
]
