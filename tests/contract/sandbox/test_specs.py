"""Every answer of a long conversation, and every request in it, against the official OpenAPI files."""

from __future__ import annotations

import uuid
from collections import Counter
from pathlib import Path

import pytest

from tests.contract.sandbox import specs
from tests.contract.sandbox.deviations import known
from tests.contract.sandbox.place import GROUPS, READER, STORAGE, Client, outer_template


def converse(arm: Client) -> None:
    """Use every surface once, well and badly."""
    group = arm.group(tags={"a": "b"})
    for path in ("/subscriptions", arm.scope.path, "/tenants", f"{arm.scope}/resourcegroups"):
        arm.call("GET", path)
    arm.call("GET", f"{arm.scope}/resourcegroups/rg-a")
    arm.call("PATCH", f"{arm.scope}/resourcegroups/rg-a", {"tags": {"c": "d"}})
    arm.call("GET", f"{arm.scope}/resourcegroups/none")
    arm.call("GET", f"{arm.scope}/providers")
    arm.call("GET", f"{arm.scope}/providers/Microsoft.Storage")
    arm.call("POST", f"{arm.scope}/providers/Microsoft.Storage/register")
    _deploy(arm)
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/stabc"
    arm.call("PUT", account, {**STORAGE, "identity": {"type": "SystemAssigned"}})
    arm.call("GET", account)
    arm.call("GET", f"{group}/resources")
    arm.call("GET", f"{arm.scope}/resources")
    tags = f"{group}/providers/Microsoft.Resources/tags/default"
    arm.call("PATCH", tags, {"operation": "Merge", "properties": {"tags": {"x": "y"}}})
    arm.call("GET", tags)
    _access(arm)
    _schedule(arm)
    lock = f"{group}/providers/Microsoft.Authorization/locks/keep"
    arm.call("PUT", lock, {"properties": {"level": "CanNotDelete", "notes": "n"}})
    for path in (lock, lock.rpartition("/")[0], f"{arm.scope}/providers/Microsoft.Authorization/locks"):
        arm.call("GET", path)
    arm.call("DELETE", f"{arm.scope}/resourcegroups/rg-a")
    arm.call("DELETE", lock)
    arm.poll(arm.call("DELETE", f"{arm.scope}/resourcegroups/rg-a").headers["location"])
    groups = "/providers/Microsoft.Management/managementGroups"
    arm.call("GET", groups)
    arm.call("GET", f"{groups}/mg-ai")
    child = f"{groups}/mg-child-{uuid.uuid4().hex[:6]}"
    arm.call("PUT", child, {"properties": {"details": {"parent": {"id": f"{groups}/mg-ai"}}}})
    arm.call("GET", child)
    arm.call("GET", f"{groups}/mg-ai", query="$expand=children")
    arm.call("DELETE", child)
    _govern(arm)


def _govern(arm: Client) -> None:
    root = f"{arm.scope}/providers/Microsoft.Authorization"
    rule = {"if": {"field": "location", "equals": "westus"}, "then": {"effect": "audit"}}
    definition = f"{root}/policyDefinitions/p"
    arm.call("PUT", definition, {"properties": {"policyRule": rule, "mode": "All", "displayName": "p"}})
    members = [{"policyDefinitionId": definition}]
    initiative = f"{root}/policySetDefinitions/s"
    arm.call("PUT", initiative, {"properties": {"policyDefinitions": members}})
    assignment = f"{root}/policyAssignments/a"
    arm.call("PUT", assignment, {"properties": {"policyDefinitionId": initiative}})
    exemption = f"{root}/policyExemptions/e"
    given = {"policyAssignmentId": assignment, "exemptionCategory": "Waiver"}
    arm.call("PUT", exemption, {"properties": given})
    for path in (definition, initiative, assignment, exemption, f"{root}/policyDefinitions/none"):
        arm.call("GET", path)
        arm.call("GET", path.rpartition("/")[0])
    for path in (definition, exemption, assignment, initiative, definition, definition):
        arm.call("DELETE", path)
    arm.call("GET", f"{root}/permissions")
    group = arm.group("rg-stack")
    stack = f"{group}/providers/Microsoft.Resources/deploymentStacks/s"
    actions = {"resources": "delete", "resourceGroups": "detach", "managementGroups": "detach"}
    template = {"contentVersion": "1.0.0.0", "resources": []}
    wanted = {"template": template, "actionOnUnmanage": actions, "denySettings": {"mode": "none"}}
    arm.call("PUT", stack, {"properties": wanted}, version="2024-03-01")
    for path in (stack, stack.rpartition("/")[0], f"{stack}-none"):
        arm.call("GET", path, version="2024-03-01")
    arm.call("POST", f"{stack}/validate", {"properties": wanted}, version="2024-03-01")
    arm.call("POST", f"{stack}/exportTemplate", version="2024-03-01")


