"""How untouched tools find the sandbox and log in."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from coe_scaffold.sandbox import Endpoint
from tests.contract.sandbox.place import GROUPS, TENANT, Client


def ask(endpoint: Endpoint, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Any]:
    url = urlsplit(endpoint.url)
    connection = http.client.HTTPConnection(str(url.hostname), url.port)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, sent)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_the_metadata_names_only_the_sandbox(endpoint: Endpoint) -> None:
    status, body = ask(endpoint, "GET", "/metadata/endpoints?api-version=2022-09-01")
    assert status == 200
    assert body["resourceManager"] == endpoint.url
    assert body["authentication"]["loginEndpoint"] == endpoint.url


@pytest.mark.parametrize("path", [f"/{TENANT}/oauth2/v2.0/token", f"/{TENANT}/oauth2/token"])
def test_a_client_secret_gives_a_token_that_acts_as_the_client(endpoint: Endpoint, path: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": GROUPS[8], "client_secret": endpoint.token}
    status, body = ask(endpoint, "POST", path, urlencode(form))
    assert status == 200
    client = Client(Endpoint(endpoint.url, body["access_token"]))
    assert client.call("GET", client.scope.path).code == "AuthorizationFailed"
    assert client.call("GET", "/subscriptions").status == 200


def test_managed_identity_and_wrong_secrets(endpoint: Endpoint) -> None:
    status, body = ask(endpoint, "GET", "/msi/token", X_IDENTITY_HEADER=endpoint.token)
    assert (status, body["access_token"]) == (200, endpoint.token)
    assert ask(endpoint, "GET", "/msi/token", X_IDENTITY_HEADER="guess")[0] == 401
    form = urlencode({"client_id": "x", "client_secret": "guess"})
    assert ask(endpoint, "POST", f"/{TENANT}/oauth2/token", form)[1]["error"] == "invalid_client"


def test_the_host_must_be_loopback(endpoint: Endpoint) -> None:
    status, body = ask(endpoint, "GET", "/metadata/endpoints", Host="evil.example")
    assert (status, body["error"]["code"]) == (403, "Forbidden")
