"""The key of user hashes: the same for every replica, and known to nobody who may not sign."""

from __future__ import annotations

import io
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from {{ cookiecutter.package_name }}.cloud.log_key import log_key

VAULT = "https://kv-example.vault.azure.net"
LATEST = f"{VAULT}/keys/log/0123456789abcdef"


class Identity:
    """A managed identity; every scope gets a token."""

    def __enter__(self) -> Identity:
        return self

    def __exit__(self, *error: object) -> None: ...

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        assert scopes == ("https://vault.azure.net/.default",)
        return AccessToken("token", int(time.time()) + 3600)


class Vault:
    """Key Vault behind the SDK's HTTP: it shows the public half of its key and signs."""

    def __init__(self) -> None:
        self.rotate()
        self.may_sign = True

    def rotate(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        address = str(request.url).partition("?")[0]
        if "Authorization" not in request.headers:
            tenant = "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111"
            challenge = f'Bearer authorization="{tenant}", resource="https://vault.azure.net"'
            return answer(request, 401, {}, **{"WWW-Authenticate": challenge})
        if request.method == "GET" and address == f"{VAULT}/keys/log/":
            public = self.key.public_key().public_numbers()
            shown = {"kid": LATEST, "kty": "RSA", "key_ops": ["sign"]}
            numbers = {"n": encoded(number(public.n)), "e": encoded(number(public.e))}
            return answer(request, 200, {"key": {**shown, **numbers}})
        assert (request.method, address) == ("POST", f"{LATEST}/sign")
        if not self.may_sign:
            return answer(request, 403, {"error": {"code": "Forbidden", "message": "not allowed"}})
        asked = json.loads(str(request.body))
        assert asked["alg"] == "RS256"
        digest = urlsafe_b64decode(asked["value"] + "==")
        signature = self.key.sign(digest, padding.PKCS1v15(), Prehashed(SHA256()))
        return answer(request, 200, {"kid": LATEST, "value": encoded(signature)})


def answer(
    request: requests.PreparedRequest, status: int, body: dict[str, Any], **headers: str
) -> requests.Response:
    response = requests.Response()
    response.status_code, response.request, response.url = status, request, str(request.url)
    response.headers.update({"Content-Type": "application/json", **headers})
    response.raw = io.BytesIO(json.dumps(body).encode())
    return response


def number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    vault = Vault()
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", Identity)
    monkeypatch.setattr(
        "requests.adapters.HTTPAdapter.send",
        lambda adapter, request, **options: vault.send(request, **options),
    )
    return vault


def test_every_replica_makes_the_same_key_until_the_vaults_is_rotated(vault: Vault) -> None:
    first = log_key(f"{VAULT}/keys/log")
    assert len(first) == 32
    assert log_key(f"{VAULT}/keys/log") == first
    vault.rotate()
    assert log_key(f"{VAULT}/keys/log") != first


def test_who_may_not_sign_gets_no_key(vault: Vault) -> None:
    vault.may_sign = False
    with pytest.raises(HttpResponseError, match="Forbidden"):
        log_key(f"{VAULT}/keys/log")
