"""Federated credential: GitHub Actions, one repository, one environment, the Azure audience."""

from coe_scaffold.checks.operators import All, Demand, Equals, Matches
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="oidc-federated-credentials",
    title="Federated credential: GitHub Actions, one repository, one environment, the Azure audience",
    severity=Severity.CRITICAL,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    path="properties",
    operator=All(
        (
            Demand("issuer", Matches(r"https://token\.actions\.githubusercontent\.com(/[\w-]+)?")),
            Demand("subject", Matches(r"repo:[\w.-]+(@\d+)?/[\w.-]+(@\d+)?:environment:[^*:]+")),
            Demand("audiences", Equals(["api://AzureADTokenExchange"])),
        )
    ),
    rationale=(
        "A pipeline identity without a secret cannot leak one; a subject that names repository and "
        "environment keeps every other workflow out."
    ),
    fix=(
        "Set issuer, subject repo:<owner>/<repo>:environment:<environment> and audience "
        "api://AzureADTokenExchange."
    ),
    azure_policy=("fd1a8e20-2c4f-4a6c-9354-b58d786d9a1f", "2571b7c3-3056-4a61-b00a-9bc5232234f5"),
    mcsb=("IM-3",),
    source=(
        "Azure/azure-policy initiative 5e4ee281-95a3-442a-bb2a-5ef68cf5181a",
        "github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens",
        "privatedevops.com/news/github-immutable-oidc-sub-claims-aws-deploys",
    ),
)
