"""Privileged Identity Management: schedule requests, and the schedules and instances they make.

A request is used once and is provisioned a moment after it was made. An active schedule shows as a role
assignment too, for as long as it lasts. Requests for oneself (activation) are not modelled.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import actors, directory, estate, refusals, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.settling import forget_schedule, settle
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces import assignments, role_policies, roles
from coe_scaffold.sandbox.world import World, timestamp

_PROVISIONING_SECONDS = 0.1
_ELIGIBLE, _ACTIVE = "roleEligibility", "roleAssignment"
_KINDS = {_ELIGIBLE: store.ELIGIBILITY, _ACTIVE: store.ACTIVE_SCHEDULE}


def put(call: Call) -> Reply:
    """Make a request: 201, and the schedule a moment later. A request's name is used once."""
    stem, name = _stem(call), _guid(call.params["name"])
    properties = call.content().get("properties") or {}
    with call.world.store.transaction() as tx:
        settle(tx)
        estate.require_scope(tx, call.scope, writing=True)
        if tx.get(store.SCHEDULE_REQUEST, f"{stem}|{name}") is not None:
            raise ArmError(
                409,
                "RoleAssignmentRequestExists",
                f"A role assignment request with Id: {name} already exists.",
                gateway=False,
            )
        shown = _request(tx, call.world, call.scope, stem, name, properties)
        tx.put(
            store.SCHEDULE_REQUEST,
            f"{stem}|{name}",
            {"shown": shown, "ready": time.time() + _PROVISIONING_SECONDS},
        )
    return Reply(201, shown)


def get(call: Call) -> Reply:
    """Return a request with its present status."""
    with call.world.store.transaction() as tx:
        settle(tx)
        return Reply(200, _asked(call, tx)["shown"])


def cancel(call: Call) -> Reply:
    """Take back a request that is not provisioned yet: 200 without a body."""
    stem, name = _stem(call), call.params["name"].lower()
    with call.world.store.transaction() as tx:
        settle(tx)
        found = _asked(call, tx)
        properties = found["shown"]["properties"]
        if properties["status"] != "PendingProvisioning":
            raise ArmError(
                400,
                "RoleAssignmentRequestCannotBeCancelled",
                f"The request '{name}' is {properties['status']} and cannot be cancelled.",
                gateway=False,
            )
        role = str(properties["roleDefinitionId"]).rsplit("/", 1)[-1]
        key = f"{call.scope.key}|{properties['principalId']}|{role}"
        schedule = tx.get(_KINDS[stem], key)
        if schedule is not None:
            forget_schedule(tx, _KINDS[stem], key, schedule)
        properties["status"] = "Canceled"
        tx.put(store.SCHEDULE_REQUEST, f"{stem}|{name}", found)
    return Reply(200)


def get_schedule(call: Call) -> Reply:
    """Return one schedule or instance of a scope."""
    listed = list_instances if "scheduleinstances/" in call.path.lower() else list_schedules
    name = call.params["name"].lower()
    for item in (listed(call).body or {})["value"]:
        if item["name"].lower() == name and Scope.parse(item["properties"]["scope"]) == call.scope:
            return Reply(200, item)
    kind = call.path.rsplit("/", 2)[1]
    raise refusals.resource_not_found(call.scope.child(f"Microsoft.Authorization/{kind}", name))


def list_requests(call: Call) -> Reply:
    """List the requests at, above and below a scope."""
    stem = _stem(call)
    with call.world.store.transaction() as tx:
        settle(tx)
        estate.require_scope(tx, call.scope)
        found = [body["shown"] for _, body in tx.all(store.SCHEDULE_REQUEST, f"{stem}|")]
    return page(call, _filtered(call, found))


def list_schedules(call: Call) -> Reply:
    """List the schedules at, above and below a scope."""
    return page(call, _filtered(call, _schedules(call)))


def list_instances(call: Call) -> Reply:
    """List what is in force now, one instance for each schedule."""
    stem = _stem(call)
    now = timestamp()
    found = []
    for item in _schedules(call):
        properties = item["properties"]
        if properties["startDateTime"] <= now:
            link = {f"{stem}ScheduleId": item["id"]}
            kept = {key: value for key, value in properties.items() if not key.endswith("RequestId")}
            name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"instance|{item['id'].lower()}"))
            kind = f"Microsoft.Authorization/{stem}ScheduleInstances"
            home = Scope.parse(properties["scope"])
            shown = {"properties": {**kept, **link}, "id": home.child(kind, name).path}
            found.append({**shown, "name": name, "type": kind})
    return page(call, _filtered(call, found))


def _asked(call: Call, tx: Transaction) -> dict[str, Json]:
    name = call.params["name"].lower()
    found: dict[str, Json] | None = tx.get(store.SCHEDULE_REQUEST, f"{_stem(call)}|{name}")
    if found is None or Scope.parse(found["shown"]["properties"]["scope"]) != call.scope:
        raise ArmError(
            404, "RoleAssignmentRequestNotFound", f"The request '{name}' is not found.", gateway=False
        )
    return found


