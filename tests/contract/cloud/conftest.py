from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud
from coe_scaffold.sandbox import Endpoint, running
from tests.contract.sandbox.place import SEED, SUBSCRIPTIONS, Client

_number = count()


@pytest.fixture(scope="package")
def endpoint() -> Iterator[Endpoint]:
    with running(None, SEED) as found:
        yield found


@pytest.fixture(scope="package")
def session(endpoint: Endpoint) -> Iterator[Session]:
    found = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
    yield found
    found.close()


@pytest.fixture
def subscription() -> Scope:
    """A subscription of this test's own."""
    return Scope.subscription_of(SUBSCRIPTIONS[next(_number) % len(SUBSCRIPTIONS)])


@pytest.fixture
def arm(endpoint: Endpoint, subscription: Scope) -> Client:
    """A plain HTTP client for the same subscription."""
    return Client(endpoint, subscription.subscription)
