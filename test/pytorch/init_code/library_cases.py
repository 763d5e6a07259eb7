"""torchtune, loralib, litgpt, LyCORIS (whose LoCon has the names of kohya's networks/lora.py) and mlx-lm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from init_code.check import Checked, Model, check
from torch import nn
from init_code.torch_models import ALPHA, IDS, INPUTS, PICTURE, RANK, SEED, filled, model_of, run_code


def torchtune(k: float) -> Model:
    from torchtune.modules.peft import DoRALinear, LoRALinear

    torch.manual_seed(SEED)
    layers = nn.ModuleDict(
        {
            "q_proj": LoRALinear(8, 6, rank=RANK, alpha=ALPHA * k),
            "v_proj": DoRALinear(8, 6, rank=RANK, alpha=ALPHA * k),
        }
    )
    layers["v_proj"].initialize_dora_magnitude()
    filled(layers, {"lora_a", "lora_b"})
    return model_of(layers, lambda: torch.cat([layer(INPUTS).flatten() for layer in layers.values()]))


def loralib(k: float) -> Model:
    import loralib as lora

    torch.manual_seed(SEED)
    settings = {"r": RANK, "lora_alpha": ALPHA * k, "merge_weights": False}
    layers = nn.ModuleDict(
        {
            "embed": lora.Embedding(7, 8, **settings),
            "linear": lora.Linear(8, 6, **settings),
            "merged": lora.MergedLinear(8, 6, enable_lora=[True, False, True], **settings),
            "conv": lora.Conv2d(3, 5, 3, **settings),
        }
    )
    filled(layers, {"lora_A", "lora_B"})
    inputs = {"embed": IDS, "linear": INPUTS, "merged": INPUTS, "conv": PICTURE}
    return model_of(layers, lambda: torch.cat([layer(inputs[name]).flatten() for name, layer in layers.items()]))


def litgpt(k: float) -> Model:
    from litgpt.lora import LoRALinear, LoRAQKVLinear

    torch.manual_seed(SEED)
    settings = {"r": RANK, "lora_alpha": ALPHA * k}
    layers = nn.ModuleDict(
        {
            "proj": LoRALinear(8, 6, **settings),
            "qkv": LoRAQKVLinear(
                8, 24, head_size=4, n_head=2, n_query_groups=2, enable_lora=(True, False, True), **settings
            ),
        }
    )
    filled(layers, {"lora_A", "lora_B"})
    return model_of(layers, lambda: torch.cat([layer(INPUTS).flatten() for layer in layers.values()]))


def kohya(k: float) -> Model:
    from lycoris.modules.locon import LoConModule

    torch.manual_seed(SEED)
    bases = {"linear": nn.Linear(8, 6), "conv": nn.Conv2d(3, 5, 3)}
    network = nn.ModuleDict()
    for name, base in bases.items():
        network[name] = LoConModule(f"lora_unet_{name}", base, lora_dim=RANK, alpha=ALPHA * k)
        network[name].apply_to()
    filled(network, {"lora_down", "lora_up"})
    inputs = {"linear": INPUTS, "conv": PICTURE}
    return model_of(network, lambda: torch.cat([base(inputs[name]).flatten() for name, base in bases.items()]))


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
            scale = ALPHA / RANK * k
            self.layers = [
                LoRAEmbedding.from_base(mlx_nn.Embedding(7, 8), r=RANK, scale=scale),
                LoRALinear.from_base(mlx_nn.Linear(8, 6), r=RANK, scale=scale),
                DoRALinear.from_base(mlx_nn.Linear(8, 6), r=RANK, scale=scale),
            ]

        def __call__(self) -> Any:
            inputs = [mx.array(IDS.numpy()), mx.array(INPUTS.numpy()), mx.array(INPUTS.numpy())]
            return mx.concatenate([layer(x).flatten() for layer, x in zip(self.layers, inputs)])

    network = Network()
    for layer in network.layers:
        layer.lora_b = 0.1 * mx.random.normal(layer.lora_b.shape)
    tensors = lambda: {name: torch.tensor(p.tolist()) for name, p in tree_flatten(network.parameters())}
    return LazyModel(lambda: torch.tensor(network().tolist()), tensors, network)


class LazyModel(Model):
    """A model whose arrays are replaced, so that its parameters are read when they are asked for."""

    def __init__(self, run: Callable[[], torch.Tensor], tensors: Callable[[], dict], module: Any) -> None:
        object.__setattr__(self, "run", run)
        object.__setattr__(self, "tensors", tensors)
        object.__setattr__(self, "module", module)

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, "tensors")() if name == "parameters" else super().__getattribute__(name)


BUILDERS = {
    "torchtune": (torchtune, {"lora_a"}, {"lora_b"}),
    "loralib": (loralib, {"lora_A"}, {"lora_B"}),
    "litgpt": (litgpt, {"lora_A"}, {"lora_B"}),
    "kohya": (kohya, {"lora_down"}, {"lora_up"}),
    "mlx": (mlx, {"lora_a"}, {"lora_b"}),
}


def checks(library: str, cases: list[dict[str, Any]]) -> Iterator[Checked]:
    make, a, b = BUILDERS[library]
    names: dict[str, Any] = {}
    if library == "mlx":
        from mlx.utils import tree_flatten, tree_unflatten

        names = {"tree_flatten": tree_flatten, "tree_unflatten": tree_unflatten}
    for case in cases:
        old, new = make(1.0), make(case["k"])
        run_code(case["code"], model=new.module, **names)
        yield check(f"{library} {case['gauge']} k={case['k']:g}", case, old, new, a, b)
