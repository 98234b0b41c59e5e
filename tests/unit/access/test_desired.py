from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.access import desired, places, sample_places
from coe_scaffold.catalog import matrix, scope_kinds
from coe_scaffold.errors import ConfigError, UsageError
from coe_scaffold.model.access import Mode, PrincipalType, arm_guid
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.settings import Group
from tests.fakes.landing import graph, resource
from tests.fakes.workspace import project, settings

ENVIRONMENTS = ("dev", "test", "prod")


def test_places_follow_tags_types_and_container_names() -> None:
    found = places(settings(), "dev", graph(settings()))
    names = {kind: [place.scope.name for place in there] for kind, there in found.items() if there}
    assert names == {
        "management-group": ["mg-ai"],
        "subscription": ["20000000-0000-4000-8000-000000000001"],
        "platform-rg": ["rg-cto-platform-dev-sdc"],
        "project-rg": ["rg-cto-claims-chat-dev-sdc"],
        "identity-rg": ["rg-cto-claims-chat-id-dev-sdc"],
        "foundry-account": ["aif-claims-chat"],
        "foundry-project": ["proj-claims-chat"],
        "search": ["srch-claims-chat"],
        "storage-account": ["stclaimschat"],
        "data-container": ["data"],
        "evaluation-container": ["evaluation"],
        "evidence-container": ["evidence"],
        "log-analytics": ["log-cto-dev"],
        "key-vault": ["kv-claims-chat"],
        "container-registry": ["crctodev"],
    }


def test_a_repository_alone_asks_for_access_to_its_own_places_only() -> None:
    whole = settings(project())
    found = desired(replace(whole, alone=True), "dev", graph(whole))
    given = (*found.assignments, *found.scheduled)
    assert given
    assert {item.scope.resource_group for item in given} == {
        "rg-cto-claims-chat-dev-sdc",
        "rg-cto-claims-chat-id-dev-sdc",
    }
    assert {item.key for item in given} < {
        item.key for item in desired(whole, "dev", graph(whole)).assignments
    } | {item.key for item in desired(whole, "dev", graph(whole)).scheduled}


def test_the_projects_own_workspace_hides_the_shared_one() -> None:
    base = graph(settings())
    home = settings().environments["dev"].scope.group("rg-cto-claims-chat-dev-sdc")
    own = resource(home, "Microsoft.OperationalInsights/workspaces", "log-claims-chat")
    found = places(settings(), "dev", ResourceGraph((*base.resources, own)))
    assert [place.scope.name for place in found["log-analytics"]] == ["log-claims-chat"]


def test_an_openai_account_and_an_existing_or_unnamed_resource_are_no_places() -> None:
    home = settings().environments["dev"].scope.group("rg-cto-claims-chat-dev-sdc")
    kind = "Microsoft.CognitiveServices/accounts"
    speech = resource(home, kind, "speech", kind="SpeechServices")
    there = replace(resource(home, kind, "there", kind="AIServices"), existing=True)
    nameless = replace(resource(home, kind, "x", kind="AIServices"), known_id=False)
    found = places(settings(), "dev", ResourceGraph((speech, there, nameless)))
    assert found["foundry-account"] == ()


def test_every_kind_of_place_has_a_sample() -> None:
    found = sample_places(settings(), "dev")
    assert set(found) == set(scope_kinds())
    for kind, there in found.items():
        assert there[0].scope.resource_type.lower() == scope_kinds()[kind].resource_type.lower()


def test_standing_rows_become_assignments_of_groups_and_the_rest_is_scheduled() -> None:
    wanted = desired(settings(), "dev", graph(settings()))
    assert wanted.assignments
    assert all(item.mode is Mode.STANDING for item in wanted.assignments)
    assert all(item.mode is not Mode.STANDING for item in wanted.scheduled)
    assert all(item.principal_type is PrincipalType.GROUP for item in wanted.assignments)
    roles = {(item.function, item.role.name, item.scope.name) for item in wanted.assignments}
    assert ("data-scientist", "Foundry User", "proj-claims-chat") in roles
    assert ("ai-engineer", "Contributor", "rg-cto-claims-chat-dev-sdc") not in roles
    assert ("ai-engineer", "Contributor") in {(item.function, item.role.name) for item in wanted.scheduled}


def test_names_are_what_guid_gives_in_bicep_and_descriptions_carry_the_mark() -> None:
    for item in desired(settings(), "prod", graph(settings(), "prod")).assignments:
        assert item.name == arm_guid(item.scope.path.lower(), item.principal.lower(), item.role.guid)
        assert item.description.startswith(f"coe-scaffold: {item.function}: ")


