"""The stages of ``coe quickstart``, each of them a command a user could have typed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from coe_scaffold.cli.output import say
from coe_scaffold.errors import TargetExistsError

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.execution import RunOutcome
    from coe_scaffold.operations.plan import Planned

ENVIRONMENT = "dev"
PROJECT = "claims-chat"


def tour(root: Path) -> int:
    """Run every stage in a folder and return the exit code; finished stages of an earlier run are kept."""
    with _stage("Workspace", f"coe init --name Contoso --prefix cto --dir {root.name}"):
        _workspace(root)
    with _stage("Landing zone and project", f"coe new landing-zone; coe new project {PROJECT} --kind rag"):
        _generate(root)
    from coe_scaffold.cli.context import open_workspace

    place = open_workspace(root)
    with _stage("Guardrails", "coe check --env all"):
        _check(place)
    with _stage("Plan and apply", f"coe plan --env {ENVIRONMENT}; coe apply --env {ENVIRONMENT}"):
        planned, result = _apply(place)
    with _stage("Report", "coe report"):
        _report(place, planned)
    _summary(place, planned, result)
    return result.exit_code if result else 0


@contextmanager
def _stage(title: str, command: str) -> Iterator[None]:
    from coe_scaffold.report.style import paint, wants_colour

    say()
    say(paint(f"== {title}", "heading", colour=wants_colour(sys.stdout, os.environ)) + f"  ({command})")
    start = perf_counter()
    yield
    say(f"   {perf_counter() - start:.1f} s")


def _workspace(root: Path) -> None:
    from coe_scaffold.local.files import DiskFiles
    from coe_scaffold.operations.new import init
    from coe_scaffold.scaffold.workspace import SAMPLE

    if (root / "coe.yaml").is_file():
        say(f"   kept {root}")
        return
    if root.is_dir() and any(root.iterdir()):
        raise TargetExistsError(
            f"{root} is not empty and no quickstart", fix="Choose another folder with --dir."
        )
    init(root, SAMPLE, DiskFiles())
    say(f"   {root / 'coe.yaml'}: dev, test and prod, nine CoE functions with sample groups")


def _generate(root: Path) -> None:
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.local.git import available, start_repository
    from coe_scaffold.operations.new import new_landing_zone, new_repository, write_repository
    from coe_scaffold.scaffold.manifest import kind

    place = open_workspace(root)
    if (root / "landing-zone").is_dir():
        say("   kept landing-zone/")
    else:
        made = new_landing_zone(place.settings, place.files, today=place.clock.now().date())
        say(f"   landing-zone/: {len(made.files)} files")
    if (root / PROJECT).is_dir():
        say(f"   kept {PROJECT}/")
        return
    new = new_repository(place.settings, PROJECT, kind("rag"), answers={}, today=place.clock.now().date())
    made = write_repository(new, place.files)
    say(f"   {PROJECT}/: {len(made.files)} files; its own tests: cd {PROJECT} && make setup test")
    if available():
        start_repository(made.folder, f"Start {PROJECT} from the rag template")


def _check(place: Workplace) -> None:
    from coe_scaffold.operations.check import check
    from coe_scaffold.operations.predict import predict
    from coe_scaffold.report.findings import summary

    for environment in place.settings.environments:
        targets = predict(place.settings, environment, place.compiler, place.clock)
        findings = check(place.settings, environment, targets, place.clock.now().date())
        say(f"   {summary(findings, environment=environment)}")


def _apply(place: Workplace) -> tuple[Planned, RunOutcome | None]:
    from coe_scaffold.cli.applying import execute_with_progress
    from coe_scaffold.operations.plan import make_plan
    from coe_scaffold.report import plan as plan_view
    from coe_scaffold.report.style import wants_colour

    with place.exclusive("coe quickstart"), place.session() as session:
        planned = make_plan(
            place.settings, ENVIRONMENT, compiler=place.compiler, clock=place.clock, observer=session.observer
        )
        say(plan_view.text(planned.plan, colour=wants_colour(sys.stdout, os.environ)))
        if not planned.plan.writes:
            say(f"   Nothing to change in {ENVIRONMENT}.")
            return planned, None
        return planned, execute_with_progress(place, session, planned.plan)


def _report(place: Workplace, planned: Planned) -> None:
    from coe_scaffold.operations.report import gather
    from coe_scaffold.report.page import page

    data = gather(
        place.settings, compiler=place.compiler, clock=place.clock, plans={ENVIRONMENT: planned.plan}
    )
    place.files.write(place.root / "report.html", page(data).encode())
    say(f"   {place.root / 'report.html'}")


def _summary(place: Workplace, planned: Planned, result: RunOutcome | None) -> None:
    from coe_scaffold.report.estate import estate_text
    from coe_scaffold.report.outcome import text

    say()
    if result and result.exit_code:
        say(text(result))
    resources = [resource for target in planned.targets for resource in target.graph.resources]
    say(
        estate_text(
            resources,
            (*planned.access.assignments, *planned.access.scheduled),
            planned.findings,
            environment=ENVIRONMENT,
        )
    )
    say(f"Report: {place.root / 'report.html'}")
    say()
    say("Next:")
    say(f"  cd {place.root.name} && coe drift --env {ENVIRONMENT}")
    say(f"  coe access explain data-scientist --env {ENVIRONMENT}")
    say("  coe check --env prod --fail-on low")
