"""What LoRA Alpha plans for a file, asked of its own functions in one Node process (product.ts)."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Plan:
    """A plan at one k, with the rewritten file (None where the product refuses to write) and the code beside it."""

    id: str
    exactness: str
    changes: tuple[str, ...]
    code: str | None
    text: str | None
    refusal: str | None


@dataclass(frozen=True)
class Answer:
    lines: tuple[int, ...]
    """Of the findings."""
    refusal: str | None
    plans: dict[float, list[Plan]]
    """By k."""


class Product:
    def __init__(self, server: str) -> None:
        self.process = subprocess.Popen(
            ["node", server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def plans(self, path: str, text: str, ks: tuple[float, ...], index: int) -> Answer:
        reply = self._ask({"path": path, "text": text, "ks": ks, "index": index})
        if "error" in reply:
            raise RuntimeError(f"LoRA Alpha failed: {reply['error']}")
        refusals = [target["refusal"] for target in reply["targets"] if target["refusal"]]
        read = lambda plan: Plan(**{**plan, "changes": tuple(plan["changes"])})
        plans = {target["k"]: [read(plan) for plan in target["plans"]] for target in reply["targets"]}
        return Answer(tuple(reply["lines"]), reply["refusal"] or (refusals[0] if refusals else None), plans)

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"LoRA Alpha ended with status {self.process.wait()}")
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()
