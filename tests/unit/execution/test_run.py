"""Executing a plan: order, bounds, failures, interruption, what the journal tells of it."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe_scaffold.access import DesiredAccess
from coe_scaffold.errors import CloudError, ConfigError, UsageError
from coe_scaffold.execution import Ports, execute
from coe_scaffold.execution.journal import Journal, read, start
from coe_scaffold.model.access import Assignment
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import Action, Plan, Step
from coe_scaffold.model.resources import Deployment
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning import combine, deployment_steps
from coe_scaffold.planning.access import plan_access
from coe_scaffold.planning.combine import ordered
from tests.fakes.clock import FakeClock
from tests.fakes.cloud import FakeCloud
from tests.fakes.files import MemoryFiles
from tests.fakes.plans import (
    CUSTOM,
    FOUNDRY,
    PLATFORM,
    PROJECT,
    STORAGE,
    SUBSCRIPTION,
    USER,
    VNET,
    assign,
    assignment,
    define,
    deployment,
)

PLATFORM_DEPLOYMENT = deployment("platform", PLATFORM, VNET)
PROJECT_DEPLOYMENT = deployment("claims-chat", PROJECT, FOUNDRY, STORAGE)
ACCESS = (define(), assign(PLATFORM, CUSTOM.role, "compliance-officer"), assign(FOUNDRY, USER))


class Bench:
    """A fake cloud with a journal in memory."""

    def __init__(self, cloud: FakeCloud | None = None) -> None:
        self.cloud = cloud or FakeCloud()
        self.files = MemoryFiles()
        self.clock = FakeClock()
        self.events: list[Entry] = []
        self.journal: Journal | None = None

    def plan(self, access: tuple[Step, ...] = ACCESS) -> Plan:
        pairs = [(one, self.cloud.what_if(one)) for one in (PLATFORM_DEPLOYMENT, PROJECT_DEPLOYMENT)]
        return combine("dev", "sandbox", deployment_steps(pairs), access)

    def run(
        self, plan: Plan, *, concurrency: int = 8, on_event: Callable[[Entry], None] | None = None
    ) -> tuple[Entry, ...]:
        self.journal = start(plan, files=self.files, clock=self.clock, folder=Path("/ws/.coe/runs"))
        ports = Ports(self.cloud, self.cloud)
        tell = on_event or self.events.append
        return execute(plan, ports, self.clock, self.journal, tell, concurrency)

    def journalled(self) -> tuple[Entry, ...]:
        assert self.journal is not None
        return read(self.journal.path, self.files).entries


def events(entries: tuple[Entry, ...], *kinds: Event) -> dict[str, Event]:
    return {one.step: one.event for one in entries if one.event in (kinds or tuple(Event))}


def test_everything_is_written_in_the_order_of_dependencies() -> None:
    bench = Bench()
    plan = bench.plan()
    entries = bench.run(plan)
    assert set(events(entries, Event.SUCCEEDED)) == {step.id for step in plan.steps}
    assert set(bench.cloud.bodies) == {PLATFORM, VNET, PROJECT, FOUNDRY, STORAGE}
    assert {one.role for one in bench.cloud.assignments.values()} == {CUSTOM.role.guid, USER.guid}
    position = {(one.step, one.event): number for number, one in enumerate(entries)}
    for step in plan.steps:
        for needed in step.depends_on:
            assert position[needed, Event.SUCCEEDED] < position[step.id, Event.STARTED]


def test_executing_then_planning_again_gives_no_change() -> None:
    wanted = DesiredAccess(
        (assignment(PLATFORM, CUSTOM.role, "compliance-officer"), assignment(FOUNDRY, USER)), (CUSTOM,), ()
    )
    bench = Bench()

    def made() -> Plan:
        cloud = bench.cloud
        observed = cloud.role_assignments(SUBSCRIPTION)
        steps = plan_access(wanted, observed, cloud.custom_roles(SUBSCRIPTION), within=(SUBSCRIPTION,))
        return bench.plan(steps)

    first = made()
    assert len(first.writes) == 5
    bench.run(first)
    second = made()
    assert second.writes == ()
    assert {step.action for step in second.steps} == {Action.NO_CHANGE}
    calls = list(bench.cloud.calls)
    assert bench.run(second) == ()
    assert bench.cloud.calls == calls


@given(
    there=st.dictionaries(st.sampled_from([PLATFORM, VNET, PROJECT, FOUNDRY, STORAGE]), st.sampled_from(
        ["swedencentral", "westeurope"])),
    held=st.lists(st.sampled_from([
        assignment(FOUNDRY, USER), assignment(FOUNDRY, USER, condition="old"), assignment(STORAGE, USER),
        assignment(PLATFORM, CUSTOM.role, "compliance-officer")]), unique_by=lambda one: one.key),
    names=st.sampled_from(["", "given-by-hand"]),
    concurrency=st.integers(1, 4),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_whatever_was_there_a_second_plan_has_nothing_to_do(
    there: dict[Scope, str], held: list[Assignment], names: str, concurrency: int
) -> None:
    wanted = DesiredAccess(
        (assignment(PLATFORM, CUSTOM.role, "compliance-officer"), assignment(FOUNDRY, USER)), (CUSTOM,), ()
    )
    bench = Bench()
    for scope, location in there.items():
        bench.cloud.declare_resource(scope, location=location)
    for number, one in enumerate(held):
        bench.cloud.declare_assignment(one, name=names and f"{names}-{number}")

    def made() -> Plan:
        cloud = bench.cloud
        observed = cloud.role_assignments(SUBSCRIPTION)
        roles = cloud.custom_roles(SUBSCRIPTION)
        return bench.plan(plan_access(wanted, observed, roles, within=(SUBSCRIPTION,)))

    entries = bench.run(made(), concurrency=concurrency)
    assert Event.FAILED not in {one.event for one in entries}
    assert made().writes == ()
    assert {one.key for one in bench.cloud.assignments.values()} == {one.key for one in wanted.assignments}


def test_the_journal_holds_intent_before_and_result_after_every_write() -> None:
    bench = Bench()
    plan = bench.plan()
    entries = bench.run(plan)
    told = bench.journalled()
    for step in plan.writes:
        mine = [one.event for one in told if one.step == step.id and one.event is not Event.PROGRESS]
        assert mine == [Event.STARTED, Event.SUCCEEDED]
    kept = [one for one in entries if one.event is not Event.PROGRESS or one.data["state"] != "Running"]
    assert list(told) == kept
    assert bench.events == list(entries)


def test_intent_is_on_the_disk_when_the_write_begins() -> None:
    bench = Bench()
    seen: list[tuple[str, set[str]]] = []
    bench.cloud.during = lambda name: seen.append((name, {one.step for one in bench.journalled()}))
    bench.run(bench.plan(), concurrency=1)
    names = {"coe-platform-dev": "deploy/platform-dev", "coe-claims-chat-dev": "deploy/claims-chat-dev"}
    assert len(seen) == 5
    for name, started in seen:
        assert names.get(name, define().id) in started


def test_a_deployment_tells_its_resources_and_what_it_created() -> None:
    cloud = FakeCloud()
    cloud.declare_resource(PROJECT, location="swedencentral")
    bench = Bench(cloud)
    entries = bench.run(bench.plan())
    running = [one.data for one in entries if one.event is Event.PROGRESS and one.step.endswith("chat-dev")]
    assert {"resource": FOUNDRY.path, "state": "Running"} in running
    done = next(
        one for one in entries if one.step == "deploy/claims-chat-dev" and one.event is Event.SUCCEEDED
    )
    assert done.created == (FOUNDRY.path, STORAGE.path)
    assert done.data == {"resources": [PROJECT.path, FOUNDRY.path, STORAGE.path]}
    told = [one for one in bench.journalled() if one.step == done.step and one.event is Event.PROGRESS]
    assert [one.created for one in told] == [(), (FOUNDRY.path,), (STORAGE.path,)]


def test_a_failure_skips_what_depends_on_it_and_nothing_else() -> None:
    bench = Bench()
    bench.cloud.fail("coe-claims-chat-dev")
    entries = bench.run(bench.plan())
    final = events(entries, Event.SUCCEEDED, Event.FAILED, Event.SKIPPED)
    assert final == {
        define().id: Event.SUCCEEDED,
        "deploy/platform-dev": Event.SUCCEEDED,
        ACCESS[1].id: Event.SUCCEEDED,
        "deploy/claims-chat-dev": Event.FAILED,
        ACCESS[2].id: Event.SKIPPED,
    }
    failed = next(one for one in entries if one.event is Event.FAILED)
    assert failed.detail == "the quota is used up"
    assert failed.data == {
        "fix": "Ask for more.",
        "code": "QuotaExceeded",
        "detail": "",
        "correlationId": "c-1",
    }


def test_skipping_goes_all_the_way_down() -> None:
    bench = Bench()
    bench.cloud.fail("coe-platform-dev")
    entries = bench.run(bench.plan())
    skipped = {one.step: one.detail for one in entries if one.event is Event.SKIPPED}
    assert skipped == {
        ACCESS[1].id: "needs deploy/platform-dev, which did not succeed",
        "deploy/claims-chat-dev": "needs deploy/platform-dev, which did not succeed",
        ACCESS[2].id: "needs deploy/claims-chat-dev, which did not succeed",
    }


def test_a_half_failed_deployment_tells_what_it_made() -> None:
    bench = Bench()
    bench.cloud.fail(STORAGE.path)
    entries = bench.run(bench.plan())
    failed = next(one for one in entries if one.event is Event.FAILED)
    assert failed.created == (PROJECT.path, FOUNDRY.path)
    assert (STORAGE.path, "Failed") in {
        (one.data["resource"], one.data["state"]) for one in bench.journalled() if one.event is Event.PROGRESS
    }


@given(
    edges=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=14),
    broken=st.sets(st.integers(0, 9), max_size=3),
    concurrency=st.integers(1, 4),
)
@settings(max_examples=40, deadline=None)
def test_any_graph_runs_to_its_end(edges: list[tuple[int, int]], broken: set[int], concurrency: int) -> None:
    functions = [f"f{number}" for number in range(10)]
    steps = [assign(SUBSCRIPTION, USER, function) for function in functions]
    steps = [replace(step, id=f"s{number}", after={**step.after, "principal": f"p{number}"})
             for number, step in enumerate(steps)]  # fmt: skip
    needs = {n: {min(e) for e in edges if max(e) == n and min(e) != n} for n in range(10)}
    steps = [replace(step, depends_on=tuple(sorted(f"s{one}" for one in needs[number])))
             for number, step in enumerate(steps)]  # fmt: skip
    bench = Bench()
    for number in broken:
        bench.cloud.fail(replace(assignment(SUBSCRIPTION, USER), principal=f"p{number}").name)
    random.Random(0).shuffle(steps)
    final = events(bench.run(plan_of(ordered(steps)), concurrency=concurrency), Event.SUCCEEDED,
                   Event.FAILED, Event.SKIPPED)  # fmt: skip
    lost: set[int] = set()
    for number in range(10):
        if needs[number] & (broken | lost):
            lost.add(number)
    assert final == {
        f"s{n}": Event.SKIPPED if n in lost else Event.FAILED if n in broken else Event.SUCCEEDED
        for n in range(10)
    }
    assert bench.cloud.peak <= concurrency


def plan_of(steps: tuple[Step, ...]) -> Plan:
    return Plan("dev", "sandbox", "", "", steps)


def test_concurrency_is_used_and_bounded() -> None:
    steps = tuple(
        replace(step, id=f"s{number}", after={**step.after, "principal": f"p{number}"})
        for number, step in enumerate([assign(SUBSCRIPTION, USER)] * 9)
    )
    bench = Bench()
    together = threading.Barrier(3)

    def during(name: str) -> None:
        together.wait(10)

    bench.cloud.during = during
    entries = bench.run(plan_of(steps), concurrency=3)
    assert len(events(entries, Event.SUCCEEDED)) == 9
    assert bench.cloud.peak == 3


def test_a_bound_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Bench().run(plan_of(()), concurrency=0)


def interrupting(times: int, release: threading.Event) -> Callable[[str], None]:
    """Return what presses Ctrl+C inside the first write, then holds that write until released."""
    pressed = threading.Event()

    def during(name: str) -> None:
        if not pressed.is_set():
            pressed.set()
            for _ in range(times):
                os.kill(os.getpid(), signal.SIGINT)
            release.wait(10)

    return during


def test_ctrl_c_starts_nothing_more_awaits_what_runs_and_leaves_a_whole_journal() -> None:
    bench = Bench()
    release = threading.Event()
    bench.cloud.during = interrupting(1, release)

    def on_event(entry: Entry) -> None:
        bench.events.append(entry)
        if "interrupted: waiting" in entry.detail:
            release.set()

    with pytest.raises(KeyboardInterrupt):
        bench.run(bench.plan(), concurrency=1, on_event=on_event)
    told = bench.journalled()
    assert [one.event for one in told] == [Event.STARTED, Event.SUCCEEDED]
    assert any("interrupted: waiting" in one.detail for one in bench.events)
    assert len(bench.cloud.calls) == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_again_leaves_what_runs_and_notes_it() -> None:
    bench = Bench()
    release = threading.Event()

    def during(name: str) -> None:
        release.wait(10)

    bench.cloud.during = during
    pressed: list[str] = []

    def on_event(entry: Entry) -> None:
        if entry.event is Event.STARTED or "interrupted: waiting" in entry.detail:
            pressed.append(entry.step)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        bench.run(bench.plan(), concurrency=1, on_event=on_event)
    release.set()
    started, noted = bench.journalled()
    assert (started.event, noted.event) == (Event.STARTED, Event.FAILED)
    assert "not known" in noted.detail
    assert noted.data == {"code": "Interrupted"}


def test_a_bug_in_a_step_is_journalled_and_raised_after_the_others_end() -> None:
    bench = Bench()
    bench.cloud.fail(CUSTOM.role.guid, RuntimeError("boom"))
    with pytest.raises(RuntimeError, match="boom"):
        bench.run(bench.plan())
    told = bench.journalled()
    assert "RuntimeError: boom" in {one.detail for one in told}
    started = {one.step for one in told if one.event is Event.STARTED}
    ended = {one.step for one in told if one.event in (Event.SUCCEEDED, Event.FAILED)}
    assert started == ended


def test_a_full_disk_stops_the_run_before_the_next_write() -> None:
    bench = Bench()
    bench.files.room = 0
    with pytest.raises(UsageError, match="cannot be written"):
        bench.run(bench.plan())
    assert bench.cloud.calls == []


def test_a_broken_display_stops_the_run_in_order() -> None:
    bench = Bench()

    def broken(entry: Entry) -> None:
        raise RuntimeError("no terminal")

    with pytest.raises(RuntimeError, match="no terminal"):
        bench.run(bench.plan(()), on_event=broken)
    told = [one.event for one in bench.journalled() if one.event is not Event.PROGRESS]
    assert told == [Event.STARTED, Event.SUCCEEDED]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (replace(define(), after={}), ConfigError),
        (replace(assign(PLATFORM), after=None), ConfigError),
        (replace(assign(PLATFORM), action=Action.DELETE, before={"scope": "/"}), ConfigError),
    ],
)
def test_a_payload_that_is_not_whole_is_refused_before_anything_is_written(
    step: Step, error: type[Exception]
) -> None:
    bench = Bench()
    with pytest.raises(error):
        bench.run(plan_of((define(replace(CUSTOM, description="x")), replace(step, id="broken"))))
    assert bench.cloud.calls == []


def test_steps_that_wait_for_each_other_are_refused() -> None:
    one = replace(define(), id="a", depends_on=("b",))
    other = replace(define(), id="b", depends_on=("a",))
    with pytest.raises(ValueError, match="wait for each other"):
        Bench().run(plan_of((one, other)))


def test_a_secret_that_arm_quotes_never_reaches_journal_or_screen() -> None:
    bench = Bench()
    secret = "correct-horse-battery"
    template = {"parameters": {"key": {"type": "securestring"}}, "resources": [{"id": VNET.path}]}
    secretive = Deployment("coe-platform-dev", SUBSCRIPTION, template, {"key": {"value": secret}}, "x")
    error = CloudError(f"'{secret}' is no key", detail=f"tried {secret}", fix="Change it.", code="Bad")
    bench.cloud.fail("coe-platform-dev", error)
    plan = combine("dev", "sandbox", deployment_steps([(secretive, bench.cloud.what_if(secretive))]), ())
    entries = bench.run(plan)
    failed = next(one for one in entries if one.event is Event.FAILED)
    assert failed.detail == "'<secret>' is no key"
    assert bench.journal is not None
    assert secret not in bench.files.content[bench.journal.path].decode()
    assert all(secret not in str(one) for one in bench.events)
