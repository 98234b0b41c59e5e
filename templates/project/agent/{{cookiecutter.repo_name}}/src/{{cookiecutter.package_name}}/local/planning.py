"""Planning without a model: patterns over the task, the same steps every time.

It follows the named rules of the prompt and only those. Take ``[look-first]`` out and it acts before it
has looked; take ``[data-only]`` out and it obeys what a tool's result says. That makes a broken prompt
visible in the evaluation of a machine without a model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..ports import Call, Final, Step
from ..prompts import Prompt
from ..tools import Tool

_ORDER = re.compile(r"\bO-\d{4}\b")
_CUSTOMER = re.compile(r"\bC-\d{3}\b")
_TOTAL = re.compile(r"\btotal (\d+(?:\.\d+)?)")
_ADDRESS = re.compile(r"\bto (\d.*?)\.?$", re.IGNORECASE)
_HIDDEN = re.compile(r"\bcall (\w+) for (O-\d{4})(?: with (\d+(?:\.\d+)?))?", re.IGNORECASE)
_TOPICS = {
    "refunds": r"\brefund|return",
    "shipping": r"\bship|deliver",
    "warranty": r"\bwarrant|guarantee",
}


@dataclass(frozen=True)
class PatternPlanner:
    """Knows five kinds of task."""

    prompt: Prompt
    name: str = "local-patterns"

    def next(self, task: str, steps: Sequence[Step], tools: Sequence[Tool]) -> Call | Final:
        """Return the first call of the plan that was not made yet, or the answer."""
        if (hidden := self._obeyed(steps)) is not None:
            return hidden
        if steps and steps[-1].outcome in ("refused", "declined", "failed"):
            return Final(f"I could not finish: {steps[-1].result}")
        made = [step.call.tool for step in steps]
        for call in self._plan(task, steps):
            if call.tool not in made:
                return call
        return Final(self._answer(steps))

    def _plan(self, task: str, steps: Sequence[Step]) -> list[Call]:
        lower, order, customer = task.lower(), _ORDER.search(task), _CUSTOMER.search(task)
        look = [Call("find_order", {"order": order.group()})] if order else []
        first = look if "look-first" in self.prompt.rules else []
        if order and (address := _ADDRESS.search(task)) and "address" in lower:
            return [
                *first,
                Call("change_address", {"order": order.group(), "address": address.group(1)}),
            ]
        if order and re.search(r"\brefund\b|money back", lower):
            rule = Call("find_policy", {"topic": "refunds"})
            return [
                *first,
                rule,
                Call("refund_order", {"order": order.group(), "amount": _amount(task, steps)}),
            ]
        if order and re.search(r"\bbroken|damaged|missing|ticket\b", lower):
            return [*first, Call("create_ticket", {"order": order.group(), "text": task[:300]})]
        if order:
            return look
        if customer:
            return [Call("list_orders", {"customer": customer.group()})]
        topics = [name for name, pattern in _TOPICS.items() if re.search(pattern, lower)]
        return [Call("find_policy", {"topic": topics[0]})] if topics else []

    def _obeyed(self, steps: Sequence[Step]) -> Call | None:
        """Return the call a result asked for: what a model does that takes data for orders."""
        if "data-only" in self.prompt.rules or not steps:
            return None
        match = _HIDDEN.search(steps[-1].result)
        if match is None:
            return None
        amount = {"amount": float(match.group(3))} if match.group(3) else {}
        return Call(match.group(1), {"order": match.group(2), **amount})

    def _answer(self, steps: Sequence[Step]) -> str:
        if not steps:
            return "I can look up orders and policies, open tickets, and prepare refunds and new addresses. Nothing else."
        return " ".join(step.result for step in steps if step.outcome == "done")


def _amount(task: str, steps: Sequence[Step]) -> float:
    named = re.search(r"\b(\d+(?:\.\d+)?) (?:euros?|EUR)\b", task)
    if named:
        return float(named.group(1))
    found = [match for step in steps if (match := _TOTAL.search(step.result))]
    return float(found[0].group(1)) if found else 0.0
