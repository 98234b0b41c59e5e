"""An independent judge: checkov finds nothing in the landing zone but what is known to be wrong or chosen."""

from __future__ import annotations

import copy
from functools import cache

import pytest

from coe_scaffold.scaffold.components import KINDS
from tests.judges.flattened import flattened
from tests.judges.judging import Verdict, available, judge, required
from tests.templates.bicep.landing_zones import ENVIRONMENTS, combination

EVERYWHERE = frozenset(ENVIRONMENTS)
NOT_IN_PRODUCTION = frozenset({"dev", "test"})

KNOWN: dict[str, tuple[frozenset[str], str, str]] = {
    "CKV_AZURE_20": (
        EVERYWHERE,
        "Microsoft.Security/securityContacts",
        "wants a phone number; an address that a team reads is enough",
    ),
    "CKV_AZURE_21": (
        EVERYWHERE,
        "Microsoft.Security/securityContacts",
        "reads the 2017 shape of the resource: alertNotifications is an object since 2020",
    ),
    "CKV_AZURE_22": (
        EVERYWHERE,
        "Microsoft.Security/securityContacts",
        "reads the 2017 shape of the resource: notificationsByRole replaced alertsToAdmins",
    ),
    "CKV_AZURE_87": (
        EVERYWHERE,
        "Microsoft.Security/pricings",
        "fails for every plan that is not named KeyVaults",
    ),
    "CKV_AZURE_103": (
        EVERYWHERE,
        "Microsoft.DataFactory/factories",
        "wants a Git repository in the factory; its pipelines are deployed from the project's own",
    ),
    "CKV_AZURE_112": (
        EVERYWHERE,
        "Microsoft.KeyVault/vaults/keys",
        "wants a hardware module, which takes a premium vault; the key signs one fixed text for pseudonyms",
    ),
    "CKV_AZURE_166": (
        EVERYWHERE,
        "Microsoft.ContainerRegistry/registries",
        "wants the quarantine policy, a preview feature",
    ),
    "CKV_AZURE_182": (
        EVERYWHERE,
        "Microsoft.Network/virtualNetworks",
        "wants two DNS servers; a spoke asks the firewall, whose one address stands for several machines",
    ),
    "CKV_AZURE_183": (
        EVERYWHERE,
        "Microsoft.Network/virtualNetworks",
        "fails for an empty list of DNS servers, which means Azure's own resolver",
    ),
    "CKV_AZURE_206": (
        EVERYWHERE,
        "Microsoft.Storage/storageAccounts",
        "wants geo-replication; zone replication keeps the data in its region",
    ),
    "CKV_AZURE_208": (
        NOT_IN_PRODUCTION,
        "Microsoft.Search/searchServices",
        "wants three replicas; outside production one is chosen for its cost",
    ),
    "CKV_AZURE_209": (
        NOT_IN_PRODUCTION,
        "Microsoft.Search/searchServices",
        "wants three replicas; outside production one is chosen for its cost",
    ),
    "CKV_AZURE_216": (
        EVERYWHERE,
        "Microsoft.Network/azureFirewalls",
        "looks at the firewall; threat intelligence is set in its policy",
    ),
    "CKV_AZURE_233": (
        NOT_IN_PRODUCTION,
        "Microsoft.ContainerRegistry/registries",
        "wants zone redundancy; outside production it is left out for its cost",
    ),
    "CKV_AZURE_243": (
        EVERYWHERE,
        "Microsoft.MachineLearningServices/workspaces",
        "wants an outbound rule of type PrivateEndpoint; does not see real private endpoints",
    ),
}
"""Checks that fail on purpose: where, on what, and why. Everything else must pass."""

ESTATES = (
    *((name, "rag", "standalone") for name in ENVIRONMENTS),
    *(("prod", kind, "closed") for kind in KINDS),
    *(("prod", "rag", topology) for topology in ("hub", "spoke", "existing")),
)
"""Environment, kind of project, topology of the network."""

JUDGED = {
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.DataFactory/factories",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.Network/azureFirewalls",
    "Microsoft.Network/networkSecurityGroups",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Search/searchServices",
    "Microsoft.Security/pricings",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Storage/storageAccounts/blobServices/containers",
}
"""Types of the landing zone that checkov has checks for: each must have been judged."""


def resource_type(resource: str) -> str:
    """``Microsoft.KeyVault/vaults.kv-a`` is of type ``Microsoft.KeyVault/vaults``."""
    return ".".join(resource.split(".")[:2])


def test_the_judge_is_here() -> None:
    """CI runs ``make judges`` first and demands it; elsewhere it is a choice, since it is 291 MB."""
    if not available() and not required():
        pytest.skip("checkov is not installed here: run 'make judges' (about half a minute)")
    assert available(), "checkov is required here and not installed: run 'make judges'"


def named(estate: tuple[str, str, str]) -> str:
    return "-".join(estate)


@cache
def verdicts() -> dict[str, Verdict]:
    if not available():
        pytest.skip("checkov is not installed here: run 'make judges'")
    templates = {named(estate): flattened(combination(*estate)) for estate in ESTATES}
    weakened = copy.deepcopy(templates["prod-rag-closed"])
    for resource in weakened["resources"]:
        if resource["type"] == "Microsoft.Storage/storageAccounts":
            resource["properties"]["minimumTlsVersion"] = "TLS1_0"
    return judge({**templates, "weakened": weakened})


def test_checkov_finds_nothing_unexpected() -> None:
    unexpected = {
        (named(estate), check, resource)
        for estate in ESTATES
        for check, resource in verdicts()[named(estate)].failed
        if check not in KNOWN
        or estate[0] not in KNOWN[check][0]
        or resource_type(resource) != KNOWN[check][1]
    }
    assert unexpected == set()


def test_checkov_judged_what_it_can_judge() -> None:
    for estate in ESTATES:
        verdict = verdicts()[named(estate)]
        assert verdict.errors == ()
        resources = combination(*estate).resources
        names = {(resource.type, resource.name) for resource in resources}
        assert verdict.resources == len(names), f"checkov left resources of {estate} out"
        records = verdict.failed | verdict.passed
        types = {resource_type(resource) for _, resource in records}
        assert types >= JUDGED & {resource.type for resource in resources}
        assert len(records) >= 45


def test_every_type_checkov_knows_was_judged_somewhere() -> None:
    records = [record for verdict in verdicts().values() for record in verdict.failed | verdict.passed]
    assert {resource_type(resource) for _, resource in records} >= JUDGED


def test_every_known_finding_is_still_found() -> None:
    found = {check for estate in ESTATES for check, _ in verdicts()[named(estate)].failed}
    assert set(KNOWN) - found == set()


def test_a_weakness_is_noticed() -> None:
    new = {check for check, _ in verdicts()["weakened"].failed - verdicts()["prod-rag-closed"].failed}
    assert new == {"CKV_AZURE_44"}