def _request(
    tx: Transaction, world: World, scope: Scope, stem: str, name: str, given: Mapping[str, Json]
) -> Json:
    kind = str(given.get("requestType") or "")
    role = str(given.get("roleDefinitionId") or "").rsplit("/", 1)[-1].lower()
    principal = str(given.get("principalId") or "").lower()
    if roles.find(tx, role) is None:
        raise roles.missing(role)
    known = directory.find(tx, principal)
    if known is None or (kind != "AdminRemove" and world.faults.unreplicated(principal)):
        raise ArmError(400, "SubjectNotFound", f"The subject {principal} is not found.", gateway=False)
    if kind not in ("AdminAssign", "AdminUpdate", "AdminExtend", "AdminRemove"):
        raise refusals.not_modelled(f"schedule requests of type '{kind}'")
    estate.check_locks(tx, scope, "write")
    key = f"{scope.key}|{principal}|{role}"
    schedule = _apply(tx, world, scope, stem, kind, key, {**given, "name": name, "role": role})
    home = f"/subscriptions/{scope.subscription}" if scope.subscription else ""
    target = {f"target{stem[0].upper()}{stem[1:]}ScheduleId": schedule}
    properties = {
        **{name: given.get(name) for name in _KEPT},
        "scheduleInfo": given.get("scheduleInfo"),
        "scope": scope.path,
        "roleDefinitionId": f"{home}/providers/{roles.TYPE}/{role}",
        "principalId": principal,
        "principalType": known["type"] or "Group",
        "requestType": kind,
        "status": "PendingProvisioning",
        **target,
        "createdOn": timestamp(),
        "requestorId": assignments.caller(world.tenant),
    }
    type_name = f"Microsoft.Authorization/{stem}ScheduleRequests"
    return {
        "properties": properties,
        "name": name,
        "id": scope.child(type_name, name).path,
        "type": type_name,
    }


_KEPT = ("justification", "ticketInfo", "condition", "conditionVersion")


def _apply(
    tx: Transaction, world: World, scope: Scope, stem: str, kind: str, key: str, given: Mapping[str, Json]
) -> str:
    """Change the schedules as a request asks; return the name of the schedule concerned."""
    there = tx.get(_KINDS[stem], key)
    if kind == "AdminAssign" and there is not None:
        raise ArmError(400, "RoleAssignmentExists", "The Role assignment already exists.", gateway=False)
    if kind != "AdminAssign" and there is None:
        raise ArmError(
            400, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.", gateway=False
        )
    if kind == "AdminRemove" and there is not None:
        forget_schedule(tx, _KINDS[stem], key, there)
        return str(there["shown"]["name"])
    start, end = _term(tx, scope, stem, given)
    if there is None:
        schedule = str(uuid.uuid5(uuid.NAMESPACE_OID, f"schedule|{given['name']}"))
    else:
        schedule = str(there["shown"]["name"])
    shown = _schedule(tx, scope, stem, schedule, given, (start, end))
    if there is not None:
        shown["properties"]["createdOn"] = there["shown"]["properties"]["createdOn"]
    if stem == _ACTIVE:
        _hold(tx, world, scope, schedule, given)
    tx.put(_KINDS[stem], key, {"shown": shown})
    return schedule


def _hold(tx: Transaction, world: World, scope: Scope, name: str, given: Mapping[str, Json]) -> None:
    kept = ("principalId", "roleDefinitionId", "condition", "conditionVersion")
    assignments.write(tx, world, scope, name, {"properties": {key: given.get(key) for key in kept}})


def _schedule(
    tx: Transaction,
    scope: Scope,
    stem: str,
    name: str,
    given: Mapping[str, Json],
    term: tuple[str, str | None],
) -> dict[str, Json]:
    home = f"/subscriptions/{scope.subscription}" if scope.subscription else ""
    principal = str(given["principalId"]).lower()
    type_name = f"Microsoft.Authorization/{stem}Schedules"
    asked = scope.child(f"Microsoft.Authorization/{stem}ScheduleRequests", str(given["name"]))
    properties: dict[str, Json] = {
        f"{stem}ScheduleRequestId": asked.path,
        "scope": scope.path,
        "roleDefinitionId": f"{home}/providers/{roles.TYPE}/{given['role']}",
        "principalId": principal,
        "principalType": (directory.find(tx, principal) or {}).get("type") or "Group",
        "status": "Provisioned",
        "startDateTime": term[0],
        "endDateTime": term[1],
        "memberType": "Direct",
        "condition": given.get("condition"),
        "conditionVersion": given.get("conditionVersion"),
        "createdOn": timestamp(),
        "updatedOn": timestamp(),
    }
    if stem == _ACTIVE:
        properties["assignmentType"] = "Assigned"
    return {
        "properties": properties,
        "name": name,
        "id": scope.child(type_name, name).path,
        "type": type_name,
    }


