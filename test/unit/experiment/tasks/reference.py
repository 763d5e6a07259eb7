"""Makes reference.json: an MLP trained in float64 with PEFT's own LoRA and DoRA layers, mini-batches, dropout and both clips.

    python3.11 -m venv VENV
    VENV/bin/pip install torch==2.13.0 peft==0.21.2
    VENV/bin/python test/unit/experiment/tasks/reference.py

The masks are drawn here and handed to PEFT in place of its dropout, so that they can be handed to others as well.
`losses[t]` is the loss before step t + 1; `final` are the trained matrices after the last step. B has numbers of its own,
so that a mix-up shows.
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model

OUT = Path(__file__).with_name("reference.json")
WIDTHS = [4, 6, 5, 4]
BATCH, BATCHES, RANK, ALPHA, STEPS, DROPOUT = 3, 2, 2, 6, 7, 0.25
NAMES = [str(i + 1) for i in range(len(WIDTHS) - 1)]

CASES = [
    {"id": f"{'dora' if dora else 'lora'}-{'dropout' if dropout else 'plain'}-{opt}", **rest}
    for dora in (False, True)
    for dropout in (False, True)
    for opt, lr, decay, value, norm in (
        ("sgd", 0.05, 0.0, None, None),
        ("sgd-clipped", 0.3, 0.0, 0.02, 0.05),
        ("adamw", 0.01, 0.1, 0.02, 0.05),
    )
    for rest in [
        {
            "useDora": dora,
            "dropout": dropout,
            "row": opt.split("-")[0],
            "lr": lr,
            "weightDecay": decay,
            "maxGradValue": value,
            "maxGradNorm": norm,
        }
    ]
]


class Given(torch.nn.Module):
    """Multiplies by the mask of the step that is on."""

    def __init__(self, masks):
        super().__init__()
        self.masks, self.step = masks, 0

    def forward(self, x):
        return x * self.masks[self.step]


class Mlp(torch.nn.Module):
    def __init__(self, weights):
        super().__init__()
        for name, weight in zip(NAMES, weights):
            layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
            layer.weight.data = weight.clone()
            setattr(self, f"layer{name}", layer)

    def forward(self, x):
        for i, name in enumerate(NAMES):
            x = getattr(self, f"layer{name}")(x if i == 0 else torch.tanh(x))
        return x


def flat(tensor):
    """All elements, to twelve digits."""
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


def drawn():
    torch.manual_seed(4)
    number = lambda *shape: torch.randn(*shape).double()
    shapes = list(zip(WIDTHS[1:], WIDTHS))
    keep = lambda *shape: (torch.rand(*shape) >= DROPOUT).double() / (1 - DROPOUT)
    return {
        "x": number(BATCHES, BATCH, WIDTHS[0]),
        "y": number(BATCHES, BATCH, WIDTHS[-1]),
        "w0": [number(out, into) / into**0.5 for out, into in shapes],
        "a": [number(RANK, into) / into**0.5 for _, into in shapes],
        "b": [number(out, RANK) / 4 for out, _ in shapes],
        "masks": [[keep(BATCH, into) for _ in range(STEPS)] for _, into in shapes],
    }


def trained(start, case):
    config = LoraConfig(
        r=RANK,
        lora_alpha=ALPHA,
        target_modules=[f"layer{name}" for name in NAMES],
        use_dora=case["useDora"],
        lora_dropout=DROPOUT if case["dropout"] else 0.0,
    )
    model = get_peft_model(Mlp(start["w0"]).double(), config)
    layers = [getattr(model.base_model.model, f"layer{name}") for name in NAMES]
    for layer, a, b, masks in zip(layers, start["a"], start["b"], start["masks"]):
        layer.lora_A["default"].weight.data = a.clone()
        layer.lora_B["default"].weight.data = b.clone()
        if case["dropout"]:
            layer.lora_dropout["default"] = Given(masks)
    parameters = [p for p in model.parameters() if p.requires_grad]
    if case["row"] == "sgd":
        optimizer = torch.optim.SGD(parameters, lr=case["lr"])
    else:
        optimizer = torch.optim.AdamW(parameters, lr=case["lr"], weight_decay=case["weightDecay"])
    losses = []
    for step in range(STEPS):
        for layer in layers:
            if case["dropout"]:
                layer.lora_dropout["default"].step = step
        batch = step % BATCHES
        loss = torch.nn.functional.mse_loss(model(start["x"][batch]), start["y"][batch])
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        if case["maxGradValue"] is not None:
            torch.nn.utils.clip_grad_value_(parameters, case["maxGradValue"])
        if case["maxGradNorm"] is not None:
            torch.nn.utils.clip_grad_norm_(parameters, case["maxGradNorm"])
        optimizer.step()
    final = {}
    for name, layer in zip(NAMES, layers):
        final[f"A{name}"] = flat(layer.lora_A["default"].weight)
        final[f"B{name}"] = flat(layer.lora_B["default"].weight)
        if case["useDora"]:
            final[f"m{name}"] = flat(layer.lora_magnitude_vector["default"].weight)
    return {**case, "losses": losses, "final": final}


def main():
    start = drawn()
    # Both sides start from the same float32 numbers.
    rounded = lambda value: [rounded(v) for v in value] if isinstance(value, list) else value.float().double()
    start = {name: value if name == "masks" else rounded(value) for name, value in start.items()}
    lists = lambda value: [lists(v) for v in value] if isinstance(value, list) else flat(value)
    sizes = {"widths": WIDTHS, "batch": BATCH, "batches": BATCHES, "rank": RANK, "scaling": ALPHA / RANK, "steps": STEPS}
    document = {
        **sizes,
        "start": {name: lists(value) for name, value in start.items()},
        "cases": [trained(start, case) for case in CASES],
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")) + "\n")


main()
