"""What the rows of doubtful.test.ts call: each does one thing to a run that no reader of the script can know."""

from __future__ import annotations

from typing import Any

import torch


class Net(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.emb, self.head = torch.nn.Embedding(50, 32), torch.nn.Linear(32, 50)
        self.q_proj, self.v_proj = torch.nn.Linear(32, 32), torch.nn.Linear(32, 32)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        hidden = self.emb(ids)
        hidden = hidden + torch.tanh(self.q_proj(hidden))
        return self.head(hidden + torch.tanh(self.v_proj(hidden)))


def net() -> Net:
    torch.manual_seed(3)
    return Net()


def batches() -> list[tuple[torch.Tensor, torch.Tensor]]:
    random = torch.Generator().manual_seed(11)
    draw = lambda: torch.randint(0, 50, (8, 12), generator=random)
    return [(draw(), draw()) for _ in range(6)]


def group(optimizer: Any, **numbers: Any) -> None:
    for one in optimizer.param_groups:
        one.update(numbers)


def lora(model: Any, which: str = "lora_") -> list[Any]:
    return [p for name, p in model.named_parameters() if which in name]


def layers(model: Any) -> list[Any]:
    return [module for module in model.modules() if hasattr(module, "lora_A") and hasattr(module, "scaling")]


def scale(model: Any, scaling: float) -> None:
    for layer in layers(model):
        layer.scaling["default"] = scaling


def patch() -> None:
    real = torch.optim.AdamW.step

    def step(self: Any, closure: Any = None) -> Any:
        for p in self.param_groups[0]["params"]:
            if p.grad is not None:
                p.grad.add_(p.data.sign(), alpha=1e-2)
        return real(self, closure)

    torch.optim.AdamW.step = step  # type: ignore[method-assign]


def clip(params: Any, limit: float) -> None:
    torch.nn.utils.clip_grad_norm_(params, limit)


def shorten(params: list[Any], limit: float) -> None:
    norm = float(torch.stack([p.grad.norm() for p in params]).norm())
    for p in params:
        p.grad.mul_(min(1.0, limit / norm))


@torch.no_grad()
def draw(params: list[Any], std: float) -> None:
    torch.manual_seed(9)
    for p in params:
        p.normal_(std=std)


class Times(torch.autograd.Function):
    """The value as it is, and its gradient times a number."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, factor: float) -> torch.Tensor:  # type: ignore[override]
        ctx.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> Any:  # type: ignore[override]
        return grad * ctx.factor, None


def penalty(model: Any) -> Any:
    return 1e-2 * sum(p.square().sum() for p in lora(model))


class Second:
    """An optimizer of its own for B."""

    def __init__(self, model: Any, optimizer: Any) -> None:
        held = {id(p) for p in lora(model, "lora_B")}
        for one in optimizer.param_groups:
            one["params"] = [p for p in one["params"] if id(p) not in held]
        self.own = torch.optim.SGD(lora(model, "lora_B"), lr=0.5)

    def step(self) -> None:
        self.own.step()
        self.own.zero_grad()
