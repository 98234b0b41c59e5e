"""How long the access engine takes: loading the catalogue, planning at scale, separation of duties.

Plans 10,000 desired against 100,000 observed assignments in 50 subscriptions: once with one subscription as
the environment's own scope, once with all of them, so that
all assignments of others are found: a thousand are listed, the rest is counted.
Prints one JSON object as its last line with ``--json``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from coe_scaffold.access import DesiredAccess
from coe_scaffold.access.effective import expand
from coe_scaffold.catalog import roles
from coe_scaffold.model.access import Assignment, ObservedAssignment, PrincipalType, RoleRef
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning.access import plan_access

DESIRED, OBSERVED, SUBSCRIPTIONS = 10_000, 100_000, 50
WRITER = RoleRef("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor")
ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
LOAD = """
import time
start = time.perf_counter()
from coe_scaffold.catalog import functions, matrix, roles
functions(), matrix(), roles()
print(time.perf_counter() - start)
"""


def subscription(number: int) -> Scope:
    """Return one of the made-up subscriptions."""
    return Scope.subscription_of(f"{number:08d}-0000-4000-8000-000000000000")


def place(number: int) -> Scope:
    """Return a made-up storage account, spread evenly over the subscriptions."""
    group = subscription(number % SUBSCRIPTIONS).group(f"rg-{number % 997}")
    return group.child("Microsoft.Storage/storageAccounts", f"st{number}")


def scene() -> tuple[DesiredAccess, list[ObservedAssignment]]:
    """Return what is wanted, and what exists: six tenths of it, and everybody else's."""
    wanted = tuple(
        Assignment(
            place(number),
            f"{number:08d}-1111-4000-8000-000000000000",
            PrincipalType.GROUP,
            WRITER,
            function="data-engineer",
            reason="ingest",
        )
        for number in range(DESIRED)
    )
    there = [
        ObservedAssignment(
            want.scope.child(ASSIGNMENT, want.name),
            want.scope,
            want.principal,
            "Group",
            WRITER.guid,
            "",
            want.description,
        )
        for want in wanted[: DESIRED * 6 // 10]
    ]
    for number in range(len(there), OBSERVED):
        scope = place(number)
        principal = f"{number:08d}-2222-4000-8000-000000000000"
        there.append(
            ObservedAssignment(scope.child(ASSIGNMENT, str(number)), scope, principal, "User", WRITER.guid)
        )
    return DesiredAccess(wanted, ()), there


def median(call: Callable[[], object], *, rounds: int) -> float:
    """Return the median wall time of a call in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(rounds: int) -> dict[str, float]:
    """Return seconds by name, and how often longer the plan takes than comparing keys alone (the peer)."""
    wanted, there = scene()
    everywhere = [subscription(number) for number in range(SUBSCRIPTIONS)]
    loads = [
        float(subprocess.run([sys.executable, "-c", LOAD], check=True, capture_output=True).stdout)
        for _ in range(rounds)
    ]

    def expand_all() -> None:
        expand.cache_clear()
        for role in roles():
            expand(role, data=False)

    def match_keys() -> None:
        own = {item.key for item in wanted.assignments}
        held = {item.key for item in there}
        assert len(own - held) < len(own)

    found = {
        "import and load the catalogue": statistics.median(loads),
        "plan, one subscription ours": median(
            lambda: plan_access(wanted, there, (), within=everywhere[:1]), rounds=rounds
        ),
        "plan, all subscriptions ours": median(
            lambda: plan_access(wanted, there, (), within=everywhere), rounds=rounds
        ),
        "expand all roles": median(expand_all, rounds=rounds),
        "peer: two sets of keys": median(match_keys, rounds=rounds),
    }
    found["ratio to peer"] = found["plan, all subscriptions ours"] / found["peer: two sets of keys"]
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    result = measure(options.rounds)
    for name, value in result.items():
        print(f"{name:32} {value:7.3f}{'' if name.startswith('ratio') else ' s'}")
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
