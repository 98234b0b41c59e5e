"""Recorded conversations with the real service, replayed: the sandbox answers as it did."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coe_scaffold.model.json import strings
from coe_scaffold.sandbox import Seed, running
from coe_scaffold.sandbox.store import Store
from tests.contract.replay.conversation import Conversation, load, parameter_values
from tests.contract.replay.explained import reason
from tests.contract.replay.player import Outcome, Player, facts_of
from tests.contract.sandbox.place import TENANT, Client

BAR = 0.95
GUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMED = re.compile(r'(?i)"(?:subscriptionId|defaultValue)"\s*:\s*"([\w-]+)"')
_SUBSCRIPTION = re.compile(r"(?i)/subscriptions/([\w-]+)")


def seed(conversation: Conversation) -> Seed:
    """A tenant with every subscription that a conversation speaks of."""
    found = {}
    for step in conversation.steps:
        for text in (step.path, *strings(step.request), *strings(step.response)):
            for name in _SUBSCRIPTION.findall(text):
                found[name.lower()] = name
        if step.op.startswith("deployments.") and isinstance(step.request, dict | str):
            whole = step.request if isinstance(step.request, str) else json.dumps(step.request)
            for text in (*parameter_values(step.request), *_NAMED.findall(whole)):
                if GUID.fullmatch(text):
                    found[text.lower()] = text
    return Seed(TENANT, tuple(found.values()))


def replay(conversation: Conversation, folder: Path) -> list[Outcome]:
    folder.mkdir()
    path = folder / "state.db"
    with running(path, seed(conversation)) as endpoint:
        state = Store(path)
        try:
            player = Player(Client(endpoint), state, facts_of(conversation.steps), endpoint)
            return [player.play(step) for step in conversation.steps]
        finally:
            state.close()


def test_the_sandbox_answers_as_the_real_service_did(tmp_path: Path) -> None:
    conversations = load()
    if conversations is None:
        pytest.skip("COE_RECORDINGS names no file of recorded conversations")
    chosen = [
        (number, conversation)
        for number, conversation in enumerate(conversations)
        if any(step.in_scope for step in conversation.steps)
    ]
    with ThreadPoolExecutor(2) as pool:  # starting and stopping servers is waiting, not work
        played = list(pool.map(lambda item: replay(item[1], tmp_path / str(item[0])), chosen))
    outcomes: dict[str, list[tuple[str, int, Outcome]]] = defaultdict(list)
    skipped: Counter[str] = Counter()
    for (number, conversation), found in zip(chosen, played, strict=True):
        for place, outcome in enumerate(found):
            if outcome.skipped:
                skipped[outcome.skipped] += 1
            else:
                outcomes[outcome.step.op].append((f"{number}:{conversation.name}", place, outcome))
    judged = [outcome for found in outcomes.values() for *_, outcome in found]
    passed = sum(not outcome.differences for outcome in judged)
    lines = [_rate(op, [outcome for *_, outcome in found]) for op, found in sorted(outcomes.items())]
    report = ["", *lines, f"{passed}/{len(judged)} steps agree; not judged: {dict(skipped)}"]
    wrong = [
        f"{name} step {place} {outcome.step.op}: {'; '.join(outcome.differences)}"
        for found in outcomes.values()
        for name, place, outcome in found
        if outcome.differences
    ]
    told = [f"{line}\n    {reason(line) or 'NOT EXPLAINED'}" for line in wrong]
    known = sum(bool(reason(line)) for line in wrong)
    sys.stdout.write("\n".join([*report, *told, f"{known} of {len(wrong)} differences are explained", ""]))
    assert judged
    assert passed / len(judged) >= BAR


def _rate(op: str, found: list[Outcome]) -> str:
    good = sum(not outcome.differences for outcome in found)
    return f"{100 * good / len(found):5.1f} % {good:4}/{len(found):<4} {op}"
