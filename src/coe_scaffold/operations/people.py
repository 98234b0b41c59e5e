"""Access as people read it: the matrix, who is responsible for what, the periodic review. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from coe_scaffold.catalog import evidence, function, functions, matrix, scope_kind
from coe_scaffold.model.access import Assignment, Mode, ObservedAssignment
from coe_scaffold.model.coe import FUNCTION_IDS, CoeFunction
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.schedules import ObservedSchedule
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.access import MatrixView, can


@dataclass(frozen=True)
class Activity:
    """Something a function may do: the ARM operation that does it and the one that shows it."""

    title: str
    operation: str
    reading: str
    accountable: str
    data: bool = False


_AI = "Microsoft.CognitiveServices/accounts"
ACTIVITIES = (
    Activity(
        "Deploy infrastructure",
        "Microsoft.Resources/deployments/write",
        "Microsoft.Resources/deployments/read",
        "ai-coe-lead",
    ),
    Activity("Deploy a model", f"{_AI}/deployments/write", f"{_AI}/deployments/read", "ai-coe-lead"),
    Activity(
        "Change a content filter", f"{_AI}/raiPolicies/write", f"{_AI}/raiPolicies/read", "ai-ethics-officer"
    ),
    Activity(
        "Build and run agents",
        f"{_AI}/AIServices/agents/write",
        f"{_AI}/AIServices/agents/read",
        "ai-coe-lead",
        data=True,
    ),
    Activity(
        "Change project data",
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        "data-engineer",
        data=True,
    ),
    Activity(
        "Fill the search index",
        "Microsoft.Search/searchServices/indexes/documents/write",
        "Microsoft.Search/searchServices/indexes/documents/read",
        "data-engineer",
        data=True,
    ),
    Activity(
        "Set secrets",
        "Microsoft.KeyVault/vaults/secrets/setSecret/action",
        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        "mlops-engineer",
        data=True,
    ),
    Activity(
        "Set up federated credentials",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
        "compliance-officer",
    ),
    Activity(
        "Change alerts",
        "Microsoft.Insights/metricAlerts/write",
        "Microsoft.Insights/metricAlerts/read",
        "mlops-engineer",
    ),
    Activity(
        "Set budgets",
        "Microsoft.Consumption/budgets/write",
        "Microsoft.Consumption/budgets/read",
        "ai-coe-lead",
    ),
)
"""What the RACI table tells about, and which function answers for it: a proposal, as the matrix is."""


@dataclass(frozen=True)
class RaciRow:
    """One activity and the letters of each function, in the order of the functions."""

    activity: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ReviewRow:
    """One role to confirm or withdraw: when it was last changed and why it is there."""

    function: str
    group: str
    role: str
    scope: str
    mode: str
    state: str
    changed: str
    ends: str
    reason: str


def raci(settings: Settings, environment: str, graph: ResourceGraph | None) -> tuple[RaciRow, ...]:
    """Return who is responsible, accountable and informed in an environment.

    R may do it at any time, r after activation or for a while, A answers for it, I may see it; then one
    row per gate with A for the approvers of its evidence.
    """
    people = functions()
    rows = [
        RaciRow(item.title, tuple(_letters(settings, environment, graph, item, one) for one in people))
        for item in ACTIVITIES
    ]
    for gate in evidence().gates:
        approvers = {item.approver for item in evidence().items if item.gate == gate}
        if approvers:
            cells = tuple("A" if one.id in approvers else "" for one in people)
            rows.append(RaciRow(f"Approve at the gate '{gate}'", cells))
    return tuple(rows)


def matrix_cells(rows: Iterable[MatrixView], environments: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return one row per function: its title, then what it holds in each environment."""
    found = tuple(rows)
    return tuple(
        (
            item.title,
            *(
                "; ".join(
                    f"{row.role_name} on {scope_kind(row.scope_kind).title}"
                    + ("" if row.mode == Mode.STANDING else f" ({row.mode})")
                    for row in found
                    if row.function == item.id and row.environment in ("all", environment)
                )
                for environment in environments
            ),
        )
        for item in functions()
        if any(row.function == item.id for row in found)
    )


def review(
    wanted: Iterable[Assignment],
    assignments: Iterable[ObservedAssignment],
    schedules: Iterable[ObservedSchedule],
    *,
    function_id: str = "",
    actual: Iterable[Assignment] = (),
) -> tuple[ReviewRow, ...]:
    """Return the review sheet, in the order of the functions: what each should hold, and what is there.

    ``actual`` is what the functions' groups hold (``Actual.assignments``): nobody asked for the rest of it.
    """
    if function_id:
        function(function_id)
    asked = tuple(wanted)
    known = {(item.mode, item.key) for item in asked}
    more = [item for item in actual if (item.mode, item.key) not in known]
    standing = {item.key: item for item in assignments}
    held = {(item.mode, item.key): item for item in schedules if not item.activated}
    rows = (
        *(_review_row(item, standing, held) for item in asked),
        *(replace(_review_row(item, standing, held), state="not asked for") for item in more),
    )
    mine = (row for row in rows if not function_id or row.function == function_id)
    return tuple(sorted(mine, key=lambda row: FUNCTION_IDS.index(row.function)))


def shipped_on() -> str:
    """Return the day the shipped matrix was last reviewed, ISO 8601."""
    return matrix().date


def _review_row(
    item: Assignment,
    standing: dict[tuple[str, str, str], ObservedAssignment],
    held: dict[tuple[Mode, tuple[str, str, str]], ObservedSchedule],
) -> ReviewRow:
    there: ObservedAssignment | ObservedSchedule | None
    if item.mode is Mode.STANDING:
        there = standing.get(item.key)
        changed, ends = (there.changed if there else ""), ""
    else:
        there = held.get((item.mode, item.key))
        changed, ends = (there.starts, there.ends) if there else ("", "")
    state = "missing" if there is None else "ours" if there.ours else "made by others"
    return ReviewRow(
        function=item.function,
        group=item.principal_name or item.principal,
        role=item.role.name,
        scope=item.scope.path,
        mode=item.mode.value,
        state=state,
        changed=changed[:10],
        ends=ends[:10],
        reason=item.reason,
    )


def _letters(
    settings: Settings, environment: str, graph: ResourceGraph | None, item: Activity, one: CoeFunction
) -> str:
    def may(operation: str, *, standing: bool) -> bool:
        answer = can(settings, one.id, operation, environment, graph, data=item.data, standing=standing)
        return answer.allowed

    letters = ""
    if may(item.operation, standing=True):
        letters = "R"
    elif may(item.operation, standing=False):
        letters = "r"
    elif may(item.reading, standing=False):
        letters = "I"
    if one.id == item.accountable:
        letters = (letters if letters != "I" else "") + "A"
    return letters
