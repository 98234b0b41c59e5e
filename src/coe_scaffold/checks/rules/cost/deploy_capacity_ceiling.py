"""Model deployment: the capacity is under the ceiling."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.checks.operators import Judged, Subject, Verdict
from coe_scaffold.checks.paths import resolve
from coe_scaffold.checks.rule import Rule, Severity
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.settings import capacity_ceiling


def _under_the_ceiling(subject: Subject, capacity: Value) -> Iterator[Verdict]:
    models, limits = subject.context.allowed_models, subject.context.limits
    (model,) = resolve(subject.body, "properties.model.name")
    names = ["", *(item.name for item in models)] if isinstance(model.value, Unknown) else [str(model.value)]
    ceilings = {capacity_ceiling(name, models, limits) for name in names}
    number = capacity if isinstance(capacity, int) and not isinstance(capacity, bool) else None
    if isinstance(capacity, Unknown):
        outcome = Outcome.UNKNOWN
    elif number is not None and number <= min(ceilings):
        outcome = Outcome.PASS
    else:
        unclear = number is not None and number <= max(ceilings)
        outcome = Outcome.UNKNOWN if unclear else Outcome.FAIL
    yield Verdict(outcome, "sku.capacity", capacity, f"at most {min(ceilings)}")


RULE = Rule(
    id="deploy-capacity-ceiling",
    title="Model deployment: the capacity is under the ceiling",
    severity=Severity.MEDIUM,
    category="cost",
    owner="ai-coe-lead",
    resource_type="Microsoft.CognitiveServices/accounts/deployments",
    path="sku.capacity",
    operator=Judged(_under_the_ceiling, "at most the ceiling of its model"),
    rationale="Capacity is quota and money that other projects then lack.",
    fix="Lower sku.capacity, or raise limits.capacity or the model's own capacity in coe.yaml.",
    source=(
        (
            "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md (Set "
            "provisioning limits)"
        ),
    ),
)
