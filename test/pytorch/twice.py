"""A script that is rescaled twice: the second plan continues the first, and changes its code where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from cell import Cell, filled
from cells.templates import NO_CLIP, loop_script, trainer_script
from judge import BITS_AT, Judge, Outcome
from placing import placed
from product import Answer, Plan, Product

SCRIPTS = {
    "a Trainer": trainer_script(args=f"{NO_CLIP}\nweight_decay=0.1,"),
    "a loop": loop_script(),
    "SFTTrainer": filled("trl_script", kind="SFT", data="texts", lora="", model="llama"),
}


def works(judge: Judge) -> dict[str, Callable[[], Outcome]]:
    """By 4 and then 4 (16 -> 64 -> 256), 0.25 (back to 16) or 0.5 (32), which is within rounding."""
    cells = {k: [Cell(f"rescaled twice: {kind}, by 4 and {k:g}", text) for kind, text in SCRIPTS.items()] for k in (4.0, 0.25, 0.5)}
    return {cell.name: partial(replace(judge, product=Twice(judge.product, k)).judged, cell) for k in cells for cell in cells[k]}


@dataclass
class Twice(Product):
    """Answers with the plan that follows after the first was carried to its end, as if both were one."""

    product: Product
    second: float

    def plans(self, path: str, text: str, ks: tuple[float, ...], index: int) -> Answer:
        once = self.symmetric(path, text, 4.0, index)
        plan = self.symmetric(path, placed(once.text or "", once.code or ""), self.second, index)
        assert plan.text and plan.text.count("div_(") == 1, "the code is not changed in its place"
        # The judge wants bits at its powers of four.
        return Answer((), None, {BITS_AT[0] if self.second != 0.5 else 2.0: [replace(plan, code=None)]})

    def symmetric(self, path: str, text: str, k: float, index: int) -> Plan:
        return next(plan for plan in self.product.plans(path, text, (k,), index).plans[k] if plan.id == "symmetric")
