"""Asks Microsoft Graph which principals exist, only when somebody says so (``--graph``). Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from coe_scaffold.cloud.clients import Connection
from coe_scaffold.cloud.errors import translated
from coe_scaffold.model.access import DirectoryEntry, DirectoryView, GroupPeople
from coe_scaffold.model.settings import Cloud

AT_ONCE = 1000
"""Ids in one question: what directoryObjects/getByIds takes (Microsoft Graph reference)."""

_PLACES = {
    Cloud.AZURE: "https://graph.microsoft.com",
    Cloud.US_GOVERNMENT: "https://graph.microsoft.us",
    Cloud.CHINA: "https://microsoftgraph.chinacloudapi.cn",
}


def known_principals(
    connection: Connection, cloud: Cloud, ids: Iterable[str], *, transport: Any = None
) -> Mapping[str, DirectoryEntry]:
    """Return who is in the directory of those ids, by id in lower case; what is missing is not there.

    Needs Directory.Read.All or Group.Read.All. The sandbox has a directory of its own, at the address of
    its Resource Manager. Raises CloudError.
    """
    url = connection.base_url if cloud is Cloud.SANDBOX else _PLACES[cloud]
    asked = sorted({one.lower() for one in ids})
    if not asked:
        return {}
    client = _client(connection, url, transport)
    with client, translated("principals in the directory"):
        return {one.id: one for one in _ask(client, url, asked)}


def look_up(
    connection: Connection, cloud: Cloud, principals: Iterable[str], groups: Iterable[str]
) -> DirectoryView:
    """Return who of ``principals`` and ``groups`` exists, and the people of those groups that do."""
    wanted = frozenset(one.lower() for one in groups)
    entries = known_principals(connection, cloud, {*principals, *wanted})
    people = people_of(connection, cloud, wanted & entries.keys())
    owning = {one for who in people.values() for one in who.owners & who.members}
    return DirectoryView({**entries, **known_principals(connection, cloud, owning)}, people)


def groups_called(
    connection: Connection, cloud: Cloud, names: Iterable[str], *, transport: Any = None
) -> Mapping[str, tuple[str, ...]]:
    """Return the ids of the groups with each of these display names; a name without a group has none.

    Needs Group.Read.All. Raises CloudError.
    """
    url = connection.base_url if cloud is Cloud.SANDBOX else _PLACES[cloud]
    client = _client(connection, url, transport)
    with client, translated("groups in the directory"):
        return {name: _called(client, url, name) for name in sorted(set(names))}


def people_of(
    connection: Connection, cloud: Cloud, groups: Iterable[str], *, transport: Any = None
) -> Mapping[str, GroupPeople]:
    """Return owners and direct members of groups, by the group's id in lower case.

    Needs GroupMember.Read.All. Raises CloudError, for a group that does not exist, too.
    """
    url = connection.base_url if cloud is Cloud.SANDBOX else _PLACES[cloud]
    client = _client(connection, url, transport)
    with client, translated("owners and members of groups"):
        return {
            group: GroupPeople(
                frozenset(_related(client, f"{url}/v1.0/groups/{group}/owners")),
                frozenset(_related(client, f"{url}/v1.0/groups/{group}/members")),
            )
            for group in sorted({one.lower() for one in groups})
        }


def _related(client: Any, url: str) -> Iterator[str]:
    """Yield object ids, page by page."""
    from azure.core.rest import HttpRequest

    following, query = url, {"$select": "id"}
    while following:
        answer = client.send_request(HttpRequest("GET", following, params=query))
        answer.raise_for_status()
        body = answer.json()
        yield from (str(item["id"]).lower() for item in body["value"])
        following, query = str(body.get("@odata.nextLink") or ""), {}


def _called(client: Any, url: str, name: str) -> tuple[str, ...]:
    from azure.core.rest import HttpRequest

    quoted = name.replace("'", "''")
    query = {"$filter": f"displayName eq '{quoted}'", "$select": "id,displayName"}
    answer = client.send_request(HttpRequest("GET", f"{url}/v1.0/groups", params=query))
    answer.raise_for_status()
    return tuple(sorted(str(item["id"]).lower() for item in answer.json()["value"]))


def _ask(client: Any, url: str, ids: list[str]) -> Iterator[DirectoryEntry]:
    from azure.core.rest import HttpRequest

    for start in range(0, len(ids), AT_ONCE):
        body = {"ids": ids[start : start + AT_ONCE], "types": ["group", "user", "servicePrincipal"]}
        answer = client.send_request(HttpRequest("POST", f"{url}/v1.0/directoryObjects/getByIds", json=body))
        answer.raise_for_status()
        for item in answer.json()["value"]:
            kind = str(item.get("@odata.type") or "").rpartition(".")[2]
            yield DirectoryEntry(str(item["id"]).lower(), str(item.get("displayName") or ""), kind)


def _client(connection: Connection, url: str, transport: Any) -> Any:
    from azure.core import PipelineClient
    from azure.core.pipeline.policies import (
        BearerTokenCredentialPolicy,
        HeadersPolicy,
        RetryPolicy,
        UserAgentPolicy,
    )

    options = connection.options
    policies = [
        HeadersPolicy(),
        UserAgentPolicy(base_user_agent="coe-scaffold"),
        options.get("retry_policy") or RetryPolicy(),
        options.get("authentication_policy")
        or BearerTokenCredentialPolicy(connection.credential, f"{url}/.default"),
    ]
    extra = {"use_env_settings": options.get("use_env_settings", True)}
    return PipelineClient(url, policies=policies, **extra, **({"transport": transport} if transport else {}))