def _deploy(arm: Client) -> None:
    name = f"{arm.scope}/providers/Microsoft.Resources/deployments/main"
    properties = {
        "mode": "Incremental",
        "template": outer_template(),
        "parameters": {"name": {"value": "abc"}},
    }
    body = {"location": "swedencentral", "properties": properties}
    arm.call("POST", f"{name}/validate", body)
    arm.poll(arm.call("POST", f"{name}/whatIf", body).headers["location"])
    arm.poll(arm.call("PUT", name, body).headers["azure-asyncoperation"])
    arm.call("PUT", name, {**body, "properties": {**properties, "parameters": {}}})
    inner = f"{arm.scope}/resourcegroups/rg-a/providers/Microsoft.Resources/deployments/inner"
    for path in (name, f"{name}/operations", inner, f"{name}-none", name.rpartition("/")[0] + "/"):
        arm.call("GET", path)
    arm.call("GET", f"{arm.scope}/resourcegroups/rg-a/deployments/inner/operations")
    arm.call("POST", f"{name}/exportTemplate")
    arm.call("POST", f"{name}/cancel")


def _schedule(arm: Client) -> None:
    root = f"{arm.scope}/providers/Microsoft.Authorization"
    wanted = {
        "principalId": GROUPS[1],
        "roleDefinitionId": f"{root}/roleDefinitions/{READER}",
        "requestType": "AdminAssign",
        "justification": "j",
        "scheduleInfo": {"expiration": {"type": "AfterDuration", "duration": "P30D"}},
    }
    for kind in ("roleEligibility", "roleAssignment"):
        request = f"{root}/{kind}ScheduleRequests/{uuid.uuid4()}"
        made = arm.call("PUT", request, {"properties": wanted}, version="2020-10-01")
        assert made.status == 201, made.body
        arm.call("GET", request, version="2020-10-01")
        for collection in ("Schedules", "ScheduleInstances", "ScheduleRequests"):
            arm.call("GET", f"{root}/{kind}{collection}", version="2020-10-01", query="$filter=atScope()")
    for collection in ("roleManagementPolicies", "roleManagementPolicyAssignments"):
        arm.call("GET", f"{root}/{collection}", version="2020-10-01")
    arm.call("GET", f"{root}/denyAssignments", version="2022-04-01")


def _access(arm: Client) -> None:
    root = f"{arm.scope}/providers/Microsoft.Authorization"
    role = {
        "properties": {
            "roleName": str(uuid.uuid4()),
            "assignableScopes": [arm.scope.path],
            "permissions": [{"actions": ["*/read"]}],
        }
    }
    custom = f"{root}/roleDefinitions/{uuid.uuid4()}"
    arm.call("PUT", custom, role)
    arm.call("GET", custom)
    arm.call("GET", f"{root}/roleDefinitions", query="$filter=roleName eq 'Reader'")
    given = {"roleDefinitionId": f"{root}/roleDefinitions/{READER}", "principalId": GROUPS[0]}
    assignment = f"{root}/roleAssignments/{uuid.uuid4()}"
    arm.call("PUT", assignment, {"properties": {**given, "principalType": "Group"}})
    arm.call("PUT", f"{root}/roleAssignments/{uuid.uuid4()}", {"properties": given})
    for path in (assignment, f"{root}/roleAssignments", f"{root}/roleAssignments/{uuid.uuid4()}"):
        arm.call("GET", path)
    arm.call("DELETE", assignment)
    arm.call("DELETE", assignment)
    arm.call("DELETE", custom)


def test_requests_and_answers_keep_the_published_schemas(arm: Client, tmp_path: Path) -> None:
    files = specs.given(tmp_path)
    if files is None:
        pytest.skip("COE_SPECS names no folder or archive of the official OpenAPI files")
    converse(arm)
    judged: Counter[str] = Counter()
    problems = []
    for method, path, sent, answer in arm.said:
        if method == "HEAD":
            continue
        operation, found = files.judge(method, path, sent, answer.status, answer.body)
        judged[operation] += 1
        problems += [problem for problem in found if not known(problem)]
    assert not problems, "\n".join(problems)
    assert len(judged) > 30, judged
    unused = [name for name in specs.FILES if not files.of(name) & judged.keys()]
    assert not unused, f"no operation of these files was used: {unused}"
    assert judged[""] <= 6, "exchanges without an operation in the files"
