"""Role management policies: what activating an eligible role takes, read and set rule by rule."""

from __future__ import annotations

from typing import Any

from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.errors import translated
from coe_scaffold.errors import CloudError
from coe_scaffold.model.schedules import ActivationRules, RolePolicy
from coe_scaffold.model.scope import Scope

_EXPIRATION = "Expiration_EndUser_Assignment"
_ENABLEMENT = "Enablement_EndUser_Assignment"
_APPROVAL = "Approval_EndUser_Assignment"
_OURS = (_EXPIRATION, _ENABLEMENT, _APPROVAL)
_ABSENT = ("resourcenotfound", "resourcegroupnotfound", "parentresourcenotfound", "notfound")


def read_rules(clients: Clients, scope: Scope, role: str) -> ActivationRules | None:
    """Return the activation rules of a role at a scope; None while the scope does not exist."""
    try:
        found = _assignment(clients, scope, role)
    except CloudError as error:
        if error.code.lower() in _ABSENT:
            return None
        raise
    return None if found is None else _rules(found.effective_rules or [])


def write_rules(clients: Clients, policy: RolePolicy) -> None:
    """Set the activation rules of a role at a scope; its other rules stay. Raises CloudError."""
    from azure.mgmt.authorization.v2020_10_01.models import RoleManagementPolicy

    what = f"activation of {policy.role.name or policy.role.guid} at {policy.scope}"
    found = _assignment(clients, policy.scope, policy.role.guid)
    if found is None:
        raise CloudError(f"{what}: there is no role management policy", code="RoleManagementPolicyNotFound")
    if _rules(found.effective_rules or []) == policy.rules:
        return
    with translated(what):
        operations: Any = clients.privileged("role_management_policies", policy.scope.subscription)
        operations.update(
            policy.scope.path,
            str(found.policy_id).rsplit("/", 1)[-1],
            RoleManagementPolicy(rules=_body(policy.rules)),
        )


def _assignment(clients: Clients, scope: Scope, role: str) -> Any:
    with translated(f"activation rules at {scope}"):
        operations: Any = clients.privileged("role_management_policy_assignments", scope.subscription)
        home = f"/subscriptions/{scope.subscription}" if scope.subscription else ""
        definition = f"{home}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        # The generated client has no filter argument here; the service takes one.
        found = operations.list_for_scope(
            scope.path, params={"$filter": f"roleDefinitionId eq '{definition}'"}
        )
        return next(
            (item for item in found if str(item.role_definition_id).lower().endswith(role.lower())), None
        )


def _rules(rules: list[Any]) -> ActivationRules:
    by_id = {rule.id: rule for rule in rules}
    expiration, enablement = by_id.get(_EXPIRATION), by_id.get(_ENABLEMENT)
    setting = by_id[_APPROVAL].setting if _APPROVAL in by_id else None
    approvers: set[str] = set()
    if setting and setting.is_approval_required:
        for stage in setting.approval_stages or []:
            approvers |= {str(user.id).lower() for user in stage.primary_approvers or []}
    return ActivationRules(
        longest=str(expiration.maximum_duration or "") if expiration else "",
        requires=tuple(sorted(enablement.enabled_rules or [])) if enablement else (),
        approvers=tuple(sorted(approvers)),
    )


def _body(rules: ActivationRules) -> list[Any]:
    from azure.mgmt.authorization.v2020_10_01 import models

    target = models.RoleManagementPolicyRuleTarget(
        caller="EndUser",
        operations=["All"],
        level="Assignment",
        inheritable_settings=[],
        enforced_settings=[],
    )
    approvers = [
        models.UserSet(user_type="Group", is_backup=False, id=approver) for approver in rules.approvers
    ]
    stage = models.ApprovalStage(
        approval_stage_time_out_in_days=1,
        is_approver_justification_required=True,
        escalation_time_in_minutes=0,
        is_escalation_enabled=False,
        primary_approvers=approvers,
    )
    setting = models.ApprovalSettings(
        is_approval_required=bool(approvers),
        is_approval_required_for_extension=False,
        is_requestor_justification_required=True,
        approval_mode="SingleStage" if approvers else "NoApproval",
        approval_stages=[stage] if approvers else [],
    )
    return [
        models.RoleManagementPolicyExpirationRule(
            id=_EXPIRATION, target=target, is_expiration_required=True, maximum_duration=rules.longest
        ),
        models.RoleManagementPolicyEnablementRule(
            id=_ENABLEMENT, target=target, enabled_rules=list(rules.requires)
        ),
        models.RoleManagementPolicyApprovalRule(id=_APPROVAL, target=target, setting=setting),
    ]
