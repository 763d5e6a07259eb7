"""Converts checkpoints of two matrices under every optimizer whose state is known, and refuses all others."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import runpy
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import lion_pytorch
import torch
import transformers
from judge import Claim, Outcome
from safetensors.torch import load_file, save_file

A, B = "base_model.model.layer.lora_A.weight", "base_model.model.layer.lora_B.weight"
RANK, STEPS, SAVED = 4, 12, 6
Make = Callable[[Any], torch.optim.Optimizer]
COUPLED = {"lr": 0.02, "weight_decay": 0.1}

# Constants that are large enough to be seen.
SCALED = {"scale_parameter": True, "relative_step": False, "beta1": 0.9, "eps": (1e-3, 1.0)}
UNSCALED = {**SCALED, "scale_parameter": False}
OPTIMIZERS: dict[str, Make] = {
    "adam": lambda groups: torch.optim.Adam(groups, eps=1e-3, **COUPLED),
    "adamw": lambda groups: torch.optim.AdamW(groups, eps=1e-3, amsgrad=True, **COUPLED),
    "adamax": lambda groups: torch.optim.Adamax(groups, eps=1e-3, **COUPLED),
    "nadam": lambda groups: torch.optim.NAdam(groups, eps=1e-3, **COUPLED),
    "nadam-decoupled": lambda groups: torch.optim.NAdam(groups, eps=1e-3, decoupled_weight_decay=True, **COUPLED),
    "sgd": lambda groups: torch.optim.SGD(groups, momentum=0.9, **COUPLED),
    "asgd": lambda groups: torch.optim.ASGD(groups, lambd=0.1, t0=2, **COUPLED),
    "adadelta": lambda groups: torch.optim.Adadelta(groups, eps=1e-3, **COUPLED | {"lr": 1.0}),
    "rmsprop": lambda groups: torch.optim.RMSprop(groups, eps=1e-3, momentum=0.9, centered=True, **COUPLED),
    "adagrad": lambda groups: torch.optim.Adagrad(groups, eps=1e-3, initial_accumulator_value=0.1, **COUPLED),
    "rprop": lambda groups: torch.optim.Rprop(groups, lr=0.02, step_sizes=(1e-3, 0.05)),
    "lion": lambda groups: lion_pytorch.Lion(groups, **COUPLED),
    "adafactor-hf": lambda groups: transformers.Adafactor(groups, **UNSCALED, **COUPLED),
    "adafactor-hf-scale": lambda groups: transformers.Adafactor(groups, **SCALED, **COUPLED),
}


def convert(text: str, old: Path, new: Path) -> tuple[int, str]:
    """The exit status of a file that runs in this process, and what it says of an error."""
    file, said, status = new.with_name("convert.py"), io.StringIO(), 0
    file.write_text(text)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        with mock.patch.object(sys, "argv", [str(file), str(old), str(new)]):
            try:
                runpy.run_path(str(file), run_name="__main__")
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
    return status, said.getvalue()


def of_row(one: dict[str, Any]) -> Outcome:
    """Twelve steps, against six of them and six from the converted checkpoint."""
    outcome = Outcome(f"resumed {one['row']}, {one['gauge']}")
    make, grouped = OPTIMIZERS[one["row"]], one["gauge"] != "symmetric"
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as folder:
        old, new = Path(folder) / "old", Path(folder) / "new"
        whole = run(make, grouped, STEPS)
        run(make, grouped, SAVED, out=old)
        status, said = convert(one["text"], old, new)
        assert status == 0, said
        resumed = run(make, grouped, STEPS - SAVED, at=new)
        left = Path(folder) / "left"
        assert convert(re.sub(r"^STATE = \{.*?\}", without_powers, one["text"], flags=re.M | re.S), old, left)[0] == 0
        if whole[SAVED:] == run(make, grouped, STEPS - SAVED, at=left):
            outcome.faults.append("the same bits, although the state is left as it is")
    is_true = whole[SAVED:] == resumed
    happened = "the losses of the run that was not interrupted" if is_true else f"{whole[SAVED:]}, not {resumed}"
    outcome.claims.append(Claim("converted checkpoint", 4, "exact", happened, is_true, is_exact=is_true))
    if len(set(whole)) < STEPS:
        outcome.faults.append("the run does not move")
    return outcome


def without_powers(line: re.Match[str]) -> str:
    return re.sub(r": -?\d", ": 0", line[0])


def run(make: Make, grouped: bool, steps: int, *, out: Path | None = None, at: Path | None = None) -> list[float]:
    """The losses of a run from the start, or from a checkpoint; it is saved as the Trainer saves one."""
    noise = torch.Generator().manual_seed(1)
    x, y = torch.randn(16, 6, generator=noise), torch.randn(16, 8, generator=noise)
    start = {A: torch.randn(RANK, 6, generator=noise), B: torch.randn(8, RANK, generator=noise) / 8}
    tensors = load_file(at / "adapter_model.safetensors") if at else start
    a, b = (torch.nn.Parameter(tensors[name].clone()) for name in (A, B))
    alpha = json.loads((at / "adapter_config.json").read_text())["lora_alpha"] if at else 8
    optimizer = make([{"params": [a]}, {"params": [b]}] if grouped else [{"params": [a, b]}])
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / 16)
    if at:
        optimizer.load_state_dict(torch.load(at / "optimizer.pt", weights_only=True))
        schedule.load_state_dict(torch.load(at / "scheduler.pt", weights_only=True))
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = (x @ a.T @ b.T * (alpha / RANK) - y).square().mean()
        loss.backward()
        optimizer.step(), schedule.step(), losses.append(loss.item())
    if out:
        out.mkdir()
        save_file({A: a.data, B: b.data}, out / "adapter_model.safetensors", {"format": "pt"})
        config = {"peft_type": "LORA", "r": RANK, "lora_alpha": alpha, "alpha_pattern": {"layer": 2 * alpha}}
        (out / "adapter_config.json").write_text(json.dumps(config))
        torch.save(optimizer.state_dict(), out / "optimizer.pt")
        torch.save(schedule.state_dict(), out / "scheduler.pt")
    return losses


class Pickled:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.folder,)


def refusals(files: list[dict[str, Any]]) -> Outcome:
    """What is not known is refused in one sentence, and nothing is written or executed."""
    outcome = Outcome("resumed, what cannot be converted")
    text = {(one["row"], one["gauge"]): one["text"] for one in files}
    with tempfile.TemporaryDirectory(prefix="lora-alpha.") as name:
        folder, evil = Path(name), Pickled()
        evil.folder = str(folder / "executed")
        quantised = {"step": 3, "state1": torch.zeros(4, 6, dtype=torch.uint8)}

        def state(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], Any]:
            def changed(old: Path) -> None:
                saved = torch.load(old / "optimizer.pt", weights_only=True)
                change(saved)
                torch.save(saved, old / "optimizer.pt")

            return changed

        def config(**values: Any) -> Callable[[Path], Any]:
            def changed(old: Path) -> None:
                file = old / "adapter_config.json"
                file.write_text(json.dumps(json.loads(file.read_text()) | values))

            return changed

        def tensor(key: str) -> Callable[[Path], Any]:
            tensors = {A: torch.zeros(4, 6), key: torch.zeros(8, 4)}
            return lambda old: save_file(tensors, old / "adapter_model.safetensors")

        adamw, split = ("adamw", "symmetric"), ("adamw", "keep-init")
        cases: list[tuple[str, tuple[str, str], Callable[[Path], Any], str]] = [
            ("8-bit", adamw, state(lambda saved: saved["state"].update({0: quantised})), "unknown state state1"),
            ("sgd", ("sgd", "symmetric"), lambda old: None, "unknown state"),
            ("adam", ("adam", "symmetric"), lambda old: None, "decoupled_weight_decay is True"),
            ("number", adamw, state(lambda saved: saved["param_groups"][0].update(d0=1e-6)), "unknown number d0"),
            ("groups", split, lambda old: None, "change by 2 factors"),
            ("fewer", adamw, state(lambda saved: saved["param_groups"][0]["params"].pop()), "1 parameters, which are not"),
            ("shape", split, state(lambda saved: saved["state"].clear()), "of shape None may be several tensors"),
            ("pickle", adamw, lambda old: torch.save({"state": evil}, old / "optimizer.pt"), "cannot be read as plain data"),
            ("alpha", adamw, config(lora_alpha=9), "lora_alpha is 9; this file converts 8"),
            ("rank", adamw, config(r=5), "r is 5; this file converts 4"),
            ("init", adamw, config(init_lora_weights="olora"), "init_lora_weights is olora"),
            ("init from data", adamw, config(init_lora_weights="eva"), "init_lora_weights is eva"),
            ("half a conversion", adamw, lambda old: old.with_name("new.part").mkdir(), "new.part exists"),
            ("method", adamw, config(peft_type="LOHA"), "peft_type is LOHA"),
            ("tensor", adamw, tensor("base_model.model.layer.lora_E"), "unknown tensor base_model.model.layer.lora_E"),
            ("no schedule", adamw, lambda old: (old / "scheduler.pt").unlink(), "belong together"),
            ("no weights", adamw, lambda old: (old / "adapter_model.safetensors").unlink(), "there is no such file"),
            ("sharded", adamw, lambda old: (old / "global_step3").mkdir(), "only one adapter"),
            ("there already", adamw, lambda old: old.with_name("new").mkdir(), "exists; choose another folder"),
        ]
        for number, (case, key, change, sentence) in enumerate(cases):
            (folder / str(number)).mkdir()
            old, new = folder / str(number) / "old", folder / str(number) / "new"
            run(OPTIMIZERS["adamw"], False, SAVED, out=old)
            change(old)
            status, said = convert(text[key], old, new)
            if status != 64 or sentence not in said or len(said.strip().splitlines()) != 1:
                outcome.faults.append(f"{case}: status {status}, {said}")
            if new.exists() and any(new.iterdir()) or case != "half a conversion" and new.with_name("new.part").exists():
                outcome.faults.append(f"{case}: something was written")
        full, (old, new) = text[adamw].replace("torch.save(data,", "torch.write(data,"), (folder / "old", folder / "new")
        run(OPTIMIZERS["adamw"], False, SAVED, out=old)
        if convert(full, old, new)[0] != 64 or new.exists():
            outcome.faults.append("a conversion that failed in the middle looks like a checkpoint")
        if "new.part" not in convert(text[adamw], old, new)[1] or new.exists():
            outcome.faults.append("what a conversion that failed has left is not named by the next")
        if (folder / "executed").exists():
            outcome.faults.append("a pickle was executed")
    return outcome
