"""Resource names are valid and start with the usual abbreviation."""

from coe_scaffold.checks.names import named
from coe_scaffold.checks.operators import Judged
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="naming-convention",
    title="Resource names are valid and start with the usual abbreviation",
    severity=Severity.LOW,
    category="governance",
    owner="ai-coe-lead",
    resource_type="*",
    path="name",
    operator=Judged(named, "a valid name that starts with the abbreviation of its type"),
    rationale=(
        "A name that tells type, workload and environment saves a look-up in every alert and every invoice."
    ),
    fix=("Rename the resource; names are made from the prefix in coe.yaml and the abbreviation of the type."),
    checkov=("CKV_AZURE_43",),
    psrule=(
        "Azure.AI.FoundryNaming",
        "Azure.Search.Naming",
        "Azure.Storage.Naming",
        "Azure.ACR.Naming",
        "Azure.Log.Naming",
        "Azure.AppInsights.Naming",
        "Azure.ContainerApp.Naming",
        "Azure.ContainerApp.EnvNaming",
        "Azure.Cosmos.NoSQLNaming",
        "Azure.Group.Naming",
        "Azure.VNET.Naming",
        "Azure.NSG.Naming",
    ),
    mcsb=("AM-1",),
    source=("PSRule docs/en/baselines/Azure.CAF_2026_03.md", "CAF resource-abbreviations.md"),
)
