"""How long planning takes at scale: 50 projects in three environments, 20,000 role assignments that exist.

Plans from what the templates would create (70 resources for each project and environment, a tenth of them
new, a tenth changed) and what exists; a tenth of the wanted assignments are missing, the rest of the 20,000
are others': ``seconds``, and ``cpu_seconds`` for when others use the machine, too. Then the Bicep of as many
shipped projects is compiled, each template once and each of the 153 parameter files: ``compile_seconds``,
and evaluated: ``evaluate_seconds``; then the second time, as every run after the first does it from what is
kept of the first: ``compile_again_seconds``, ``evaluate_again_seconds``. ``seconds_from_files`` is all that
a run after the first takes: these two and planning (``cpu_seconds_from_files`` when others use the machine).
``peak_megabytes`` is the most that the process held while planning, ``peak_megabytes_with_all_graphs`` at the
end. Prints one JSON object as its last line with ``--json``; exit code 1 when planning from files takes more
than 2 s, or all of it more than 300 MB.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coe_scaffold.access import DesiredAccess
from coe_scaffold.cli.context import Workplace, open_workspace
from coe_scaffold.local.compilers import choose
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.model.access import Assignment, ObservedAssignment, PrincipalType, RoleRef
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.resources import (
    ChangeType,
    Deployment,
    PropertyChange,
    ResourceChange,
    ResourceGraph,
)
from coe_scaffold.model.scope import Scope
from coe_scaffold.operations.new import init, new_landing_zone, new_repository
from coe_scaffold.operations.predict import predict
from coe_scaffold.operations.remembered import Remembered
from coe_scaffold.planning import combine, deployment_steps
from coe_scaffold.planning.access import plan_access
from coe_scaffold.planning.deployments import with_extras
from coe_scaffold.planning.drift import drift
from coe_scaffold.ports import CompiledParameters, CompiledTemplate
from coe_scaffold.report import plan as view
from coe_scaffold.scaffold.manifest import kind
from coe_scaffold.scaffold.workspace import WorkspaceAnswers

PROJECTS, ENVIRONMENTS, RESOURCES, EXISTING = 50, ("dev", "test", "prod"), 70, 20_000
WANTED = 24
"""Assignments of people for each project and environment, as in the shipped matrix."""
SECONDS, MEGABYTES = 2.0, 300
READER = RoleRef("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader")
MARK = "coe-scaffold: data-scientist: works here"


def group(environment: int, project: int) -> Scope:
    """Return the resource group of a project in an environment."""
    home = Scope.subscription_of(f"20000000-0000-4000-8000-{environment:012d}")
    return home.group(f"rg-cto-project-{project:02d}")


def deployments(environment: int) -> list[tuple[Deployment, tuple[ResourceChange, ...]]]:
    """Return the deployments of an environment with what what-if says, and what is in no template."""
    made = []
    for project in range(PROJECTS):
        home = group(environment, project)
        changes = [ResourceChange(home, ChangeType.NO_CHANGE)]
        for number in range(RESOURCES):
            scope = home.child("Microsoft.Storage/storageAccounts", f"st{project}x{number}")
            kind = {0: ChangeType.CREATE, 1: ChangeType.MODIFY}.get(number % 10, ChangeType.NO_CHANGE)
            delta = (PropertyChange("properties.minimumTlsVersion", "TLS1_0", "TLS1_2"),)
            changes.append(ResourceChange(scope, kind, delta if kind is ChangeType.MODIFY else ()))
        extra = [home.child("Microsoft.Web/sites", f"shadow-{number}") for number in range(3)]
        template = {"resources": [{"name": f"st{project}x{number}"} for number in range(RESOURCES)]}
        deployment = Deployment(f"coe-project-{project:02d}", home, template, {}, "swedencentral")
        made.append((deployment, with_extras(changes, extra)))
    return made


def wanted(environment: int) -> tuple[Assignment, ...]:
    """Return the assignments of people that an environment should have."""
    return tuple(
        Assignment(
            group(environment, project).child("Microsoft.Storage/storageAccounts", f"st{project}x{number}"),
            f"30000000-0000-4000-8000-{number:012d}",
            PrincipalType.GROUP,
            READER,
            function="data-scientist",
            reason="works here",
        )
        for project in range(PROJECTS)
        for number in range(WANTED)
    )


def existing(environment: int) -> list[ObservedAssignment]:
    """Return a third of the assignments that exist: nine tenths of what is wanted, and other people's.

    A subscription takes 4,000, so most of the others' are in subscriptions beside the environment's own.
    """
    ours = [
        ObservedAssignment(
            one.scope.child("Microsoft.Authorization/roleAssignments", one.name),
            one.scope,
            one.principal,
            "Group",
            one.role.guid,
            description=MARK,
        )
        for number, one in enumerate(wanted(environment))
        if number % 10
    ]
    others = [
        ObservedAssignment(
            scope.child(
                "Microsoft.Authorization/roleAssignments", f"{number:08d}-4444-4000-8000-000000000000"
            ),
            scope,
            f"{number:08d}-5555-4000-8000-000000000000",
            "User",
            READER.guid,
        )
        for number in range(EXISTING // len(ENVIRONMENTS) + 1 - len(ours))
        for scope in (group(environment if number < 2000 else 10 + number % 5, number % PROJECTS),)
    ]
    return [*ours, *others]


def planned(environment: int, made: list[tuple[Deployment, tuple[ResourceChange, ...]]],
            access: DesiredAccess, there: list[ObservedAssignment]) -> Plan:  # fmt: skip
    """Return the plan of one environment."""
    home = group(environment, 0).subscription
    steps = plan_access(access, there, (), within=(Scope.subscription_of(home),))
    return combine(ENVIRONMENTS[environment], "azure", deployment_steps(made), steps)


class Timed:
    """A compiler that compiles each template once and adds up the seconds it takes."""

    def __init__(self) -> None:
        self.compiler = Remembered(choose("embedded"))
        self.seconds = 0.0

    def compile(self, path: Path) -> CompiledTemplate:
        """Compile a Bicep file."""
        made: CompiledTemplate = self._timed(self.compiler.compile, path)
        return made

    def parameters(self, path: Path, template: Any = None) -> CompiledParameters:
        """Compile a parameter file."""
        made: CompiledParameters = self._timed(self.compiler.parameters, path, template)
        return made

    def graph(self, *given: Any) -> ResourceGraph:
        """Evaluate a deployment, or take what an earlier run found; that is not compiling."""
        return self.compiler.graph(*given)

    def _timed(self, work: Callable[..., Any], *given: Any) -> Any:
        begun = time.perf_counter()
        try:
            return work(*given)
        finally:
            self.seconds += time.perf_counter() - begun


def workspace(folder: Path) -> Workplace:
    """Write a workspace with the shipped landing zone and the infrastructure of all projects."""
    place = folder / "ws"
    init(place, WorkspaceAnswers("Contoso", "cto"), DiskFiles())
    opened = open_workspace(place)
    new_landing_zone(opened.settings, opened.files, today=opened.clock.now().date())
    made = new_repository(
        opened.settings, "project-00", kind("rag"), answers={}, today=opened.clock.now().date()
    )
    for number in range(PROJECTS):
        name = f"project-{number:02d}"
        for path, content in made.tree.files.items():
            if path == "project.yaml" or path.startswith("infra/"):
                opened.files.write(place / name / path, content.replace(b"project-00", name.encode()))
    return open_workspace(place)


@dataclass(frozen=True)
class Prepared:
    """Seconds that preparing all deployments took, and how many there are."""

    compiling: float
    evaluating: float
    deployments: int


def prepared(place: Workplace) -> Prepared:
    """Compile and evaluate all deployments of a workspace."""
    compiler, begun = Timed(), time.perf_counter()
    count = sum(len(predict(place.settings, one, compiler, place.clock)) for one in ENVIRONMENTS)
    return Prepared(compiler.seconds, time.perf_counter() - begun - compiler.seconds, count)


def peak() -> float:
    """Return the most memory this process has held, in megabytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def main() -> int:
    """Measure, print, and return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    given = parser.parse_args()
    scenes = [
        (number, deployments(number), DesiredAccess(wanted(number), ()), existing(number))
        for number in range(len(ENVIRONMENTS))
    ]
    begun, worked = time.perf_counter(), time.process_time()
    plans = [planned(*scene) for scene in scenes]
    took, worked = time.perf_counter() - begun, time.process_time() - worked
    begun = time.perf_counter()
    texts = [view.text(plan) for plan in plans]
    drifted = sum(len(drift(plan)) for plan in plans)
    shown = time.perf_counter() - begun
    megabytes = peak()
    with tempfile.TemporaryDirectory() as name:
        place = workspace(Path(name))
        first = prepared(place)
        begun = time.process_time()
        again = prepared(place)
        worked_again = time.process_time() - begun
    found = {
        "projects": PROJECTS,
        "environments": len(ENVIRONMENTS),
        "assignments": sum(len(scene[3]) for scene in scenes),
        "steps": sum(len(plan.steps) for plan in plans),
        "drift_entries": drifted,
        "text_bytes": sum(map(len, texts)),
        "seconds": round(took, 3),
        "cpu_seconds": round(worked, 3),
        "text_and_drift_seconds": round(shown, 3),
        "peak_megabytes": megabytes,
        "compiled_deployments": first.deployments,
        "compile_seconds": round(first.compiling, 3),
        "compile_again_seconds": round(again.compiling, 3),
        "evaluate_seconds": round(first.evaluating, 3),
        "evaluate_again_seconds": round(again.evaluating, 3),
        "seconds_from_files": round(took + again.compiling + again.evaluating, 3),
        "cpu_seconds_from_files": round(worked + worked_again, 3),
        "peak_megabytes_with_all_graphs": peak(),
    }
    for name, value in found.items():
        print(f"{name:<32}{value:>10}")
    if given.json:
        print(json.dumps(found))
    kept = found["seconds_from_files"] < SECONDS and found["peak_megabytes_with_all_graphs"] < MEGABYTES
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
