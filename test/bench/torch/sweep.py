"""The blog post's appendix in PyTorch: one LoRA layer under SGD at six alphas, five steps each. Prints every loss.

    python sweep.py
"""

import math

import torch
from torch import nn
from torch.nn.functional import l1_loss

ALPHAS = (1 / 4, 1, 4, 16, 64, 256)
WIDTH, ROWS, RANK, STEPS, RATE = 4, 16, 2, 5, 0.1


class LoraLinear(nn.Module):
    """W0·x + alpha/rank·B·A·x with W0 frozen."""

    def __init__(self, width: int, rank: int, alpha: float):
        super().__init__()
        self.frozen = nn.Parameter(torch.empty(width, width), requires_grad=False)
        self.a = nn.Parameter(torch.empty(rank, width))
        self.b = nn.Parameter(torch.zeros(width, rank))
        self.scaling = alpha / rank
        nn.init.kaiming_uniform_(self.frozen, a=math.sqrt(5))
        nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self.frozen.T + (x @ self.a.T @ self.b.T) * self.scaling


def train(alpha: float) -> list[float]:
    """Losses before each step, with lr/alpha and A/sqrt(alpha)."""
    torch.manual_seed(1)
    x, y = torch.randn(ROWS, WIDTH), torch.randn(ROWS, WIDTH)
    layer = LoraLinear(WIDTH, RANK, alpha)
    with torch.no_grad():
        layer.a /= math.sqrt(alpha)
    optimizer = torch.optim.SGD([layer.a, layer.b], lr=RATE / alpha, foreach=False)
    losses = []
    for _ in range(STEPS):
        loss = l1_loss(layer(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses).tolist()


def sweep() -> list[list[float]]:
    return [train(alpha) for alpha in ALPHAS]


if __name__ == "__main__":
    torch.set_num_threads(1)
    for alpha, losses in zip(ALPHAS, sweep()):
        print(alpha, *losses)
