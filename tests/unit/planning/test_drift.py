"""Drift is read off a plan."""

from __future__ import annotations

from dataclasses import replace

from coe_scaffold.access import DesiredAccess
from coe_scaffold.model.access import ObservedAssignment, RoleRef
from coe_scaffold.model.access_json import observed_to_json
from coe_scaffold.model.plan import Action, Plan, Step
from coe_scaffold.model.resources import ChangeType, PropertyChange, ResourceChange
from coe_scaffold.planning import combine, deployment_step
from coe_scaffold.planning.access import plan_access
from coe_scaffold.planning.drift import DriftEntry, DriftKind, Subject, drift
from tests.fakes.cloud import FakeCloud
from tests.fakes.plans import (
    CUSTOM,
    FOUNDRY,
    GROUP,
    PROJECT,
    STORAGE,
    SUBSCRIPTION,
    USER,
    assign,
    assignment,
    change,
    define,
    deployment,
)

TLS = PropertyChange("properties.minimumTlsVersion", "TLS1_0", "TLS1_2")
ENDPOINT = PROJECT.child("Microsoft.Network/privateEndpoints", "pe-st")
INSIGHTS = PROJECT.child("Microsoft.Insights/components", "appi")


def found(*changes: ResourceChange, access: tuple[Step, ...] = ()) -> tuple[DriftEntry, ...]:
    return drift(combine("dev", "sandbox", (deployment_step(deployment("chat"), changes),), access))


def test_no_drift() -> None:
    access = (
        assign(FOUNDRY, action=Action.NO_CHANGE),
        assign(STORAGE, action=Action.ADOPT),
        assign(PROJECT, action=Action.FOREIGN),
    )
    noise = PropertyChange("properties.provisioningState", "Succeeded", None)
    assert found(change(STORAGE, ChangeType.MODIFY, noise), access=access) == ()


OWNER = RoleRef("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner")


def by_hand(principal: str, *, wanted: bool = False) -> Plan:
    """A plan that found the role Owner on the project; with ``wanted`` it is asked for, with a condition."""
    given = ObservedAssignment(
        PROJECT.child("Microsoft.Authorization/roleAssignments", "x"), PROJECT, principal, "Group", OWNER.guid
    )
    asked = (assignment(PROJECT, OWNER, condition="@Resource[x] StringEquals 'y'"),) if wanted else ()
    steps = plan_access(DesiredAccess(asked, ()), [given], (), within=[SUBSCRIPTION])
    return combine("dev", "sandbox", (), steps)


def test_a_role_given_by_hand_to_a_group_of_the_table_is_drift_and_others_are_not() -> None:
    governed = {GROUP.lower(): ("data-scientist",)}
    (entry,) = drift(by_hand(GROUP.upper()), governed)
    assert (entry.kind, entry.subject, entry.scope) == (DriftKind.EXTRA, Subject.ASSIGNMENT, PROJECT)
    assert entry.title == f"Data Scientist → Owner on {PROJECT.name}"
    assert entry.function == "data-scientist"
    assert drift(by_hand("90000000-0000-4000-8000-000000000009"), governed) == ()
    assert drift(by_hand(GROUP)) == ()


def test_a_group_that_fills_two_functions_is_told_under_both() -> None:
    (entry,) = drift(by_hand(GROUP), {GROUP.lower(): ("ai-engineer", "data-scientist", "mlops-engineer")})
    assert entry.title == f"AI Engineer, Data Scientist and MLOps Engineer → Owner on {PROJECT.name}"
    assert entry.function == "ai-engineer, data-scientist, mlops-engineer"


def test_a_wanted_role_that_somebody_gave_another_condition_is_drift() -> None:
    (entry,) = drift(by_hand(GROUP, wanted=True), {GROUP.lower(): ("data-scientist",)})
    assert entry.kind is DriftKind.CHANGED
    assert "another condition" in entry.reason


def test_resources_missing_changed_and_extra() -> None:
    foreign = PROJECT.child("Microsoft.Web/sites", "shadow")
    entries = found(
        change(STORAGE, ChangeType.MODIFY, TLS), change(FOUNDRY), change(foreign, ChangeType.IGNORE)
    )
    assert entries == (
        DriftEntry(
            DriftKind.MISSING,
            Subject.RESOURCE,
            FOUNDRY,
            FOUNDRY.name,
            "declared by deploy/chat-dev, not in the cloud",
            step="deploy/chat-dev",
        ),
        DriftEntry(
            DriftKind.CHANGED,
            Subject.RESOURCE,
            STORAGE,
            STORAGE.name,
            "differs from what deploy/chat-dev declares",
            step="deploy/chat-dev",
            differences=(TLS,),
        ),
        DriftEntry(
            DriftKind.EXTRA,
            Subject.RESOURCE,
            foreign,
            "shadow",
            "in one of our resource groups, but in no template",
        ),
    )


def test_what_azure_makes_beside_a_resource_is_not_extra() -> None:
    companions = [
        PROJECT.child("Microsoft.Network/networkInterfaces", "pe-st.nic.0a1b"),
        PROJECT.child("Microsoft.Network/networkInterfaces", "nic-pe-st"),
        PROJECT.child("microsoft.alertsmanagement/smartDetectorAlertRules", "Failure Anomalies - appi"),
        PROJECT.child("microsoft.insights/actionGroups", "Application Insights Smart Detection"),
        STORAGE.child("Microsoft.Storage/storageAccounts/blobServices", "st/default"),
    ]
    companions[-1] = type(STORAGE)(f"{STORAGE.path}/blobServices/default")
    known = [change(scope, ChangeType.NO_CHANGE) for scope in (STORAGE, ENDPOINT, INSIGHTS)]
    assert found(*known, *(change(scope, ChangeType.IGNORE) for scope in companions)) == ()


def test_the_same_names_without_their_owner_are_extra() -> None:
    interface = PROJECT.child("Microsoft.Network/networkInterfaces", "other.nic.0a1b")
    entries = found(change(ENDPOINT, ChangeType.NO_CHANGE), change(interface, ChangeType.IGNORE))
    assert [entry.kind for entry in entries] == [DriftKind.EXTRA]


def test_a_resource_of_one_deployment_is_not_extra_in_another() -> None:
    one = deployment_step(deployment("a"), [change(STORAGE, ChangeType.NO_CHANGE)])
    other = deployment_step(deployment("b"), [change(STORAGE, ChangeType.IGNORE)])
    assert drift(combine("dev", "sandbox", (one, other), ())) == ()


def test_assignments_and_roles_missing_changed_and_extra() -> None:
    cloud = FakeCloud()
    there = cloud.assignments[cloud.declare_assignment(assignment(STORAGE, condition="old"))]
    before = observed_to_json(there)
    access = (
        assign(FOUNDRY, USER),
        assign(STORAGE, action=Action.MODIFY, before=before),
        replace(assign(PROJECT), action=Action.DELETE, before=before, after=None),
        define(CUSTOM, Action.CREATE),
    )
    entries = {(entry.subject, entry.kind): entry for entry in found(access=access)}
    assert set(entries) == {
        (Subject.ASSIGNMENT, DriftKind.MISSING),
        (Subject.ASSIGNMENT, DriftKind.CHANGED),
        (Subject.ASSIGNMENT, DriftKind.EXTRA),
        (Subject.ROLE, DriftKind.MISSING),
    }
    changed = entries[Subject.ASSIGNMENT, DriftKind.CHANGED]
    assert changed.differences == (PropertyChange("condition", "old", ""),)
    assert changed.function == "data-scientist"
