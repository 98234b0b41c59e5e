"""What a run came to, and the exit code that says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.errors import CloudError, PartialApplyError
from coe_scaffold.execution import RunOutcome, outcome, raise_for
from coe_scaffold.execution.outcome import Failure
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.resources import ChangeType
from coe_scaffold.planning import combine, deployment_step, deployment_steps
from tests.fakes.plans import (
    FOUNDRY,
    PLATFORM,
    PROJECT,
    STORAGE,
    USER,
    VNET,
    assign,
    change,
    deployment,
)

PLATFORM_STEP = deployment_step(deployment("platform", PLATFORM, VNET), [change(PLATFORM), change(VNET)])
PROJECT_STEP = deployment_step(deployment("chat", PROJECT, FOUNDRY), [change(PROJECT), change(FOUNDRY)])
ASSIGN = assign(FOUNDRY, USER)


def plan() -> Plan:
    return combine("dev", "sandbox", (PLATFORM_STEP, PROJECT_STEP), (ASSIGN,))


def entry(step: str, event: Event, detail: str = "", **more: object) -> Entry:
    return Entry("r1", step, event, "2026-11-24T02:00:00+00:00", detail, **more)  # type: ignore[arg-type]


def done(step: str, *created: str, resources: tuple[str, ...] = ()) -> Entry:
    return entry(step, Event.SUCCEEDED, created=created, data={"resources": list(resources)})


FAILED = entry(
    "deploy/chat-dev",
    Event.FAILED,
    "the quota\n is used up",
    created=(PROJECT.path,),
    data={"fix": "Ask for more.", "code": "Quota", "detail": "long", "correlationId": "c"},
)
PLATFORM_DONE = done(
    "deploy/platform-dev", PLATFORM.path, VNET.path, resources=(PLATFORM.path, VNET.path, STORAGE.path)
)


def test_success() -> None:
    entries = [
        entry("deploy/platform-dev", Event.STARTED),
        PLATFORM_DONE,
        done("deploy/chat-dev", PROJECT.path, FOUNDRY.path, resources=(PROJECT.path, FOUNDRY.path)),
        done(ASSIGN.id, "/assignment"),
    ]
    result = outcome(plan(), entries)
    assert result.exit_code == 0
    assert result.run == "r1"
    assert result.groups == (PROJECT.name, PLATFORM.name)
    assert result.types == {
        "Microsoft.CognitiveServices/accounts": 1,
        "Microsoft.Network/virtualNetworks": 1,
        "Microsoft.Storage/storageAccounts": 1,
    }
    assert result.assignments == {"data-scientist": 1}
    raise_for(result)


def test_a_part_that_failed() -> None:
    entries = [PLATFORM_DONE, FAILED, entry(ASSIGN.id, Event.SKIPPED, "needs it")]
    result = outcome(plan(), entries)
    assert result.failures == (
        Failure(
            "deploy/chat-dev",
            "Deploy chat-dev",
            "the quota is used up",
            "Ask for more.",
            "Quota",
            "long",
            "c",
        ),
    )
    assert result.skipped == {ASSIGN.id: ASSIGN.title}
    assert PROJECT in result.created
    assert result.groups == (PROJECT.name, PLATFORM.name)
    with pytest.raises(
        PartialApplyError, match="1 step failed, 1 skipped because of it; 1 succeeded"
    ) as caught:
        raise_for(result)
    assert caught.value.exit_code == result.exit_code == 5
    assert caught.value.detail == (
        "deploy/chat-dev: the quota is used up [Quota] (correlation id c)\n  fix: Ask for more."
    )


def test_everything_failed_before_anything_was_made() -> None:
    failed = entry("deploy/platform-dev", Event.FAILED, "no", data={"fix": "Sign in.", "code": "Auth"})
    result = outcome(plan(), [failed, entry("deploy/chat-dev", Event.SKIPPED)])
    with pytest.raises(CloudError) as caught:
        raise_for(result)
    assert (caught.value.exit_code, result.exit_code) == (1, 1)
    assert (caught.value.fix, caught.value.code) == ("Sign in.", "Auth")


def test_what_a_stack_deleted_is_listed_with_what_steps_removed() -> None:
    gone = change(STORAGE, ChangeType.DELETE)
    steps = deployment_steps([(deployment("platform", PLATFORM), (change(PLATFORM), gone))])
    made = combine("dev", "sandbox", steps, ())
    late = replace(PLATFORM_DONE, at="2026-11-24T02:01:12.500000+00:00")
    first = replace(PLATFORM_DONE, event=Event.STARTED, at="2026-11-24T02:00:00+00:00")
    result = outcome(made, [first, late])
    assert result.removed == (f"Microsoft.Storage/storageAccounts {STORAGE.name}",)
    assert result.seconds == 72.5


def test_nothing_to_do() -> None:
    result = outcome(plan(), [])
    assert result == RunOutcome("", "dev")
    raise_for(result)
