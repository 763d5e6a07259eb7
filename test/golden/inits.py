"""Holds the table of inits against PEFT's fresh adapters: `node test/run.mjs golden/inits.ts | PYTHON test/golden/inits.py`.

Builds each init on one linear layer of several widths, ranks and scalings, and measures the root mean square of A and
B, how both move with the scaling, and what becomes of the frozen weights. One line an init; ends with a count. Run by
hand, with torch, peft and bitsandbytes.
"""

import json
import math
import sys
import warnings
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, initialize_lora_eva_weights
from peft.tuners.lora.config import CordaConfig, EvaConfig, LoraGAConfig
from peft.tuners.lora.corda import preprocess_corda
from peft.tuners.lora.loraga import preprocess_loraga

warnings.filterwarnings("ignore")
WORDS = {name: name for name in ("gaussian", "pissa", "corda", "olora", "loftq", "eva", "orthogonal", "mica")}
WORDS |= {"kaiming-uniform": True, "random-b": False, "embedding": True, "lora-ga": "lora_ga"}
MORE: dict[str, dict[str, Any]] = {
    "loftq": {"loftq_config": {"loftq_bits": 4, "loftq_iter": 1}},
    "eva": {"eva_config": EvaConfig(rho=1.0)},
    "corda": {"corda_config": CordaConfig(corda_method="kpm")},
    "lora-ga": {"lora_ga_config": LoraGAConfig()},
    "embedding": {"target_modules": ["words"]},
}
# peft.utils.loftq_utils moves the weights to CUDA or XPU, whatever device they are on.
NOT_HERE = {} if torch.cuda.is_available() else {"loftq": "PEFT needs a GPU for it"}
SHAPES = [(384, 512, 8), (768, 256, 8), (384, 512, 32)]
SCALINGS = [1.0, 4.0]


class Model(torch.nn.Module):
    """One linear layer and one embedding of 500 words, frozen values the same in every build."""

    def __init__(self, n_in: int, n_out: int):
        super().__init__()
        torch.manual_seed(7)
        self.layer = torch.nn.Linear(n_in, n_out, bias=False)
        self.words = torch.nn.Embedding(500, n_in)
        self.inputs = torch.randn(400, n_in) * torch.linspace(0.2, 3, n_in)

    def forward(self, x=None, **_):
        return self.layer(self.inputs if x is None else x)


def fresh(init: str, n_in: int, n_out: int, rank: int, scaling: float):
    """A, B, the frozen weights before and after."""
    model = Model(n_in, n_out)
    before = model.layer.weight.detach().clone()
    numbers = {"r": rank, "lora_alpha": scaling * rank, "init_lora_weights": WORDS[init], "target_modules": ["layer"]}
    config = LoraConfig(**numbers | MORE.get(init, {}))
    if init == "corda":
        preprocess_corda(model, config, run_model=lambda: model(model.inputs))
    if init == "lora-ga":
        preprocess_loraga(model, config, lambda: model(model.inputs).pow(2).mean().backward())
    torch.manual_seed(11)
    tuned = get_peft_model(model, config)
    if init == "eva":
        rows = [{"x": model.inputs + torch.randn_like(model.inputs) * 0.01} for _ in range(12)]
        layer_inputs = lambda inputs, *_: (inputs[0] if isinstance(inputs, tuple) else inputs).detach()
        steps = {"prepare_model_inputs_fn": None, "prepare_layer_inputs_fn": layer_inputs}
        initialize_lora_eva_weights(tuned, rows, **steps, show_progress_bar=False)
    if init == "embedding":
        layer = tuned.base_model.model.words
        return layer.lora_embedding_A["default"].detach(), layer.lora_embedding_B["default"].detach(), None, None
    layer = tuned.base_model.model.layer
    a, b = (factor["default"].weight.detach() for factor in (layer.lora_A, layer.lora_B))
    return a, b, before, layer.get_base_layer().weight.detach()


def rms(tensor: torch.Tensor) -> float:
    return tensor.double().pow(2).mean().sqrt().item()


def close(value: float, expected: float, tolerance: float) -> bool:
    return value == expected if expected == 0 else abs(value / expected - 1) < tolerance


def frozen_as_said(row, a, b, scaling, before, after) -> bool:
    if before is None or not row.get("subtracts"):
        return before is None or bool((before == after).all())
    # Quantised weights differ by what 4 bits lose, far more than rounding; the product plays no part in it.
    product = scaling * b.double() @ a.double()
    share = (((before - after).double() - product).norm() / before.norm()).item()
    return share < 1e-5 or (row["id"] == "loftq" and share > 1e-3)


def check(row) -> list[str]:
    """What PEFT does otherwise than the row says."""
    wrong = []
    for n_in, n_out, rank in SHAPES:
        sizes = {}
        for scaling in SCALINGS:
            a, b, before, after = fresh(row["id"], n_in, n_out, rank, scaling)
            sizes[scaling] = {"A": rms(a), "B": rms(b)}
            if not frozen_as_said(row, a, b, scaling, before, after):
                wrong.append(f"frozen weights at s = {scaling}")
            # A few thousand draws: 5 standard errors.
            tolerance = 5 / math.sqrt(2 * min(a.numel(), b.numel()))
            for name, measured in sizes[scaling].items():
                said = row[name]
                if said["factor"] == "layer":
                    continue
                expected = said["factor"] * rank ** said.get("rank", 0) * scaling ** said.get("scaling", 0)
                if not close(measured, expected, tolerance):
                    at = f"{name} at {n_in}x{n_out}, rank {rank}, s = {scaling}"
                    wrong.append(f"{at}: {measured:.5g}, said {expected:.5g}")
        for name in ("A", "B"):
            low, high = (sizes[scaling][name] for scaling in SCALINGS)
            expected = low * (SCALINGS[1] / SCALINGS[0]) ** row[name].get("scaling", 0)
            if not close(high, expected, 1e-5):
                wrong.append(f"{name} moves from {low:.5g} at s = 1 to {high:.5g} at 4, said {expected:.5g}")
    return wrong


def main() -> int:
    failed = 0
    for row in json.load(sys.stdin):
        reason = "no init of PEFT's" if row["id"] not in WORDS else NOT_HERE.get(row["id"])
        wrong = [] if reason else check(row)
        failed += bool(wrong)
        print(json.dumps({"init": row["id"], **({"skipped": reason} if reason else {"ok": not wrong, "wrong": wrong})}))
    print(f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
