"""The tasks of the fixture, as PyTorch would have them: seeded tensors, and a forward pass that torch differentiates."""

import math

import torch
from torch.nn.functional import cross_entropy, l1_loss, layer_norm, mse_loss

Tensors = dict[str, torch.Tensor]


class Draw:
    """Float32 numbers from a seed."""

    def __init__(self, seed: int):
        self.random = torch.Generator().manual_seed(seed)

    def normal(self, *shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=self.random)

    def uniform(self, *shape: int) -> torch.Tensor:
        return (2 * torch.rand(*shape, generator=self.random) - 1) / math.sqrt(shape[-1])

    def tokens(self, vocabulary: int, *shape: int) -> torch.Tensor:
        return torch.randint(0, vocabulary, shape, generator=self.random)


def layer(width: int, batch: int, rank: int, seed: int, b: float = 0.0) -> Tensors:
    """One linear layer; B starts at zero unless `b` says how large."""
    draw = Draw(seed)
    return {
        "X": draw.normal(batch, width),
        "Y": draw.normal(batch, width),
        "W0": draw.uniform(width, width),
        "A0": draw.uniform(rank, width),
        "B0": b * draw.normal(width, rank) if b else torch.zeros(width, rank),
    }


def mlp(width: int, hidden: int, batch: int, rank: int, seed: int) -> Tensors:
    draw = Draw(seed)
    return {
        "X": draw.normal(batch, width),
        "Y": draw.normal(batch, width),
        "W1": draw.uniform(hidden, width),
        "W2": draw.uniform(width, hidden),
        "A1": draw.uniform(rank, width),
        "B1": torch.zeros(hidden, rank),
        "A2": draw.uniform(rank, hidden),
        "B2": torch.zeros(width, rank),
    }


def transformer(width: int, hidden: int, sequence: int, vocabulary: int, batch: int, rank: int, seed: int) -> Tensors:
    draw = Draw(seed)
    square = lambda: draw.normal(width, width) / math.sqrt(width)
    tensors = {"X": draw.normal(batch, sequence, width), "Y": draw.tokens(vocabulary, batch, sequence)}
    tensors |= {name: square() for name in ("Wq", "Wk", "Wv", "Wo")}
    tensors["W1"] = draw.normal(hidden, width) / math.sqrt(width)
    tensors["W2"] = draw.normal(width, hidden) / math.sqrt(hidden)
    tensors["Wh"] = draw.normal(vocabulary, width) / math.sqrt(width)
    for name in ("q", "v"):
        tensors |= {f"A{name}": draw.uniform(rank, width), f"B{name}": torch.zeros(width, rank)}
    return tensors


def lora(x, frozen, a, b, s):
    return x @ frozen.T + (x @ a.T @ b.T) * s


def output(kind: str, t: Tensors, w: Tensors, s: float, heads: int) -> torch.Tensor:
    """What the task computes with the trained matrices `w` and the scaling `s`."""
    if kind == "linear":
        return lora(t["X"], t["W0"], w["A0"], w["B0"], s)
    if kind == "dora":
        v = t["W0"] + s * (w["B0"] @ w["A0"])
        return t["X"] @ (w["m"] * v / v.norm(dim=1, keepdim=True).detach()).T
    if kind == "mlp2":
        hidden = torch.tanh(lora(t["X"], t["W1"], w["A1"], w["B1"], s))
        return lora(hidden, t["W2"], w["A2"], w["B2"], s)
    x = t["X"]
    batch, sequence, width = x.shape
    norm = lambda values: layer_norm(values, (width,))
    split = lambda values: values.view(batch, sequence, heads, width // heads).transpose(1, 2)
    before = norm(x)
    q = split(lora(before, t["Wq"], w["Aq"], w["Bq"], s))
    k = split(before @ t["Wk"].T)
    v = split(lora(before, t["Wv"], w["Av"], w["Bv"], s))
    future = torch.full((sequence, sequence), -1e9, dtype=x.dtype).triu(1)
    looked = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(width // heads) + future, -1) @ v
    x = x + looked.transpose(1, 2).reshape(batch, sequence, width) @ t["Wo"].T
    x = x + torch.tanh(norm(x) @ t["W1"].T) @ t["W2"].T
    return norm(x) @ t["Wh"].T


def loss_of(loss: str, found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    if loss == "ce":
        return cross_entropy(found.reshape(-1, found.shape[-1]), wanted.reshape(-1))
    return (l1_loss if loss == "l1" else mse_loss)(found, wanted)


def trained_names(t: Tensors) -> list[str]:
    return [name for name in t if name[0] in "AB"]
