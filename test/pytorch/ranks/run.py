"""A's rows repeated m times: with the product's numbers the run at m times the rank is the same run, in float64 and to rounding."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

import peft
import torch
import transformers
from judge import DOUBLE, Difference, Outcome, apart, far, is_rounding

STEPS = 12
CLIPPED = 1e-4
"""torch adds 1e-6 to the norm that it divides by, and its norms here are from 0.05 on."""
ROUNDS = {"muon": 1.0, "asgd": 1e-6}
"""torch's Muon orthogonalises in bfloat16, so that its controls alone decide; its ASGD keeps the rate in float32."""
QUICK = ("adamw", "sgd")
Numbers = dict[str, float]
Losses = tuple[list[float], dict[str, torch.Tensor]]


def of_package(package: str, name: str, **fixed: Any) -> Callable[[Any, Numbers], torch.optim.Optimizer]:
    def make(parameters: Any, n: Numbers) -> torch.optim.Optimizer:
        return getattr(__import__(package), name)(parameters, lr=n["learningRate"], weight_decay=n["weightDecay"], eps=n["eps"], **fixed)

    return make


plain = lambda name: lambda p, n: getattr(torch.optim, name)(p, lr=n["learningRate"], weight_decay=n["weightDecay"], eps=n["eps"])
FACTORED = {"relative_step": False, "warmup_init": False}


def adafactor(p: Any, n: Numbers, scales: bool) -> torch.optim.Optimizer:
    eps = (n["eps"], n.get("epsRms", 1e-3))
    rates = {"lr": n["learningRate"], "weight_decay": n["weightDecay"]}
    return transformers.optimization.Adafactor(p, eps=eps, scale_parameter=scales, **rates, **FACTORED)


def sgd(p: Any, n: Numbers) -> torch.optim.Optimizer:
    return torch.optim.SGD(p, lr=n["learningRate"], weight_decay=n["weightDecay"], momentum=0.9)


def asgd(p: Any, n: Numbers) -> torch.optim.Optimizer:
    return torch.optim.ASGD(p, lr=n["learningRate"], weight_decay=n["weightDecay"], lambd=n["lambd"])


def rprop(p: Any, n: Numbers) -> torch.optim.Optimizer:
    return torch.optim.Rprop(p, lr=n["learningRate"], step_sizes=(n["stepMin"], n["stepMax"]))


def adagrad(p: Any, n: Numbers) -> torch.optim.Optimizer:
    start = {"initial_accumulator_value": n["initialAccumulator"]}
    return torch.optim.Adagrad(p, lr=n["learningRate"], weight_decay=n["weightDecay"], eps=n["eps"], **start)


def muon(p: Any, n: Numbers) -> torch.optim.Optimizer:
    rates = {"lr": n["learningRate"], "weight_decay": n["weightDecay"], "eps": n["eps"]}
    return torch.optim.Muon(p, adjust_lr_fn="match_rms_adamw", **rates)


def schedule_free(p: Any, n: Numbers) -> torch.optim.Optimizer:
    optimizer = of_package("schedulefree", "AdamWScheduleFree")(p, n)
    optimizer.train()
    return optimizer


def prodigy(p: Any, n: Numbers) -> torch.optim.Optimizer:
    from prodigyopt import Prodigy

    return Prodigy(p, lr=n["learningRate"], weight_decay=n["weightDecay"], eps=n["eps"], d0=n["d0"])


def came(p: Any, n: Numbers) -> torch.optim.Optimizer:
    from came_pytorch import CAME

    return CAME(p, lr=n["learningRate"], weight_decay=n["weightDecay"], eps=(n["eps"], 1e-16), betas=(0.9, 0.999, 0.9999))


def lion(p: Any, n: Numbers) -> torch.optim.Optimizer:
    from lion_pytorch import Lion

    return Lion(p, lr=n["learningRate"], weight_decay=n["weightDecay"])


OPTIMIZERS: dict[str, Callable[[Any, Numbers], torch.optim.Optimizer]] = {
    **{"adamw": plain("AdamW"), "adam": plain("Adam"), "nadam": plain("NAdam"), "adamax": plain("Adamax")},
    **{"rmsprop": plain("RMSprop"), "adadelta": plain("Adadelta"), "sgd": sgd, "asgd": asgd, "rprop": rprop},
    **{"adagrad": adagrad, "muon": muon, "schedule-free-adamw": schedule_free},
    "stable-adamw": of_package("optimi", "StableAdamW"),
    "adafactor-hf": partial(adafactor, scales=False),
    "adafactor-hf-scale": partial(adafactor, scales=True),
    **{"prodigy": prodigy, "came": came, "lion": lion},
}


def works(runs: list[dict[str, Any]], *, quick: bool) -> dict[str, Callable[[], Outcome]]:
    """
    What there is to do, by name.
    @param runs what print.ts prints
    """
    chosen = [run for run in runs if not quick or run["row"] in QUICK]
    of_alpha = {"ranks, alpha alone is another learning rate": alpha_alone}
    return {**{f"ranks, A's rows repeated, {run['row']}": partial(repeated, run) for run in chosen}, **of_alpha}


