"""A small network whose linear layers have LoRA as one library or another makes it: `layers` in the options."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn
from torch.nn import functional

RANK, ALPHA, WIDTH = 4, 8.0, 32


class Net(nn.Module):
    """Predicts the next token from this one."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(97, WIDTH)
        self.first, self.second, self.head = nn.Linear(WIDTH, 48), nn.Linear(48, WIDTH), nn.Linear(WIDTH, 97)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.embedding(ids) + self.second(functional.gelu(self.first(self.embedding(ids)))))


class Kohya(nn.Module):
    """The shape of kohya's class: it takes the place of a layer's forward pass."""

    def __init__(self, original: nn.Linear) -> None:
        super().__init__()
        self.lora_down = nn.Linear(original.in_features, RANK, bias=False)
        self.lora_up = nn.Linear(RANK, original.out_features, bias=False)
        nn.init.kaiming_uniform_(self.lora_down.weight, a=math.sqrt(5))
        nn.init.zeros_(self.lora_up.weight)
        self.scale, self.multiplier, self.lora_dim = ALPHA / RANK, 1.0, RANK
        self.register_buffer("alpha", torch.tensor(ALPHA))
        self.original_forward, original.forward = original.forward, self.forward

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.original_forward(x) + self.lora_up(self.lora_down(x)) * self.multiplier * self.scale


class OneTrainer(Kohya):
    """Its alpha is a tensor, and it is divided by the rank in every pass."""

    def __init__(self, original: nn.Linear) -> None:
        super().__init__(original)
        del self.scale
        self.rank = RANK

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.original_forward(x) + self.lora_up(self.lora_down(x)) * (self.alpha / self.rank)


class HomeMade(nn.Module):
    """As in blog posts: x·A·B, no library's names."""

    def __init__(self, original: nn.Linear) -> None:
        super().__init__()
        self.original, self.scale = original, ALPHA / RANK
        self.W_down = nn.Parameter(torch.randn(original.in_features, RANK) / 4)
        self.W_up = nn.Parameter(torch.zeros(RANK, original.out_features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.original(x) + self.scale * (x @ self.W_down @ self.W_up)


def of_library(kind: str, original: nn.Linear) -> nn.Module:
    """A layer of the library's own class with the weights of `original`."""
    sizes = original.in_features, original.out_features
    if kind == "loralib":
        import loralib

        made: Any = loralib.Linear(*sizes, r=RANK, lora_alpha=int(ALPHA))
    elif kind == "litgpt":
        from litgpt.lora import LoRALinear

        made = LoRALinear(*sizes, r=RANK, lora_alpha=int(ALPHA))
    elif kind == "automodel":
        from nemo_automodel.components._peft.lora import LinearLoRA

        return LinearLoRA(original, dim=RANK, alpha=int(ALPHA))
    else:
        from torchtune.modules.peft import DoRALinear, LoRALinear

        if kind == "torchtune-dora":
            original.bias = None
        chosen = DoRALinear if "dora" in kind else LoRALinear
        made = chosen(*sizes, rank=RANK, alpha=ALPHA, use_bias="dora" not in kind)
    weights = original.state_dict()
    prefix = "linear." if kind == "litgpt" else ""
    made.load_state_dict({prefix + name: value for name, value in weights.items()}, strict=False)
    if kind == "torchtune-dora":
        made.initialize_dora_magnitude()
    return made


def network(kind: str, **settings: Any) -> tuple[nn.Module, nn.Module]:
    """(what runs, what trains)."""
    torch.manual_seed(5)
    net: nn.Module = Net()
    net.requires_grad_(False)
    if kind == "peft":
        from tiny import lora
        from peft import get_peft_model

        net = get_peft_model(net, lora(target_modules=["first", "second"], **settings))
        return net, net
    if kind == "lycoris":
        from lycoris import LycorisNetwork, create_lycoris

        LycorisNetwork.apply_preset({"target_name": ["first", "second"]})
        wrapped = create_lycoris(net, 1.0, linear_dim=RANK, linear_alpha=ALPHA, algo="lora", **settings)
        wrapped.apply_to()
        return net, wrapped
    hijacks = {"kohya": Kohya, "onetrainer": OneTrainer}
    if kind in hijacks:
        modules = nn.ModuleDict({f"lora_{name}": hijacks[kind](getattr(net, name)) for name in ("first", "second")})
        return net, modules
    for name in ("first", "second"):
        original = getattr(net, name)
        made = HomeMade(original) if kind == "home" else of_library(kind, original)
        setattr(net, name, made)
        for parameter, p in made.named_parameters():
            p.requires_grad_(any(word in parameter.lower() for word in ("lora", "w_down", "w_up", "magnitude")))
    return net, net