def _term(tx: Transaction, scope: Scope, stem: str, given: Mapping[str, Json]) -> tuple[str, str | None]:
    """Return start and end of a schedule; raise ArmError where the role's policy forbids so long a time."""
    info = given.get("scheduleInfo") or {}
    expiration = info.get("expiration") or {}
    start = _moment(str(info.get("startDateTime") or "")) or datetime.now(UTC)
    end: datetime | None
    match str(expiration.get("type") or "NoExpiration"):
        case "AfterDuration":
            end = start + duration(str(expiration.get("duration")))
        case "AfterDateTime":
            end = _moment(str(expiration.get("endDateTime"))) or start
        case _:
            end = None
    required, longest = role_policies.longest(tx, scope, str(given["role"]), eligible=stem == _ELIGIBLE)
    if (end is None and required) or (end is not None and end - start > duration(longest)):
        raise ArmError(
            400,
            "RoleAssignmentRequestPolicyValidationFailed",
            'The following policy rules failed: ["ExpirationRule"]',
            gateway=False,
        )
    return _text(start), _text(end) if end else None


def duration(text: str) -> timedelta:
    """Return an ISO 8601 duration of days, hours and minutes; raise ArmError for anything else."""
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", text)
    if not match or not any(match.groups()):
        raise refusals.bad_request(f"The duration '{text}' is not valid.")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _schedules(call: Call) -> list[Json]:
    stem = _stem(call)
    with call.world.store.transaction() as tx:
        settle(tx)
        estate.require_scope(tx, call.scope)
        pending = {
            f"{_tuple(body['shown'])}"
            for _, body in tx.all(store.SCHEDULE_REQUEST, f"{stem}|")
            if body["shown"]["properties"]["status"] == "PendingProvisioning"
            and body["shown"]["properties"]["requestType"] == "AdminAssign"
        }
        return [body["shown"] for key, body in tx.all(_KINDS[stem]) if key not in pending]


def _tuple(shown: Json) -> str:
    properties = shown["properties"]
    role = str(properties["roleDefinitionId"]).rsplit("/", 1)[-1]
    return f"{properties['scope']}|{properties['principalId']}|{role}".lower()


def _filtered(call: Call, found: list[Json]) -> list[Json]:
    text = call.query.get("$filter", "").strip()
    at_scope, wanted = False, {}
    for clause in filter(None, re.split(r"(?i)\s+and\s+", text)):
        compared = re.fullmatch(r"(?i)(principalId|roleDefinitionId|status) eq '?([^']*)'?", clause)
        assigned = re.fullmatch(r"(?i)assignedTo\('([^']*)'\)", clause)
        if clause.lower() == "atscope()":
            at_scope = True
        elif compared:
            wanted[compared[1].lower()] = compared[2].lower()
        elif assigned or clause.lower() == "astarget()":
            own = actors.current().principals
            wanted["principalid"] = assigned[1].lower() if assigned else (own[0].lower() if own else "")
        else:
            raise refusals.not_modelled(f'the filter "{text}" of schedules')
    here = []
    for item in found:
        scope = Scope.parse(item["properties"]["scope"])
        above = scope.contains(call.scope) or (not scope.subscription and bool(call.scope.subscription))
        below = call.scope.contains(scope) and not at_scope
        if (above or below) and all(_is(item, name, value) for name, value in wanted.items()):
            here.append(item)
    return here


def _is(item: Json, name: str, value: str) -> bool:
    own = {key.lower(): str(text).lower() for key, text in item["properties"].items()}
    return own.get(name, "").rsplit("/", 1)[-1] == value.rsplit("/", 1)[-1]


def _stem(call: Call) -> str:
    return _ELIGIBLE if f"/{_ELIGIBLE}schedule".lower() in call.path.lower() else _ACTIVE


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise refusals.bad_request(f"The time '{text}' is not valid.") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def _guid(name: str) -> str:
    try:
        return str(uuid.UUID(name))
    except ValueError:
        raise refusals.bad_request(f"The request id '{name}' is not a GUID.") from None


def _routes(stem: str) -> tuple[Route, ...]:
    base = f"{{scope}}/providers/Microsoft.Authorization/{stem}Schedule"
    return (
        Route("PUT", base + "Requests/{name}", put),
        Route("GET", base + "Requests/{name}", get),
        Route("POST", base + "Requests/{name}/cancel", cancel),
        Route("GET", base + "Requests", list_requests),
        Route("GET", base + "s", list_schedules),
        Route("GET", base + "s/{name}", get_schedule),
        Route("GET", base + "Instances", list_instances),
        Route("GET", base + "Instances/{name}", get_schedule),
    )


ROUTES = (*_routes(_ELIGIBLE), *_routes(_ACTIVE))
