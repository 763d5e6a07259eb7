"""The transformer of src/experiment/tasks/transformer.ts as a user of PyTorch would fine-tune it.

    python transformer.py SPEC.json THREADS [--losses]     (PyTorch 2.6 or newer)

SPEC.json holds the frozen model, the texts and where every variant starts (test/bench/torch/problem.ts writes it). The
variants train one after the other. Prints JSON:

    {"threads": …, "setting": …, "variantStepsPerSecond": …, "losses": [[…] a variant]}

losses are those before each step; with --losses nothing else is told. The speed is that of the fastest setting of those tried: fused, foreach or plain
optimizers, with torch's own attention or with attention spelled out. What no training changes is computed once, outside of
what is timed: the embedding, the first norm, and what the frozen q, k and v of the first block make of it.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy, layer_norm, linear, rms_norm, scaled_dot_product_attention, silu

REPEATS = 3
LEAST_SECONDS = 0.3
# As many steps as are timed at the most.
TIMED_STEPS = 50


def floats(values: list, *shape: int) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32).view(*shape)


class LoraLinear(nn.Module):
    """W0·x + s·B·A·x with W0 frozen; without A and B where the layer is no target; with m, DoRA as PEFT has it."""

    def __init__(self, frozen: torch.Tensor, start: dict | None, rank: int, scaling: float, dora: bool):
        super().__init__()
        outputs, inputs = frozen.shape
        self.register_buffer("frozen", frozen)
        self.scaling = scaling
        self.a = nn.Parameter(floats(start["A"], rank, inputs)) if start else None
        self.b = nn.Parameter(floats(start["B"], outputs, rank)) if start else None
        self.m = nn.Parameter(frozen.norm(dim=1)) if start and dora else None

    def forward(self, x: torch.Tensor, plain: torch.Tensor | None = None) -> torch.Tensor:
        plain = linear(x, self.frozen) if plain is None else plain
        if self.a is None:
            return plain
        adapted = plain + linear(linear(x, self.a), self.b) * self.scaling
        if self.m is None:
            return adapted
        norm = (self.frozen + self.scaling * (self.b @ self.a)).norm(dim=1).detach()
        return adapted * (self.m / norm)


class Decoder(nn.Module):
    def __init__(self, spec: dict, variant: dict, own_attention: bool):
        super().__init__()
        shape = spec["shape"]
        self.shape, self.eps, self.own_attention = shape, spec["eps"], own_attention
        sizes = {"width": shape["width"], "hidden": shape["hidden"]}
        self.blocks = nn.ModuleList()
        for block, starts in zip(spec["blocks"], variant["start"]):
            layers = nn.ModuleDict()
            for name, values in block.items():
                columns = sizes["hidden"] if name == "down" else sizes["width"]
                frozen = floats(values, -1, columns)
                layers[name] = LoraLinear(frozen, starts.get(name), spec["rank"], variant["scaling"], spec["useDora"])
            self.blocks.append(layers)
        self.register_buffer("head", floats(spec["head"], -1, shape["width"]))
        future = torch.full((shape["sequence"], shape["sequence"]), float("-inf")).triu(1)
        self.register_buffer("future", future)

    def norm(self, x: torch.Tensor) -> torch.Tensor:
        shape = (x.shape[-1],)
        return rms_norm(x, shape, eps=self.eps) if self.shape["norm"] == "rms" else layer_norm(x, shape, eps=self.eps)

    def hoist(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The inputs, their norm, and what the frozen q, k and v of the first block make of it."""
        with torch.no_grad():
            normed = self.norm(x)
            return (x, normed, *(linear(normed, self.blocks[0][name].frozen) for name in "qkv"))

    def attention(self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        batch, sequence, width = q.shape
        heads = self.shape["heads"]
        q, k, v = (all.view(batch, sequence, heads, width // heads).transpose(1, 2) for all in (q, k, v))
        if self.own_attention:
            scores = q @ k.transpose(-1, -2) / (width // heads) ** 0.5 + self.future
            looked = torch.softmax(scores, -1) @ v
        else:
            looked = scaled_dot_product_attention(q, k, v, is_causal=True)
        return looked.transpose(1, 2).reshape(batch, sequence, width)

    def forward(self, x: torch.Tensor, normed: torch.Tensor, *plain: torch.Tensor) -> torch.Tensor:
        for block in self.blocks:
            q, k, v = (block[name](normed, known) for name, known in zip("qkv", plain or (None, None, None)))
            x = x + block["o"](self.attention(q, k, v))
            inside = self.norm(x)
            if self.shape["gated"]:
                thought = block["down"](silu(block["gate"](inside)) * block["up"](inside))
            else:
                thought = block["down"](torch.tanh(block["up"](inside)))
            x = x + thought
            normed, plain = self.norm(x), ()
        return linear(normed, self.head)


def optimizer_of(model: Decoder, spec: dict, variant: dict, setting: dict) -> torch.optim.Optimizer:
    groups = []
    for factor in "abm":
        parameters = [value for name, value in model.named_parameters() if name.endswith(f".{factor}")]
        if not parameters:
            continue
        hyper = variant[factor]
        group = {"params": parameters, "lr": hyper["lr"], "weight_decay": hyper["weightDecay"]}
        if "eps" in hyper["constants"]:
            group["eps"] = hyper["constants"]["eps"]
        groups.append(group)
    row = spec["optimizer"]["row"]
    if row == "sgd":
        for group in groups:
            group.pop("eps", None)
        return torch.optim.SGD(groups, momentum=spec["optimizer"]["momentum"], **setting)
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    if row not in kinds:
        raise SystemExit(f"the optimizer {row} is not trained here: take sgd, adam or adamw")
    return kinds[row](groups, betas=tuple(spec["optimizer"]["betas"]), **setting)


class Run:
    """One variant, ready to take its first step."""

    def __init__(self, spec: dict, variant: dict, setting: dict, own_attention: bool):
        shape, batch = spec["shape"], spec["batch"]
        draw = spec["draws"][variant["draw"]]
        self.model = Decoder(spec, variant, own_attention)
        inputs = floats(draw["inputs"], -1, batch, shape["sequence"], shape["width"])
        targets = torch.tensor(draw["targets"]).view(-1, batch * shape["sequence"])
        self.lessons = [(self.model.hoist(x), wanted) for x, wanted in zip(inputs, targets)]
        self.optimizer = optimizer_of(self.model, spec, variant, setting)
        self.parameters = [value for value in self.model.parameters() if value.requires_grad]
        self.loss_unit = spec["lossUnit"]
        self.max_norm = variant["maxGradNorm"]

    def train(self, steps: int) -> torch.Tensor:
        losses = []
        for step in range(steps):
            known, targets = self.lessons[step % len(self.lessons)]
            loss = cross_entropy(self.model(*known).view(len(targets), -1), targets)
            self.optimizer.zero_grad(set_to_none=True)
            (loss * self.loss_unit).backward()
            if self.max_norm is not None:
                torch.nn.utils.clip_grad_norm_(self.parameters, self.max_norm)
            self.optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


def seconds(spec: dict, setting: dict, own_attention: bool, variants: list[dict], steps: int) -> float:
    """How long the variants train, one after the other, without what happens before their first step."""
    runs = [Run(spec, variant, setting, own_attention) for variant in variants]
    start = time.perf_counter()
    for run in runs:
        run.train(steps)
    return time.perf_counter() - start


def settings() -> list[tuple[str, dict, bool]]:
    optimizers = [("fused", {"fused": True}), ("foreach", {"foreach": True}), ("plain", {"foreach": False})]
    return [
        (f"{name}, {'attention spelled out' if own else 'torch’s attention'}", setting, own)
        for name, setting in optimizers
        for own in (False, True)
    ]


def main(path: str, threads: str, *options: str) -> None:
    torch.set_num_threads(int(threads))
    with open(path) as file:
        spec = json.load(file)
    variants = spec["variants"]
    # The run that is compared: nothing fused, attention as the definition has it.
    losses = [Run(spec, variant, {"foreach": False}, True).train(spec["steps"]).tolist() for variant in variants]
    if "--losses" in options:
        print(json.dumps({"losses": losses}))
        return
    steps = min(TIMED_STEPS, spec["steps"])
    tried = [(seconds(spec, setting, own, variants[:1], steps), name, setting, own) for name, setting, own in settings()]
    _, name, setting, own = min(tried, key=lambda one: one[0])
    best, begun, repeats = float("inf"), time.perf_counter(), 0
    while repeats < REPEATS or time.perf_counter() - begun < LEAST_SECONDS:
        best = min(best, seconds(spec, setting, own, variants, steps))
        repeats += 1
    speed = len(variants) * steps / best
    print(json.dumps({"threads": int(threads), "setting": name, "variantStepsPerSecond": speed, "losses": losses}))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit("usage: python transformer.py SPEC.json THREADS [--losses]")
    main(*sys.argv[1:])
