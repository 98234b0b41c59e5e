"""How untouched tools find the sandbox and log in."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from coe_scaffold.sandbox import Endpoint, certificate, running, tokens
from tests.contract.sandbox.place import GROUPS, SEED, TENANT, Client

SUFFIXES = {"storage", "keyVaultDns", "sqlServerHostname", "acrLoginServer"}
"""Suffixes that Azure CLI and the Terraform provider read."""


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


def claims(token: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "==")))


def test_the_metadata_names_only_the_sandbox(endpoint: Endpoint) -> None:
    status, body = ask(endpoint, "GET", "/metadata/endpoints?api-version=2022-09-01")
    assert status == 200
    assert body["authentication"] == {
        "loginEndpoint": endpoint.url,
        "audiences": [endpoint.url],
        "tenant": TENANT,
        "identityProvider": "AAD",
    }
    places = {value for key, value in body.items() if key not in ("name", "authentication", "suffixes")}
    assert places == {endpoint.url}
    assert {"resourceManager", "microsoftGraphResourceId", "graph", "portal", "batch"} <= set(body)
    assert set(body["suffixes"]) == SUFFIXES
    assert ask(endpoint, "GET", "/metadata/endpoints?api-version=2019-05-01")[1] == [body]


def test_discovery_leads_to_the_token_endpoint(endpoint: Endpoint) -> None:
    status, body = ask(endpoint, "GET", f"/{TENANT}/v2.0/.well-known/openid-configuration")
    assert status == 200
    assert body["token_endpoint"] == f"{endpoint.url}/{TENANT}/oauth2/v2.0/token"
    assert {"issuer", "authorization_endpoint", "token_endpoint"} <= set(body), "what MSAL needs"


@pytest.mark.parametrize("path", [f"/{TENANT}/oauth2/v2.0/token", f"/{TENANT}/oauth2/token"])
def test_a_client_secret_gives_a_token_that_acts_as_the_client(endpoint: Endpoint, path: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": GROUPS[8], "client_secret": endpoint.token}
    status, body = ask(endpoint, "POST", path, urlencode(form | {"scope": f"{endpoint.url}/.default"}))
    assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    found = claims(body["access_token"])
    assert (found["tid"], found["oid"], found["appid"]) == (TENANT, GROUPS[8], GROUPS[8])
    assert found["aud"] == endpoint.url
    client = Client(Endpoint(endpoint.url, body["access_token"]))
    assert client.call("GET", client.scope.path).code == "AuthorizationFailed"
    assert client.call("GET", "/subscriptions").status == 200


def test_managed_identity_and_wrong_secrets(endpoint: Endpoint) -> None:
    status, body = ask(endpoint, "GET", "/msi/token?resource=r", X_IDENTITY_HEADER=endpoint.token)
    assert (status, body["resource"], claims(body["access_token"])["oid"]) == (200, "r", tokens.OWNER_CLIENT)
    owner = Client(Endpoint(endpoint.url, body["access_token"]))
    assert owner.call("GET", owner.scope.path).status == 200
    assert ask(endpoint, "GET", "/msi/token", X_IDENTITY_HEADER="guess")[0] == 401
    form = urlencode({"client_id": "x", "client_secret": "guess"})
    assert ask(endpoint, "POST", f"/{TENANT}/oauth2/token", form)[1]["error"] == "invalid_client"


@pytest.mark.parametrize(
    "change",
    [lambda t: t[:-1] + ("B" if t[-1] == "A" else "A"), lambda t: t.replace(".", "x", 1), lambda _: "~a"],
)
def test_a_token_that_was_changed_is_not_taken(endpoint: Endpoint, change: Any) -> None:
    token = tokens.issue(endpoint.token, audience="", issuer="", tenant=TENANT, client="x", now=2e9)
    answer = Client(Endpoint(endpoint.url, change(token))).call("GET", "/subscriptions")
    assert (answer.status, answer.code) == (401, "InvalidAuthenticationToken")


def test_a_token_ends(endpoint: Endpoint) -> None:
    token = tokens.issue(endpoint.token, audience="", issuer="", tenant=TENANT, client="x", now=1e9)
    answer = Client(Endpoint(endpoint.url, token)).call("GET", "/subscriptions")
    assert (answer.status, answer.code) == (401, "ExpiredAuthenticationToken")


def test_the_host_must_be_loopback(endpoint: Endpoint) -> None:
    status, body = ask(endpoint, "GET", "/metadata/endpoints", Host="evil.example")
    assert (status, body["error"]["code"]) == (403, "Forbidden")


def test_https_is_served_with_a_certificate_only_the_own_issuer_vouches_for(tmp_path: Path) -> None:
    with running(None, SEED, certificates=tmp_path) as endpoint:
        url = urlsplit(endpoint.url)
        trusting = ssl.create_default_context(cafile=endpoint.issuer)
        for host in ("127.0.0.1", "localhost"):
            connection = http.client.HTTPSConnection(host, url.port, context=trusting)
            connection.request("GET", "/metadata/endpoints?api-version=2022-09-01")
            body = json.loads(connection.getresponse().read())
            connection.close()
            assert body["resourceManager"] == f"https://{host}:{url.port}"
        stranger = http.client.HTTPSConnection("127.0.0.1", url.port, context=ssl.create_default_context())
        with pytest.raises(ssl.SSLCertVerificationError):
            stranger.request("GET", "/")
    assert url.scheme == "https"


def test_a_certificate_is_kept_while_it_lasts_and_its_key_is_private(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in certificate.ensure(tmp_path)]
    issuer, chain, key = certificate.ensure(tmp_path)
    assert [path.read_bytes() for path in (issuer, chain, key)] == first
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    chain.write_text("broken")
    assert [path.read_bytes() for path in certificate.ensure(tmp_path)] != first
