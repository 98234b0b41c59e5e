"""The part of Microsoft Graph that the sandbox answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coe_scaffold.sandbox import Endpoint, Seed, running
from tests.contract.sandbox.place import GROUPS, READER, SUBSCRIPTIONS, TENANT, Client

NEW = {"displayName": "ai-leads", "mailEnabled": False, "mailNickname": "ai-leads", "securityEnabled": True}


@pytest.fixture(scope="module")
def graph() -> Iterator[Client]:
    names = {GROUPS[0]: "ai-engineers", GROUPS[1]: "ai-owners"}
    with running(None, Seed(TENANT, SUBSCRIPTIONS[:1], (), (), names)) as endpoint:
        yield Client(endpoint)


def ask(client: Client, path: str, query: str = "") -> list[str]:
    answer = client.call("GET", path, version="", query=query)
    assert answer.status == 200, answer.body
    return [item["displayName"] for item in answer.body["value"]]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("", ["ai-engineers", "ai-owners"]),
        ("$filter=displayName eq 'AI-owners'", ["ai-owners"]),
        ("$filter=startswith(displayName,'ai-e')", ["ai-engineers"]),
        ("$filter=displayName eq 'nobody''s'", []),
        ("$top=1", ["ai-engineers"]),
    ],
)
def test_groups_are_found_by_name(graph: Client, condition: str, names: list[str]) -> None:
    assert [name for name in ask(graph, "/v1.0/groups", condition) if name != "ai-leads"] == names


def test_a_filter_that_is_not_understood_is_refused(graph: Client) -> None:
    answer = graph.call("GET", "/v1.0/groups", version="", query="$filter=mail ne null")
    assert (answer.status, answer.code) == (400, "Request_UnsupportedQuery")


def test_a_group_is_made_given_a_role_and_deleted(graph: Client) -> None:
    made = graph.call("POST", "/v1.0/groups", NEW, version="")
    assert made.status == 201
    place = f"/v1.0/groups/{made.body['id']}"
    assert graph.call("GET", place, version="").body["displayName"] == "ai-leads"
    role = f"{graph.scope.path}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    body = {"properties": {"roleDefinitionId": role, "principalId": made.body["id"]}}
    where = f"{graph.scope.path}/providers/Microsoft.Authorization/roleAssignments/"
    assert graph.call("PUT", where + GROUPS[0], body, version="2022-04-01").status == 201
    assert graph.call("DELETE", place, version="").status == 204
    assert graph.call("GET", place, version="").code == "Request_ResourceNotFound"
    assert graph.call("GET", where + GROUPS[0], version="2022-04-01").status == 200
    refused = graph.call("PUT", where + GROUPS[1], body, version="2022-04-01")
    assert refused.code == "PrincipalNotFound"
    found = graph.call(
        "POST", "/v1.0/directoryObjects/getByIds", {"ids": [made.body["id"], GROUPS[0]]}, version=""
    )
    assert [(item["id"], item["@odata.type"]) for item in found.body["value"]] == [
        (GROUPS[0], "#microsoft.graph.group")
    ]


@pytest.mark.parametrize("missing", NEW)
def test_a_group_needs_its_four_properties(graph: Client, missing: str) -> None:
    body = {key: value for key, value in NEW.items() if key != missing}
    answer = graph.call("POST", "/v1.0/groups", body, version="")
    assert (answer.status, answer.code) == (400, "Request_BadRequest")
    assert f"'{missing}'" in answer.body["error"]["message"]


def test_an_identity_is_a_service_principal_without_rights_here(graph: Client) -> None:
    scope = graph.group()
    path = f"{scope.path}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-app"
    own = graph.call("PUT", path, {"location": "westus"}, version="2023-01-31").body["properties"]
    query = f"$filter=servicePrincipalNames/any(c:c eq '{own['clientId']}')"
    assert ask(graph, "/v1.0/servicePrincipals", query) == ["id-app"]
    endpoint = graph.endpoint
    as_identity = Client(endpoint.acting_as(own["principalId"]))
    assert as_identity.call("GET", "/v1.0/groups", version="").code == "Authorization_RequestDenied"


def test_only_the_owner_writes_and_a_token_is_needed(graph: Client) -> None:
    member = Client(graph.endpoint.acting_as(GROUPS[0]))
    assert member.call("GET", f"/v1.0/groups/{GROUPS[1]}", version="").status == 200
    assert member.call("POST", "/v1.0/groups", NEW, version="").status == 403
    stranger = Client(Endpoint(graph.endpoint.url, "guess"))
    assert stranger.call("GET", "/v1.0/groups", version="").status == 401


def test_a_group_has_owners_and_members(graph: Client) -> None:
    place = f"/v1.0/groups/{GROUPS[1]}"
    assert ask(graph, f"{place}/owners") == []
    reference = {"@odata.id": f"{graph.endpoint.url}/v1.0/directoryObjects/{GROUPS[0]}"}
    for what in ("owners", "members"):
        assert graph.call("POST", f"{place}/{what}/$ref", reference, version="").status == 204
        assert ask(graph, f"{place}/{what}") == ["ai-engineers"]
        assert graph.call("POST", f"{place}/{what}/$ref", reference, version="").status == 400
    nobody = {"@odata.id": f"/v1.0/directoryObjects/{GROUPS[8]}"}
    answer = graph.call("POST", f"{place}/members/$ref", nobody, version="")
    assert answer.code == "Request_ResourceNotFound"
