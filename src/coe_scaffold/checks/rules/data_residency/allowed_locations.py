"""Every resource is in an approved region."""

from __future__ import annotations

from coe_scaffold.checks.context import Setting
from coe_scaffold.checks.operators import All, Demand, Equals, Exists, OneOf
from coe_scaffold.checks.rule import Rule, Severity

_APPROVED = OneOf(Setting.ALLOWED_LOCATIONS, also=("global",), ignore_spaces=True)
_ALSO_IN = {
    "Microsoft.ApiManagement/service": "properties.additionalLocations[*].location",
    "Microsoft.CognitiveServices/accounts": "properties.locations.regions[*].name",
    "Microsoft.DocumentDB/databaseAccounts": "properties.locations[*].locationName",
    "Microsoft.OperationalInsights/workspaces": "properties.replication.location",
}
"""Where resources of a type name regions that they are in besides their own."""


RULE = Rule(
    id="allowed-locations",
    title="Every resource is in an approved region",
    severity=Severity.CRITICAL,
    category="data-residency",
    owner="compliance-officer",
    resource_type="*",
    operator=All(
        (
            Demand("location", _APPROVED),
            *(
                Demand(
                    path,
                    _APPROVED,
                    when=(Demand("type", Equals(kind)), Demand(path.partition("[")[0], Exists())),
                )
                for kind, path in _ALSO_IN.items()
            ),
        )
    ),
    when=(Demand("location", Exists()),),
    rationale="Where data is kept and processed is a promise to customers and regulators.",
    fix="Use a region listed under locations.allowed in coe.yaml.",
    azure_policy=(
        "e56962a6-4747-49cd-b67b-bf8b01975c4c",
        "e765b5de-1225-4ba3-bd56-1ac6695af988",
        "0473574d-2d43-4217-aefe-941fcdf7e684",
    ),
    psrule=("Azure.Resource.AllowedRegions",),
    mcsb=("AM-2",),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "CAF govern.md policy RC01",
    ),
)
