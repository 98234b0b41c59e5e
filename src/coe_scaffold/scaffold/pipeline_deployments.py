"""How a project's pipelines deploy each environment: with what ``coe apply`` would use, as JSON."""

from __future__ import annotations

import json

from coe_scaffold.model.resources import deployment_name
from coe_scaffold.model.settings import Project, Settings, Stacks


def pipeline_deployments(settings: Settings, project: Project) -> str:
    """Return ``infra/deployments.json``: environment to name, use and settings of its deployment stack.

    The words are those of ``az stack sub create``.
    """
    how = {
        name: {
            "name": deployment_name(project.name, name),
            **_stack(settings.environments[name].stacks),
        }
        for name in project.environments
    }
    return json.dumps(how, indent=2) + "\n"


def _stack(stacks: Stacks) -> dict[str, object]:
    given = stacks.settings
    kept = {("detach", "detach"): "detachAll", ("delete", "detach"): "deleteResources"}
    return {
        "use": stacks.use.value,
        "actionOnUnmanage": kept.get((given.resources, given.resource_groups), "deleteAll"),
        "denySettings": given.deny_settings(),
        "tags": dict(given.tags),
    }
