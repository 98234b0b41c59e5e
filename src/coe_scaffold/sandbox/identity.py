"""What lets untouched tools find the sandbox and log in: cloud metadata and tokens, on loopback only.

``/metadata/endpoints`` has the shape that Azure CLI (``az cloud register``) and the Terraform provider
(``metadata_host``) read. Tokens are given for the secret of this run only: as a client secret (the client
id is the principal the token acts as), or as the header of the managed identity protocol.
"""

from __future__ import annotations

import hmac
import re
import time
import uuid
from collections.abc import Mapping
from urllib.parse import parse_qs

from coe_scaffold.model.json import Json

OWNER_CLIENT = str(uuid.UUID(int=0))
"""The client id that logs in as the sandbox's owner."""
_TOKEN = re.compile(r"(?i)/[^/]+/oauth2(/v2\.0)?/token")
_DISCOVERY = re.compile(r"(?i)/([^/]+)(/v2\.0)?/\.well-known/openid-configuration")
_SECONDS = 3600


def answer(
    method: str, path: str, headers: Mapping[str, str], content: bytes, base: str, tenant: str, secret: str
) -> tuple[int, Json] | None:
    """Return status and body for what needs no bearer token, or None for every other request."""
    if method == "GET" and path.lower() == "/metadata/endpoints":
        return 200, endpoints(base, tenant)
    if method == "GET" and path.lower() == "/msi/token":
        return _grant(headers.get("x-identity-header", ""), OWNER_CLIENT, base, secret)
    if method == "POST" and _TOKEN.fullmatch(path):
        given = {key: values[0] for key, values in parse_qs(content.decode("utf-8", "replace")).items()}
        return _grant(given.get("client_secret", ""), given.get("client_id", ""), base, secret)
    if method == "GET" and (match := _DISCOVERY.fullmatch(path)):
        home = f"{base}/{match[1]}"
        return 200, {
            "issuer": f"{home}/v2.0",
            "authorization_endpoint": f"{home}/oauth2/v2.0/authorize",
            "token_endpoint": f"{home}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
    return None


def endpoints(base: str, tenant: str) -> Json:
    """Return the metadata of a cloud whose Resource Manager and login are this sandbox."""
    return {
        "name": "CoeSandbox",
        "portal": base,
        "authentication": {
            "loginEndpoint": base,
            "audiences": [base],
            "tenant": tenant,
            "identityProvider": "AAD",
        },
        "resourceManager": base,
        "activeDirectoryDataLake": base,
        "graph": base,
        "graphAudience": base,
        "microsoftGraphResourceId": base,
        "gallery": base,
        "media": base,
        "suffixes": {
            "storage": "core.windows.net",
            "keyVaultDns": "vault.azure.net",
            "sqlServerHostname": "database.windows.net",
            "acrLoginServer": "azurecr.io",
        },
    }


def _grant(given: str, client: str, base: str, secret: str) -> tuple[int, Json]:
    if not given or not hmac.compare_digest(given.encode(), secret.encode()):
        message = "The client secret is not the token of this run of the sandbox."
        return 401, {"error": "invalid_client", "error_description": message}
    token = secret if client in ("", OWNER_CLIENT) else f"{secret}~{client}"
    return 200, {
        "token_type": "Bearer",
        "access_token": token,
        "expires_in": _SECONDS,
        "expires_on": str(int(time.time()) + _SECONDS),
        "resource": base,
    }
