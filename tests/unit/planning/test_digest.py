"""Digests: stable for what does not matter, different for what does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath

import pytest

from coe_scaffold.model.json import Unknown
from coe_scaffold.model.plan import Action
from coe_scaffold.model.resources import ChangeType, PropertyChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning import deployment_step, inputs_digest, observed_digest
from coe_scaffold.planning.digest import digest
from tests.fakes.plans import FOUNDRY, PLATFORM, STORAGE, assign, assignment, change, deployment, sample


def test_a_digest_is_sha256_in_hex() -> None:
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


def test_member_order_and_scope_case_do_not_count() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": (2,), "a": 1})
    assert digest(Scope("/subscriptions/A")) == digest(Scope("/subscriptions/a"))
    assert digest({"x", "y"}) == digest({"y", "x"})


def test_values_count() -> None:
    different = [1, "1", True, None, [1], Unknown("1"), assignment(FOUNDRY), date(2026, 1, 1),
                 PurePosixPath("/a")]  # fmt: skip
    assert len({digest(value) for value in different}) == len(different)


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        digest(object())


def test_inputs_do_not_depend_on_the_order_of_deployments() -> None:
    one, other = deployment("platform", PLATFORM), deployment("claims-chat", STORAGE)
    assert inputs_digest([one, other], "x") == inputs_digest([other, one], "x")
    assert inputs_digest([one, other]) != inputs_digest([one])
    assert inputs_digest([one], "x") != inputs_digest([one], "y")


def test_foreign_assignments_and_noise_make_no_plan_stale() -> None:
    steps = sample().steps
    without = [step for step in steps if step.action is not Action.FOREIGN]
    assert len(without) < len(steps)
    assert observed_digest(steps) == observed_digest(without)
    state = PropertyChange("properties.provisioningState", "Updating", None)
    quiet = deployment_step(deployment("x"), [change(STORAGE, ChangeType.NO_CHANGE)])
    noisy = deployment_step(deployment("x"), [change(STORAGE, ChangeType.MODIFY, state)])
    assert observed_digest([quiet]) == observed_digest([noisy])


def test_what_exists_counts() -> None:
    new = deployment_step(deployment("x"), [change(STORAGE)])
    there = deployment_step(deployment("x"), [change(STORAGE, ChangeType.NO_CHANGE)])
    assert observed_digest([new]) != observed_digest([there])
    step = assign(FOUNDRY)
    assert observed_digest([step]) != observed_digest([replace(step, before={"id": "/x"})])
