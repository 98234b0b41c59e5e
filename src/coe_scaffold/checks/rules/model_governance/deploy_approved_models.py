"""Model deployment: the model and its version are on the approved list."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.checks.operators import Judged, Subject, Verdict
from coe_scaffold.checks.paths import resolve
from coe_scaffold.checks.rule import Rule, Severity
from coe_scaffold.checks.words import UNSAID
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown, Value


def _approved(subject: Subject, model: Value) -> Iterator[Verdict]:
    allowed = [f"{choice.name} {choice.version}".strip() for choice in subject.context.allowed_models]
    (name,), (version,) = ((hit.value for hit in resolve(model, key)) for key in ("name", "version"))
    if not allowed or isinstance(name, Unknown) or isinstance(version, Unknown):
        outcome = Outcome.UNKNOWN
    else:
        wanted = [
            version is None or choice.version in ("", version)
            for choice in subject.context.allowed_models
            if choice.name.casefold() == str(name).casefold()
        ]
        outcome = Outcome.PASS if any(wanted) else Outcome.FAIL
    yield Verdict(outcome, "properties.model", model, allowed or UNSAID)


RULE = Rule(
    id="deploy-approved-models",
    title="Model deployment: the model and its version are on the approved list",
    severity=Severity.CRITICAL,
    category="model-governance",
    owner="ai-ethics-officer",
    resource_type="Microsoft.CognitiveServices/accounts/deployments",
    path="properties.model",
    operator=Judged(_approved, "a model of models.allowed"),
    rationale=(
        "A model is approved for what it was evaluated and licensed for; another one may answer worse "
        "or keep data elsewhere."
    ),
    fix="Deploy a model and version listed under models.allowed in coe.yaml, or have the list extended.",
    azure_policy=("aafe3651-cb78-4f68-9f81-e7e41509110f",),
    mcsb=("AI-1",),
    source=(
        "Azure/azure-policy",
        "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md G-R5",
    ),
)
