"""Gather what the report shows: every environment's resources, access, findings and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from coe_scaffold import __version__
from coe_scaffold.access.desired import desired
from coe_scaffold.catalog import functions
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.report import EnvironmentReport, Evidence, ReportData
from coe_scaffold.model.settings import Project, Settings
from coe_scaffold.operations.access import separation
from coe_scaffold.operations.check import check
from coe_scaffold.operations.predict import environment_of, predict, whole_graph
from coe_scaffold.operations.remembered import Remembered
from coe_scaffold.operations.review import review
from coe_scaffold.ports import Clock, Compiler


def gather(
    settings: Settings, *, compiler: Compiler, clock: Clock, plans: Mapping[str, Plan] | None = None
) -> ReportData:
    """Return the report of a workspace, made offline; ``plans`` add what the cloud of an environment holds.

    Raises ConfigError or CompileError for files that cannot be used.
    """
    now = clock.now()
    shared = Remembered(compiler)
    return ReportData(
        settings=settings,
        functions=functions(),
        environments=tuple(
            environment_report(settings, name, compiler=shared, clock=clock, plan=(plans or {}).get(name))
            for name in settings.environments
        ),
        made_at=now,
        version=__version__,
        evidence=tuple(
            item for project in settings.projects for item in _evidence(settings, project, now.date())
        ),
    )


def environment_report(
    settings: Settings, name: str, *, compiler: Compiler, clock: Clock, plan: Plan | None = None
) -> EnvironmentReport:
    """Return one environment of the report; raises as :func:`gather` does, UsageError for an unknown name."""
    targets = predict(settings, name, compiler, clock)
    graph = whole_graph(targets)
    access = desired(settings, name, graph)
    return EnvironmentReport(
        environment=environment_of(settings, name),
        graph=graph,
        assignments=(*access.assignments, *access.scheduled),
        findings=(
            *check(settings, name, targets, clock.now().date()),
            *separation(settings, name, graph),
        ),
        plan=plan,
    )


def _evidence(settings: Settings, project: Project, today: date) -> Iterator[Evidence]:
    """Yield what a project owes and where it stands: complete, open (for a person), missing."""
    for item in review(Path(settings.root) / project.folder, project, today=today).items:
        yield Evidence(
            project=project.name,
            id=item.id,
            title=item.title,
            gate=item.gate,
            approver=item.approver,
            status=item.standing.value,
            file=item.file,
        )
