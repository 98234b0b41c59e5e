"""Sample plans, and hypothesis strategies that make any plan."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from coe_scaffold.model.access import Assignment, CustomRole, Mode, PrincipalType, RoleRef
from coe_scaffold.model.access_json import assignment_to_json, role_to_json
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.plan import Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType, Deployment, PropertyChange, ResourceChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning import combine, deployment_steps
from tests.fakes.cloud import template

SUBSCRIPTION = Scope.subscription_of("20000000-0000-4000-8000-000000000001")
PLATFORM = SUBSCRIPTION.group("rg-cto-platform-dev-sdc")
PROJECT = SUBSCRIPTION.group("rg-cto-claims-chat-dev-sdc")
VNET = PLATFORM.child("Microsoft.Network/virtualNetworks", "vnet-cto-dev")
LOGS = PLATFORM.child("Microsoft.OperationalInsights/workspaces", "log-cto-dev")
FOUNDRY = PROJECT.child("Microsoft.CognitiveServices/accounts", "ai-cto-claims-dev")
STORAGE = PROJECT.child("Microsoft.Storage/storageAccounts", "stctoclaimsdev")
LOCK = STORAGE.child("Microsoft.Authorization/locks", "keep")
READER = RoleRef("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader")
USER = RoleRef("53ca6127-db72-4b80-b1b0-d745d6d5456d", "Foundry User")
CUSTOM = CustomRole(
    RoleRef("40000000-0000-4000-8000-000000000001", "CoE Auditor"),
    SUBSCRIPTION,
    "reads evidence",
    ("*/read",),
)
GROUP = "30000000-0000-4000-8000-000000000004"


def deployment(name: str, *resources: Scope, **parameters: Any) -> Deployment:
    bodies = [{"id": scope.path, "location": "swedencentral"} for scope in resources]
    return Deployment(f"coe-{name}-dev", SUBSCRIPTION, template(*bodies), parameters, "swedencentral")


def assignment(
    scope: Scope, role: RoleRef = READER, function: str = "data-scientist", **more: Any
) -> Assignment:
    return Assignment(scope, GROUP, PrincipalType.GROUP, role, function=function, reason="works here", **more)


def assign(
    scope: Scope,
    role: RoleRef = READER,
    function: str = "data-scientist",
    *,
    action: Action = Action.CREATE,
    before: Any = None,
    mode: Mode = Mode.STANDING,
) -> Step:
    want = assignment(scope, role, function, mode=mode)
    return Step(
        id=f"assign/{function}/{role.name.lower().replace(' ', '-')}/{want.name[:8]}",
        kind=StepKind.ROLE_ASSIGNMENT,
        action=action,
        scope=scope,
        title=f"{function} → {role.name} on {scope.name}",
        reason="works here",
        needs="Microsoft.Authorization/roleAssignments/write",
        before=before,
        after=assignment_to_json(want),
        function=function,
    )


def entry_of(step: str, event: Event, *created: Scope, data: Any = None) -> Entry:
    return Entry("r", step, event, "2026-11-24T02:00:00+00:00", "", tuple(one.path for one in created), data)


def define(role: CustomRole = CUSTOM, action: Action = Action.CREATE) -> Step:
    return Step(
        id=f"define/{role.role.guid}",
        kind=StepKind.ROLE_DEFINITION,
        action=action,
        scope=role.scope,
        title=f"Custom role {role.role.name}",
        reason=role.description,
        after=role_to_json(role),
    )


def change(
    scope: Scope, kind: ChangeType = ChangeType.CREATE, *delta: PropertyChange, reason: str = ""
) -> ResourceChange:
    return ResourceChange(scope, kind, delta, reason)


def finding(outcome: Outcome = Outcome.FAIL, severity: Severity = Severity.HIGH) -> Finding:
    return Finding(
        rule="storage-shared-key-disabled",
        title="Storage keys are off",
        severity=severity,
        outcome=outcome,
        subject=STORAGE.path,
        message="shared keys are allowed",
        owner="compliance-officer",
        fix="Set allowSharedKeyAccess to false.",
        path="properties.allowSharedKeyAccess",
        actual=True,
        expected=False,
        location="landing-zone/modules/storage/main.bicep:18",
    )


def sample() -> Plan:
    """A plan with one of everything."""
    tls = PropertyChange("properties.minimumTlsVersion", "TLS1_0", "TLS1_2")
    tags = PropertyChange("tags", {"costCenter": "1"}, {"costCenter": "4711"})
    unknown = PropertyChange("properties.endpoint", None, Unknown("[reference('x').endpoint]"))
    noise = PropertyChange("properties.provisioningState", "Succeeded", None)
    deployments = deployment_steps(
        (
            (
                deployment("platform", PLATFORM, VNET, LOGS),
                (change(PLATFORM), change(VNET), change(LOGS)),
            ),
            (
                deployment("claims-chat", PROJECT, STORAGE, FOUNDRY),
                (
                    change(PROJECT, ChangeType.NO_CHANGE),
                    change(STORAGE, ChangeType.MODIFY, tls, tags, noise),
                    change(FOUNDRY, ChangeType.CREATE, unknown),
                    change(LOCK, ChangeType.UNSUPPORTED, reason="its name is known after apply"),
                    change(PROJECT.child("Microsoft.Web/sites", "shadow"), ChangeType.IGNORE),
                ),
            ),
        )
    )
    access = (
        define(),
        assign(PLATFORM, CUSTOM.role, "compliance-officer"),
        assign(FOUNDRY, USER),
        assign(PROJECT, READER, "ai-engineer", mode=Mode.ELIGIBLE),
        assign(SUBSCRIPTION, READER, action=Action.NO_CHANGE),
        assign(SUBSCRIPTION, READER, "ai-strategist", action=Action.ADOPT),
        assign(SUBSCRIPTION, USER, "ai-coe-lead", action=Action.FOREIGN),
    )
    return combine(
        "dev",
        "sandbox",
        deployments,
        access,
        findings=(finding(), finding(Outcome.UNKNOWN), finding(Outcome.FAIL, Severity.LOW)),
        notes=("PIM is not licensed: eligible rows are time-bound.",),
        inputs="a" * 64,
        observed="b" * 64,
        workspace="Contoso",
    )


_text = st.text(max_size=12)
_keys = st.text(max_size=6) | st.sampled_from(["$unknown", "$literal"])
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text
    | st.builds(Unknown, _text),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=6,
)
scopes = st.sampled_from([SUBSCRIPTION, PLATFORM, PROJECT, VNET, FOUNDRY, STORAGE, Scope.tenant()])
differences = st.builds(PropertyChange, _text, json_values, json_values, st.just(""))
changes = st.builds(
    ResourceChange,
    scopes,
    st.sampled_from(ChangeType),
    st.lists(differences, max_size=2).map(tuple),
    _text,
)
findings = st.builds(
    Finding,
    rule=_text,
    title=_text,
    severity=st.sampled_from(Severity),
    outcome=st.sampled_from(Outcome),
    subject=_text,
    message=_text,
    owner=_text,
    actual=json_values,
    expected=json_values,
)
_deployments = st.builds(
    Step,
    id=st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
    kind=st.just(StepKind.DEPLOYMENT),
    action=st.sampled_from(Action),
    scope=scopes,
    title=_text,
    reason=_text,
    before=json_values,
    after=st.none() | st.just({"template": {}, "parameters": {}, "name": "n", "scope": "/", "location": ""}),
    changes=st.lists(changes, max_size=2).map(tuple),
)
step_lists = st.lists(_deployments, max_size=4, unique_by=lambda step: step.id)
finding_lists = st.lists(findings, max_size=3)
note_lists = st.lists(_text, max_size=3)
