"""Who calls: the object id in the token, and the caller's own role assignments."""

from __future__ import annotations

import base64
import json
from typing import Any

from coe_scaffold.access.delegated import exclusions
from coe_scaffold.access.effective import role_lookup
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.errors import translated
from coe_scaffold.cloud.observe import observed
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import Assignment, ObservedAssignment
from coe_scaffold.model.scope import Scope


def own_assignments(clients: Clients, scope: Scope) -> tuple[ObservedAssignment, ...]:
    """Return the caller's role assignments at a scope and above it, those of its groups included.

    Raises CloudError, also where the token does not say who calls.
    """
    if clients.connection.caller == "":
        return ()
    caller = caller_id(clients)
    if not caller:
        raise CloudError("the token does not say whose it is", code="CallerUnknown")
    with translated(f"your own role assignments at {scope}"):
        operations: Any = clients.role_assignments(scope.subscription)
        found = list(operations.list_for_scope(scope.path, filter=f"atScope() and assignedTo('{caller}')"))
    return tuple(observed(item) for item in found)


def caller_id(clients: Clients) -> str:
    """Return the object id of whoever signs in, from the claims of its token; empty when they do not say."""
    connection = clients.connection
    if connection.caller:
        return connection.caller
    scopes = connection.options.get("credential_scopes") or [f"{connection.base_url}/.default"]
    with translated("signing in"):
        token = connection.credential.get_token(*scopes).token
    return str(_claims(token).get("oid") or "")


def explained(clients: Clients, wanted: Assignment, answer: CloudError, *, verb: str = "write") -> CloudError:
    """Return a refusal (403) with the condition of the caller's own that causes it; else as it is."""
    if answer.code.lower() != "authorizationfailed":
        return answer
    home = f"/subscriptions/{wanted.scope.subscription}" if wanted.scope.subscription else wanted.scope.path
    try:
        own = own_assignments(clients, Scope(home))
    except CloudError:
        return answer
    above = {wanted.scope.subscription.lower(): tuple(one.scope.name.lower() for one in own)}
    found = exclusions(own, wanted, role_lookup(""), verb=verb, placement=above)
    if not found:
        return answer
    shown = (f"{one.held.id}\ncondition: {one.held.condition}" for one in found)
    return CloudError(
        f"{answer.summary} Excluded by {'; '.join(map(str, found))}.",
        detail="\n".join([answer.detail, *shown]),
        fix="Let somebody without that condition do it, or have the role and principal type added to it.",
        code=answer.code,
        status=answer.status,
        correlation_id=answer.correlation_id,
    )


def _claims(token: str) -> dict[str, Any]:
    """Return the claims of a JSON Web Token, unverified: they only say whom to ask about."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        text = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        claims = json.loads(text)
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