def repeated(run: dict[str, Any]) -> Outcome:
    row, at = run["row"], run["at"]
    outcome = Outcome(f"ranks, A's rows repeated, {row}")
    try:
        base = trained(row, at["1"], torch.float64)
    except ImportError as error:
        outcome.skipped = f"not installed: {error}"
        return outcome
    rounded = trained(row, at["1"], torch.float32)
    controls = [difference(rounded, trained(row, at["1"], torch.float32, nudge=seed)) for seed in (1, 2, 3, 4)]
    found = []
    for m in (2, 3, 4):
        exact = difference(base, trained(row, at[str(m)], torch.float64, rows=at["1"]["rank"]))
        single = difference(rounded, trained(row, at[str(m)], torch.float32, rows=at["1"]["rank"]))
        found.append(f"m = {m}: {exact} in float64, {single} in float32")
        if max(exact.loss, exact.learned) > (CLIPPED if at["1"]["maxGradNorm"] else ROUNDS.get(row, DOUBLE)):
            outcome.faults.append(f"m = {m}: {exact} in float64, which is no rounding")
        if not is_rounding(single, controls):
            outcome.faults.append(f"m = {m}: {single} in float32, above its controls ({controls[0]})")
    outcome.note = "; ".join(found)
    return outcome


def trained(row: str, n: Numbers, dtype: torch.dtype, rows: int | None = None, nudge: int | None = None) -> Losses:
    """Twelve steps of PEFT's LoRA with the Trainer. `rows`: A's first rows are repeated; `nudge`: A moves by one ulp."""
    model = model_of(n).to(dtype)
    noise = torch.Generator().manual_seed(nudge or 0)
    for name, p in model.named_parameters():
        if "lora_A" not in name:
            continue
        with torch.no_grad():
            if rows is not None:
                p.copy_(first_rows(model, name, rows).to(dtype).repeat(p.shape[0] // rows, 1))
            if nudge is not None:
                p.mul_(1 + torch.finfo(dtype).eps * (2 * torch.randint(2, p.shape, generator=noise).to(dtype) - 1))
    return run(model, OPTIMIZERS[row](trainable(model), n), n["maxGradNorm"])


def first_rows(model: torch.nn.Module, name: str, rows: int) -> torch.Tensor:
    small = dict(model_of({"rank": rows, "alpha": rows}).named_parameters())
    return small[name].detach()


def model_of(n: Numbers) -> peft.PeftModel:
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = transformers.LlamaConfig(**sizes, num_key_value_heads=2, vocab_size=64, initializer_range=0.2)
    base = transformers.LlamaForCausalLM(config)
    torch.manual_seed(1)
    return peft.get_peft_model(base, peft.LoraConfig(r=n["rank"], lora_alpha=n["alpha"], target_modules=["q_proj", "v_proj", "up_proj"]))


def trainable(model: torch.nn.Module) -> list[torch.nn.Parameter]:
    return [p for p in model.parameters() if p.requires_grad]


def run(model: peft.PeftModel, optimizer: torch.optim.Optimizer, clip: float) -> Losses:
    tokens = torch.randint(64, (48, 12), generator=torch.Generator().manual_seed(5))
    rows = [{"input_ids": row, "labels": row} for row in tokens]
    losses: list[float] = []

    class Recorded(transformers.Trainer):
        def compute_loss(self, *given: Any, **named: Any) -> Any:
            # The model's own loss is computed in float32, whatever its weights are.
            model, batch = given[:2]
            logits = model(input_ids=batch["input_ids"]).logits[:, :-1]
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch["labels"][:, 1:].flatten())
            losses.append(float(loss.detach()))
            return loss

    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder, contextlib.redirect_stdout(io.StringIO()):
        args = transformers.TrainingArguments(
            output_dir=folder,
            **{"max_steps": STEPS, "per_device_train_batch_size": 8, "max_grad_norm": clip, "save_strategy": "no"},
            **{"lr_scheduler_type": "constant", "report_to": [], "use_cpu": True, "disable_tqdm": True},
        )
        Recorded(model=model, args=args, train_dataset=rows, optimizers=(optimizer, None)).train()
    layers = {name: m for name, m in model.named_modules() if hasattr(m, "get_delta_weight")}
    return losses, {name: layer.get_delta_weight("default").detach() for name, layer in layers.items()}


def difference(base: Losses, other: Losses) -> Difference:
    loss = max(apart(b, o) for b, o in zip(base[0], other[0], strict=True))
    same = base[0] == other[0] and all(torch.equal(w, other[1][name]) for name, w in base[1].items())
    return Difference(same, loss, max(far(w, other[1][name]) for name, w in base[1].items()))


def alpha_alone() -> Outcome:
    """Alpha × 256 alone has the bits of lr × 16, A's init × 16, decay, eps and max grad norm ÷ 16 at the old alpha (and B ÷ 16)."""
    outcome = Outcome("ranks, alpha alone is another learning rate")
    base = {"rank": 8, "alpha": 16, "learningRate": 1e-5, "weightDecay": 0.1, "eps": 1e-8, "maxGradNorm": 0.0}

    def at(n: Numbers, init: float) -> Losses:
        model = model_of(n)
        with torch.no_grad():
            for name, p in model.named_parameters():
                if "lora_A" in name:
                    p.mul_(init)
        return run(model, OPTIMIZERS["adamw"](trainable(model), n), n["maxGradNorm"])

    alpha = at({**base, "alpha": 16 * 256}, 1)
    moved = at({**base, "learningRate": 16e-5, "weightDecay": 0.1 / 16, "eps": 1e-8 / 16}, 16)
    rate = at({**base, "learningRate": 16e-5}, 1)
    if not (found := difference(alpha, moved)).bits:
        outcome.faults.append(f"alpha × 256 alone is not the learning rate × 16 with the rest moved: {found}")
    if difference(alpha, rate).bits:
        outcome.faults.append("the learning rate alone has the same bits")
    if alpha[0][0] == alpha[0][-1]:
        outcome.faults.append("nothing was trained")
    outcome.note = f"losses {alpha[0][0]:.4f} to {alpha[0][-1]:.4f}; the learning rate × 16 alone: {difference(alpha, rate)}"
    return outcome
