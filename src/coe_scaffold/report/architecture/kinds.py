"""Which resource types are drawn, and what people call them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from coe_scaffold.report.architecture.drawing import Category

_N, _A, _D, _C = Category.NETWORK, Category.AI, Category.DATA, Category.COMPUTE
_S, _M, _I, _G = Category.SECURITY, Category.MONITORING, Category.IDENTITY, Category.GOVERNANCE

BOXES: Mapping[str, tuple[str, Category]] = {
    "microsoft.apimanagement/service": ("AI gateway", _A),
    "microsoft.app/managedenvironments": ("Container Apps", _C),
    "microsoft.authorization/policyassignments": ("Policy assignment", _G),
    "microsoft.cognitiveservices/accounts": ("Foundry account", _A),
    "microsoft.consumption/budgets": ("Budget", _G),
    "microsoft.containerregistry/registries": ("Container registry", _C),
    "microsoft.dashboard/grafana": ("Grafana", _M),
    "microsoft.datafactory/factories": ("Data Factory", _D),
    "microsoft.documentdb/databaseaccounts": ("Cosmos DB", _D),
    "microsoft.insights/actiongroups": ("Action group", _M),
    "microsoft.insights/components": ("Application Insights", _M),
    "microsoft.insights/metricalerts": ("Alert rule", _M),
    "microsoft.insights/privatelinkscopes": ("Private link scope", _M),
    "microsoft.insights/scheduledqueryrules": ("Alert rule on logs", _M),
    "microsoft.keyvault/vaults": ("Key vault", _S),
    "microsoft.machinelearningservices/registries": ("Model registry", _A),
    "microsoft.machinelearningservices/workspaces": ("Machine Learning", _A),
    "microsoft.managedidentity/userassignedidentities": ("Managed identity", _I),
    "microsoft.network/azurefirewalls": ("Firewall", _N),
    "microsoft.network/bastionhosts": ("Bastion", _N),
    "microsoft.network/natgateways": ("NAT gateway", _N),
    "microsoft.network/privatednszones": ("DNS zone", _N),
    "microsoft.network/privateendpoints": ("Private endpoint", _N),
    "microsoft.operationalinsights/workspaces": ("Log Analytics", _M),
    "microsoft.search/searchservices": ("AI Search", _A),
    "microsoft.security/pricings": ("Defender for Cloud plan", _S),
    "microsoft.storage/storageaccounts": ("Storage", _D),
}
"""Resource type in lower case → (what people call it, what it is for)."""

PARTS: Mapping[str, str] = {
    "microsoft.app/containerapps": "Container App",
    "microsoft.cognitiveservices/accounts/deployments": "Model",
    "microsoft.cognitiveservices/accounts/projects": "Foundry project",
    "microsoft.machinelearningservices/workspaces/computes": "Compute",
}
"""Types that are shown inside another resource's box."""

VARIANTS: Mapping[str, str] = {
    "ContentSafety": "Content Safety",
    "FormRecognizer": "Document Intelligence",
    "OpenAI": "Azure OpenAI",
    "SpeechServices": "Speech",
    "TextAnalytics": "Language",
}
"""Kind of an account of Azure AI services that is not Foundry → what people call it."""

TOGETHER = frozenset(
    {
        "microsoft.authorization/policyassignments",
        "microsoft.insights/actiongroups",
        "microsoft.insights/metricalerts",
        "microsoft.insights/scheduledqueryrules",
        "microsoft.network/privatednszones",
        "microsoft.security/pricings",
    }
)
"""Types of which all in one place are one box."""

QUIET = frozenset(
    {
        "microsoft.authorization/locks",
        "microsoft.authorization/policyexemptions",
        "microsoft.authorization/roleassignments",
        "microsoft.insights/diagnosticsettings",
        "microsoft.network/firewallpolicies",
        "microsoft.network/networksecuritygroups",
        "microsoft.network/publicipaddresses",
        "microsoft.network/routetables",
        "microsoft.network/virtualnetworks",
        "microsoft.resources/deployments",
        "microsoft.resources/resourcegroups",
        "microsoft.security/securitycontacts",
    }
)
"""Top-level types that have no box of their own: they show as zones, facts or lines, or not at all."""


def kind_of(resource_type: str, variant: str = "") -> tuple[str, Category] | None:
    """Return (title, category) of a type that has a box; a type not known here is called by its name.

    ``variant`` is the resource's ``kind``, which tells accounts of Azure AI services apart.
    """
    lower = resource_type.lower()
    if lower == "microsoft.cognitiveservices/accounts" and variant in VARIANTS:
        return VARIANTS[variant], Category.AI
    if lower in BOXES:
        return BOXES[lower]
    if lower in QUIET or lower in PARTS or lower.count("/") != 1:
        return None
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", resource_type.rpartition("/")[2]).removesuffix("s")
    return words[:1].upper() + words[1:], Category.OTHER
