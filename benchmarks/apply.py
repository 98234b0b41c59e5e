"""How close applying comes to ARM's own limit: 2,000 role assignments and 500 resources in five deployments.

The sandbox refuses what its token buckets do not allow (200 writes at once, then 10 a second), with time
running ``--speed`` times as fast. The limit is what the buckets alone allow; the sequential client is the
same engine with one step at a time, measured on a part and extended. ``--latency`` is ARM's time to answer,
before scaling. The limit itself takes 90 s at the default speed of 2, a run about 130 s: how long is said at
the start. Prints one JSON object as its last line with ``--json``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from coe_scaffold.cloud import raw
from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.execution import Ports, execute, outcome
from coe_scaffold.execution.journal import start
from coe_scaffold.local.clock import SystemClock
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.model.access import Assignment, PrincipalType, RoleRef
from coe_scaffold.model.access_json import assignment_to_json
from coe_scaffold.model.plan import Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType, Deployment, ResourceChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud, Pace
from coe_scaffold.planning import combine, deployment_steps
from coe_scaffold.sandbox import Seed, running

ASSIGNMENTS, RESOURCES, DEPLOYMENTS = 2_000, 500, 5
BURST, PER_SECOND = 200, 10
SAMPLE = 60
READER = RoleRef("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader")
TENANT = "10000000-0000-4000-8000-000000000000"
SUBSCRIPTION = Scope.subscription_of("20000000-0000-4000-8000-000000000001")
GROUP = SUBSCRIPTION.group("rg-benchmark")
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


def principal(number: int) -> str:
    """Return a made-up object id."""
    return f"{number:08d}-3333-4000-8000-000000000000"


def assign(number: int) -> Step:
    """Return the step of one assignment."""
    want = Assignment(
        GROUP, principal(number), PrincipalType.GROUP, READER, function="data-scientist", reason="benchmark"
    )
    return Step(
        id=f"roleAssignment/{want.name}",
        kind=StepKind.ROLE_ASSIGNMENT,
        action=Action.CREATE,
        scope=GROUP,
        title=f"assignment {number}",
        reason="benchmark",
        after=assignment_to_json(want),
    )


def deployment(number: int) -> tuple[Deployment, tuple[ResourceChange, ...]]:
    """Return a deployment of its share of the resources, and what what-if would say."""
    count = RESOURCES // DEPLOYMENTS
    names = [f"id-{number}-{one}" for one in range(count)]
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [
            {"type": IDENTITY, "apiVersion": "2023-01-31", "name": name, "location": "swedencentral"}
            for name in names
        ],
    }
    changes = tuple(ResourceChange(GROUP.child(IDENTITY, name), ChangeType.CREATE) for name in names)
    return Deployment(f"benchmark-{number}", GROUP, template, {}), changes


def plan(first: int, count: int, deployments: int) -> Plan:
    """Return a plan of ``count`` assignments and some deployments."""
    steps = deployment_steps(deployment(number) for number in range(deployments))
    return combine("dev", "sandbox", steps, [assign(number) for number in range(first, first + count)])


def applied(made: Plan, session: Session, folder: Path, *, concurrency: int) -> float:
    """Apply a plan and return the seconds it took; every step must succeed."""
    clock, files = SystemClock(), DiskFiles()
    journal = start(made, files=files, clock=clock, folder=folder)
    begun = time.perf_counter()
    entries = execute(
        made,
        Ports(session.deployer, session.access),
        clock,
        journal,
        concurrency=concurrency,
    )
    took = time.perf_counter() - begun
    result = outcome(made, entries)
    if result.exit_code:
        raise SystemExit(f"{len(result.failures)} steps failed, first: {result.failures[0].cause}")
    return took


def measure(*, speed: int, latency: float, concurrency: int, assignments: int) -> dict[str, float]:
    """Return the figures of one run; seconds are scaled back to ARM's time."""
    seed = Seed(TENANT, (SUBSCRIPTION.subscription,), (), tuple(map(principal, range(assignments + SAMPLE))))
    faults = f"buckets:{speed},latency:{latency * 1000 / speed:g}ms"
    paces = Pace(burst=10**9, per_second=10**9), Pace(burst=BURST, per_second=PER_SECOND * speed)
    with tempfile.TemporaryDirectory() as name, running(None, seed, faults=faults) as endpoint:
        unpaced, paced = (
            connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token, pace=pace) for pace in paces
        )
        raw.put(unpaced.clients, GROUP.path, "2021-04-01", {"location": "swedencentral"})
        alone = applied(plan(assignments, SAMPLE, 0), unpaced, Path(name), concurrency=1) / SAMPLE
        time.sleep(2 * BURST / PER_SECOND / speed)
        took = applied(plan(0, assignments, DEPLOYMENTS), paced, Path(name), concurrency=concurrency)
        unpaced.close()
        paced.close()
    writes = assignments + DEPLOYMENTS
    limit = max(writes - BURST, 0) / (PER_SECOND * speed)
    sequential = max(alone * writes, limit)
    return {
        "assignments": assignments,
        "resources": RESOURCES,
        "speed": speed,
        "seconds": round(took * speed, 2),
        "limit_seconds": round(limit * speed, 2),
        "sequential_seconds": round(sequential * speed, 2),
        "ratio_to_limit": round(took / limit, 3),
        "ratio_to_sequential": round(took / sequential, 3),
    }


def main() -> int:
    """Measure, print, and return 1 when the bar of 1.15 is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--speed", type=int, default=2, help="how fast the sandbox's buckets fill")
    parser.add_argument("--latency", type=float, default=0.5, help="seconds that ARM takes to answer")
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--assignments", type=int, default=ASSIGNMENTS)
    given = parser.parse_args()
    limit = max(given.assignments + DEPLOYMENTS - BURST, 0) / (PER_SECOND * given.speed)
    around = 2 * BURST / PER_SECOND / given.speed + SAMPLE * given.latency / given.speed
    print(f"The buckets alone take {limit:.0f} s, what is around them {around:.0f} s.", file=sys.stderr)
    found = measure(
        speed=given.speed,
        latency=given.latency,
        concurrency=given.concurrency,
        assignments=given.assignments,
    )
    for name, value in found.items():
        print(f"{name:<22}{value:>10}")
    if given.json:
        print(json.dumps(found))
    return 0 if found["ratio_to_limit"] <= 1.15 else 1


if __name__ == "__main__":
    sys.exit(main())
