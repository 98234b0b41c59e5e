"""Every resource carries the required tags."""

from coe_scaffold.checks.context import Setting
from coe_scaffold.checks.operators import Demand, Exists, HasKeys, Matches
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="required-tags",
    title="Every resource carries the required tags",
    severity=Severity.HIGH,
    category="governance",
    owner="ai-coe-lead",
    resource_type="*",
    path="tags",
    operator=HasKeys(Setting.REQUIRED_TAGS),
    when=(
        Demand("location", Exists()),
        Demand("type", Matches(r"(?!Microsoft\.(Authorization/|Resources/deployments)).*")),
    ),
    rationale="Without tags nobody knows whose a resource is, what it is for and who pays.",
    fix="Set the tags that are missing; in a workspace, tags in coe.yaml adds to every resource.",
    azure_policy=(
        "871b6d14-10aa-478d-b590-94f262ecfa99",
        "96670d01-0a4d-4649-9c89-2d3abc0a5025",
        "ea3f2387-9b95-492a-a190-fcdc54f7b070",
    ),
    alz=("Audit-Tags-Mandatory", "Audit-Tags-Mandatory-Rg"),
    psrule=("Azure.Resource.RequiredTags", "Azure.Group.RequiredTags"),
    mcsb=("AM-1",),
    source=(
        "Azure/azure-policy",
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "MicrosoftDocs/cloud-adoption-framework docs/ready/azure-best-practices/resource-tagging.md",
    ),
)
