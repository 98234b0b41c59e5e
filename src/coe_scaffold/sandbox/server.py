"""Serves a sandbox in a thread of this process, on loopback only."""

from __future__ import annotations

import asyncio
import errno
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from coe_scaffold.errors import CoeError, UsageError
from coe_scaffold.sandbox import certificate, directory, store
from coe_scaffold.sandbox.app import Application, reset
from coe_scaffold.sandbox.buckets import Buckets
from coe_scaffold.sandbox.faults import FaultPlan, Faults
from coe_scaffold.sandbox.jobs import Jobs
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Router
from coe_scaffold.sandbox.seed import Endpoint, Seed
from coe_scaffold.sandbox.store import Store
from coe_scaffold.sandbox.surfaces import (
    assignments,
    async_results,
    deleted,
    deny_assignments,
    deployment_reads,
    deployments,
    exports,
    features,
    graph,
    groups,
    hierarchies,
    locks,
    management_groups,
    models,
    moves,
    names,
    permissions,
    policies,
    policy_definitions,
    providers,
    resources,
    role_policies,
    roles,
    schedules,
    stack_what_if,
    stacks,
    subscriptions,
    tag_names,
    tags,
)
from coe_scaffold.sandbox.world import World

HOST = "127.0.0.1"
_PATIENCE = 10.0
"""Seconds a server may take to start or to stop."""

ROUTES = (
    *graph.ROUTES,
    *groups.ROUTES,
    *subscriptions.ROUTES,
    *tag_names.ROUTES,
    *exports.ROUTES,
    *hierarchies.ROUTES,
    *management_groups.ROUTES,
    *moves.ROUTES,
    *resources.LIST_ROUTES,
    *async_results.ROUTES,
    *deployments.ROUTES,
    *deployment_reads.ROUTES,
    *stacks.ROUTES,
    *stack_what_if.ROUTES,
    *roles.ROUTES,
    *assignments.ROUTES,
    *schedules.ROUTES,
    *role_policies.ROUTES,
    *locks.ROUTES,
    *policies.ROUTES,
    *policy_definitions.ROUTES,
    *tags.ROUTES,
    *features.ROUTES,
    *providers.ROUTES,
    *names.ROUTES,
    *deleted.ROUTES,
    *models.ROUTES,
    *permissions.ROUTES,
    *deny_assignments.ROUTES,
    *resources.ROUTES,
)
"""All routes, the more specific first."""


WORK = {
    groups.DELETION: groups.deletion,
    **deployments.WORK,
    **stacks.WORK,
    **stack_what_if.WORK,
    **management_groups.WORK,
    **moves.WORK,
    **exports.WORK,
}
"""What does each kind of long-running work."""


@contextmanager
def serve(
    state: Path, seed: Seed, port: int, plan: FaultPlan, certificates: Path | None = None
) -> Iterator[Endpoint]:
    """Serve a state file until the block ends, over HTTPS when a folder for certificates is given.

    Raises UsageError and CorruptStateError.
    """
    issuer, *chain = certificate.ensure(certificates) if certificates else ("",)
    listener = _listen(port)
    try:
        opened = Store(state)
    except CoeError:
        listener.close()
        raise
    try:
        world, jobs = _begun(opened, seed, plan)
        token = secrets.token_urlsafe(24)
        try:
            with _thread(world, jobs, token, listener, tuple(chain)):
                with suppress(ArmError):  # then whoever asks takes it over
                    jobs.resume()
                scheme = "https" if chain else "http"
                yield Endpoint(f"{scheme}://{HOST}:{listener.getsockname()[1]}", token, str(issuer))
        finally:
            jobs.close()
    finally:
        listener.close()
        opened.close()


def _begun(state: Store, seed: Seed, plan: FaultPlan) -> tuple[World, Jobs]:
    try:
        plant(state, seed)
        world = World(state, seed.tenant, Faults(plan))
        return world, Jobs(
            state, {kind: partial(work, world) for kind, work in WORK.items()}, delay=plan.slow
        )
    except ArmError as error:
        raise store.unusable(state.path, str(error.__cause__)) from error


def plant(state: Store, seed: Seed) -> None:
    """Add what a seed names to a state; what is there already stays."""
    with state.transaction() as tx:
        for number, subscription in enumerate(seed.subscriptions, start=1):
            if tx.get(store.SUBSCRIPTION, subscription) is None:
                body = {"subscriptionId": subscription, "displayName": f"Sandbox {number}", "submitted": {}}
                tx.put(store.SUBSCRIPTION, subscription, body)
        for group in seed.management_groups:
            if tx.get(store.MANAGEMENT_GROUP, group) is None:
                tx.put(store.MANAGEMENT_GROUP, group, {"name": group, "seeded": True})
        for principal in seed.principals:
            directory.seed(tx, principal, "", "")
        for group, name in seed.groups.items():
            directory.seed(tx, group, "Group", name)
        for model in seed.models:
            body = asdict(model)
            tx.put(store.MODEL, "|".join((model.format, model.name, model.version, model.sku)), body)


@dataclass
class _Connections:
    """The open connections by the client's address."""

    transports: dict[tuple[str, int], asyncio.Transport]

    def cut(self, client: tuple[str, int]) -> None:
        """Reset a client's connection."""
        transport = self.transports.get(client)
        if transport is not None:
            reset(transport.get_extra_info("socket"))
            transport.abort()


class _Protocol(H11Protocol):
    """uvicorn's HTTP protocol that makes its connections known."""

    def __init__(self, *args: Any, connections: _Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections = connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Record the connection."""
        super().connection_made(transport)
        if self.client:
            self._connections.transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self.client:
            self._connections.transports.pop(self.client, None)
        super().connection_lost(exc)


class _Server(uvicorn.Server):
    """uvicorn's server that says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.up.set()


@contextmanager
def _thread(
    world: World, jobs: Jobs, token: str, listener: socket.socket, chain: tuple[Path, ...]
) -> Iterator[None]:
    connections = _Connections({})
    buckets = Buckets(speed=world.faults.plan.buckets)
    application = Application(world, jobs, Router(ROUTES), token, connections.cut, buckets)
    config = uvicorn.Config(
        application,
        http=partial(_Protocol, connections=connections),  # type: ignore[arg-type]
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        **dict(zip(("ssl_certfile", "ssl_keyfile"), chain, strict=False)),  # type: ignore[arg-type]
    )
    server = _Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="sandbox-server", daemon=True
    )
    thread.start()
    if not server.up.wait(_PATIENCE):
        raise UsageError("the sandbox did not start", fix="Run the command again; if it stays so, report it.")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle off only for sockets that name TCP: without it every answer waits 40 ms
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise UsageError(
            f"port {port} on {HOST} {reason}",
            fix="Stop what listens there, or let the sandbox choose a free port (port 0).",
            code="COE-SBX-002",
        ) from error
    return listener
