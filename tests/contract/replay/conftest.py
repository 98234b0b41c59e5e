"""Recorded requests are other people's, some wrong on purpose: the published schemas do not judge them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.conftest import Said


@pytest.fixture(scope="package", autouse=True)
def _unjudged(published_schemas: Said) -> Iterator[None]:
    before = dict(published_schemas)
    yield
    published_schemas.clear()
    published_schemas.update(before)
