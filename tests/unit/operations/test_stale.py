"""A plan file is applied only if it shows what planning shows now: nothing moved, nothing edited."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from coe_scaffold.errors import StalePlanError
from coe_scaffold.operations.apply import refuse_stale
from coe_scaffold.planning.codec import dumps, loads
from coe_scaffold.planning.digest import observed_digest
from tests.fakes.plans import sample

PLAN = replace(sample(), observed=observed_digest(sample().steps))


def test_a_plan_file_that_nobody_touched_is_accepted() -> None:
    refuse_stale(loads(dumps(PLAN)), PLAN)


@pytest.mark.parametrize(
    ("name", "word"), [("inputs", "files of the workspace"), ("observed", "what exists"), ("cloud", "cloud")]
)
def test_what_has_moved_is_named(name: str, word: str) -> None:
    changes: dict[str, Any] = {name: "0" * 64}
    with pytest.raises(StalePlanError, match=word):
        refuse_stale(PLAN, replace(PLAN, **changes))


def _without_last(plan: Any) -> None:
    del plan["steps"][-1]


def _reworded(plan: Any) -> None:
    next(one for one in plan["steps"] if one["action"] == "create")["title"] = "nothing of interest"


def _other_payload(plan: Any) -> None:
    step = next(one for one in plan["steps"] if one["action"] == "create" and "principal" in one["after"])
    step["after"]["principal"] = "30000000-0000-4000-8000-00000000000f"


def _hidden_change(plan: Any) -> None:
    step = next(one for one in plan["steps"] if one["changes"])
    del step["changes"][0]


def _hidden_finding(plan: Any) -> None:
    del plan["findings"][0]


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        (_without_last, "step "),
        (_reworded, "step "),
        (_other_payload, "step "),
        (_hidden_change, "what it says it found"),
        (_hidden_finding, "its findings"),
    ],
)
def test_a_plan_file_that_was_edited_is_refused(edit: Callable[[Any], None], word: str) -> None:
    document = json.loads(dumps(PLAN))
    edit(document)
    with pytest.raises(StalePlanError, match=word) as caught:
        refuse_stale(loads(json.dumps(document)), PLAN)
    assert caught.value.code == "COE-PLN-005"
