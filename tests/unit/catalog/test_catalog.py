from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from coe_scaffold.catalog import (
    AccessRow,
    WorkloadRow,
    custom_role_guid,
    evidence,
    function,
    functions,
    matrix,
    naming,
    roles,
    scope_kinds,
    separation_rules,
)
from coe_scaffold.errors import UsageError
from coe_scaffold.model.access import Mode, arm_guid
from coe_scaffold.model.coe import FUNCTION_IDS

ENVIRONMENTS = {"dev", "test", "prod", "all"}


def test_the_nine_functions_in_order_each_with_words_and_source() -> None:
    assert tuple(item.id for item in functions()) == FUNCTION_IDS
    for item in functions():
        assert item.title
        assert item.does
        assert item.matters
        assert "AI Center of Excellence" in item.source


def test_an_unknown_function_is_refused_with_the_nine() -> None:
    with pytest.raises(UsageError) as caught:
        function("data-scientists")
    assert "data-scientist" in caught.value.fix


def test_all_rows_are_there() -> None:
    assert (len(matrix().human), len(matrix().workload), len(matrix().custom_roles)) == (65, 26, 4)
    assert Counter(row.mode for row in matrix().human) == {
        Mode.STANDING: 48,
        Mode.ELIGIBLE: 16,
        Mode.TIME_BOUND: 1,
    }


def test_every_row_names_a_known_function_environment_place_role_and_source() -> None:
    customs = {row.id: row for row in matrix().custom_roles}
    every: list[AccessRow | WorkloadRow] = [*matrix().human, *matrix().workload]
    for row in every:
        assert row.environment in ENVIRONMENTS
        assert row.scope_kind in scope_kinds()
        assert row.why
        assert row.source
        if row.custom:
            assert row.role.guid == ""
            assert customs[row.custom].name == row.role.name
        else:
            definition = roles().get(row.role.guid)
            assert definition is not None, row
            assert definition.name == row.role.name
    assert {row.function for row in matrix().human} == set(FUNCTION_IDS)
    assert all(row.source and row.permission.actions for row in matrix().custom_roles)


def test_no_function_row_appears_twice() -> None:
    keys = Counter(
        (row.function, env, row.scope_kind, row.role.guid or row.custom)
        for row in matrix().human
        for env in (("dev", "test", "prod") if row.environment == "all" else (row.environment,))
    )
    assert max(keys.values()) == 1


def test_a_custom_role_has_the_guid_arm_would_give_it() -> None:
    expected = arm_guid("/providers/microsoft.management/managementgroups/mg-ai", "CoE RAI Reviewer")
    assert custom_role_guid("MG-AI", "CoE RAI Reviewer") == expected
    assert (
        next(row for row in matrix().human if row.custom == "coe-rai-reviewer").role_in("mg-ai").guid
        == expected
    )


def test_the_role_catalogue_has_every_role_block_and_condition() -> None:
    catalogue = roles()
    assert len(catalogue) == 928
    everything = list(catalogue)
    assert sum(len(role.permissions) > 1 for role in everything) == 16
    assert sum(bool(block.condition) for role in everything for block in role.permissions) == 31
    assert catalogue.date == "2026-08-22"
    assert catalogue.source
    foundry = catalogue.get("53CA6127-DB72-4B80-B1B0-D745D6D5456D")
    assert foundry is not None
    assert foundry.name == "Foundry User"
    assert catalogue.get("00000000-0000-0000-0000-000000000000") is None
    assert [role.guid for role in catalogue.named("foundry user")] == [foundry.guid]


def test_the_role_catalogue_equals_the_raw_list() -> None:
    corpus = os.environ.get("COE_CORPUS", "")
    raw = Path(corpus) / "builtin-roles.json"
    if not corpus or not raw.is_file():
        pytest.skip("COE_CORPUS does not name a folder with builtin-roles.json")
    for role in json.loads(raw.read_text(encoding="utf-8"))["roles"]:
        ours = roles().get(role["name"])
        assert ours is not None
        for block, theirs in zip(ours.permissions, role["permissions"], strict=True):
            assert list(block.actions) == theirs["actions"]
            assert list(block.not_actions) == theirs["notActions"]
            assert list(block.data_actions) == theirs["dataActions"]
            assert list(block.not_data_actions) == theirs["notDataActions"]
            assert block.condition == theirs.get("condition", "")


@pytest.mark.parametrize(
    ("resource_type", "name", "fine"),
    [
        ("Microsoft.KeyVault/vaults", "kv-cto-claims-dev", True),
        ("Microsoft.KeyVault/vaults", "kv-cto-claims-chat-production", False),
        ("Microsoft.KeyVault/vaults", "1kv-claims", False),
        ("microsoft.storage/storageaccounts", "stctoclaimsdev", True),
        ("Microsoft.Storage/storageAccounts", "st-claims", False),
        ("Microsoft.Storage/storageAccounts/blobServices/containers", "acc/default/data", True),
        ("Microsoft.Unknown/things", "!!", True),
    ],
)
def test_names_are_judged_as_azure_would(resource_type: str, name: str, *, fine: bool) -> None:
    assert (naming().problems(resource_type, name) == ()) is fine


def test_naming_rules_name_their_source_and_abbreviations() -> None:
    assert len(naming().by_type) == 84
    assert all(rule.source and rule.minimum <= rule.maximum for rule in naming().by_type.values())
    assert naming().abbreviation("Microsoft.CognitiveServices/accounts", "AIServices") == "aif"
    assert naming().abbreviation("Microsoft.Resources/deployments") == ""


def test_evidence_has_45_items_with_approver_and_source() -> None:
    assert len(evidence().items) == 45
    for item in evidence().items:
        assert item.approver in FUNCTION_IDS
        assert item.gate in evidence().gates
        assert item.source
    assert len(evidence().needed("rag", "minimal")) < len(evidence().needed("rag", "high"))


def test_separation_rules_have_owner_fix_and_source() -> None:
    assert [rule.id for rule in separation_rules()] == [f"SOD-{number:02}" for number in range(1, 11)]
    for rule in separation_rules():
        assert rule.owner in FUNCTION_IDS
        assert rule.fix
        assert rule.source
