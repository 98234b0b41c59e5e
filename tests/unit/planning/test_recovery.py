"""Names that deleted resources hold: recovered or purged only as chosen, before what needs them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.model.estate import SoftDeleted, recovery_from_json
from coe_scaffold.model.journal import Event
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.plan import Action, Plan, StepKind
from coe_scaffold.model.resources import ChangeType, Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning import combine, deployment_steps
from coe_scaffold.planning.recovery import OnDeleted, choice_of, freeing
from coe_scaffold.planning.undo import Traces, plan_undo
from tests.fakes.plans import PROJECT, SUBSCRIPTION, change, deployment, entry_of

VAULT = PROJECT.child("Microsoft.KeyVault/vaults", "kv")
BODY = {
    "location": "Sweden Central",
    "tags": {"app": "x"},
    "properties": {"sku": {"name": "standard"}, "tenantId": Unknown("subscription().tenantId")},
}
GRAPH = ResourceGraph(
    (
        Resource(
            "Microsoft.Resources/resourceGroups",
            PROJECT.name,
            "2025-04-01",
            SUBSCRIPTION,
            {"location": "swedencentral", "tags": {"managed-by": "coe-scaffold"}, "properties": {}},
        ),
        Resource("Microsoft.KeyVault/vaults", "kv", "2024-11-01", PROJECT, BODY),
    )
)
DELETED = SoftDeleted(
    SUBSCRIPTION.child("Microsoft.KeyVault/locations/deletedVaults", "swedencentral/kv"),
    VAULT,
    location="swedencentral",
    until="2027-01-01T00:00:00Z",
)


def plan(kind: ChangeType = ChangeType.CREATE) -> Plan:
    step = deployment_steps([(deployment("x", PROJECT, VAULT), (change(PROJECT, kind), change(VAULT, kind)))])
    return combine("dev", "sandbox", step, ())


def test_recovering_is_a_step_of_its_own_before_the_deployment() -> None:
    made = freeing(plan(), GRAPH, (DELETED,), OnDeleted.RECOVER)
    recover, deploy = made.steps
    assert (recover.kind, recover.action, recover.scope) == (StepKind.SOFT_DELETED, Action.CREATE, VAULT)
    assert deploy.depends_on == (recover.id,)
    assert made.observed != plan().observed, "a plan without it is another plan"
    recovery = recovery_from_json(recover.after)
    assert recovery.deleted == DELETED
    assert recovery.body["properties"] == {"sku": {"name": "standard"}, "createMode": "recover"}
    assert recovery.group == {"location": "swedencentral", "tags": {"managed-by": "coe-scaffold"}}
    assert choice_of(made) is OnDeleted.RECOVER


def test_purging_is_chosen_apart() -> None:
    made = freeing(plan(), GRAPH, (DELETED,), OnDeleted.PURGE)
    purge, deploy = made.steps
    assert (purge.action, purge.scope, deploy.depends_on) == (Action.DELETE, DELETED.id, (purge.id,))
    assert choice_of(made) is OnDeleted.PURGE


@pytest.mark.parametrize(
    ("deleted", "choice", "kind"),
    [
        (DELETED, OnDeleted.KEEP, ChangeType.CREATE),
        (DELETED, OnDeleted.RECOVER, ChangeType.NO_CHANGE),
        (replace(DELETED, location="westeurope"), OnDeleted.RECOVER, ChangeType.CREATE),
        (
            replace(DELETED, was=SUBSCRIPTION.group("other").child("Microsoft.KeyVault/vaults", "kv")),
            OnDeleted.RECOVER,
            ChangeType.CREATE,
        ),
        (replace(DELETED, protected=True), OnDeleted.PURGE, ChangeType.CREATE),
    ],
    ids=["not chosen", "it is there", "elsewhere", "in another group", "purge protection"],
)
def test_nothing_else_is_touched(deleted: SoftDeleted, choice: OnDeleted, kind: ChangeType) -> None:
    made = freeing(plan(kind), GRAPH, (deleted,), choice)
    assert made == plan(kind)
    assert choice_of(made) is OnDeleted.KEEP


@pytest.mark.parametrize("recovered", [True, False])
def test_undo_purges_what_the_run_made_and_never_what_it_recovered(*, recovered: bool) -> None:
    choice = OnDeleted.RECOVER if recovered else OnDeleted.KEEP
    made = freeing(plan(), GRAPH, (DELETED,), choice)
    traces = Traces(
        plans=(made,),
        entries=tuple(entry_of(step.id, Event.STARTED) for step in made.steps),
        changes=(change(PROJECT, ChangeType.NO_CHANGE), change(VAULT, ChangeType.NO_CHANGE)),
        contents={PROJECT: (VAULT,)},
        retained=(DELETED,),
    )
    kinds = [step.kind for step in plan_undo(traces, run="r", purge=True).steps]
    assert kinds == [StepKind.RESOURCE_GROUP, *([] if recovered else [StepKind.SOFT_DELETED])]
    kept = plan_undo(traces, run="r")
    assert [step.kind for step in kept.steps] == [StepKind.RESOURCE_GROUP]
    assert any("--purge frees it" in note for note in kept.notes) is not recovered


def test_a_recovery_that_was_killed_is_known_to_have_made_its_group() -> None:
    made = freeing(plan(), GRAPH, (DELETED,), OnDeleted.RECOVER)
    traces = Traces(
        plans=(made,),
        entries=(entry_of(made.steps[0].id, Event.STARTED),),
        changes=(change(PROJECT, ChangeType.NO_CHANGE), change(VAULT, ChangeType.MODIFY)),
        contents={PROJECT: (VAULT,)},
        retained=(DELETED,),
    )
    assert [step.scope for step in plan_undo(traces, run="r").steps] == [Scope(PROJECT.path)]
