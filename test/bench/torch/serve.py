"""Times PyTorch when asked, so that both sides can take turns in one run: a JSON object a line in, one a line out.

    {"ask": "layer", "threads": …, "batch": …, "width": …, "rank": …, "scaling": …, "lr": …, "optimizer": "sgd" | "adam",
     "inputs": …, "residual": …, "a": …}   sets up one variant (base64 float32); {"setting": the fastest of those tried}
    {"ask": "losses", "steps": …}          {"losses": those before each of the first steps}
    {"ask": "speed", "seconds": …}         {"speed": steps a second}
    {"ask": "sweep", "seconds": …}         {"ms": the best time of the blog's sweep}

The layer is W0·x + s·B·A·x with W0·x − y computed once, and MSE. Which way of saying so, autograd or gradients by hand, eager
or compiled, and which of the optimizer's implementations is fastest depends on the sizes: all are tried, and the best is
timed. One thread is timed in processor time, which is the same whatever else the machine does.
"""

import base64
import itertools
import json
import sys
import time

import torch
from torch.nn.functional import linear, mse_loss

from sweep import sweep

TRIALS = 3
TRIAL_SECONDS = 0.02
# The best stretch of this length is what the machine can do undisturbed.
STRETCH_SECONDS = 0.01


def by_linear(x, a, b, scaling, residual, target):
    return mse_loss(linear(linear(x, a), b) * scaling, target)


def scaled_inside(x, a, b, scaling, residual, target):
    return mse_loss(linear(linear(x, a) * scaling, b), target)


def by_addmm(x, a, b, scaling, residual, target):
    error = torch.addmm(residual, torch.mm(x, a.t()), b.t(), alpha=scaling)
    return (error * error).mean()


def by_hand(x, a, b, scaling, residual, target):
    """The loss, and the gradients of A and B, as ours are written."""
    hidden = torch.mm(x, a.t())
    error = torch.addmm(residual, hidden, b.t(), alpha=scaling)
    slope = 2 * scaling / error.numel()
    loss = torch.dot(error.view(-1), error.view(-1)) / error.numel()
    return loss, torch.mm(torch.mm(error, b).t(), x) * slope, torch.mm(error.t(), hidden) * slope


LOSSES = (by_linear, scaled_inside, by_addmm, by_hand)
IMPLEMENTATIONS = ({"foreach": False}, {"foreach": True}, {"fused": True})


def tensor(text: str, *shape: int) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32).view(*shape)


class Layer:
    """One variant that trains in one of the ways there are."""

    def __init__(self, request: dict, loss, implementation: dict, compiled: bool = False):
        batch, width, rank = request["batch"], request["width"], request["rank"]
        self.x = tensor(request["inputs"], batch, width)
        self.residual = tensor(request["residual"], batch, width)
        self.target = -self.residual
        self.a = tensor(request["a"], rank, width).requires_grad_()
        self.b = torch.zeros(width, rank, requires_grad=True)
        self.scaling, self.is_by_hand = request["scaling"], loss is by_hand
        self.loss = torch.compile(loss, dynamic=False) if compiled else loss
        self.clock = time.process_time if request["threads"] == 1 else time.perf_counter
        kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[request["optimizer"]]
        self.optimizer = kind([self.a, self.b], lr=request["lr"], **implementation)
        self.setting = f"{'compiled ' if compiled else ''}{loss.__name__}, {next(iter(implementation))}={next(iter(implementation.values()))}"

    def step(self) -> torch.Tensor:
        given = (self.x, self.a, self.b, self.scaling, self.residual, self.target)
        if self.is_by_hand:
            with torch.no_grad():
                loss, self.a.grad, self.b.grad = self.loss(*given)
        else:
            loss = self.loss(*given)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
        self.optimizer.step()
        return loss.detach()

    def speed(self, seconds: float) -> float:
        losses, best, end = [], 0.0, time.perf_counter() + seconds
        start = self.clock()
        while time.perf_counter() < end or best == 0:
            losses.append(self.step())
            if (spent := self.clock() - start) >= STRETCH_SECONDS:
                best = max(best, len(losses) / spent)
                losses, start = [], self.clock()
        return best


def compiled(request: dict, loss) -> Layer | None:
    """None where there is no compiler."""
    try:
        layer = Layer(request, loss, {"fused": True}, compiled=True)
        layer.step()
        return layer
    except Exception:
        return None


def fastest(request: dict) -> Layer:
    ways = [Layer(request, *way) for way in itertools.product(LOSSES, IMPLEMENTATIONS)]
    ways += [way for loss in (by_addmm, by_hand) if (way := compiled(request, loss))]
    for way in ways:
        way.speed(TRIAL_SECONDS / 2)
    best = [0.0] * len(ways)
    for _ in range(TRIALS):
        for i, way in enumerate(ways):
            best[i] = max(best[i], way.speed(TRIAL_SECONDS))
    return ways[best.index(max(best))]


def best_ms(work, seconds: float) -> float:
    work()
    best, start = float("inf"), time.perf_counter()
    while time.perf_counter() - start < seconds:
        before = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - before)
    return 1000 * best


def main() -> None:
    request: dict = {}
    layer = None
    for line in sys.stdin:
        asked = json.loads(line)
        ask = asked["ask"]
        if ask == "layer":
            request = asked
            torch.set_num_threads(asked["threads"])
            layer = fastest(request)
            answer = {"setting": layer.setting}
        elif ask == "losses":
            fresh = Layer(request, by_linear, {"foreach": False})
            answer = {"losses": [fresh.step().item() for _ in range(asked["steps"])]}
        elif ask == "speed":
            answer = {"speed": layer.speed(asked["seconds"])}
        else:
            torch.set_num_threads(1)
            answer = {"ms": best_ms(sweep, asked["seconds"])}
        print(json.dumps(answer), flush=True)


main()
