"""Asks the product for a cell's plans, trains them, and says which claims are true."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from cell import FLOAT32, Cell
from entry import ALONE, recorded
from placing import placed
from product import Plan, Product
from training import Run, script, trained

BITS_AT, ROUNDING_AT = (4.0, 0.25), 3.0
"""Factors of the scaling: powers of four commute with every rounding."""
# Float32 rounds at 6e-8; some hundred products and sums lie between A and a loss.
FLOOR_LOSS, FLOOR_LEARNED = 2e-6, 2e-5
ENVELOPE = 4.0
"""How many times the larger of two controls still counts as rounding."""
NEARLY = 1e-3
"""The largest relative difference of ΔW that `nearly` may stand for."""
ALONE_APART = 1e-2
"""How far alpha alone must take ΔW, at least: the scaling is four times what it was."""
REST = "symmetric, of the rest"
DOUBLE = 1e-9
"""The largest difference in float64 that rounding alone makes."""


@dataclass(frozen=True)
class Difference:
    """Of two runs: the largest relative difference of a loss, and of the norm of a ΔW."""

    bits: bool
    loss: float
    learned: float

    def __str__(self) -> str:
        return "the same bits" if self.bits else f"loss {self.loss:.1e}, ΔW {self.learned:.1e}"


def difference(base: Run, other: Run) -> Difference:
    if len(base.losses) != len(other.losses) or base.learned.keys() != other.learned.keys():
        return Difference(False, math.inf, math.inf)
    loss = max((apart(b, o) for b, o in zip(base.losses, other.losses)), default=0.0)
    pairs = [(value, other.learned[name]) for name, value in base.learned.items()]
    same = base.losses == other.losses and base.seal == other.seal and all(torch.equal(value, new) for value, new in pairs)
    return Difference(same, loss, max((far(value, new) for value, new in pairs), default=0.0))


def apart(base: float, other: float) -> float:
    return abs(base - other) / max(abs(base), 1e-12) if math.isfinite(other) else math.inf


def far(base: torch.Tensor, other: torch.Tensor) -> float:
    if base.shape != other.shape:
        return math.inf
    distance, size = float((other - base).norm()), float(base.norm())
    if distance == 0:
        return 0.0
    return distance / size if size > 0 and math.isfinite(distance) else math.inf


def is_rounding(found: Difference, controls: list[Difference]) -> bool:
    loss, learned = (max(getattr(c, key) for c in controls) for key in ("loss", "learned"))
    return found.loss <= max(ENVELOPE * loss, FLOOR_LOSS) and found.learned <= max(ENVELOPE * learned, FLOOR_LEARNED)


@dataclass
class Claim:
    """What the product said of a plan at one k, and what training it showed."""

    plan: str
    k: float
    says: str
    happened: str
    is_true: bool
    """Whether the plan is the same run (for `nearly`: nearly)."""
    is_exact: bool = False
    learned: float = 0.0
    changes: tuple[str, ...] = ()

    @property
    def is_false(self) -> bool:
        return self.says in ("exact", "nearly") and not self.is_true

    def __str__(self) -> str:
        mark = f"  <<<< false ({'; '.join(self.changes)})" if self.is_false else ""
        return f"k = {self.k:g}, {self.plan}: said {self.says}; {self.happened}{mark}"


@dataclass
class Outcome:
    cell: str
    note: str = ""
    claims: list[Claim] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What must come out and did not; a plan that is said to be exact and is not comes with its claims."""
    skipped: str | None = None
    refusal: str | None = None
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return bool(self.faults) or any(claim.is_false for claim in self.claims)


