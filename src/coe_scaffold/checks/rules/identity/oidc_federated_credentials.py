"""Federated credential: one repository and environment, or one service connection."""

from coe_scaffold.checks.operators import All, Demand, Equals, Matches
from coe_scaffold.checks.rule import Rule, Severity

_GUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_GITHUB = r"https://token\.actions\.githubusercontent\.com(/[\w-]+)?"
_AZURE_DEVOPS = rf"https://vstoken\.dev\.azure\.com/{_GUID}"
_ENTRA = rf"https://login\.microsoftonline\.com/{_GUID}/v2\.0"
_SUBJECTS = {
    _GITHUB: r"repo:[\w.-]+(@\d+)?/[\w.-]+(@\d+)?:environment:[^*:]+",
    _AZURE_DEVOPS: r"sc://[^/*]+/[^/*]+/[^/*]+",
    # rISbSSETf0KqFyZ8ppdXmA is the application id of Azure DevOps, encoded as Entra does it.
    _ENTRA: rf"/eid1/c/pub/t/[\w-]{{22}}/a/rISbSSETf0KqFyZ8ppdXmA/sc/{_GUID}/{_GUID}",
}

RULE = Rule(
    id="oidc-federated-credentials",
    title="Federated credential: one repository and environment, or one service connection",
    severity=Severity.CRITICAL,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    path="properties",
    operator=All(
        (
            Demand("issuer", Matches("|".join(_SUBJECTS))),
            *(
                Demand("subject", Matches(subject), when=(Demand("issuer", Matches(issuer)),))
                for issuer, subject in _SUBJECTS.items()
            ),
            Demand("audiences", Equals(["api://AzureADTokenExchange"])),
        )
    ),
    rationale=(
        "A pipeline identity without a secret cannot leak one; a subject that names repository and "
        "environment, or one service connection, keeps every other pipeline out."
    ),
    fix=(
        "Set audience api://AzureADTokenExchange, and GitHub's issuer with subject "
        "repo:<owner>/<repo>:environment:<environment>, or issuer and subject that Azure DevOps shows for "
        "the service connection."
    ),
    azure_policy=("fd1a8e20-2c4f-4a6c-9354-b58d786d9a1f", "2571b7c3-3056-4a61-b00a-9bc5232234f5"),
    mcsb=("IM-3",),
    source=(
        "Azure/azure-policy initiative 5e4ee281-95a3-442a-bb2a-5ef68cf5181a",
        "github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens",
        "privatedevops.com/news/github-immutable-oidc-sub-claims-aws-deploys",
        "learn.microsoft.com/azure/devops/pipelines/release/convert-service-connections",
    ),
)
