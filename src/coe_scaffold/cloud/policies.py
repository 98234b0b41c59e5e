"""Pipeline policies: when a request is repeated, and how a local sandbox is authenticated over plain http."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken, TokenCredential
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy

from coe_scaffold.errors import UsageError

RETRY_AFTER_CAP = 120.0
"""The longest wait a server may ask for, in seconds."""

if TYPE_CHECKING:
    _RetryPolicy = RetryPolicy[Any, Any]
    _BearerPolicy = BearerTokenCredentialPolicy[Any, Any]
else:
    _RetryPolicy, _BearerPolicy = RetryPolicy, BearerTokenCredentialPolicy

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class CappedRetryPolicy(_RetryPolicy):
    """azure-core's retry policy, with a bound on Retry-After, and POST repeated as well.

    Every POST that is sent here (validate, what-if, cancel) may be sent twice without harm.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._method_whitelist = frozenset((*self._method_whitelist, "POST"))

    def get_retry_after(self, response: Any) -> float | None:
        """Return how long to wait in seconds, at most RETRY_AFTER_CAP."""
        wanted = super().get_retry_after(response)
        return None if wanted is None else min(float(wanted), RETRY_AFTER_CAP)


class LoopbackTokenPolicy(_BearerPolicy):
    """Sends a bearer token over plain http, to this machine only."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Authorise one request; raise UsageError when it would leave this machine."""
        check_loopback(request.http_request.url)
        request.context.options["enforce_https"] = False
        super().on_request(request)


class StaticToken:
    """The credential of a sandbox: its own token, valid as long as the sandbox runs."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return the token."""
        return AccessToken(self._token, int(time.time()) + 24 * 3600)


class TenantCredential:
    """A credential that asks for its tokens in one tenant."""

    def __init__(self, credential: TokenCredential, tenant: str) -> None:
        self._credential = credential
        self._tenant = tenant

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token of the tenant."""
        return self._credential.get_token(*scopes, **{"tenant_id": self._tenant, **options})


def check_loopback(url: str) -> None:
    """Raise UsageError unless a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    if host not in _LOOPBACK:
        raise UsageError(
            f"a sandbox must be on this machine, not at '{host}'",
            fix="Use 127.0.0.1, or cloud: azure for a real subscription.",
        )
