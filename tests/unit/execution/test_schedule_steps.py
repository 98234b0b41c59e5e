"""Eligible and time-bound roles from plan to cloud: executed, journalled, read back, told as drift."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from coe_scaffold.access import desired
from coe_scaffold.errors import ConfigError
from coe_scaffold.execution import Ports, RunOutcome, execute, outcome
from coe_scaffold.execution.journal import start
from coe_scaffold.execution.steps import verify
from coe_scaffold.model.access import Mode
from coe_scaffold.model.plan import Action, Plan, StepKind
from coe_scaffold.model.schedules import ActivationRules
from coe_scaffold.model.settings import AccessSettings
from coe_scaffold.planning import combine
from coe_scaffold.planning.codec import dumps, loads
from coe_scaffold.planning.drift import DriftKind, Subject, drift
from coe_scaffold.planning.schedules import plan_schedules
from tests.fakes.clock import FakeClock
from tests.fakes.cloud import FakeCloud
from tests.fakes.files import MemoryFiles
from tests.fakes.landing import graph
from tests.fakes.workspace import settings

BASE = settings()
WHOLE = graph(BASE, "prod")
WANTED = desired(BASE, "prod", WHOLE)
SUBSCRIPTION = BASE.environments["prod"].scope


def deployed() -> FakeCloud:
    cloud = FakeCloud()
    for resource in WHOLE.resources:
        cloud.declare_resource(resource.id)
    return cloud


def planned(cloud: FakeCloud) -> Plan:
    rules = {item.key: cloud.activation_rules(item.scope, item.role.guid) for item in WANTED.policies}
    steps = plan_schedules(
        WANTED,
        cloud.schedules(SUBSCRIPTION),
        rules,
        within=[SUBSCRIPTION],
        terms=AccessSettings(),
        today=date(2026, 11, 24),
    )
    return combine("prod", "sandbox", (), steps)


def applied(cloud: FakeCloud, plan: Plan) -> RunOutcome:
    clock = FakeClock()
    journal = start(plan, files=MemoryFiles(), clock=clock, folder=Path("/runs"))
    return outcome(plan, execute(plan, Ports(cloud, cloud), clock, journal))


def test_applying_gives_everything_once_and_rules_come_first() -> None:
    cloud = deployed()
    found = applied(cloud, planned(cloud))
    assert found.exit_code == 0
    assert len(cloud.held) == len(WANTED.scheduled) == len(found.created)
    assert sum(found.assignments.values()) == len(WANTED.scheduled)
    for want in WANTED.scheduled:
        if want.mode is Mode.ELIGIBLE:
            assert cloud.calls.index(want.role.guid) < cloud.calls.index(want.name)
    assert not planned(cloud).writes


def test_what_was_taken_away_is_drift_and_comes_back() -> None:
    cloud = deployed()
    applied(cloud, planned(cloud))
    key = next(key for key in cloud.held if key[0] is Mode.ELIGIBLE)
    lost = cloud.held.pop(key)
    policy = WANTED.policies[0]
    cloud.policies[policy.key] = ActivationRules("PT24H")
    entries = {(entry.subject, entry.kind): entry for entry in drift(planned(cloud))}
    assert set(entries) == {(Subject.ELIGIBILITY, DriftKind.MISSING), (Subject.ACTIVATION, DriftKind.CHANGED)}
    assert entries[Subject.ELIGIBILITY, DriftKind.MISSING].scope == lost.scope
    assert applied(cloud, planned(cloud)).exit_code == 0
    assert key in cloud.held


def test_a_plan_file_carries_all_of_it() -> None:
    plan = planned(deployed())
    assert loads(dumps(plan)) == plan
    for step in plan.writes:
        verify(step)
        with pytest.raises(ConfigError):
            verify(replace(step, after={"mode": "eligible"}))


def test_one_that_is_no_longer_wanted_is_withdrawn() -> None:
    cloud = deployed()
    applied(cloud, planned(cloud))
    nothing = replace(WANTED, scheduled=(), policies=())
    steps = plan_schedules(
        nothing,
        cloud.schedules(SUBSCRIPTION),
        {},
        within=[SUBSCRIPTION],
        terms=AccessSettings(),
        today=date(2026, 11, 24),
    )
    plan = combine("prod", "sandbox", (), steps)
    assert {step.action for step in plan.steps} == {Action.DELETE}
    assert {step.kind for step in plan.steps} == {StepKind.ROLE_ELIGIBILITY, StepKind.ROLE_SCHEDULE}
    applied(cloud, plan)
    assert cloud.held == {}
