"""Trains every plan of a file beside the original file."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from typing import Any

import torch
from product import Plan, Product
from tiny_models import Tiny

CLIPPED = 1e-5
"""Largest relative difference of runs that clip. Their bits differ: torch adds 1e-6 to the norm that it divides by."""

STEPS = 6
Runs = tuple[torch.Tensor, torch.Tensor]
"""The losses, and what the trained network adds to the output of the model for a probe."""

Train = Callable[[str, str | None], Runs]
"""Trains a file with the printed code."""

SetUp = Callable[[Any, Any], tuple[Callable[[torch.Tensor], None], contextlib.AbstractContextManager[Any]]]
"""Adapts a model and its encoder. Returns a step of training on a loss, and what the network is on within."""


def recorded(tiny: Tiny, set_up: SetUp) -> Runs:
    model, encoder = tiny.models()
    probe = tiny.sample(10_000)
    before = tiny.output(model, encoder, probe).detach()
    torch.manual_seed(1)
    step, network = set_up(model, encoder)
    losses = []
    for number in range(STEPS):
        batch = tiny.sample(number)
        with network:
            loss = (tiny.output(model, encoder, batch) - batch[3]).pow(2).mean()
        step(loss)
        losses.append(loss.detach())
    with network:
        return torch.stack(losses), tiny.output(model, encoder, probe).detach() - before


def judge_all(
    product: str,
    words: list[str],
    cells: dict[str, str],
    path: str,
    train: Train,
    missing: Callable[[str], str | None] = lambda _: None,
    more: Callable[[Product], bool] | None = None,
) -> int:
    """
    The exit status of a program: 1 where a plan called exact was not.

    `words`: what the names of cells must hold; `more`, which finds what else is false, is asked only without. `cells`: files
    by name; the names of those that clip end in `, clipped`. `path`: what each file is called. `missing`: why the file of a
    cell cannot be trained here.
    """
    torch.set_num_threads(1)
    logging.disable()
    server = Product(product)
    false = 0
    for name, text in cells.items():
        if not all(word in name for word in words):
            continue
        why = missing(text)
        if why:
            print(f"skipped {name}: {why}")
        else:
            false += judged(server, name, path, text, train)
    false += more(server) if more and not words else 0
    server.close()
    return 1 if false else 0


def judged(server: Product, name: str, path: str, text: str, train: Train) -> int:
    """Prints a line for each plan at k = 4 and 1/4. Returns how many plans were called `exact` and were not."""
    base = train(text, None)
    answer = server.plans(path, text, (4.0, 0.25), 0)
    false = 0
    for k, plans in answer.plans.items():
        if not plans:
            print(f"{name}, k = {k}: no plan: {answer.refusal or ', '.join(answer.findings)}")
        for plan in plans:
            if plan.text is None:
                print(f"{name}, k = {k}, {plan.id}: {plan.exactness}, not written: {plan.refusal}")
            else:
                there = train(plan.text, plan.code)
                false += is_false(f"{name}, k = {k}, {plan.id}", plan, base, there, name.endswith(", clipped"))
    return false


def is_false(name: str, plan: Plan, base: Runs, there: Runs, clips: bool) -> bool:
    same = all(torch.equal(one, other) for one, other in zip(base, there, strict=True))
    apart = float((there[1] - base[1]).norm() / base[1].norm())
    false = plan.exactness == "exact" and not (same or (clips and apart < CLIPPED))
    how = "bits" if same else f"{apart:.1e} of what was learned"
    print(f"{name}: {plan.exactness}, {how}{' <<<< FALSE' if false else ''}", flush=True)
    return false
