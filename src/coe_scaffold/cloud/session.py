"""Connects to a cloud: Azure, its sovereign clouds, or a sandbox on this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coe_scaffold.cloud.access import ArmAccessWriter
from coe_scaffold.cloud.clients import Clients, Connection
from coe_scaffold.cloud.deploy import ArmDeployer
from coe_scaffold.cloud.inspect import ArmInspector
from coe_scaffold.cloud.observe import ArmObserver
from coe_scaffold.errors import UsageError
from coe_scaffold.model.settings import CREDENTIALS, Cloud, Pace
from coe_scaffold.ports import AccessWriter, Deployer, Inspector, Observer

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_USER_AGENT = "coe-scaffold"
PACE = Pace()
"""ARM's documented limits."""


@dataclass(frozen=True)
class Session:
    """One connection to one cloud."""

    observer: Observer = field(hash=False)
    deployer: Deployer = field(hash=False)
    access: AccessWriter = field(hash=False)
    inspector: Inspector = field(hash=False)
    clients: Clients = field(hash=False, repr=False)

    def close(self) -> None:
        """Close its network connections."""
        self.clients.close()


@dataclass(frozen=True)
class _Place:
    """Where a cloud's management API and its sign-in are."""

    url: str
    audience: str
    authority: str


_PLACES = {
    Cloud.AZURE: _Place(
        "https://management.azure.com",
        "https://management.azure.com/.default",
        "login.microsoftonline.com",
    ),
    Cloud.US_GOVERNMENT: _Place(
        "https://management.usgovcloudapi.net",
        "https://management.core.usgovcloudapi.net/.default",
        "login.microsoftonline.us",
    ),
    Cloud.CHINA: _Place(
        "https://management.chinacloudapi.cn",
        "https://management.chinacloudapi.cn/.default",
        "login.chinacloudapi.cn",
    ),
}


def connect(
    cloud: Cloud,
    *,
    endpoint: str = "",
    token: str = "",
    credential: str = "default",
    tenant: str = "",
    pace: Pace = PACE,
) -> Session:
    """Return a session; nothing is sent until it is used.

    ``endpoint`` and ``token`` are the sandbox's. ``credential`` is one of CREDENTIALS and ``tenant`` a GUID
    for the others. ``pace`` is what the cloud's token buckets hold. Raises UsageError for a credential
    that is not known or an endpoint off this machine.
    """
    connection = (
        _sandbox(endpoint, token, pace)
        if cloud is Cloud.SANDBOX
        else _azure(_PLACES[cloud], credential, tenant, pace)
    )
    clients = Clients(connection)
    observer = ArmObserver(clients)
    return Session(observer, ArmDeployer(clients), ArmAccessWriter(clients), ArmInspector(clients), clients)


def _sandbox(endpoint: str, token: str, pace: Pace) -> Connection:
    from coe_scaffold.cloud.pacing import Pacing
    from coe_scaffold.cloud.policies import (
        CappedRetryPolicy,
        LoopbackTokenPolicy,
        StaticToken,
        check_loopback,
    )

    check_loopback(endpoint)
    credential = StaticToken(token)
    options = {
        "authentication_policy": LoopbackTokenPolicy(credential, "https://sandbox/.default"),
        "retry_policy": CappedRetryPolicy(**_retries(backoff=0.02, connect=7)),
        "use_env_settings": False,
        "user_agent": _USER_AGENT,
    }
    caller = token.partition("~")[2].partition(",")[0]  # how a sandbox's token names whom it acts as
    return Connection(endpoint, credential, options, Pacing(pace), poll=0.05, caller=caller)


def _azure(place: _Place, credential: str, tenant: str, pace: Pace) -> Connection:
    from coe_scaffold.cloud.pacing import Pacing
    from coe_scaffold.cloud.policies import CappedRetryPolicy

    options: dict[str, Any] = {
        "credential_scopes": [place.audience],
        "retry_policy": CappedRetryPolicy(**_retries(backoff=0.8, connect=8)),
        "user_agent": _USER_AGENT,
    }
    sign_in = _credential(credential, place.authority, tenant)
    return Connection(place.url, sign_in, options, Pacing(pace), poll=5.0)


def _retries(*, backoff: float, connect: int) -> dict[str, Any]:
    """Return the options of the retry policy: more tries than azure-core's own, waits of at most a minute."""
    return {
        "retry_total": 20,
        "retry_connect": connect,
        "retry_read": 8,
        "retry_status": 12,
        "retry_backoff_factor": backoff,
        "retry_backoff_max": 60,
    }


def _credential(name: str, authority: str, tenant: str) -> TokenCredential:
    import logging

    from coe_scaffold.cloud.policies import TenantCredential

    logging.getLogger("azure").addHandler(logging.NullHandler())  # the error says it all, once
    try:
        credential = _link(name, authority, [tenant] if tenant else [])
    except ValueError as error:
        raise UsageError(
            f"the credential '{name}' cannot be used: {error}",
            fix="Correct the AZURE_* environment variables, or choose another one with --credential.",
            code="COE-CLD-002",
        ) from error
    return TenantCredential(credential, tenant) if tenant else credential


def _link(name: str, authority: str, allowed: list[str]) -> TokenCredential:
    import azure.identity as identity

    match name:
        case "default":
            return identity.DefaultAzureCredential(authority=authority, additionally_allowed_tenants=allowed)
        case "cli":
            return identity.AzureCliCredential(additionally_allowed_tenants=allowed)
        case "developer":
            return identity.AzureDeveloperCliCredential(additionally_allowed_tenants=allowed)
        case "powershell":
            return identity.AzurePowerShellCredential(additionally_allowed_tenants=allowed)
        case "environment":
            return identity.EnvironmentCredential(authority=authority, additionally_allowed_tenants=allowed)
        case "workload":
            return identity.WorkloadIdentityCredential(
                authority=authority, additionally_allowed_tenants=allowed
            )
        case "managed":
            return identity.ManagedIdentityCredential()
        case _:
            raise UsageError(
                f"there is no credential '{name}'",
                fix=f"Use one of {', '.join(CREDENTIALS)}.",
                code="COE-CLD-001",
            )
