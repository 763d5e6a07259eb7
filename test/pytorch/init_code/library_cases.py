"""torchtune, loralib, litgpt, LyCORIS (whose LoCon has the names of kohya's networks/lora.py) and mlx-lm."""

from __future__ import annotations

from typing import Any

import torch
from init_code.check import ALPHA, IDS, INPUTS, RANK, SEED, Library, Model, model_of, run_layers
from torch import nn


def network(layers: dict[str, nn.Module], *parts: str, bases: dict[str, nn.Module] | None = None) -> Model:
    return model_of(nn.ModuleDict(layers), set(parts), lambda: run_layers(bases or layers))


def torchtune(k: float) -> Model:
    from torchtune.modules.peft import DoRALinear, LoRALinear

    kinds = {"q_proj": LoRALinear, "v_proj": DoRALinear}
    layers = {name: kind(8, 6, rank=RANK, alpha=ALPHA * k) for name, kind in kinds.items()}
    layers["v_proj"].initialize_dora_magnitude()
    return network(layers, "lora_a", "lora_b")


def loralib(k: float) -> Model:
    import loralib as lora

    settings = {"r": RANK, "lora_alpha": ALPHA * k, "merge_weights": False}
    layers = {
        "embed": lora.Embedding(7, 8, **settings),
        "linear": lora.Linear(8, 6, **settings),
        "merged": lora.MergedLinear(8, 6, enable_lora=[True, False, True], **settings),
        "conv": lora.Conv2d(3, 5, 3, **settings),
    }
    return network(layers, "lora_A", "lora_B")


def litgpt(k: float) -> Model:
    from litgpt.lora import LoRALinear, LoRAQKVLinear

    settings = {"r": RANK, "lora_alpha": ALPHA * k}
    heads = {"head_size": 4, "n_head": 2, "n_query_groups": 2, "enable_lora": (True, False, True)}
    layers = {"proj": LoRALinear(8, 6, **settings), "qkv": LoRAQKVLinear(8, 24, **heads, **settings)}
    return network(layers, "lora_A", "lora_B")


def kohya(k: float) -> Model:
    from lycoris.modules.locon import LoConModule

    bases = {"linear": nn.Linear(8, 6), "conv": nn.Conv2d(3, 5, 3)}
    layers = {}
    for name, base in bases.items():
        layers[name] = LoConModule(f"lora_unet_{name}", base, lora_dim=RANK, alpha=ALPHA * k)
        layers[name].apply_to()
    return network(layers, "lora_down", "lora_up", bases=bases)


def mlx(k: float) -> Model:
    import mlx.core as mx
    import mlx.nn as mlx_nn
    from mlx.utils import tree_flatten
    from mlx_lm.tuner.dora import DoRALinear
    from mlx_lm.tuner.lora import LoRAEmbedding, LoRALinear

    mx.random.seed(SEED)

    class Network(mlx_nn.Module):
        def __init__(self) -> None:
            super().__init__()
            bases = [mlx_nn.Embedding(7, 8), mlx_nn.Linear(8, 6), mlx_nn.Linear(8, 6)]
            kinds = (LoRAEmbedding, LoRALinear, DoRALinear)
            self.layers = [kind.from_base(base, r=RANK, scale=ALPHA / RANK * k) for kind, base in zip(kinds, bases)]

        def __call__(self) -> Any:
            inputs = [mx.array(values.numpy()) for values in (IDS, INPUTS, INPUTS)]
            return mx.concatenate([layer(x).flatten() for layer, x in zip(self.layers, inputs)])

    model = Network()
    for layer in model.layers:
        layer.lora_b = 0.1 * mx.random.normal(layer.lora_b.shape)
    parameters = lambda: {name: torch.tensor(p.tolist()) for name, p in tree_flatten(model.parameters())}
    return Model(lambda: torch.tensor(model().tolist()), parameters, model)


LIBRARIES = {
    "torchtune": Library(torchtune, {"lora_a"}, {"lora_b"}),
    "loralib": Library(loralib, {"lora_A"}, {"lora_B"}),
    "litgpt": Library(litgpt, {"lora_A"}, {"lora_B"}),
    "kohya": Library(kohya, {"lora_down"}, {"lora_up"}),
    "mlx": Library(mlx, {"lora_a"}, {"lora_b"}, imports="from mlx.utils import tree_flatten, tree_unflatten"),
}


def faults(library: str, cases: list[dict[str, Any]]) -> list[str]:
    name = lambda case: f"{library} {case['gauge']} k={case['k']:g}"
    return [fault for case in cases for fault in LIBRARIES[library].faults(name(case), case)]
