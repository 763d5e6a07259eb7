"""Small models of the libraries that are PyTorch: at a scaling, from one seed, with every factor filled."""

from __future__ import annotations

from typing import Any

import torch
from init_code.check import Model
from torch import nn

SEED, RANK, ALPHA = 3, 4, 8.0
INPUTS = torch.randn(5, 8, generator=torch.Generator().manual_seed(1))
IDS = torch.tensor([[0, 3, 5, 1]])
PICTURE = torch.randn(2, 3, 6, 6, generator=torch.Generator().manual_seed(2))


class Base(nn.Module):
    """Embedding, linear layer with a bias, and convolution, each to be adapted."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(7, 8)
        self.linear = nn.Linear(8, 6)
        self.conv = nn.Conv2d(3, 5, 3)

    def forward(self) -> torch.Tensor:
        parts = [self.embed(IDS), self.linear(INPUTS), self.conv(PICTURE)]
        return torch.cat([part.flatten() for part in parts])


def model_of(module: nn.Module, run: Any = None) -> Model:
    @torch.no_grad()
    def output() -> torch.Tensor:
        return (run or module)()

    return Model(output, dict(module.named_parameters()), module)


def filled(module: nn.Module, parts: set[str]) -> nn.Module:
    """Fills what starts at zero, as after some steps, so that the function shows what is wrong."""
    random = torch.Generator().manual_seed(9)
    with torch.no_grad():
        for name, p in module.named_parameters():
            if set(name.split(".")) & parts and not p.any() and not name.endswith(".bias"):
                p.copy_(torch.randn(p.shape, generator=random) * 0.1)
    return module


def run_code(code: str, **names: Any) -> None:
    exec(compile(code, "generated code", "exec"), {"torch": torch, **names})
