"""Makes matrix.json: short LoRA runs in float64 under optimizers that look at whole matrices, by their published code.

    python3.11 -m venv VENV && VENV/bin/pip install torch==2.13.0 transformers==5.24.0 peft==0.21.2
    VENV/bin/pip install --no-deps galore-torch==1.0 apollo-torch==1.0.3 axolotl-contribs-mit==0.0.6
    TORCHDYNAMO_DISABLE=1 VENV/bin/python test/golden/make-matrix.py

One layer, y = x W0^T + s (x A^T) B^T, mean squared error. `loss64[t]` is the loss before step t + 1. What the packages do
in bfloat16 is done in float64 here, and what they draw is drawn as src/experiment/draw/random.ts draws it. Dion works
in float32 inside. Shampoo, SOAP and SinkGD are written out below, from their papers.
"""

import json
import math
import sys
import types
from pathlib import Path

import torch

STEPS = 12
WIDTH, BATCH, RANK = 7, 11, 3
SCALING = 2.0
OUT = Path(__file__).with_name("matrix.json")

# Packages that the optimizers' own packages import, and these runs do not need.
for name in ("bitsandbytes", "bitsandbytes.functional", "axolotl.integrations", "axolotl.integrations.base"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["bitsandbytes"].functional = sys.modules["bitsandbytes.functional"]
sys.modules["axolotl.integrations.base"].BaseOptimizerFactory = object
stub = types.ModuleType("bitsandbytes.optim.optimizer")
stub.Optimizer2State = object
sys.modules["bitsandbytes.optim"] = types.ModuleType("bitsandbytes.optim")
sys.modules["bitsandbytes.optim.optimizer"] = stub

torch.Tensor.bfloat16 = lambda self: self.clone()

import apollo_torch.random_projector as apollo_draws  # noqa: E402
from apollo_torch import APOLLOAdamW  # noqa: E402
from axolotl.contribs.mit.dion.dion import Dion  # noqa: E402
from axolotl.contribs.mit.muon.muon import Muon as Moonlight  # noqa: E402
from galore_torch.adamw import AdamW as GaLoreAdamW  # noqa: E402
from peft.optimizers.lorafa import LoraFAOptimizer  # noqa: E402


class Xoroshiro128Plus:
    """pure-rand's generator, whose numbers src/experiment/draw/random.ts uses."""

    def __init__(self, seed: int):
        mask = 0xFFFFFFFF
        self.s01, self.s00, self.s11, self.s10 = mask, ~seed & mask, seed & mask, 0

    def uniform(self) -> float:
        mask = 0xFFFFFFFF
        out = (self.s00 + self.s10) & mask
        a0, a1 = self.s10 ^ self.s00, self.s11 ^ self.s01
        s00, s01 = self.s00, self.s01
        self.s00 = ((s00 << 24) ^ (s01 >> 8) ^ a0 ^ (a0 << 16)) & mask
        self.s01 = ((s01 << 24) ^ (s00 >> 8) ^ a1 ^ ((a1 << 16) | (a0 >> 16))) & mask
        self.s10 = ((a1 << 5) ^ (a0 >> 27)) & mask
        self.s11 = ((a0 << 5) ^ (a1 >> 27)) & mask
        return (out & 0xFFFFFF) * 2.0**-24


def normals(seed: int, rows: int, columns: int) -> torch.Tensor:
    random = Xoroshiro128Plus(seed)
    values = [sum((random.uniform() for _ in range(12)), -6.0) for _ in range(rows * columns)]
    return torch.tensor(values, dtype=torch.float32).double().reshape(rows, columns)


def seed_of(name: str, draw: int) -> int:
    seed = 7
    for letter in name:
        seed = seed * 31 + ord(letter)
    return seed + draw


class Written(torch.optim.Optimizer):
    """An optimizer written out here: `update(p, gradient, state, group)` for every matrix."""

    def __init__(self, groups, update, **settings):
        super().__init__(groups, settings)
        self.update = update

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                self.update(p, p.grad, self.state[p], group)


def inverse_root(m: torch.Tensor) -> torch.Tensor:
    values, vectors = torch.linalg.eigh(m)
    return (vectors * values**-0.25) @ vectors.T


def shampoo(p, g, state, group):
    """Gupta, Koren and Singer 2018, algorithm 1."""
    g = g + group["weight_decay"] * p
    for side, gram in (("L", g @ g.T), ("R", g.T @ g)):
        state[side] = state.get(side, group["eps"] * torch.eye(len(gram), dtype=g.dtype)) + gram
    p -= group["lr"] * inverse_root(state["L"]) @ g @ inverse_root(state["R"])


def soap(p, g, state, group):
    """Vyas et al. 2024, algorithm 3, with new eigenvectors at every step; the first step starts the averages."""
    beta1, beta2 = group["betas"]
    for side, gram in (("L", g @ g.T), ("R", g.T @ g)):
        state[side] = beta2 * state.get(side, 0) + (1 - beta2) * gram
    state["t"] = state.get("t", -1) + 1
    if state["t"] == 0:
        return
    left, right = (torch.linalg.eigh(state[side])[1] for side in ("L", "R"))
    state["m"] = beta1 * state.get("m", 0) + (1 - beta1) * g
    state["v"] = beta2 * state.get("v", 0) + (1 - beta2) * (left.T @ g @ right) ** 2
    m = left.T @ state["m"] @ right / (1 - beta1 ** state["t"])
    step = m / (state["v"].sqrt() + group["eps"]) * math.sqrt(1 - beta2 ** state["t"])
    p -= group["lr"] * left @ step @ right.T
    p *= 1 - group["lr"] * group["weight_decay"]


def sinkgd(p, g, state, group):
    """Scetbon et al. 2025, with Axolotl's factor on the rate."""
    rate = group["lr"] * 0.05
    for _ in range(5):
        for side in (1, 0):
            length = torch.linalg.vector_norm(g, dim=side, keepdim=True).clamp_min(group["eps"])
            g = g * math.sqrt(g.shape[side]) / length
    p.mul_(1 - rate * group["weight_decay"]).sub_(rate * g)


def moonlight(a, b, lr, weight_decay, **_):
    return Moonlight(lr=lr, wd=weight_decay, muon_params=[a, b])


def torch_muon(a, b, lr, weight_decay, eps, adjust):
    return torch.optim.Muon([a, b], lr=lr, weight_decay=weight_decay, eps=eps, adjust_lr_fn=adjust)


def dion(a, b, lr, weight_decay, eps, fraction):
    draws = iter("AB")
    torch.randn = lambda shape, **_: normals(seed_of(next(draws), 0), *shape)
    return Dion([a, b], lr=lr, mu=0.9, weight_decay=weight_decay, epsilon=eps, rank_fraction=fraction)


def low_rank(optimizer, **projection):
    def make(a, b, lr, weight_decay, eps):
        group = {"params": [a, b], "rank": RANK, "update_proj_gap": 200, "proj_type": "std", **projection}
        return optimizer([group], lr=lr, weight_decay=weight_decay, eps=eps, no_deprecation_warning=True)

    return make


def apollo(**projection):
    # A has the seed 1 and B the seed 2; every further draw adds 10.
    def drawn(shape, seed, **_):
        numbers = seed_of(" AB"[seed % 10], seed // 10)
        rank = projection["rank"]
        return normals(numbers, *shape) if shape[0] == rank and shape[1] == RANK else normals(numbers, rank, shape[0]).T

    def make(a, b, **numbers):
        apollo_draws.stable_randn = drawn
        apollo_draws.next_seed = lambda seed: seed + 10
        return low_rank(APOLLOAdamW, proj="random", **projection)(a, b, **numbers)

    return make


def lora_fa(a, b, lr, weight_decay, eps):
    a.requires_grad_(False)
    group = {"params": [a, b], "names": ["x.lora_A.w", "x.lora_B.w"], "scaling_factors": [SCALING, SCALING]}
    return LoraFAOptimizer([group], lr=lr, weight_decay=weight_decay, eps=eps)


def written(update, **settings):
    return lambda a, b, **numbers: Written([{"params": [a, b]}], update, **numbers, **settings)


# id -> (row, what makes it, numbers of each factor, momentum, betas, options of the row, whether B starts at zero)
CASES = {
    "muon-moonlight": (
        "muon",
        moonlight,
        {"lr": 0.02, "weight_decay": 0.1, "eps": 1e-7},
        0.95,
        None,
        {"matchRms": 1},
        True,
    ),
    "muon-torch": (
        "muon",
        lambda a, b, **numbers: torch_muon(a, b, **numbers, adjust="original"),
        {"lr": 0.02, "weight_decay": 0.1, "eps": 0.01},
        0.95,
        None,
        {"lerp": 1, "clampNorm": 1},
        True,
    ),
    "muon-torch-rms": (
        "muon",
        lambda a, b, **numbers: torch_muon(a, b, **numbers, adjust="match_rms_adamw"),
        {"lr": 0.01, "weight_decay": 0.2, "eps": 1e-7},
        0.95,
        None,
        {"lerp": 1, "clampNorm": 1, "matchRms": 1},
        False,
    ),
    "shampoo": ("shampoo", written(shampoo), {"lr": 0.05, "weight_decay": 0.1, "eps": 1e-3}, 0, None, {}, True),
    "soap": (
        "soap",
        written(soap, betas=(0.9, 0.95)),
        {"lr": 0.01, "weight_decay": 0.1, "eps": 1e-2},
        0,
        (0.9, 0.95),
        {},
        False,
    ),
    "dion": (
        "dion",
        lambda a, b, **numbers: dion(a, b, **numbers, fraction=1.0),
        {"lr": 0.02, "weight_decay": 0.1, "eps": 1e-3},
        0.9,
        None,
        {},
        True,
    ),
    "dion-half": (
        "dion",
        lambda a, b, **numbers: dion(a, b, **numbers, fraction=0.5),
        {"lr": 0.02, "weight_decay": 0.1, "eps": 1e-8},
        0.9,
        None,
        {"rankFraction": 0.5},
        False,
    ),
    "sinkgd": ("sinkgd", written(sinkgd), {"lr": 0.2, "weight_decay": 0.1, "eps": 1e-8}, 0, None, {}, True),
    "galore": (
        "galore",
        low_rank(GaLoreAdamW, scale=0.25),
        {"lr": 0.05, "weight_decay": 0.1, "eps": 1e-4},
        0,
        (0.9, 0.999),
        {},
        True,
    ),
    "galore-rank2": (
        "galore",
        low_rank(GaLoreAdamW, scale=1.0, rank=2),
        {"lr": 0.02, "weight_decay": 0.0, "eps": 1e-6},
        0,
        (0.9, 0.999),
        {"rank": 2, "scale": 1},
        False,
    ),
    "apollo": (
        "apollo",
        apollo(rank=4, scale=1.0, scale_type="channel", update_proj_gap=5),
        {"lr": 0.02, "weight_decay": 0.1, "eps": 1e-4},
        0,
        (0.9, 0.999),
        {"rank": 4, "updateGap": 5},
        True,
    ),
    "apollo-mini": (
        "apollo",
        apollo(rank=1, scale=128.0, scale_type="tensor", update_proj_gap=200),
        {"lr": 1e-3, "weight_decay": 0.0, "eps": 1e-6},
        0,
        (0.9, 0.999),
        {"rank": 1, "scale": 128, "tensorWise": 1},
        False,
    ),
    "lora-fa": ("lora-fa", lora_fa, {"lr": 0.02, "weight_decay": 0.1, "eps": 1e-4}, 0, (0.9, 0.999), {}, True),
}


def draw(seed: int) -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    bound = 1 / math.sqrt(WIDTH)
    uniform = lambda *shape: (2 * torch.rand(*shape, generator=random) - 1) * bound  # noqa: E731
    return {
        "inputs": torch.randn(BATCH, WIDTH, generator=random),
        "targets": torch.randn(BATCH, WIDTH, generator=random),
        "frozen": uniform(WIDTH, WIDTH),
        "a": uniform(RANK, WIDTH),
        "b": uniform(WIDTH, RANK),
    }


def run(start: dict[str, torch.Tensor], case) -> dict:
    row, make, numbers, momentum, betas, options, is_zero = case
    t = {name: value.double() for name, value in start.items()}
    a = t["a"].clone().requires_grad_()
    b = (t["b"] * (0 if is_zero else 1)).requires_grad_()
    optimizer = make(a, b, **numbers)
    losses = []
    for _ in range(STEPS):
        y = t["inputs"] @ t["frozen"].T + SCALING * (t["inputs"] @ a.T @ b.T)
        loss = torch.nn.functional.mse_loss(y, t["targets"])
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return {
        "row": row,
        "lr": numbers["lr"],
        "weightDecay": numbers["weight_decay"],
        "eps": numbers["eps"],
        "momentum": momentum,
        "betas": betas or (0.9, 0.999),
        "options": options,
        "bIsZero": is_zero,
        "loss64": losses,
        "a": flat(a),
        "b": flat(b),
    }


def flat(tensor: torch.Tensor) -> list[float]:
    return [float(f"{value:.9g}") for value in tensor.flatten().tolist()]


def main() -> None:
    start = draw(11)
    fixture = {
        "width": WIDTH,
        "batch": BATCH,
        "rank": RANK,
        "scaling": SCALING,
        "start": {name: flat(value) for name, value in start.items()},
        "cases": {name: run(start, case) for name, case in CASES.items()},
    }
    OUT.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    for name, case in fixture["cases"].items():
        print(name, case["loss64"][0], case["loss64"][-1])


if __name__ == "__main__":
    main()
