"""Private endpoint: it has a DNS zone group."""

from coe_scaffold.checks.operators import Link, Related
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="pe-has-dns-zone-group",
    title="Private endpoint: it has a DNS zone group",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Network/privateEndpoints",
    operator=Related("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", Link.CHILD),
    rationale="Without a zone group the name still resolves to the public address, which is closed.",
    fix="Add a privateDnsZoneGroups child that names the private DNS zone of the service.",
    alz=("Deploy-Private-DNS-Zones",),
    mcsb=("NS-10",),
    source=(
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R8",
    ),
)
