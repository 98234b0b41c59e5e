"""Commands that make an environment of Azure DevOps, and the approval that deployments to it wait for.

``az devops`` has no commands for either: they are requests of the REST API 7.1 (distributedtask environments,
pipelines checks, identities).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from shlex import quote
from urllib.parse import quote as encoded

from coe_scaffold.scaffold.federation import APPLICATION

_APPROVAL = "8C6F20A7-A545-4486-9777-F762FAFE0D4D"
"""The type "Approval" of a check; Azure DevOps gives every type of check a fixed GUID."""

_MINUTES = 43_200
"""How long a deployment waits for its approval: thirty days."""


def environment(organisation: str, project: str, name: str) -> str:
    """Return a command that makes an environment unless it is there."""
    body = json.dumps({"name": name, "description": "Made by coe pipeline wire"})
    make = _rest(f"{_project(organisation, project)}/distributedtask/environments?api-version=7.1")
    have = f'test -n "{_id(organisation, project, name)}"'
    return f"{have} || {make} --method post --body {quote(body)} --output none"


def approval(organisation: str, project: str, name: str, groups: Iterable[str]) -> str:
    """Return a command that makes an environment wait for one of the groups; requesters may not approve.

    An approval that is there is written anew: whoever was taken out of the function table may not approve.
    """
    address = f"{_project(organisation, project)}/pipelines/checks/configurations"
    steps = [f'environment="{_id(organisation, project, name)}"', 'test -n "$environment"']
    known = (
        f'az rest --resource {APPLICATION} --url "{address}?resourceType=environment&resourceId=$environment'
        '&api-version=7.1-preview.1" --query "value[?type.name==\'Approval\'] | [0].id" --output tsv'
    )
    wanted = list(groups)
    people = [
        step
        for number, group in enumerate(wanted, 1)
        for step in approver(organisation, f"approver{number}", group)
    ]
    body = json.dumps(
        {
            "type": {"id": _APPROVAL, "name": "Approval"},
            "settings": {
                "approvers": [{"id": f"APPROVER{number}"} for number, _ in enumerate(wanted, 1)],
                "minRequiredApprovers": 1,
                "requesterCannotBeApprover": True,
                "instructions": "Look at the plan and the evaluation of this run.",
            },
            "resource": {"type": "environment", "id": "ENVIRONMENT", "name": name},
            "timeout": _MINUTES,
        },
        sort_keys=True,
    )
    fill = " ".join(f'-e "s/APPROVER{number}/$approver{number}/"' for number, _ in enumerate(wanted, 1))
    write = f'az rest --resource {APPLICATION} --body "@$file" --output none --url "{address}'
    version = '?api-version=7.1-preview.1"'
    steps += [
        *people,
        f'check="$({known})"',
        "file=$(mktemp)",
        f'printf %s {quote(body)} | sed -e "s/ENVIRONMENT/$environment/" {fill} > "$file"',
        f'if test -z "$check"; then {write}{version} --method post; else '
        f'sed -i -e "1s/^{{/{{\\"id\\": $check, /" "$file" && {write}/$check{version} --method patch; fi',
    ]
    return " && ".join(steps)


def approver(organisation: str, variable: str, group: str) -> tuple[str, str]:
    """Return steps that put the id of the one group of a name into a shell variable, or fail.

    A search finds groups with similar names, too.
    """
    search = _rest(
        f"https://vssps.dev.azure.com/{encoded(organisation)}/_apis/identities"
        f"?searchFilter=General&filterValue={encoded(group)}&api-version=7.1"
    )
    name = group.replace("'", "\\'")
    exact = f"value[?isContainer && properties.Account.\"$value\" == '{name}'].id"
    told = quote(f"groups called {group}: there must be one, with the name that coe.yaml gives it")
    return (
        f'{variable}="$({search} --query {quote(exact)} --output tsv)"',
        f'{{ test "$(printf %s "${variable}" | grep --count .)" = 1 || '
        f'{{ echo "Azure DevOps knows $(printf %s "${variable}" | grep --count .)" {told} >&2; false; }}; }}',
    )


def _id(organisation: str, project: str, name: str) -> str:
    address = (
        f"{_project(organisation, project)}/distributedtask/environments?name={encoded(name)}&api-version=7.1"
    )
    return f'$({_rest(address)} --query "value[0].id" --output tsv)'


def _project(organisation: str, project: str) -> str:
    return f"https://dev.azure.com/{encoded(organisation)}/{encoded(project)}/_apis"


def _rest(address: str) -> str:
    return f"az rest --resource {APPLICATION} --url {quote(address)}"
