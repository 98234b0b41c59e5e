"""Overrides of the access matrix, and how roles that are not standing are given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.access import desired
from coe_scaffold.access.rows import organisation_rows, project_rows
from coe_scaffold.catalog import matrix
from coe_scaffold.model.access import Mode
from coe_scaffold.model.settings import AccessSettings, Pim, RowChange, RowVerb, Settings
from coe_scaffold.operations.access import can, separation
from tests.fakes.landing import graph
from tests.fakes.workspace import project, settings

INDEX_READER = "1407120a-92aa-4202-b7e9-c0e197c71c8f"
COST_READER = "72fafb9e-0641-4937-9268-a91bfd8191a3"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
READ = "Microsoft.Search/searchServices/indexes/documents/read"


def change(verb: RowVerb, **more: str) -> RowChange:
    plain = {
        "function": "data-scientist",
        "environment": "dev",
        "scope_kind": "search",
        "role": INDEX_READER,
        "reason": "asked for in the review",
        "location": "coe.yaml:40",
        **more,
    }
    return RowChange(verb=verb, **plain)


def changed(*changes: RowChange) -> Settings:
    return replace(settings(), access=AccessSettings(changes=changes))


def allowed(found: Settings, environment: str = "dev", *, standing: bool = False) -> bool:
    where = graph(found, environment)
    return can(found, "data-scientist", READ, environment, where, data=True, standing=standing).allowed


def test_a_removed_row_gives_nothing() -> None:
    assert allowed(settings())
    assert not allowed(changed(change(RowVerb.REMOVE)))


def test_an_added_row_gives_a_role_and_says_why() -> None:
    found = changed(change(RowVerb.ADD, environment="prod", mode="eligible"))
    assert not allowed(settings(), "prod")
    assert allowed(found, "prod")
    assert not allowed(found, "prod", standing=True)
    row = organisation_rows(found)[-1]
    assert (row.why, row.source, row.role.name) == (
        "asked for in the review",
        "coe.yaml:40",
        "Search Index Data Reader",
    )


def test_a_replacement_changes_mode_or_role() -> None:
    eligible = changed(change(RowVerb.REPLACE, mode="eligible"))
    assert allowed(eligible)
    assert not allowed(eligible, standing=True)
    other = changed(change(RowVerb.REPLACE, new_role="acdd72a7-3385-48ef-bd42-f606fba81ae7"))
    assert not allowed(other)


def test_one_environment_of_a_row_for_all_can_be_overridden() -> None:
    one = {"function": "ai-coe-lead", "scope_kind": "management-group", "role": COST_READER}
    found = changed(change(RowVerb.REMOVE, environment="dev", **one))
    rows = [row for row in organisation_rows(found) if row.function == "ai-coe-lead"]
    there = {row.environment for row in rows if row.role.guid == COST_READER}
    assert there == {"test", "prod"}
    assert len(organisation_rows(settings())) == len(matrix().human)


def test_a_projects_override_stays_in_the_project() -> None:
    own = replace(project("claims-chat"), access_changes=(change(RowVerb.REMOVE),))
    found = settings(own, project("fraud-chat"))
    holders = {
        item.scope.path
        for item in desired(found, "dev", graph(found)).assignments
        if item.role.guid == INDEX_READER
    }
    assert len(project_rows(found, own)) == len(matrix().human) - 1
    assert not any("claims" in path for path in holders)


def test_separation_of_duties_judges_overrides() -> None:
    owner = change(RowVerb.ADD, scope_kind="project-rg", role=OWNER, mode="eligible")
    assert {finding.rule for finding in separation(changed(owner), "dev", graph(settings()))} >= {"SOD-01"}
    standing = change(
        RowVerb.ADD, environment="prod", scope_kind="data-container", mode="standing",
        role="ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    )  # fmt: skip
    assert {finding.rule for finding in separation(changed(standing), "prod", graph(settings(), "prod"))} == {
        "SOD-02"
    }


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_without_eligibility_rows_end_or_are_left_out_and_none_is_standing(environment: str) -> None:
    base = settings()
    wanted = desired(base, environment, graph(base, environment))
    off = replace(base, access=AccessSettings(pim=Pim.OFF))
    got = desired(off, environment, graph(off, environment))
    assert got.assignments == wanted.assignments
    assert {item.mode for item in got.scheduled} <= {Mode.TIME_BOUND}
    assert environment == "test" or got.scheduled
    assert got.policies == ()
    assert {item.key for item in got.scheduled} <= {item.key for item in wanted.scheduled}
    told = sum(int(note.split()[0]) for note in got.notes if "eligible in the matrix" in note)
    assert told == sum(item.mode is Mode.ELIGIBLE for item in wanted.scheduled)
    assert separation(off, environment, graph(off, environment)) == ()


def test_what_separation_of_duties_forbids_to_be_active_is_left_out_and_said() -> None:
    off = replace(settings(), access=AccessSettings(pim=Pim.OFF))
    got = desired(off, "test", graph(off, "test"))
    assert not any(item.function == "ai-ethics-officer" for item in got.scheduled)
    assert any("Cognitive Services Data Reader" in note and "forbids it" in note for note in got.notes)


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_no_break_glass_role_is_active_for_months(environment: str) -> None:
    off = replace(settings(), access=AccessSettings(pim=Pim.OFF))
    names = {item.role.name for item in desired(off, environment, graph(off, environment)).scheduled}
    assert not names & {"Contributor", "Managed Identity Federated Identity Credential Contributor"}
    if environment == "prod":
        assert names == {"Foundry Agent Consumer"}, "the one row the matrix itself bounds in time"


def test_without_privileged_identity_management_nothing_but_standing_rows_is_given() -> None:
    none = replace(settings(), access=AccessSettings(pim=Pim.NONE))
    got = desired(none, "prod", graph(none, "prod"))
    assert not got.scheduled
    assert not got.policies
    assert got.assignments == desired(settings(), "prod", graph(settings(), "prod")).assignments
    assert sum(int(note.split()[0]) for note in got.notes if "access.pim is none" in note) == 9
