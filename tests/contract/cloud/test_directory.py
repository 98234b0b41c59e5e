"""Which principals exist, asked of a made-up Microsoft Graph through azure-core's own pipeline."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import HttpTransport

from coe_scaffold.cloud.clients import Connection
from coe_scaffold.cloud.directory import AT_ONCE, groups_called, known_principals
from coe_scaffold.cloud.pacing import Pacing
from coe_scaffold.cloud.session import connect
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import DirectoryEntry
from coe_scaffold.model.settings import Cloud
from coe_scaffold.sandbox import Seed, running
from tests.contract.sandbox.place import GROUPS, TENANT


class Credential:
    """Gives one token and keeps what it was asked for."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.scopes += scopes
        return AccessToken("t", 4102444800)


class Answer:
    """What azure-core's pipeline needs of a response."""

    def __init__(self, request: Any, status: int, body: Any) -> None:
        self.request, self.status_code, self.body = request, status, body
        self.headers: dict[str, str] = {"content-type": "application/json"}
        self.reason = "r"
        self.content_type = "application/json"

    def raise_for_status(self) -> None:
        from azure.core.exceptions import HttpResponseError

        if self.status_code >= 400:
            raise HttpResponseError(response=self)

    def json(self) -> Any:
        return self.body

    def text(self) -> str:
        return json.dumps(self.body)

    def read(self) -> bytes:
        return self.text().encode()


class Transport(HttpTransport):  # type: ignore[type-arg]
    """A directory in memory."""

    def __init__(self, names: dict[str, str], status: int = 200) -> None:
        self.names, self.status, self.sent = names, status, []  # type: ignore[var-annotated]

    def send(self, request: Any, **_: Any) -> Any:
        body = json.loads(request.content)
        self.sent.append((request.url, body))
        if self.status != 200:
            error = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}
            return Answer(request, self.status, error)
        kind = "#microsoft.graph.group"
        found = [
            {"@odata.type": kind, "id": one, "displayName": self.names[one]}
            for one in body["ids"]
            if one in self.names
        ]
        return Answer(request, 200, {"value": found})

    def open(self) -> None: ...

    def close(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def connection(credential: Credential) -> Connection:
    return Connection("https://management.example", credential, {}, Pacing(), 0.0)


def test_only_those_that_exist_come_back_with_their_names() -> None:
    credential, transport = Credential(), Transport({"a": "ai-engineers"})
    found = known_principals(connection(credential), Cloud.AZURE, ["A", "b"], transport=transport)
    assert found == {"a": DirectoryEntry("a", "ai-engineers", "group")}
    assert credential.scopes == ["https://graph.microsoft.com/.default"]
    assert transport.sent[0][0] == "https://graph.microsoft.com/v1.0/directoryObjects/getByIds"


def test_many_ids_are_asked_in_parts() -> None:
    transport = Transport({})
    known_principals(connection(Credential()), Cloud.CHINA, map(str, range(AT_ONCE + 1)), transport=transport)
    assert [len(body["ids"]) for _, body in transport.sent] == [AT_ONCE, 1]


def test_a_refusal_is_an_error_not_an_empty_directory() -> None:
    with pytest.raises(CloudError) as caught:
        known_principals(connection(Credential()), Cloud.AZURE, ["a"], transport=Transport({}, status=403))
    assert caught.value.code == "Authorization_RequestDenied"


def test_the_sandbox_is_asked_over_http() -> None:
    with running(None, Seed(TENANT, (), (), (GROUPS[0],), {GROUPS[1]: "ai-engineers"})) as endpoint:
        session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        try:
            found = known_principals(session.clients.connection, Cloud.SANDBOX, GROUPS[:3])
            called = groups_called(session.clients.connection, Cloud.SANDBOX, ["AI-Engineers", "no one's"])
        finally:
            session.close()
    assert {key: (one.name, one.kind) for key, one in found.items()} == {
        GROUPS[0]: ("", "group"),
        GROUPS[1]: ("ai-engineers", "group"),
    }
    assert called == {"AI-Engineers": (GROUPS[1],), "no one's": ()}
