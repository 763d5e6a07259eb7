"""Checkpoints that are resumed at another alpha: converted they have the bits of the run that was not interrupted."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import peft
import torch
import transformers
from judge import Claim, Outcome
from peft.optimizers import create_loraplus_optimizer
from resumed.by_hand import convert, of_row, refusals

STEPS, SAVED = 6, 3
LORA = {"r": 8, "target_modules": ["q_proj", "v_proj"]}
ARGUMENTS = {"learningRate": "learning_rate", "weightDecay": "weight_decay", "eps": "adam_epsilon"}


def works(files: dict[str, Any]) -> dict[str, Callable[[], Outcome]]:
    """
    What there is to do, by name.
    @param files what print.ts prints
    """
    rows = {f"resumed {one['row']}, {one['gauge']}": partial(of_row, one) for one in files["rows"]}
    return {
        **{f"resumed {one['name']} with the Trainer": partial(with_trainer, one) for one in files["trainers"]},
        **rows,
        "resumed, what cannot be converted": partial(refusals, files["rows"]),
        "resumed, whose scaling counts": whose_scaling,
    }


def with_trainer(one: dict[str, Any]) -> Outcome:
    """Six steps at alpha 16, against three of them and three at alpha 64 from the converted checkpoint."""
    outcome = Outcome(f"resumed {one['name']} with the Trainer")
    # keep-init leaves the learning rate alone, so the plan does not name it.
    base, new = ({"learningRate": 2e-3, **{field: pair[side] for field, pair in one["changes"].items()}} for side in (0, 1))
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        whole = trained(one["name"], base, Path(folder) / "whole")
        old, moved = Path(folder) / "whole" / f"checkpoint-{SAVED}", Path(folder) / "moved"
        with_state(old, best_model_checkpoint=str(old), best_metric=1.0, best_global_step=SAVED)
        status, said = convert(one["text"], old, moved)
        assert status == 0, said
        if any(with_state(moved)[f"best_{key}"] is not None for key in ("model_checkpoint", "metric", "global_step")):
            outcome.faults.append("the best model, which the Trainer loads at the end, has the old alpha")
        states = Path(folder) / "states"
        shutil.copytree(moved, states)
        for name in ("optimizer.pt", "scheduler.pt"):
            shutil.copy(old / name, states / name)
        resumed = trained(one["name"], new, Path(folder) / "resumed", moved)
        unmoved = trained(one["name"], new, Path(folder) / "unmoved", states)
        alone = trained(one["name"], new, Path(folder) / "alone", old)
    is_true = is_same(whole, resumed)
    happened = "the losses and ΔW of the run that was not interrupted" if is_true else f"{whole[0]}, not {resumed[0]}"
    outcome.claims.append(Claim("converted checkpoint", 4, "exact", happened, is_true, is_exact=is_true))
    for name, run in {"the optimizer's state is not converted": unmoved, "nothing is": alone}.items():
        if is_same(whole, run):
            outcome.faults.append(f"the same bits, although {name}")
    return outcome


def with_state(checkpoint: Path, **changed: Any) -> dict[str, Any]:
    """What the Trainer noted of a run, after changing it."""
    file = checkpoint / "trainer_state.json"
    state = {**json.loads(file.read_text()), **changed}
    file.write_text(json.dumps(state))
    return state


Trained = tuple[list[float], dict[str, torch.Tensor]]


def is_same(one: Trained, other: Trained) -> bool:
    return one[0] == other[0] and all(torch.equal(w, other[1][name]) for name, w in one[1].items())


def model_at(alpha: float, rank: int = LORA["r"], init: str | bool = True) -> peft.PeftModel:
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = transformers.LlamaConfig(**sizes, num_key_value_heads=2, vocab_size=64, initializer_range=0.2)
    base = transformers.LlamaForCausalLM(config)
    return peft.get_peft_model(base, peft.LoraConfig(**LORA | {"r": rank}, lora_alpha=alpha, init_lora_weights=init))


def delta(model: peft.PeftModel) -> dict[str, torch.Tensor]:
    layers = {name: m for name, m in model.named_modules() if hasattr(m, "get_delta_weight")}
    return {name: layer.get_delta_weight("default").detach() for name, layer in layers.items()}


def trained(name: str, numbers: dict[str, float], out: Path, resume: Path | None = None) -> Trained:
    """The losses of all six steps, those before the checkpoint as its log has them, and what was learned."""
    model = model_at(numbers["alpha"], init=name.lower() if name == "PiSSA" else True)
    tokens = torch.randint(64, (48, 12), generator=torch.Generator().manual_seed(5))
    sgd = {"optim": "sgd", "optim_args": "momentum=0.9"} if name.startswith("SGD") else {"optim": "adamw_torch"}
    args = transformers.TrainingArguments(
        output_dir=str(out),
        **{ARGUMENTS[field]: value for field, value in numbers.items() if field in ARGUMENTS},
        **sgd,
        **{"max_steps": STEPS, "save_steps": SAVED, "logging_steps": 1, "per_device_train_batch_size": 8},
        **{"max_grad_norm": 0.0, "report_to": [], "use_cpu": True, "disable_tqdm": True},
    )
    rows = [{"input_ids": row, "labels": row} for row in tokens]
    own = {"lr": numbers["learningRate"], "loraplus_lr_ratio": numbers["loraplusLrRatio"]} if name == "LoRA+" else None
    optimizer = own and create_loraplus_optimizer(model=model, optimizer_cls=torch.optim.AdamW, **own)
    trainer = transformers.Trainer(model=model, args=args, train_dataset=rows, optimizers=(optimizer, None))
    with contextlib.redirect_stdout(io.StringIO()):
        trainer.train(resume_from_checkpoint=resume and str(resume))
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(losses) == STEPS
    return losses, delta(model)


def whose_scaling() -> Outcome:
    """What the finding `adapter-differs` says of PEFT: whose numbers count, and what follows."""
    outcome = Outcome("resumed, whose scaling counts")
    old = model_at(16)
    for name, p in old.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(p.data)
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        old.save_pretrained(folder)
        new = model_at(64)
        new.load_adapter(folder, "default", is_trainable=True)
        if any(not torch.equal(w, 4 * delta(old)[name]) for name, w in delta(new).items()):
            outcome.faults.append("loaded into a model at alpha 64, ΔW is not multiplied by 4")
        try:
            model_at(16, rank=4).load_adapter(folder, "default", is_trainable=True)
            outcome.faults.append("factors of rank 8 were loaded into rank 4")
        except RuntimeError as error:
            if "size mismatch" not in str(error):
                outcome.faults.append(f"another error: {error}")
        own = peft.PeftModel.from_pretrained(model_at(64).unload(), folder, is_trainable=True)
        if any(not torch.equal(w, delta(old)[name]) for name, w in delta(own).items()):
            outcome.faults.append("from_pretrained does not take the scaling of the adapter's config")
    return outcome
