"""Values of a parameter file that are coe.yaml's or project.yaml's: both must say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from coe_scaffold.model.json import Json
from coe_scaffold.model.settings import Environment, Project, Settings
from coe_scaffold.scaffold.governance import exemptions, governed_subscriptions, model_rules

_FACTS: Mapping[str, tuple[str, Callable[[Project], str]]] = {
    "owner": ("owner", lambda project: project.owner),
    "confidentiality": ("useCase.dataClassification", lambda project: project.data_classification),
    "ai-risk-class": ("useCase.riskTier", lambda project: project.risk_tier),
}
"""Tag of a project's resources → where project.yaml says it, and what it says."""


@dataclass(frozen=True)
class Agreed:
    """What a parameter, or a member of one, must be; ``source`` is the key and the file that say so."""

    parameter: str
    member: str
    value: Json = field(hash=False)
    source: str


def agreed(settings: Settings, environment: Environment, project: Project | None) -> Iterator[Agreed]:
    """Yield what the parameter file of the platform, or of a project, repeats of both configuration files."""
    place = f"environments.{environment.name}"
    yield Agreed("prefix", "", settings.organisation.prefix, "organisation.prefix of coe.yaml")
    own = f"{place}.location" if environment.location != settings.locations.default else "locations.default"
    yield Agreed("location", "", environment.location, f"{own} of coe.yaml")
    for name, value in settings.tags.items():
        yield Agreed("tags", name, value, f"tags.{name} of coe.yaml")
    if project is None:
        monthly = environment.budget.monthly
        yield Agreed("budget", "amount", monthly, f"{place}.budget.monthly of coe.yaml")
        return
    common = {name.lower() for name in settings.tags}
    for name, (key, value_of) in _FACTS.items():
        if name not in common:
            yield Agreed("tags", name, value_of(project), f"{key} of project.yaml")
    for name, wanted in project.components.items():
        yield Agreed("components", name, wanted, f"components.{name} of project.yaml")


def agreed_governance(settings: Settings) -> Iterator[Agreed]:
    """Yield what the parameter file of the management group repeats of coe.yaml: what policies hold to."""
    rules = model_rules(settings)
    sources = {
        "models": "models.allowed",
        "deploymentTypes": "models.deploymentTypes",
        "capacityCeiling": "limits.capacity",
    }
    for name, key in sources.items():
        yield Agreed("models", name, rules[name], f"{key} of coe.yaml")
    yield Agreed("allowedLocations", "", [*settings.locations.allowed], "locations.allowed of coe.yaml")
    yield Agreed("subscriptions", "", governed_subscriptions(settings), "environments of coe.yaml")
    yield Agreed("exemptions", "", exemptions(settings), "exceptions of coe.yaml")
