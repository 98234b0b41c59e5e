"""The ASGI application: authenticates, applies faults, finds the route, answers in ARM's form."""

from __future__ import annotations

import json
import re
import socket
import struct
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import actors, authorisation, identity, relaxed, tokens
from coe_scaffold.sandbox.buckets import REGIONS, Buckets, Caller, kind_of
from coe_scaffold.sandbox.jobs import Jobs
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Router, clean
from coe_scaffold.sandbox.surfaces import graph
from coe_scaffold.sandbox.world import World

_SUBSCRIPTION = re.compile(r"(?i)/+subscriptions/+([^/]+)")
_LOOPBACK = re.compile(r"(?i)(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
_POLL_MILLISECONDS = "50"
_EXPIRED = (
    "ExpiredAuthenticationToken",
    "The access token expiry UTC time is earlier than the current UTC time.",
)


@dataclass(frozen=True)
class Application:
    """Answers requests. ``cut`` resets the connection of a client's address."""

    world: World
    jobs: Jobs
    router: Router
    token: str
    cut: Callable[[tuple[str, int]], None]
    buckets: Buckets = field(default_factory=Buckets, hash=False)
    _turns: Iterator[int] = field(default_factory=count, hash=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        content = await request.body()
        plan = self.world.faults.plan
        if plan.latency:
            import asyncio

            await asyncio.sleep(plan.latency)
        fault = self.world.faults.draw()
        client = (request.client.host, request.client.port) if request.client else ("", 0)
        if fault == "reset-before":
            self.cut(client)
            return
        caller = self._caller(request)
        reply = await run_in_threadpool(self._answer, request, content, fault, caller)
        if fault == "reset-after":
            self.cut(client)
            return
        await self._response(request, reply, caller)(scope, receive, send)

    def _caller(self, request: Request) -> Caller:
        token = request.headers.get("authorization", "").rpartition(" ")[2]
        try:
            principals = tokens.principals_of(token, self.token, time.time())
        except (tokens.InvalidTokenError, tokens.ExpiredTokenError):
            principals = ()
        match = _SUBSCRIPTION.match(request.url.path)
        region = REGIONS[next(self._turns) % self.world.faults.plan.regions]
        return Caller(principals[0] if principals else "", match[1].lower() if match else "", region)

    def _answer(self, request: Request, content: bytes, fault: str, caller: Caller) -> Reply:
        try:
            if (found := self._identity(request, content)) is not None:
                return found
            actor = self._authenticate(request)
            self._pass_bucket(request, caller)
            if fault in ("throttle", "error"):
                raise _fault(fault)
            if fault == "expired":
                raise _unauthorized(*_EXPIRED, self.world)
            if fault == "conflict" and kind_of(request.method) != "reads":
                raise ArmError(409, "Conflict", "Another operation is in progress on this resource.")
            with actors.acting(actor):
                return self._handle(request, content)
        except ArmError as error:
            headers = dict(error.headers)
            if error.gateway:
                headers["x-ms-failure-cause"] = "gateway"
            body = None if request.method == "HEAD" else {"error": error.error()}
            return Reply(error.status, body, headers)
        except Exception as error:  # a defect of the sandbox: say so in ARM's form instead of hanging up
            message = f"The sandbox failed: {type(error).__name__}: {error}"
            return Reply(500, {"error": {"code": "InternalServerError", "message": message}})

    def _pass_bucket(self, request: Request, caller: Caller) -> None:
        wait = self.buckets.wait(kind_of(request.method), caller)
        if wait:
            error = _fault("throttle")
            milliseconds = str(max(1, round(wait * 1000)))
            raise ArmError(429, error.code, error.message, headers={"x-ms-retry-after-ms": milliseconds})

    def _identity(self, request: Request, content: bytes) -> Reply | None:
        if not _LOOPBACK.fullmatch(request.headers.get("host", "")):
            raise ArmError(403, "Forbidden", "The sandbox answers on loopback addresses only.")
        home = identity.Home(_base(request), self.world.tenant, self.token)
        path = clean(request.url.path)
        found = home.answer(request.method, path, request.query_params, request.headers, content)
        return None if found is None else Reply(*found)

    def _authenticate(self, request: Request) -> actors.Actor:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if not given:
            raise _unauthorized(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
                self.world,
            )
        try:
            if kind.lower() != "bearer":
                raise tokens.InvalidTokenError
            return actors.Actor(tokens.principals_of(given, self.token, time.time()))
        except tokens.InvalidTokenError:
            code, message = "InvalidAuthenticationToken", "The access token is invalid."
        except tokens.ExpiredTokenError:
            code, message = _EXPIRED
        raise _unauthorized(code, message, self.world)

    def _handle(self, request: Request, content: bytes) -> Reply:
        path = clean(request.url.path)
        query = {
            key.lower() if key.lower() == "api-version" else key: value
            for key, value in request.query_params.items()
        }
        arm = not graph.PATH.match(path)
        if arm:
            _check_api_version(query.get("api-version", ""))
        route, params = self.router.find(request.method, path)
        if arm and not actors.current().owner:
            with self.world.store.transaction() as tx:
                authorisation.require(tx, request.method, path, _json(content))
        call = Call(
            method=request.method,
            path=path,
            params=params,
            query=query,
            body=_json(content),
            base=_base(request),
            world=self.world,
            jobs=self.jobs,
            correlation=request.headers.get("x-ms-correlation-request-id", "") or str(uuid.uuid4()),
        )
        return route.handler(call)

    def _response(self, request: Request, reply: Reply, caller: Caller) -> Response:
        number = str(uuid.uuid4())
        kind = kind_of(request.method)
        remaining = f"x-ms-ratelimit-remaining-{'subscription' if caller.subscription else 'tenant'}"
        own, shared = self.buckets.take(kind, caller)
        headers = {
            "x-ms-request-id": number,
            "x-ms-correlation-request-id": request.headers.get("x-ms-correlation-request-id", number),
            "x-ms-routing-request-id": f"{caller.region}:{_stamp()}:{number}",
            f"{remaining}-{kind}": str(own),
            f"{remaining}-global-{kind}": str(shared),
            "cache-control": "no-cache",
            **reply.headers,
        }
        if client_id := request.headers.get("x-ms-client-request-id"):
            headers["x-ms-client-request-id"] = client_id
        if reply.status in (200, 201, 202) and ("Location" in reply.headers or _pollable(request, reply)):
            headers["x-ms-retry-after-ms"] = _POLL_MILLISECONDS
        if reply.body is None:
            return Response(status_code=reply.status, headers=headers)
        text = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":"))
        headers["content-type"] = "application/json; charset=utf-8"
        return Response(text.encode(), reply.status, headers)


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers['host']}"


