from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from coe_scaffold.sandbox import Endpoint, running
from tests.contract.sandbox.place import SEED, SUBSCRIPTIONS, Client

_number = count()


@pytest.fixture(scope="package")
def endpoint() -> Iterator[Endpoint]:
    with running(None, SEED) as found:
        yield found


@pytest.fixture
def arm(endpoint: Endpoint) -> Client:
    """A client with a subscription of its own."""
    return Client(endpoint, SUBSCRIPTIONS[next(_number) % len(SUBSCRIPTIONS)])
