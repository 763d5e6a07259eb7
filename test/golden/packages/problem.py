"""One LoRA layer to train: y = x W0^T + s (x A^T) B^T against random targets, by the mean square."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch

from settings import Moved, Settings

WIDTH, BATCH, RANK, SCALING, STEPS = 16, 32, 4, 2.0, 20


@dataclass(frozen=True)
class Factor:
    """A trained factor and its numbers."""

    name: str
    weights: torch.nn.Parameter
    numbers: Moved
    scaling: float


Build = Callable[[list[Factor], Settings], torch.optim.Optimizer]


@dataclass(frozen=True)
class Trained:
    losses: list[float]
    a: torch.Tensor
    b: torch.Tensor


def draw(seed: int = 7) -> dict[str, torch.Tensor]:
    """Float32 tensors of the problem. B starts at zero, A Kaiming-uniform."""
    random = torch.Generator().manual_seed(seed)
    bound = 1 / math.sqrt(WIDTH)
    uniform = lambda *shape: (2 * torch.rand(*shape, generator=random) - 1) * bound
    return {
        "inputs": torch.randn(BATCH, WIDTH, generator=random),
        "targets": torch.randn(BATCH, WIDTH, generator=random),
        "frozen": uniform(WIDTH, WIDTH),
        "a": uniform(RANK, WIDTH),
        "b": torch.zeros(WIDTH, RANK),
    }


def nudged(start: dict[str, torch.Tensor], seed: int) -> dict[str, torch.Tensor]:
    """The same problem with every element of A one float32 up or down."""
    random = torch.Generator().manual_seed(seed)
    up = torch.rand(start["a"].shape, generator=random) < 0.5
    far = torch.full_like(start["a"], math.inf)
    return {**start, "a": torch.nextafter(start["a"], torch.where(up, far, -far))}


def train(
    start: dict[str, torch.Tensor],
    build: Build,
    settings: Settings,
    numbers: tuple[Moved, Moved],
    dtype: torch.dtype,
    k: float = 1.0,
    p: float = 1.0,
    q: float = 1.0,
) -> Trained:
    """Trains from A/p and B/q at scaling * k. The losses are those before each step; p*A and q*B come back."""
    torch.manual_seed(0)
    t = {name: value.to(dtype) for name, value in start.items()}
    a = torch.nn.Parameter(t["a"] / p)
    b = torch.nn.Parameter(t["b"] / q)
    with contextlib.redirect_stdout(io.StringIO()):
        opt = build([Factor("A", a, numbers[0], SCALING * k), Factor("B", b, numbers[1], SCALING * k)], settings)
    if hasattr(opt, "train"):
        opt.train()
    early = {id(w): n.early for w, n in zip((a, b), numbers)}
    rates = [group["lr"] for group in opt.param_groups] if any(n.early for n in numbers) else []
    losses = []
    for step in range(STEPS):
        for group, rate in zip(opt.param_groups if rates else [], rates):
            factors = early[id(group["params"][0])]
            group["lr"] = rate * (factors[step] if step < len(factors) else 1.0)
        y = t["inputs"] @ t["frozen"].T + (t["inputs"] @ a.T @ b.T) * (SCALING * k)
        loss = torch.nn.functional.mse_loss(y, t["targets"])
        losses.append(loss.item())
        opt.zero_grad()
        if hasattr(opt, "fused_backward"):
            opt.fused_backward(loss)
        else:
            loss.backward()
            opt.step()
    return Trained(losses, a.detach() * p, b.detach() * q)


@dataclass(frozen=True)
class Distance:
    """Largest relative deviation of a loss, and of an element of a factor relative to that factor's largest."""

    loss: float
    weights: float
    bit: bool


def distance(one: Trained, other: Trained) -> Distance:
    """How far `one` is from `other`; infinite where it broke."""
    loss = max(abs(x - y) / abs(y) if math.isfinite(x) else math.inf for x, y in zip(one.losses, other.losses))
    pairs = [(one.a, other.a), (one.b, other.b)]
    weights = max(float((x - y).abs().max() / y.abs().max().clamp(min=1e-30)) for x, y in pairs)
    same = one.losses == other.losses and all(torch.equal(x, y) for x, y in pairs)
    return Distance(loss, weights if math.isfinite(weights) else math.inf, same)
