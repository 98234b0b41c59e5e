"""What comes after a plan: progress, outcome, drift."""

from __future__ import annotations

import io
from pathlib import Path

from coe_scaffold.execution import RunOutcome
from coe_scaffold.execution.outcome import Failure
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.planning.drift import drift
from coe_scaffold.report import drift as drift_report
from coe_scaffold.report import outcome as outcome_report
from coe_scaffold.report.progress import progress
from tests.fakes.plans import FOUNDRY, PROJECT, VNET, sample

GOLDEN = Path(__file__).parents[2] / "golden" / "plan"
DEPLOY = "deploy/platform-dev"


def entry(event: Event, second: int, detail: str = "", data: object = None, step: str = DEPLOY) -> Entry:
    return Entry("r", step, event, f"2026-11-24T02:00:{second:02}+00:00", detail, data=data)


ENTRIES = (
    entry(Event.STARTED, 1, "Deploy platform-dev"),
    entry(Event.PROGRESS, 2, data={"resource": VNET.path, "state": "Running"}),
    entry(Event.PROGRESS, 3, data={"resource": VNET.path, "state": "Succeeded"}),
    entry(Event.PROGRESS, 4, data={"resource": VNET.path, "state": "Succeeded"}),
    entry(Event.PROGRESS, 4, data={"resource": "nested", "state": "Failed"}, detail="Conflict"),
    entry(Event.PROGRESS, 5, "interrupted: waiting for it to end"),
    entry(Event.FAILED, 8, "the quota\nis used up"),
    entry(Event.SKIPPED, 9, f"needs {DEPLOY}", step="deploy/claims-chat-dev"),
    entry(Event.STARTED, 9, step="x"),
    entry(Event.SUCCEEDED, 10, step="x"),
)


def test_plain_progress_is_one_line_for_what_is_new() -> None:
    stream = io.StringIO()
    with progress(sample(), stream=stream) as tell:
        for one in ENTRIES:
            tell(one)
    assert stream.getvalue().splitlines() == [
        "02:00:01 > Deploy platform-dev",
        "02:00:03     Microsoft.Network/virtualNetworks vnet-cto-dev  Succeeded",
        "02:00:04     nested  Failed: Conflict",
        "02:00:05   Deploy platform-dev: interrupted: waiting for it to end",
        "02:00:08 ! Deploy platform-dev  7.0 s: the quota is used up",
        "02:00:09 - Deploy claims-chat-dev  skipped: needs deploy/platform-dev",
        "02:00:09 > x",
        "02:00:10 + x  1.0 s",
    ]


def test_live_progress_ends_with_the_results() -> None:
    stream = io.StringIO()
    with progress(sample(), stream=stream, live=True) as tell:
        for one in ENTRIES:
            tell(one)
    text = stream.getvalue()
    assert "! Deploy platform-dev  7.0 s: the quota is used up" in text
    assert "+ x  1.0 s" in text


RESULT = RunOutcome(
    run="20261124T020000-dev",
    environment="dev",
    succeeded=("deploy/platform-dev",),
    failures=(Failure("s", "Deploy chat", "no quota", "Ask for more.", "Quota", "long", "c-1"),),
    skipped={f"assign/{number}": f"Data Scientist → Role {number}" for number in range(10)},
    created=(PROJECT, FOUNDRY),
    groups=("rg-a",),
    types={"Microsoft.Network/virtualNetworks": 1, "Microsoft.Storage/storageAccounts": 12},
    assignments={"data-scientist": 3, "ai-coe-lead": 10, "workload": 2},
    removed=("old",),
    seconds=72.4,
)


def test_outcome_as_before() -> None:
    text = outcome_report.text(RESULT, next_commands=("coe drift --env dev", "coe report"))
    assert text + "\n" == (GOLDEN / "outcome.txt").read_text(encoding="utf-8")


def test_the_outcome_document_says_everything() -> None:
    document = outcome_report.document(RESULT)
    assert (document["format"], document["exitCode"]) == ("coe-scaffold/apply/v1", 5)
    assert document["failures"][0]["correlationId"] == "c-1"
    assert document["created"] == [PROJECT.path, FOUNDRY.path]


def test_drift_as_before() -> None:
    text = drift_report.text(drift(sample()), environment="dev")
    assert text + "\n" == (GOLDEN / "drift.txt").read_text(encoding="utf-8")


def test_the_drift_document_counts_and_names() -> None:
    document = drift_report.document(drift(sample()), environment="dev")
    assert document["format"] == "coe-scaffold/drift/v1"
    assert document["counts"] == {"missing": 8, "changed": 1, "extra": 1}
    assert document["drifted"] is True
    tls = next(one for one in document["entries"] if one["kind"] == "changed")["differences"][0]
    assert tls == {"path": "properties.minimumTlsVersion", "cloud": "TLS1_0", "files": "TLS1_2"}


def test_what_a_missing_group_would_hold_is_a_count_for_people_and_listed_for_programs() -> None:
    entries = drift(sample())
    text = drift_report.text(entries, environment="dev")
    assert "missing  resource group rg-cto-platform-dev-sdc, and 2 resources in it" in text
    assert VNET.name not in text
    listed = [one["scope"] for one in drift_report.document(entries, environment="dev")["entries"]]
    assert VNET.path in listed


def test_no_drift_is_said() -> None:
    assert drift_report.text((), environment="dev").startswith("No drift in dev")
    assert drift_report.document((), environment="dev")["drifted"] is False
