"""AI account: its private endpoint registers all three DNS names."""

from __future__ import annotations

from coe_scaffold.checks.networks import ZONES, three_zones
from coe_scaffold.checks.operators import ContainsAny, Demand, Judged, Link, Related
from coe_scaffold.checks.rule import Rule, Severity

_NAMES = Judged(three_zones, "the zones " + ", ".join(ZONES))
_OF_AN_ACCOUNT = Related(
    "Microsoft.Network/privateEndpoints",
    Link.PARENT,
    (Demand("properties.privateLinkServiceConnections[*].properties.groupIds", ContainsAny(("account",))),),
)


RULE = Rule(
    id="cogsvc-private-dns-three-zones",
    title="AI account: its private endpoint registers all three DNS names",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    path="properties.privateDnsZoneConfigs",
    operator=_NAMES,
    when=(Demand("", _OF_AN_ACCOUNT),),
    rationale=(
        "One account answers on three names; a name without its zone resolves to the public address "
        "and fails."
    ),
    fix=(
        "Add the zones privatelink.cognitiveservices.azure.com, .openai.azure.com and "
        ".services.ai.azure.com to the group."
    ),
    azure_policy=("c4bc6f10-cb41-49eb-b000-d5ab82e2a091",),
    alz=("Deploy-Private-DNS-Zones",),
    mcsb=("NS-10",),
    source=(
        "Azure/AI-Landing-Zones docs+portal (4 mentions each zone)",
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R8",
    ),
)
