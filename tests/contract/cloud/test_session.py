"""Connecting: which clouds, which credentials, and that a sandbox is on this machine only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from coe_scaffold.cloud.policies import RETRY_AFTER_CAP, CappedRetryPolicy, TenantCredential
from coe_scaffold.cloud.session import connect
from coe_scaffold.errors import CloudError, UsageError
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import CREDENTIALS, Cloud
from coe_scaffold.sandbox import Endpoint
from tests.contract.sandbox.place import SUBSCRIPTIONS, TENANT


@pytest.mark.parametrize(
    "url", ["http://sandbox.example:80", "http://10.0.0.1", "http://127.0.0.1.example.com"]
)
def test_a_sandbox_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="on this machine"):
        connect(Cloud.SANDBOX, endpoint=url, token="t")


@pytest.mark.parametrize(
    ("cloud", "url"),
    [
        (Cloud.AZURE, "https://management.azure.com"),
        (Cloud.US_GOVERNMENT, "https://management.usgovcloudapi.net"),
        (Cloud.CHINA, "https://management.chinacloudapi.cn"),
    ],
)
def test_the_management_endpoint_of_each_cloud(cloud: Cloud, url: str) -> None:
    session = connect(cloud, credential="cli", tenant=TENANT)
    assert session.clients.connection.base_url == url
    assert session.clients.connection.options["credential_scopes"][0].startswith("https://management.")
    session.close()


@pytest.mark.parametrize("name", [name for name in CREDENTIALS if name != "workload"])
def test_each_credential_can_be_chosen(name: str) -> None:
    session = connect(Cloud.AZURE, credential=name, tenant=TENANT)
    assert isinstance(session.clients.connection.credential, TenantCredential)
    session.close()


def test_an_unknown_credential_is_named() -> None:
    with pytest.raises(UsageError, match="password") as caught:
        connect(Cloud.AZURE, credential="password")
    assert "cli" in caught.value.fix


def test_tokens_are_asked_for_in_the_tenant() -> None:
    asked: list[dict[str, Any]] = []

    class Recorder:
        def get_token(self, *scopes: str, **options: Any) -> Any:
            asked.append(options)
            return "token"

    assert TenantCredential(Recorder(), TENANT).get_token("scope") == "token"  # type: ignore[comparison-overlap]
    assert asked == [{"tenant_id": TENANT}]


def test_a_long_retry_after_is_cut() -> None:
    answer = SimpleNamespace(http_response=SimpleNamespace(headers={"Retry-After": "3600"}))
    assert CappedRetryPolicy().get_retry_after(answer) == RETRY_AFTER_CAP
    answer.http_response.headers = {}
    assert CappedRetryPolicy().get_retry_after(answer) is None


def test_a_wrong_token_is_an_error_with_a_fix(endpoint: Endpoint) -> None:
    session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token="wrong")
    with pytest.raises(CloudError) as caught:
        session.observer.resource_groups(Scope.subscription_of(SUBSCRIPTIONS[0]))
    assert (caught.value.code, caught.value.status) == ("InvalidAuthenticationToken", 401)
    assert "Sign in" in caught.value.fix
    session.close()


def test_a_cloud_that_does_not_answer_is_an_error_with_a_fix() -> None:
    session = connect(Cloud.SANDBOX, endpoint="http://127.0.0.1:9", token="t")
    with pytest.raises(CloudError) as caught:
        session.observer.resource_groups(Scope.subscription_of(SUBSCRIPTIONS[0]))
    assert caught.value.code == "Unreachable"
    session.close()


def test_each_operation_group_has_its_own_client(endpoint: Endpoint) -> None:
    session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
    first, second = session.clients.role_assignments("a"), session.clients.role_definitions("a")
    assert first._config is not second._config
    assert session.clients.role_assignments("a")._config is first._config
    session.close()