def test_a_row_without_its_resource_is_skipped_with_one_line_per_cause() -> None:
    skipped = desired(settings(), "dev", graph(settings())).skipped
    assert (
        "Machine Learning workspace is not deployed: 4 rows skipped (Data Scientist, MLOps Engineer)"
        in skipped
    )
    who = "AI CoE Lead, AI Strategist, Business Analyst, AI Ethics Officer"
    assert f"Grafana is not deployed: 4 rows skipped ({who})" in skipped
    assert len(skipped) == len({line.split(" is not ")[0] for line in skipped})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_row_is_an_assignment_or_skipped(environment: str) -> None:
    wanted = desired(settings(), environment, graph(settings(), environment))
    skipped = sum(int(line.split(": ")[1].split()[0]) for line in wanted.skipped)
    rows = matrix().rows(environment)
    assert len(wanted.assignments) + len(wanted.scheduled) + skipped == len(rows)


def test_notes_say_only_what_is_left_out() -> None:
    wanted = desired(settings(), "prod", graph(settings(), "prod"))
    assert wanted.scheduled
    assert wanted.notes == wanted.skipped


def test_functions_without_a_group_are_all_named() -> None:
    bare = replace(settings(), functions={"ai-engineer": (Group("g"),)})
    with pytest.raises(ConfigError) as caught:
        desired(bare, "dev", graph(settings()))
    missing = {problem.message.split("'")[1] for problem in caught.value.problems}
    assert missing == set(FUNCTION_IDS) - {"ai-engineer"}


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(UsageError):
        desired(settings(), "staging", graph(settings()))


def test_a_projects_own_group_replaces_the_workspaces_there_and_only_there() -> None:
    own = Group("99999999-0000-4000-8000-000000000001", "claims-scientists")
    special = replace(project(), functions={"data-scientist": (own,)})
    wanted = desired(settings(special), "dev", graph(settings()))
    held = {
        item.scope.name: item.principal for item in wanted.assignments if item.function == "data-scientist"
    }
    shared = settings().groups("data-scientist")[0].id
    assert held["proj-claims-chat"] == own.id
    assert held["log-cto-dev"] == shared


def test_a_shared_registry_is_limited_to_the_repositories_of_the_groups_projects() -> None:
    two = settings(project("claims-chat"), project("fraud"))
    wanted = desired(two, "dev", graph(two, projects=("claims-chat", "fraud")))
    writers = [
        item for item in wanted.assignments if item.role.name == "Container Registry Repository Writer"
    ]
    assert writers
    for item in writers:
        assert "StringStartsWithIgnoreCase 'claims-chat/'" in item.condition
        assert "StringStartsWithIgnoreCase 'fraud/'" in item.condition


def test_a_registry_that_serves_no_project_gives_nobody_a_role() -> None:
    alone = replace(settings(), projects=())
    wanted = desired(alone, "dev", graph(settings(), projects=()))
    assert (
        "Container registry serves no project yet: 2 rows skipped (AI Engineer, MLOps Engineer)"
        in wanted.skipped
    )


def test_one_group_for_two_functions_holds_a_role_once() -> None:
    base = settings()
    shared = base.functions["ai-coe-lead"]
    merged = replace(base, functions={**base.functions, "ai-strategist": shared})
    wanted = desired(merged, "dev", graph(base))
    keys = [item.key for item in (*wanted.assignments, *wanted.scheduled)]
    assert len(keys) == len(set(keys))
    reader = next(item for item in wanted.assignments if item.role.name == "Management Group Reader")
    assert reader.function == "ai-coe-lead"
    assert "also AI Strategist" in reader.reason


def test_standing_wins_over_eligible_for_the_same_group() -> None:
    base = settings()
    both = replace(base, functions={**base.functions, "mlops-engineer": base.functions["data-scientist"]})
    wanted = desired(both, "test", graph(base, "test"))
    log = [item for item in (*wanted.assignments, *wanted.scheduled) if item.scope.name == "log-cto-test"]
    by_key = {item.key: item.mode for item in log}
    assert len(by_key) == len(log)


@given(st.randoms(use_true_random=False))
def test_the_order_of_resources_and_groups_does_not_matter(random: object) -> None:
    base = settings(project("claims-chat"), project("fraud"))
    whole = graph(base, projects=("claims-chat", "fraud"))
    resources = list(whole.resources)
    random.shuffle(resources)  # type: ignore[attr-defined]
    functions = list(base.functions.items())
    random.shuffle(functions)  # type: ignore[attr-defined]
    mixed = replace(base, functions=dict(functions), projects=base.projects[::-1])
    assert desired(mixed, "dev", ResourceGraph(tuple(resources))) == desired(base, "dev", whole)
