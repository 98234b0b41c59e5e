"""What lets untouched tools find the sandbox and log in: cloud metadata and tokens, on loopback only.

``/metadata/endpoints`` has the shape that Azure CLI (``az cloud register``) and the Terraform provider
(``metadata_host``) read. Tokens are given for the secret of this run only: as a client secret (the client
id is the principal the token acts as), or as the header of the managed identity protocol.
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import tokens

_TOKEN = re.compile(r"(?i)/[^/]+/oauth2(/v2\.0)?/token")
_DISCOVERY = re.compile(r"(?i)/([^/]+)(/v2\.0)?/\.well-known/openid-configuration")
_LIST_UNTIL = "2020"
"""Metadata of an api-version before this is a list of clouds."""


@dataclass(frozen=True)
class Home:
    """The address of this sandbox, its tenant and the secret of this run."""

    base: str
    tenant: str
    secret: str

    def answer(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], content: bytes
    ) -> tuple[int, Json] | None:
        """Return status and body for what needs no bearer token, or None for every other request."""
        if method == "GET" and path.lower() == "/metadata/endpoints":
            cloud = self.endpoints()
            return 200, [cloud] if query.get("api-version", "") < _LIST_UNTIL else cloud
        if method == "GET" and path.lower() == "/msi/token":
            client = query.get("client_id") or query.get("object_id") or tokens.OWNER_CLIENT
            return self._grant(headers.get("x-identity-header", ""), client, query.get("resource", ""))
        if method == "POST" and _TOKEN.fullmatch(path):
            given = {key: values[0] for key, values in parse_qs(content.decode("utf-8", "replace")).items()}
            audience = given.get("resource") or given.get("scope", "").removesuffix("/.default")
            return self._grant(given.get("client_secret", ""), given.get("client_id", ""), audience)
        if method == "GET" and (match := _DISCOVERY.fullmatch(path)):
            return 200, self._discovery(match[1])
        return None

    def endpoints(self) -> Json:
        """Return the metadata of a cloud whose Resource Manager, Graph and login are this sandbox."""
        base = self.base
        return {
            "name": "CoeSandbox",
            "portal": base,
            "authentication": {
                "loginEndpoint": base,
                "audiences": [base],
                "tenant": self.tenant,
                "identityProvider": "AAD",
            },
            "resourceManager": base,
            "activeDirectoryDataLake": base,
            "batch": base,
            "graph": base,
            "graphAudience": base,
            "microsoftGraphResourceId": base,
            "gallery": base,
            "media": base,
            "sqlManagement": base,
            "suffixes": {
                "storage": "core.windows.net",
                "keyVaultDns": "vault.azure.net",
                "sqlServerHostname": "database.windows.net",
                "acrLoginServer": "azurecr.io",
            },
        }

    def _discovery(self, tenant: str) -> Json:
        home = f"{self.base}/{tenant}"
        return {
            "issuer": f"{home}/v2.0",
            "authorization_endpoint": f"{home}/oauth2/v2.0/authorize",
            "token_endpoint": f"{home}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _grant(self, given: str, client: str, audience: str) -> tuple[int, Json]:
        if not given or not hmac.compare_digest(given.encode(), self.secret.encode()):
            message = "The client secret is not the token of this run of the sandbox."
            return 401, {"error": "invalid_client", "error_description": message}
        now = time.time()
        token = tokens.issue(
            self.secret,
            audience=audience or self.base,
            issuer=f"{self.base}/{self.tenant}/",
            tenant=self.tenant,
            client=client or tokens.OWNER_CLIENT,
            now=now,
        )
        return 200, {
            "token_type": "Bearer",
            "access_token": token,
            "expires_in": tokens.SECONDS,
            "expires_on": str(int(now) + tokens.SECONDS),
            "resource": audience or self.base,
        }
