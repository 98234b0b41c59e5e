"""The plan without what-if: a template's resources against what was read."""

from __future__ import annotations

from typing import Any

from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import ChangeType, Resource, ResourceGraph
from coe_scaffold.planning.evaluated import evaluated_changes
from coe_scaffold.planning.noise import mark
from coe_scaffold.ports import Reading
from tests.fakes.plans import PROJECT, STORAGE

BODY: dict[str, Any] = {
    "location": "Sweden Central",
    "sku": {"name": "Standard_LRS"},
    "tags": {"owner": "us"},
    "properties": {"minimumTlsVersion": "TLS1_2", "networkAcls": {"ipRules": [], "defaultAction": "Deny"}},
}


def resource(body: dict[str, Any] | None = None, **more: Any) -> Resource:
    return Resource(
        "Microsoft.Storage/storageAccounts", STORAGE.name, "2024-01-01", PROJECT, body or BODY, **more
    )


def changed(wanted: Resource, there: dict[str, Any] | None, refusal: str = "") -> Any:
    read = {} if there is None else {wanted.id: Reading(there, refusal)}
    (change,) = evaluated_changes(ResourceGraph((wanted,)), read)
    return change


def test_what_is_not_there_is_created() -> None:
    assert changed(resource(), None).change is ChangeType.CREATE


def test_what_arm_adds_is_no_difference() -> None:
    there = {
        "id": STORAGE.path,
        "location": "swedencentral",
        "etag": "x",
        "SKU": {"name": "Standard_LRS", "tier": "Standard"},
        "tags": {"owner": "us", "other": "them"},
        "properties": {
            "provisioningState": "Succeeded",
            "minimumTlsVersion": "TLS1_2",
            "networkAcls": {"bypass": "None", "defaultAction": "Deny"},
        },
    }
    assert changed(resource(), there).change is ChangeType.NO_CHANGE


def test_each_difference_has_its_path() -> None:
    there = {
        **BODY,
        "sku": {"name": "Premium_LRS"},
        "properties": {"networkAcls": {"defaultAction": "Allow"}},
    }
    change = changed(resource(), there)
    assert change.change is ChangeType.MODIFY
    assert {one.path: (one.before, one.after) for one in change.delta} == {
        "sku.name": ("Premium_LRS", "Standard_LRS"),
        "properties.minimumTlsVersion": (None, "TLS1_2"),
        "properties.networkAcls.defaultAction": ("Allow", "Deny"),
    }


def test_lists_are_matched_by_name_and_else_by_place() -> None:
    wanted = resource(
        {"properties": {"rules": [{"name": "a", "n": 1}, {"name": "b", "n": 2}], "zones": ["1", "2"]}}
    )
    there = {"properties": {"rules": [{"name": "B", "n": 2}, {"name": "A", "n": 7}], "zones": ["1", "2"]}}
    assert [(one.path, one.before, one.after) for one in changed(wanted, there).delta] == [
        ("properties.rules[0].n", 7, 1),
    ]
    longer = {"properties": {"rules": there["properties"]["rules"], "zones": ["1"]}}
    assert "properties.zones" in {one.path for one in changed(wanted, longer).delta}


def test_a_name_that_occurs_twice_matches_nothing() -> None:
    filters = [{"name": "Hate", "source": "Prompt"}, {"name": "Hate", "source": "Completion"}]
    assert changed(resource({"filters": filters}), {"filters": filters}).change is ChangeType.NO_CHANGE


def test_ids_are_compared_without_case_and_texts_with() -> None:
    wanted = resource({"properties": {"subnet": STORAGE.path, "kind": "Hot"}})
    assert (
        changed(wanted, {"properties": {"subnet": STORAGE.key, "kind": "Hot"}}).change is ChangeType.NO_CHANGE
    )
    assert changed(wanted, {"properties": {"subnet": STORAGE.key, "kind": "hot"}}).change is ChangeType.MODIFY


def test_a_role_is_its_guid() -> None:
    kind, guid = "/providers/Microsoft.Authorization/roleDefinitions", "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    wanted = resource({"properties": {"roleDefinitionId": f"{kind}/{guid}"}})
    for path, expected in ((f"{STORAGE}{kind}/{guid.upper()}", "NoChange"), (f"{kind}/other", "Modify")):
        assert changed(wanted, {"properties": {"roleDefinitionId": path}}).change == expected


def test_what_only_azure_knows_stays_unknown_and_is_noise_where_something_is_there() -> None:
    wanted = resource({"properties": {"key": Unknown("listKeys()"), "id": Unknown("reference('x')")}})
    change = mark(changed(wanted, {"properties": {"id": "/subscriptions/1"}}))
    assert [(one.path, one.noise) for one in change.delta] == [
        ("properties.id", "unresolved-reference"),
        ("properties.key", ""),
    ]


def test_what_cannot_be_compared_says_why() -> None:
    unnamed = changed(resource(known_id=False), BODY)
    assert (unnamed.change, unnamed.reason) == (ChangeType.UNSUPPORTED, "its name is known only after apply")
    perhaps = changed(resource({**BODY, "condition": Unknown("c")}), BODY)
    assert perhaps.change is ChangeType.UNSUPPORTED
    assert changed(resource(), {}, "you may not read it").reason == "you may not read it"
    assert evaluated_changes(ResourceGraph((resource(existing=True),)), {}) == ()
