"""A project's alert rules: the template's parameter, and the same facts as rows of its monitoring plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coe_scaffold.catalog import functions
from coe_scaffold.catalog.alerts import AlertRule, alert_rules
from coe_scaffold.model.json import Json
from coe_scaffold.model.settings import Environment, Project, Settings, capacity_ceiling
from coe_scaffold.scaffold.components import made_of

_NOBODY = "incident"
"""The platform's action group that is always there: told where a function has no address in coe.yaml."""

_WINDOWS = {
    "PT5M": "5 minutes",
    "PT15M": "15 minutes",
    "PT30M": "30 minutes",
    "PT1H": "an hour",
    "PT6H": "6 hours",
    "P1D": "a day",
}
_CAPACITY = {"standard": 10, "strict": 50}
_LEAST_URGENT = 4


def alerts_parameter(settings: Settings, project: Project, environment: Environment) -> dict[str, Json]:
    """Return the template's parameter ``alerts``; an environment that is not strict is less urgent by one."""
    strict = environment.profile == "strict"
    return {
        rule.id: {
            "threshold": _threshold(rule, settings, environment),
            "window": rule.window,
            "severity": rule.severity if strict else min(rule.severity + 1, _LEAST_URGENT),
            "tells": _told(rule, settings),
        }
        for rule in _rules(project)
    }


def monitoring_rows(settings: Settings, project: Project) -> list[list[str]]:
    """Return what is monitored, by which signal, when one acts, who does, and the rule that says so."""
    titles = {function.id: function.title for function in functions()}
    environments = [settings.environments[name] for name in project.environments]
    return [
        [
            rule.what,
            rule.signal,
            _act_when(rule, settings, environments),
            ", ".join(titles[function] for function in rule.tells),
            f"`{rule.id}`",
        ]
        for rule in _rules(project)
    ]


def runbook_rows(project: Project) -> list[list[str]]:
    """Return each alert rule of a project, and what to look at or do first."""
    return [[f"Alert `{rule.id}`", rule.first] for rule in _rules(project)]


def model_capacity(settings: Settings, model: str, environment: Environment) -> int:
    """Return the capacity a model is deployed with at first, in thousands of tokens per minute."""
    return min(_CAPACITY[environment.profile], capacity_ceiling(model, settings.models, settings.limits))


def _rules(project: Project) -> Iterable[AlertRule]:
    parts = made_of(project)
    return (
        rule
        for rule in alert_rules()
        if (not rule.component or rule.component in parts) and (not rule.kinds or project.kind in rule.kinds)
    )


def _threshold(rule: AlertRule, settings: Settings, environment: Environment) -> int:
    if rule.hours:
        capacity = sum(model_capacity(settings, model.name, environment) for model in settings.models)
        return capacity * 1000 * 60 * rule.hours
    return rule.strict if environment.profile == "strict" else rule.standard


def _told(rule: AlertRule, settings: Settings) -> list[Json]:
    """Return the action groups: the platform has one for each function with an address."""
    told = [function for function in rule.tells if any(group.email for group in settings.groups(function))]
    return [*told] or [_NOBODY]


def _act_when(rule: AlertRule, settings: Settings, environments: Sequence[Environment]) -> str:
    by_threshold: dict[int, list[str]] = {}
    for environment in environments:
        by_threshold.setdefault(_threshold(rule, settings, environment), []).append(environment.name)
    values = [
        f"{value:,} {rule.unit}" + (f" ({', '.join(names)})" if len(by_threshold) > 1 else "")
        for value, names in by_threshold.items()
    ]
    return f"{'less' if rule.below else 'more'} than {' or '.join(values)} in {_WINDOWS[rule.window]}"