def reset(connection: socket.socket) -> None:
    """Make the next close of a connection send RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _stamp() -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())


def _fault(kind: str) -> ArmError:
    if kind == "throttle":
        return ArmError(
            429,
            "ResourceRequestsThrottled",
            "Number of requests for the subscription exceeded the limit. Please try again after a while.",
            headers={"Retry-After": "0.05"},
        )
    return ArmError(503, "ServiceUnavailable", "The service is unavailable.", headers={"Retry-After": "0.05"})


def _unauthorized(code: str, message: str, world: World) -> ArmError:
    challenge = (
        f'Bearer authorization_uri="https://login.microsoftonline.com/{world.tenant}", '
        f'error="invalid_token", error_description="{message}"'
    )
    return ArmError(401, code, message, headers={"WWW-Authenticate": challenge})


def _check_api_version(version: str) -> None:
    if not version:
        raise ArmError(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(-[a-z]+(\.\d+)?)?", version, re.IGNORECASE):
        raise ArmError(
            400,
            "InvalidApiVersionParameter",
            f"The api-version '{version}' is invalid. An api-version is a date such as 2024-11-01.",
        )


def _json(content: bytes) -> Json:
    if not content.strip():
        return None
    try:
        return relaxed.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise ArmError(
            400,
            "InvalidRequestContent",
            f"The request content was invalid and could not be deserialized: '{error}'.",
        ) from None


def _pollable(request: Request, reply: Reply) -> bool:
    return "Azure-AsyncOperation" in reply.headers or "/operationstatuses/" in request.url.path.lower()
