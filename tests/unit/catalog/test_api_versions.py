"""The api-versions that we ask with: every packaged type has one, and Azure's catalogue reaches it."""

from __future__ import annotations

import pytest

from coe_scaffold.catalog import api_versions, name_questions, retentions
from tests.templates.bicep.official_types import official_types
from tests.templates.bicep.test_schemas import OTHER_VERSIONS

_REASONED = frozenset(name.lower() for name in OTHER_VERSIONS)
"""Types whose version differs from the catalogue's newest for a reason that is written there."""


def test_every_packaged_type_has_one() -> None:
    found = api_versions()
    assert found["microsoft.authorization/locks"] == "2020-05-01"
    assert found["microsoft.keyvault/vaults"] >= "2024-11-01"
    assert len(found) > 60


def test_they_are_versions_of_azures_own_catalogue(pytestconfig: pytest.Config) -> None:
    asked = {kind: version for kind, version in api_versions().items() if kind not in _REASONED}
    asked |= {kind: question.api_version for kind, question in name_questions().items()}
    asked |= {kind: kept.api_version for kind, kept in retentions().items()}
    known = official_types(asked, pytestconfig.rootpath / ".pytest_cache")
    assert len(known) > 60
    later = {kind: version for kind, version in asked.items() if version > known[kind].newest}
    assert later == {}, "a version that Azure's catalogue does not reach"
