"""Scripts with command-line options: branches that the defaults skip must not count, and branches that run must."""

from __future__ import annotations

from typing import Any

from cell import Cell
from cells.templates import loop_script

ALL = ("symmetric", "keep-init", "keep-b")
PARSER = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, default={rate})
parser.add_argument("--scale_lr", action="{scale}")
parser.add_argument("--optimizer", type=str, default="{optimizer}")
parser.add_argument("--resume_from", type=str)
args = parser.parse_known_args()[0]
"""
CHOICE = """
if args.scale_lr:
    args.learning_rate = args.learning_rate * 4
if args.optimizer.lower() == "sgd":
    optimizer_class = torch.optim.SGD
else:
    optimizer_class = torch.optim.AdamW
optimizer = optimizer_class(model.parameters(), lr=args.learning_rate, weight_decay=0.1)
if args.resume_from is not None:
    model.load_adapter(args.resume_from, adapter_name="default")
"""


def options(
    name: str, *, rate: str = "2e-3", scale: str = "store_true", optimizer: str = "AdamW", **cell: Any
) -> Cell:
    parser = PARSER.format(rate=rate, scale=scale, optimizer=optimizer)
    return Cell(f"options: {name}", loop_script(imports=parser, optimizer=CHOICE), **{"exact": ALL, **cell})


CELLS = [
    options("defaults that leave branches out", quick=True),
    options("a default that takes another optimizer", rate="0.1", optimizer="sgd"),
    # The default of the learning rate is used in two places, so no plan that changes it is written.
    options("a flag that is on scales the rate", rate="5e-4", scale="store_false", exact=("keep-init", "keep-b")),
]
