"""Asks Microsoft Graph which principals exist, only when somebody says so (``--graph``). Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from coe_scaffold.cloud.clients import Connection
from coe_scaffold.cloud.errors import translated
from coe_scaffold.errors import UsageError
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
) -> Mapping[str, str]:
    """Return the display names of those ids that are in the directory, by id in lower case.

    Needs Directory.Read.All or Group.Read.All. Raises UsageError for the sandbox, which has no directory,
    and CloudError.
    """
    if cloud not in _PLACES:
        raise UsageError(
            "the sandbox has no directory to ask",
            fix="Leave --graph out, or use a real cloud.",
            code="COE-CLD-010",
        )
    asked = sorted({one.lower() for one in ids})
    client = _client(connection, _PLACES[cloud], transport)
    with client, translated("principals in the directory"):
        return dict(_ask(client, _PLACES[cloud], asked))


def _ask(client: Any, url: str, ids: list[str]) -> Iterator[tuple[str, str]]:
    from azure.core.rest import HttpRequest

    for start in range(0, len(ids), AT_ONCE):
        body = {"ids": ids[start : start + AT_ONCE], "types": ["group", "user", "servicePrincipal"]}
        answer = client.send_request(HttpRequest("POST", f"{url}/v1.0/directoryObjects/getByIds", json=body))
        answer.raise_for_status()
        for item in answer.json()["value"]:
            yield str(item["id"]).lower(), str(item.get("displayName") or "")


def _client(connection: Connection, url: str, transport: Any) -> Any:
    from azure.core import PipelineClient
    from azure.core.pipeline.policies import (
        BearerTokenCredentialPolicy,
        HeadersPolicy,
        RetryPolicy,
        UserAgentPolicy,
    )

    policies = [
        HeadersPolicy(),
        UserAgentPolicy(base_user_agent="coe-scaffold"),
        RetryPolicy(),
        BearerTokenCredentialPolicy(connection.credential, f"{url}/.default"),
    ]
    extra = {} if transport is None else {"transport": transport}
    return PipelineClient(url, policies=policies, **extra)