@dataclass
class Judge:
    product: Product
    folder: Path
    everything: bool
    """Every factor, and also plans that are called approximate: are they exact after all?"""

    def judged(self, cell: Cell) -> Outcome:
        outcome = Outcome(cell.name, cell.note)
        if missing := cell.missing():
            outcome.skipped = f"not installed: {', '.join(missing)}"
            return outcome
        base = self._train(cell, cell.text) if cell.trained else Run([0.0], {"": torch.zeros(1)})
        if not base.losses or not base.learned:
            raise ValueError(f"the base recorded {len(base.losses)} losses and {len(base.learned)} weights")
        controls: list[Difference] = []

        def envelope() -> list[Difference]:
            if not controls:
                controls.extend(difference(base, self._train(cell, cell.text, nudge=seed)) for seed in (1, 2))
            return controls

        factors = (*BITS_AT, ROUNDING_AT) if self.everything else (BITS_AT[0], ROUNDING_AT)
        answer = self.product.plans(cell.path, cell.text, factors, cell.index)
        outcome.refusal = answer.refusal
        for k, plans in answer.plans.items():
            for plan in plans:
                if self._is_asked(plan, k):
                    outcome.claims.append(self._claim(cell, base, k, plan, envelope))
        if cell.hidden:
            outcome.claims.append(self._of_the_rest(cell, base, *cell.hidden))
        if cell.ignored and not difference(base, self._train(cell, cell.text.replace(*cell.ignored))).bits:
            outcome.faults.append(f"{cell.ignored[1]} is another run, and nothing is planned")
        if cell.recorded and outcome.claims and difference(base, self._alone(cell)).learned < ALONE_APART:
            outcome.faults.append("alpha alone is the same run: this cell cannot fail")
        if cell.points_at and cell.text[: cell.text.index(cell.points_at)].count("\n") + 1 not in answer.lines:
            outcome.faults.append(f"no finding points at {cell.points_at}, but at the lines {answer.lines}")
        self._hold_against(cell, outcome)
        return outcome

    def _of_the_rest(self, cell: Cell, base: Run, hidden: str, shown: str) -> Claim:
        """What the plan would be worth if the product took no notice of what it does not understand."""
        k = BITS_AT[0]
        plans = self.product.plans(cell.path, cell.text.replace(hidden, shown), (k,), cell.index).plans[k]
        plan = next(plan for plan in plans if plan.id == "symmetric" and plan.text)
        found = difference(base, self._train(cell, (plan.text or "").replace(shown, hidden), plan.code))
        return Claim(REST, k, "of the rest", str(found), found.bits, found.bits, found.learned)

    def _alone(self, cell: Cell) -> Run:
        """Alpha alone is another: by the recorder, unless the optimizer steps where it does not look."""
        return self._train(cell, cell.text.replace(*cell.alone)) if cell.alone else self._train(cell, cell.text, plan=ALONE)

    def _is_asked(self, plan: Plan, k: float) -> bool:
        if plan.exactness != "approximate":
            return True
        return self.everything and k == BITS_AT[0] and plan.id != "lr-only"

    def _claim(self, cell: Cell, base: Run, k: float, plan: Plan, envelope: Callable[[], list[Difference]]) -> Claim:
        claim = Claim(plan.id, k, plan.exactness, "", False, changes=plan.changes)
        if plan.text is None:
            claim.says, claim.happened = "refused", f"not written: {plan.refusal}"
            return claim
        if not cell.trained:
            claim.happened, claim.is_true = f"not trained; {cell.note}", cell.may_be_exact
            return claim
        try:
            run = self._train(cell, plan.text, plan.code)
        except Exception as error:
            claim.happened = f"stopped: {type(error).__name__}: {error}"[:300]
            return claim
        found = difference(base, run)
        claim.happened, claim.learned = str(found), found.learned
        claim.is_exact = found.bits or ((k not in BITS_AT or not cell.bits) and is_rounding(found, envelope()))
        if k not in BITS_AT and not claim.is_exact and cell.unit == FLOAT32 and not cell.recorded:
            claim.is_exact = self._is_exact_in_double(cell, plan, claim)
        if k not in BITS_AT and claim.is_exact and cell.finer:
            claim.is_exact = self._is_exact_in_float32(cell, plan, claim)
        if plan.code and claim.is_exact and self.everything and k == BITS_AT[0]:
            self._would_notice(cell, base, plan)
        claim.is_true = claim.is_exact or (plan.exactness == "nearly" and found.learned <= NEARLY)
        return claim

    def _is_exact_in_double(self, cell: Cell, plan: Plan, claim: Claim) -> bool:
        """Where rounding grows faster than the controls say, float64 tells it from a wrong number."""
        try:
            base = self._train(cell, cell.text, double=True)
            found = difference(base, self._train(cell, plan.text or "", plan.code, double=True))
        except Exception:  # Data or a quantised layer that stays in float32: then float32 has decided.
            return False
        claim.happened += f"; in float64 {found}"
        return max(found.loss, found.learned) <= DOUBLE

    def _is_exact_in_float32(self, cell: Cell, plan: Plan, claim: Claim) -> bool:
        """Trains again in float32, because the rounding of a coarse format would hide a wrong eps or weight decay."""
        assert cell.finer
        base = self._train(cell, cell.text.replace(*cell.finer))
        found = difference(base, self._train(cell, (plan.text or "").replace(*cell.finer), plan.code))
        claim.happened += f"; in float32 {found}"
        return found.loss <= FLOOR_LOSS and found.learned <= FLOOR_LEARNED

    def _would_notice(self, cell: Cell, base: Run, plan: Plan) -> None:
        """A judge that cannot tell a plan without its code from the whole plan proves nothing."""
        try:
            run = self._train(cell, plan.text or "")
        except Exception:  # A rewritten file that stops without its code is another run, too.
            return
        if difference(base, run).bits:
            raise ValueError(f"{plan.id} is the same run without its code: this cell cannot fail")

    def _hold_against(self, cell: Cell, outcome: Outcome) -> None:
        low, high = cell.off or (0.0, math.inf)
        of = REST if cell.hidden else "symmetric"
        asked = [claim for claim in outcome.claims if claim.plan == of and claim.k == BITS_AT[0]]
        if wrong := [str(claim) for claim in asked if cell.off and not low <= claim.learned <= high]:
            outcome.faults.append(f"ΔW is not off by {low:g} to {high:g}: {wrong}")
        for plan in cell.exact:
            said = [claim for claim in outcome.claims if claim.plan == plan]
            if not any(claim.says == "exact" for claim in said):
                reason = outcome.refusal or next((c.happened for c in said if c.says == "refused"), None)
                outcome.faults.append(f"{plan} is not said to be exact" + (f": {reason}" if reason else ""))

    def _train(self, cell: Cell, text: str, code: str | None = None, **how: Any) -> Run:
        if cell.before:
            trained(script(cell.before, self.folder))
        if cell.recorded and cell.run:
            return recorded(cell.run(text, code, self.folder), self.folder, how.get("plan"), how.get("nudge", 0))
        execute = cell.run(text, code, self.folder) if cell.run else script(placed(text, code) if code else text, self.folder)
        return trained(execute, unit=cell.unit, **how)
