"""What several network guardrails share: special subnets and the DNS names of an AI account."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.checks.operators import Subject, Verdict
from coe_scaffold.checks.paths import resolve
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown, Value

SERVICE_SUBNETS = (
    "AzureBastionSubnet",
    "AzureFirewallSubnet",
    "AzureFirewallManagementSubnet",
    "GatewaySubnet",
    "RouteServerSubnet",
)
"""Subnets whose name Azure prescribes and whose traffic its service decides."""

ZONES = (
    "privatelink.cognitiveservices.azure.com",
    "privatelink.openai.azure.com",
    "privatelink.services.ai.azure.com",
)
"""Private DNS zones of the three names an AI account answers on."""


def three_zones(subject: Subject, configs: Value) -> Iterator[Verdict]:
    """Yield whether a DNS zone group registers an AI account's three names.

    ``configs`` is the group's ``privateDnsZoneConfigs``.
    """
    ids = [hit.value for hit in resolve(configs, "[*].properties.privateDnsZoneId")]
    named = {str(zone).rpartition("/")[2].lower() for zone in ids if not isinstance(zone, Unknown)}
    missing = [zone for zone in ZONES if zone not in named]
    unclear = any(isinstance(zone, Unknown) for zone in ids)
    outcome = Outcome.PASS if not missing else Outcome.UNKNOWN if unclear else Outcome.FAIL
    actual = "without " + ", ".join(missing) if missing else list(ZONES)
    yield Verdict(outcome, "properties.privateDnsZoneConfigs", actual, list(ZONES))
