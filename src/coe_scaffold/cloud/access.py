"""Writes role definitions and assignments so that they are there afterwards, however often it is done."""

from __future__ import annotations

import time
from typing import Any

from coe_scaffold.cloud import schedules
from coe_scaffold.cloud.activation import write_rules
from coe_scaffold.cloud.caller import explained
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.errors import from_response, translated
from coe_scaffold.cloud.observe import observed
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import Assignment, CustomRole, Mode, ObservedAssignment
from coe_scaffold.model.schedules import ObservedSchedule, RolePolicy, ScheduledRole
from coe_scaffold.model.scope import Scope

REPLICATION_TRIES = 8
"""How often an unknown principal is tried: a new one takes a while (here up to two minutes) to be known."""


class ArmAccessWriter:
    """Implements ports.AccessWriter with the Azure SDK."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def define_role(self, role: CustomRole) -> None:
        """Create or update a custom role definition under its own GUID."""
        with translated(f"role definition {role.role.name}"):
            operations: Any = self._clients.role_definitions(role.scope.subscription)
            operations.create_or_update(role.scope.path, role.role.guid, _definition(role))

    def assign(self, assignment: Assignment) -> ObservedAssignment:
        """Make sure an assignment exists: create it, or adopt an equal one under another name.

        Raises CloudError when one of the same scope, principal and role has another condition, and for a
        mode other than standing.
        """
        from azure.core.exceptions import HttpResponseError

        if assignment.mode is not Mode.STANDING:
            raise CloudError(
                f"an assignment of mode '{assignment.mode.value}' is not made by role assignments",
                fix="Give it with Privileged Identity Management.",
                code="ModeNotSupported",
            )
        what = f"role {assignment.role.name or assignment.role.guid} at {assignment.scope}"
        with translated(what):
            try:
                return observed(self._create(assignment))
            except HttpResponseError as error:
                answer = from_response(error, what)
                match answer.code.lower():
                    case "roleassignmentexists":
                        return self._adopt(assignment, answer)
                    case "roleassignmentupdatenotpermitted":
                        return self._replace(assignment, answer)
                    case "authorizationfailed":
                        raise explained(self._clients, assignment, answer) from error
                raise

    def remove(self, assignment: Scope) -> None:
        """Delete a role assignment by id; an absent one is no error."""
        from azure.core.exceptions import ResourceNotFoundError

        with translated(f"role assignment {assignment.name}"):
            operations: Any = self._clients.role_assignments(assignment.subscription)
            try:
                operations.delete_by_id(assignment.path.lstrip("/"))
            except ResourceNotFoundError:
                return

    def schedule(self, wanted: ScheduledRole) -> ObservedSchedule:
        """Ask for an eligible or time-bound role, or a change of it, and wait until it is provisioned."""
        return schedules.request(self._clients, wanted)

    def unschedule(self, schedule: ObservedSchedule) -> None:
        """Take back an eligible or time-bound role; an absent one is no error."""
        schedules.withdraw(self._clients, schedule)

    def set_activation_rules(self, policy: RolePolicy) -> None:
        """Set what activating a role at a scope takes; the other rules of its policy stay."""
        write_rules(self._clients, policy)

    def remove_role(self, role: CustomRole) -> None:
        """Delete a custom role definition; an absent one is no error."""
        from azure.core.exceptions import ResourceNotFoundError

        with translated(f"role definition {role.role.name}"):
            operations: Any = self._clients.role_definitions(role.scope.subscription)
            try:
                operations.delete(role.scope.path, role.role.guid)
            except ResourceNotFoundError:
                return

    def _create(self, assignment: Assignment) -> Any:
        """PUT an assignment; while the directory does not know the principal, wait and try again."""
        from azure.core.exceptions import HttpResponseError

        wait = self._clients.connection.poll
        for attempt in range(1, REPLICATION_TRIES):
            try:
                return self._put(assignment)
            except HttpResponseError as error:
                if from_response(error).code != "PrincipalNotFound":
                    raise
                time.sleep(min(wait * attempt, 20.0))
        return self._put(assignment)

    def _put(self, assignment: Assignment, name: str = "") -> Any:
        from azure.mgmt.authorization.v2022_04_01.models import RoleAssignmentCreateParameters

        operations: Any = self._clients.role_assignments(assignment.scope.subscription)
        home = f"/subscriptions/{assignment.scope.subscription}" if assignment.scope.subscription else ""
        return operations.create(
            assignment.scope.path,
            name or assignment.name,
            RoleAssignmentCreateParameters(
                role_definition_id=(
                    f"{home}/providers/Microsoft.Authorization/roleDefinitions/{assignment.role.guid}"
                ),
                principal_id=assignment.principal,
                principal_type=assignment.principal_type.value,
                description=assignment.description,
                condition=assignment.condition or None,
                condition_version="2.0" if assignment.condition else None,
            ),
        )

    def _adopt(self, assignment: Assignment, answer: CloudError) -> ObservedAssignment:
        """Return the equal assignment that exists; one of ours gets the wanted condition."""
        for item in self._at(assignment.scope):
            if item.key != assignment.key:
                continue
            if item.condition.strip() == assignment.condition.strip():
                return item
            if item.ours:
                return observed(self._put(assignment, item.id.name))
            raise CloudError(
                f"{answer.summary} It has another condition.",
                detail=f"{item.id}\ncondition: {item.condition or '(none)'}",
                fix="Remove that assignment or give it the wanted condition, then run the command again.",
                code=answer.code,
                status=answer.status,
                correlation_id=answer.correlation_id,
            )
        raise answer

    def _replace(self, assignment: Assignment, answer: CloudError) -> ObservedAssignment:
        """Delete the assignment of ours that holds the name with another principal or role, then create."""
        for item in self._at(assignment.scope):
            if item.id.name.lower() == assignment.name.lower() and item.ours:
                self.remove(item.id)
                return observed(self._create(assignment))
        raise answer

    def _at(self, scope: Scope) -> list[ObservedAssignment]:
        operations: Any = self._clients.role_assignments(scope.subscription)
        found = [observed(item) for item in operations.list_for_scope(scope.path, filter="atScope()")]
        return [item for item in found if item.scope == scope]


def _definition(role: CustomRole) -> Any:
    from azure.mgmt.authorization.v2022_04_01.models import Permission, RoleDefinition

    return RoleDefinition(
        role_name=role.role.name,
        role_type="CustomRole",
        description=role.description,
        assignable_scopes=[role.scope.path],
        permissions=[
            Permission(
                actions=list(role.actions),
                not_actions=list(role.not_actions),
                data_actions=list(role.data_actions),
                not_data_actions=list(role.not_data_actions),
            )
        ],
    )
