"""Where a project points to a part of its platform that the platform does not make.

Projects find their platform's network, zones and logs by name. Once the platform is given those of somebody
else, or fewer subnets, the name leads nowhere, which Azure tells only while it deploys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from coe_scaffold.checks.context import below
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import strings
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.agreement import place_of
from coe_scaffold.operations.predict import Target

RULE = "platform-has-it"
_GROUP = "Microsoft.Resources/resourceGroups"
_FIX = (
    "Name yours in the parameter platform of the project, as the platform's own parameters do: "
    "endpointsSubnetId, appSubnetId, agentsSubnetId, zonesGroupId, workspaceId. Or let the platform make it."
)


def missing_parts(settings: Settings, targets: Iterable[Target]) -> Iterator[Finding]:
    """Yield a finding of severity high for each part of the platform that a project lacks."""
    every = tuple(targets)
    platforms = [target for target in every if target.project is None]
    groups = tuple(
        f"{group.id.path.lower()}/"
        for target in platforms
        for group in target.graph.of_type(_GROUP)
        if group.known_id and not group.existing
    )
    made = {name for target in platforms for resource in target.graph.resources for name in _names(resource)}
    for target in every:
        if target.project is not None and groups:
            yield from (_finding(settings, target, name) for name in _lacking(target, groups, made))


def _lacking(target: Target, groups: tuple[str, ...], made: set[str]) -> list[str]:
    """Return ids in the platform's groups that a project's resources hold and nothing makes, sorted.

    What the project's parameters name by its id is theirs to know.
    """
    named = tuple(text.lower() for text in strings(target.deployment.parameters.get("platform")) if text)
    found = {
        text.lower(): text
        for resource in target.graph.resources
        for text in strings(resource.body)
        if text.lower().startswith(groups) and not text.lower().startswith(named)
    }
    return [text for key, text in sorted(found.items()) if key not in made]


def _names(resource: Resource) -> Iterator[str]:
    """Yield the ids that come with a resource: its own, and those of subnets written inside a network."""
    if resource.existing:
        return
    own = resource.id.path.lower()
    yield own
    properties = resource.body.get("properties")
    subnets = properties.get("subnets") if isinstance(properties, Mapping) else None
    for subnet in subnets if isinstance(subnets, list | tuple) else ():
        if isinstance(subnet, Mapping):
            yield f"{own}/subnets/{subnet.get('name')}".lower()


def _finding(settings: Settings, target: Target, name: str) -> Finding:
    return Finding(
        rule=RULE,
        title="What a project takes from its platform is there",
        severity=Severity.HIGH,
        outcome=Outcome.FAIL,
        subject=below(settings.root, target.parameter_file.as_posix()),
        message=f"the platform does not make {_short(name)}, which {target.name} uses",
        owner="mlops-engineer",
        fix=_FIX,
        path="platform",
        actual=name,
        expected="a part that the platform makes, or the id of yours",
        location=place_of(settings, target, "platform", ""),
    )


def _short(name: str) -> str:
    return name.rpartition("/providers/")[2] or name
