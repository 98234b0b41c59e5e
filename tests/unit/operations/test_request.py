"""The access part of a plan: a plan of its own that an administrator applies when nothing has moved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.errors import StalePlanError
from coe_scaffold.model.plan import ACCESS_KINDS
from coe_scaffold.operations.apply import refuse_stale
from coe_scaffold.operations.request import access_request, is_request, still_asked
from tests.fakes.plans import sample


def test_a_request_fits_as_long_as_access_is_as_it_was() -> None:
    asked = access_request(sample())
    assert is_request(asked)
    assert not is_request(sample())
    assert {step.kind for step in asked.steps} <= set(ACCESS_KINDS)
    refuse_stale(asked, access_request(sample()))
    moved = replace(sample(), steps=tuple(replace(step, before={"moved": True}) for step in sample().steps))
    with pytest.raises(StalePlanError):
        refuse_stale(asked, access_request(moved))


def test_what_is_there_by_now_does_not_make_a_request_stale() -> None:
    asked = access_request(sample())
    first = asked.steps[0].id
    less = access_request(replace(sample(), steps=tuple(step for step in sample().steps if step.id != first)))
    with pytest.raises(StalePlanError):
        refuse_stale(asked, less)
    refuse_stale(still_asked(asked, less), less)
    with pytest.raises(StalePlanError):
        refuse_stale(still_asked(less, asked), asked)
