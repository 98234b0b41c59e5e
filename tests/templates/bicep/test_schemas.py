"""Every resource body of every template in every environment is what Azure's official types allow."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from coe_scaffold.model.resources import Resource
from coe_scaffold.model.settings import GuardrailException
from coe_scaffold.scaffold.components import KINDS
from tests.fakes.workspace import settings
from tests.templates.bicep.conformance import problems
from tests.templates.bicep.landing_zones import (
    ENVIRONMENTS,
    REFUSING,
    REMEDIATING,
    TOPOLOGIES,
    combination,
    governance,
    graph,
)
from tests.templates.bicep.official_types import OfficialType, official_types
from tests.templates.bicep.shapes import SHAPES, written_down

# Type → API version that is used instead of the catalogue's newest, date and reason.
OTHER_VERSIONS = {
    "Microsoft.Insights/diagnosticSettings": (
        "2021-05-01-preview",
        "2026-11-24: category groups need it; 2016-09-01 is the newest version that is no preview",
    ),
    "Microsoft.ApiManagement/service/backends": (
        "2024-06-01-preview",
        "2026-11-24: first version in which a backend is called with a managed identity; models use it too",
    ),
    "Microsoft.CognitiveServices/accounts": (
        "2025-09-01",
        "2026-11-29: first stable one that turns stored completions off; the catalogue ends at 2025-06-01",
    ),
    "Microsoft.ContainerRegistry/registries": (
        "2025-11-01",
        "2026-11-24: first stable version with roleAssignmentMode; the catalogue ends at 2025-04-01",
    ),
}
# Type → what the catalogue says against it → date and reason why it stands.
ACCEPTED = {
    "Microsoft.ApiManagement/service/backends": {
        "properties.credentials.managedIdentity: unknown": "2026-11-24: see the version above",
    },
    "Microsoft.CognitiveServices/accounts": {
        "properties.networkInjections: expected an object": (
            "2026-11-24: the service takes a list, as later versions say; the type of this one is wrong"
        ),
        "properties.storedCompletionsDisabled: unknown": "2026-11-29: see the version above",
    },
    "Microsoft.ContainerRegistry/registries": {
        "properties.roleAssignmentMode: unknown": "2026-11-24: see the version above",
    },
    "Microsoft.CognitiveServices/accounts/projects/connections": {
        "properties.metadata: ConnectionPropertiesV2Metadata is not described": (
            "2026-11-24: a map of strings; the server leaves it out of this type's answer"
        ),
        "properties.category: 'CosmosDB'": "2026-11-24: how the documents of the agent setup spell it",
        "properties.category: 'AzureStorageAccount'": "2026-11-24: as the line above",
    },
}


@cache
def resources() -> tuple[tuple[str, Resource], ...]:
    """Every different body, with the first place it is found in: kind × topology × environment."""
    found: dict[tuple[str, str], tuple[str, Resource]] = {}
    for topology in TOPOLOGIES:
        for kind in KINDS:
            for environment in ENVIRONMENTS:
                for resource in combination(environment, kind, topology).resources:
                    key = (resource.type, json.dumps(resource.body, sort_keys=True, default=repr))
                    found.setdefault(key, (f"{topology}/{kind}/{environment}", resource))
    exception = GuardrailException(
        "deploy-approved-models", "dev", "A trial", "ai-ethics-officer", "2027-01-31"
    )
    governed = governance(
        replace(settings(), exceptions=(exception,)),
        landingZoneGroup="alz",
        regulatory=True,
        initiatives=REFUSING,
    )
    remediated = graph("platform", "prod", monitoring=REMEDIATING)
    ours = [("governance", resource) for resource in (*governed.resources, *remediated.resources)]
    keyed = [
        (f"keys/{kind}", resource)
        for kind in KINDS
        for resource in graph("project", "prod", kind, customerKey=True).resources
    ]
    return (*found.values(), *ours, *keyed)


def _stem(problem: str) -> str:
    """A problem without what differs by value or release: what was found, what is allowed."""
    return problem if problem.endswith("is not described") else re.split(", found | is not ", problem)[0]


@pytest.fixture(scope="module")
def catalogue(pytestconfig: pytest.Config) -> Mapping[str, OfficialType]:
    cache = pytestconfig.rootpath / ".pytest_cache"
    found = official_types({resource.type for _, resource in resources()}, cache)
    return {name: known if known.types else written_down(known) for name, known in found.items()}


def test_something_is_judged() -> None:
    assert len(resources()) > 400
    assert len({resource.type for _, resource in resources()}) > 55


def test_bodies_are_what_the_official_types_allow(catalogue: Mapping[str, OfficialType]) -> None:
    found = [
        f"{place}: {resource.type} {resource.name}: {problem}"
        for place, resource in resources()
        for problem in problems(resource.body, catalogue[resource.type])
        if _stem(problem) not in ACCEPTED.get(resource.type, ())
    ]
    assert not found, "\n".join(found)


def test_every_accepted_problem_is_still_there(catalogue: Mapping[str, OfficialType]) -> None:
    found = {
        (resource.type, _stem(problem))
        for _, resource in resources()
        for problem in problems(resource.body, catalogue[resource.type])
    }
    assert found == {(name, problem) for name, accepted in ACCEPTED.items() for problem in accepted}


def test_api_versions_are_the_newest_or_have_a_dated_reason(catalogue: Mapping[str, OfficialType]) -> None:
    used = {(resource.type, resource.api_version) for _, resource in resources()}
    expected = {(name, OTHER_VERSIONS.get(name, (known.newest,))[0]) for name, known in catalogue.items()}
    assert used == expected
    assert all(re.match(r"20\d\d-\d\d-\d\d: \S", reason) for _, reason in OTHER_VERSIONS.values())
    assert all(version != catalogue[name].newest for name, (version, _) in OTHER_VERSIONS.items())


def test_most_types_are_described_by_the_catalogue_itself(catalogue: Mapping[str, OfficialType]) -> None:
    assert SHAPES.keys() < catalogue.keys()
    assert len(SHAPES) < len(catalogue) / 3


BROKEN = [
    ("properties.enablePurgeProtetcion", True, "unknown"),
    ("properties.hsmPoolResourceId", "x", "is read-only"),
    ("properties.tenantId", None, "is missing"),
    ("properties.softDeleteRetentionInDays", "ninety", "is not int"),
    ("properties.networkAcls.defaultAction", "deny", "is not Allow | Deny"),
    ("properties.networkAcls.ipRules", {}, "expected a list"),
    ("properties.tenantId", "short", "is outside"),
    ("location", None, "is missing"),
]


@pytest.mark.parametrize(("path", "value", "expected"), BROKEN)
def test_a_wrong_body_is_found(
    catalogue: Mapping[str, OfficialType], path: str, value: object, expected: str
) -> None:
    kind = "Microsoft.KeyVault/vaults"
    vault = next(resource for _, resource in resources() if resource.type == kind)
    found = problems(_changed(vault.body, path.split("."), value), catalogue[kind])
    assert len(found) == 1
    assert found[0].startswith(path)
    assert expected in found[0]


def _changed(body: Mapping[str, object], path: list[str], value: object) -> dict[str, object]:
    """Return the body with the member at a path set, or left out for None."""
    first, *rest = path
    if not rest:
        others = {key: item for key, item in body.items() if key != first}
        return others if value is None else {**others, first: value}
    inner = body[first]
    assert isinstance(inner, Mapping)
    return {**body, first: _changed(inner, rest, value)}
