"""Optimizers that torch lacks or has in another shape, from their papers, on one matrix at a time.

Each keeps the operations in the order of the published implementation that is named; `packages/` holds the product's
optimizers against those packages themselves.
"""

import math

import torch


class Simple(torch.optim.Optimizer):
    """Calls `move(parameter, gradient, memory, settings, step)` for every parameter."""

    def __init__(self, groups, **constants):
        super().__init__(groups, constants)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                memory = self.state[w]
                memory["step"] = memory.get("step", 0) + 1
                self.move(w, w.grad, memory, group, memory["step"])


def zeros(memory, name, w):
    return memory.setdefault(name, torch.zeros_like(w))


class Lion(Simple):
    """https://arxiv.org/abs/2302.06675, algorithm 2"""

    def move(self, w, g, memory, h, step):
        beta1, beta2 = h["betas"]
        mean = zeros(memory, "mean", w)
        direction = (mean * beta1 + g * (1 - beta1)).sign()
        w.mul_(1 - h["lr"] * h["weight_decay"]).sub_(direction, alpha=h["lr"])
        mean.mul_(beta2).add_(g, alpha=1 - beta2)


class Lamb(Simple):
    """https://arxiv.org/abs/1904.00962, algorithm 2; the ratio is 1 where either norm is 0"""

    def move(self, w, g, memory, h, step):
        beta1, beta2 = h["betas"]
        mean, spread = zeros(memory, "mean", w), zeros(memory, "spread", w)
        mean.mul_(beta1).add_(g, alpha=1 - beta1)
        spread.mul_(beta2).addcmul_(g, g, value=1 - beta2)
        update = (mean / (1 - beta1**step)) / ((spread / (1 - beta2**step)).sqrt() + h["eps"]) + h["weight_decay"] * w
        size, length = w.norm().clamp(max=h["phi_max"]), update.norm()
        ratio = (size / length).item() if size > 0 and length > 0 else 1.0
        w.sub_(update, alpha=h["lr"] * ratio)


class Muon(Simple):
    """https://kellerjordan.github.io/posts/muon, in the precision of the weights"""

    def move(self, w, g, memory, h, step):
        buffer = zeros(memory, "buffer", w)
        buffer.mul_(h["momentum"]).add_(g)
        x = g + h["momentum"] * buffer if h["nesterov"] else buffer
        x = x.T if x.shape[0] > x.shape[1] else x
        x = x / (x.norm() + h["eps"])
        for _ in range(h["ns_steps"]):
            gram = x @ x.T
            x = 3.4445 * x + (-4.7750 * gram + 2.0315 * (gram @ gram)) @ x
        x = x.T if x.shape != w.shape else x
        w.mul_(1 - h["lr"] * h["weight_decay"])
        w.sub_(x, alpha=h["lr"] * math.sqrt(max(1, w.shape[0] / w.shape[1])))


class AdafactorHf(Simple):
    """transformers.optimization.Adafactor, without warm-up and first moment"""

    def move(self, w, g, memory, h, step):
        rms = lambda values: values.norm() / math.sqrt(values.numel())
        floor, floor_of_weights = h["eps"]
        rate = h["lr"]
        if h["relative_step"]:
            rate = min(1e-2, 1 / math.sqrt(step)) * h["relmult"]
        if h["scale_parameter"]:
            rate *= max(floor_of_weights, rms(w).item())
        kept = 1 - step ** h["decay_rate"]
        squares = g * g + floor
        rows = memory.setdefault("rows", torch.zeros(w.shape[0], dtype=w.dtype))
        columns = memory.setdefault("columns", torch.zeros(w.shape[1], dtype=w.dtype))
        rows.mul_(kept).add_(squares.mean(-1), alpha=1 - kept)
        columns.mul_(kept).add_(squares.mean(-2), alpha=1 - kept)
        update = (rows / rows.mean()).rsqrt()[:, None] * columns.rsqrt()[None, :] * g
        update = update / (rms(update) / h["clip"]).clamp(min=1.0) * rate
        if h["weight_decay"]:
            w.add_(w, alpha=-h["weight_decay"] * rate)
        w.sub_(update)


class Prodigy(torch.optim.Optimizer):
    """https://arxiv.org/abs/2306.06101, algorithm 4 with decoupled decay, as the package prodigyopt has it by default"""

    def __init__(self, groups, **constants):
        super().__init__(groups, constants)
        self.distance = self.param_groups[0]["d0"]
        self.numerator = 0.0

    @torch.no_grad()
    def step(self):
        d, d0 = self.distance, self.param_groups[0]["d0"]
        beta3 = math.sqrt(self.param_groups[0]["betas"][1])
        progress, size = 0.0, 0.0
        for h in self.param_groups:
            beta1, beta2 = h["betas"]
            for w in h["params"]:
                memory, g = self.state[w], w.grad
                if not memory:
                    memory |= {"start": w.clone()} | {k: torch.zeros_like(w) for k in ("mean", "spread", "pull")}
                weight = d / d0 * d * h["lr"]
                progress += weight * torch.dot(g.flatten(), (memory["start"] - w).flatten()).item()
                memory["mean"].mul_(beta1).add_(g, alpha=d * (1 - beta1))
                memory["spread"].mul_(beta2).addcmul_(g, g, value=d * d * (1 - beta2))
                memory["pull"].mul_(beta3).add_(g, alpha=weight)
                size += memory["pull"].abs().sum().item()
        if size > 0:
            self.numerator = self.numerator * beta3 + progress
            self.distance = max(d, self.numerator / size)
        for h in self.param_groups:
            for w in h["params"]:
                memory = self.state[w]
                root = memory["spread"].sqrt().add_(self.distance * h["eps"])
                w.add_(w, alpha=-h["weight_decay"] * d * h["lr"])
                w.addcdiv_(memory["mean"], root, value=-d * h["lr"])


def adagrad(groups, **constants):
    """torch's Adagrad, whose sums start from each group's own `iav`."""
    optimizer = torch.optim.Adagrad(groups, **constants)
    for group in optimizer.param_groups:
        for w in group["params"]:
            optimizer.state[w]["sum"].fill_(group["iav"])
    return optimizer
