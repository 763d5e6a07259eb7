import torch


# --- class ---
class Lion(torch.optim.Optimizer):  # https://arxiv.org/abs/2302.06675, with decoupled weight decay.
    @torch.no_grad()
    def step(self):
        for group, p in ((group, p) for group in self.param_groups for p in group["params"]):
            average = self.state[p].setdefault("average", torch.zeros_like(p))
            sign = average.lerp(p.grad, 1 - group["betas"][0]).sign()
            p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(group["lr"] * sign)
            average.lerp_(p.grad, 1 - group["betas"][1])
