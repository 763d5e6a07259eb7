"""Makes matrix.json: short LoRA runs in float64 under optimizers that look at whole matrices, by their published code.

    python3.11 -m venv VENV && VENV/bin/pip install torch==2.13.0 transformers==5.24.0 peft==0.21.2
    VENV/bin/pip install --no-deps galore-torch==1.0 apollo-torch==1.0.3 axolotl-contribs-mit==0.0.6
    TORCHDYNAMO_DISABLE=1 VENV/bin/python test/unit/experiment/optimizers/matrix.py

The layer is in layer.py, but its weights are uniform. What the packages do in bfloat16 is done in float64 here, and
what they draw is drawn as src/experiment/draw/random.ts draws it. Dion works
in float32 inside. Shampoo, SOAP and SinkGD are written out below, from their papers.
"""

import math
import sys
import types

import torch
from layer import SCALING, Case, both, write

WIDTH, BATCH, RANK = 7, 11, 3

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


def moonlight(params, lr, weight_decay, **_):
    return Moonlight(lr=lr, wd=weight_decay, muon_params=params)


def torch_muon(adjust):
    return lambda params, **numbers: torch.optim.Muon(params, adjust_lr_fn=adjust, **numbers)


def dion(fraction):
    def make(params, lr, weight_decay, eps):
        draws = iter("AB")
        torch.randn = lambda shape, **_: normals(seed_of(next(draws), 0), *shape)
        return Dion(params, lr=lr, mu=0.9, weight_decay=weight_decay, epsilon=eps, rank_fraction=fraction)

    return make


def low_rank(optimizer, **projection):
    def make(params, **numbers):
        group = {"params": params, "rank": RANK, "update_proj_gap": 200, "proj_type": "std", **projection}
        return optimizer([group], no_deprecation_warning=True, **numbers)

    return make


def apollo(**projection):
    # A has the seed 1 and B the seed 2; every further draw adds 10.
    def drawn(shape, seed, **_):
        numbers = seed_of(" AB"[seed % 10], seed // 10)
        rank = projection["rank"]
        return normals(numbers, *shape) if shape[0] == rank and shape[1] == RANK else normals(numbers, rank, shape[0]).T

    def make(params, **numbers):
        apollo_draws.stable_randn = drawn
        apollo_draws.next_seed = lambda seed: seed + 10
        return low_rank(APOLLOAdamW, proj="random", **projection)(params, **numbers)

    return make


def lora_fa(params, **numbers):
    params[0].requires_grad_(False)
    group = {"params": params, "names": ["x.lora_A.w", "x.lora_B.w"], "scaling_factors": [SCALING, SCALING]}
    return LoraFAOptimizer([group], **numbers)


def written(update, **settings):
    return lambda params, **numbers: Written([{"params": params}], update, **numbers, **settings)


def case(row, make, lr, weight_decay, eps, filled=False, **more):
    numbers = {"lr": lr, "weight_decay": weight_decay, "eps": eps}
    return Case(row, both(make), numbers, alike=True, filled=filled, nesterov=row == "muon", **more)


ADJUSTED = {"lerp": 1, "clampNorm": 1}
MINI = {"rank": 1, "scale": 128, "tensorWise": 1}
BY_CHANNEL = {"rank": 4, "scale": 1.0, "scale_type": "channel", "update_proj_gap": 5}
WHOLE = {"rank": 1, "scale": 128.0, "scale_type": "tensor", "update_proj_gap": 200}
SOAP = (0.9, 0.95)

CASES = {
    "muon-moonlight": case("muon", moonlight, 0.02, 0.1, 1e-7, momentum=0.95, options={"matchRms": 1}),
    "muon-torch": case("muon", torch_muon("original"), 0.02, 0.1, 0.01, momentum=0.95, options=ADJUSTED),
    "muon-torch-rms": case("muon", torch_muon("match_rms_adamw"), 0.01, 0.2, 1e-7, True, momentum=0.95,
                           options={**ADJUSTED, "matchRms": 1}),
    "shampoo": case("shampoo", written(shampoo), 0.05, 0.1, 1e-3),
    "soap": case("soap", written(soap, betas=SOAP), 0.01, 0.1, 1e-2, True, betas=SOAP),
    "dion": case("dion", dion(1.0), 0.02, 0.1, 1e-3, momentum=0.9),
    "dion-half": case("dion", dion(0.5), 0.02, 0.1, 1e-8, True, momentum=0.9, options={"rankFraction": 0.5}),
    "sinkgd": case("sinkgd", written(sinkgd), 0.2, 0.1, 1e-8),
    "galore": case("galore", low_rank(GaLoreAdamW, scale=0.25), 0.05, 0.1, 1e-4),
    "galore-rank2": case("galore", low_rank(GaLoreAdamW, scale=1.0, rank=2), 0.02, 0.0, 1e-6, True,
                         options={"rank": 2, "scale": 1}),
    "apollo": case("apollo", apollo(**BY_CHANNEL), 0.02, 0.1, 1e-4, options={"rank": 4, "updateGap": 5}),
    "apollo-mini": case("apollo", apollo(**WHOLE), 1e-3, 0.0, 1e-6, True, options=MINI),
    "lora-fa": case("lora-fa", lora_fa, 0.02, 0.1, 1e-4),
}  # fmt: skip


def drawn(seed: int) -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    uniform = lambda *shape: (2 * torch.rand(*shape, generator=random) - 1) / math.sqrt(WIDTH)  # noqa: E731
    return {
        "x": torch.randn(BATCH, WIDTH, generator=random),
        "y": torch.randn(BATCH, WIDTH, generator=random),
        "w0": uniform(WIDTH, WIDTH),
        "a": uniform(RANK, WIDTH),
        "b": uniform(WIDTH, RANK),
    }


if __name__ == "__main__":
    write(__file__, drawn(11), CASES, steps=12)
