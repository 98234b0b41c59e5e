"""Wires the adapters: which files, compiler, clock and cloud the operations of this process use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from coe_scaffold.cli.output import notice
from coe_scaffold.errors import UsageError
from coe_scaffold.model.estate import OfferedModel
from coe_scaffold.model.repository import ORGANISATION_FILE
from coe_scaffold.model.settings import Cloud, Settings

if TYPE_CHECKING:
    from coe_scaffold.cloud.session import Session
    from coe_scaffold.ports import Clock, Compiler, FileStore
    from coe_scaffold.sandbox import Seed

STATE_FOLDER = ".coe"
"""Folder in a workspace for the sandbox's state and the journals of runs; never committed."""


@dataclass(frozen=True)
class Workplace:
    """A workspace on this machine, and the adapters to work on it."""

    root: Path
    settings: Settings
    files: FileStore = field(hash=False)
    clock: Clock = field(hash=False)

    @cached_property
    def compiler(self) -> Compiler:
        """The Bicep compiler that coe.yaml chooses, each file compiled once; imported when asked for."""
        from coe_scaffold.local.compilers import choose
        from coe_scaffold.operations.remembered import Remembered

        return Remembered(choose(self.settings.compiler))

    @property
    def runs(self) -> Path:
        """The folder of the journals."""
        return self.root / STATE_FOLDER / "runs"

    @property
    def sandbox_state(self) -> Path:
        """The sandbox's state file."""
        return self.root / STATE_FOLDER / "sandbox.db"

    @contextmanager
    def exclusive(self, command: str) -> Iterator[Callable[[str], None]]:
        """Be the only one that writes from this workspace; yield what notes the run. Raises CoeError."""
        from coe_scaffold.local.exclusive import exclusive

        with exclusive(self.root / STATE_FOLDER / "lock", command, self.clock.now()) as note:
            yield note

    @contextmanager
    def session(self, credential: str = "default") -> Iterator[Session]:
        """Connect to the workspace's cloud; for the sandbox, serve it for as long as the session lasts.

        On the sandbox the caller is whom ``sandbox.principal`` names, its owner when that is empty.
        """
        from contextlib import closing

        from coe_scaffold.cloud.session import connect

        settings = self.settings
        if settings.cloud is not Cloud.SANDBOX:
            if settings.alone:
                _refuse_sample(settings)
            tenant = settings.organisation.tenant
            with closing(
                connect(settings.cloud, credential=credential, tenant=tenant, pace=settings.pace)
            ) as session:
                yield session
            return
        from coe_scaffold.local.files import as_usage_error
        from coe_scaffold.sandbox import running

        with as_usage_error(self.sandbox_state):
            self.sandbox_state.parent.mkdir(exist_ok=True)
        served = running(
            self.sandbox_state, seed(settings), port=settings.sandbox_port, faults=settings.sandbox_faults
        )
        with served as owner:
            who = settings.sandbox_principal
            mine = owner.acting_as(who) if who else owner
            if who:
                notice(f"Acting as {who} on the sandbox.")
            with closing(
                connect(settings.cloud, endpoint=mine.url, token=mine.token, pace=settings.pace)
            ) as session:
                yield session


def seed(settings: Settings) -> Seed:
    """Return what a sandbox for this workspace knows from the start: its tenant and the groups' ids."""
    from coe_scaffold.sandbox import Seed

    groups = [group for _, group in settings.filled()]
    return Seed(
        tenant=settings.organisation.tenant,
        subscriptions=tuple(environment.subscription for environment in settings.environments.values()),
        management_groups=(settings.organisation.management_group,),
        principals=(settings.sandbox_principal,) if settings.sandbox_principal else (),
        groups={group.id: group.name for group in sorted(groups, key=lambda group: group.name)},
        models=tuple(
            OfferedModel(model.format, model.name, model.version, sku)
            for model in settings.models
            for sku in settings.deployment_types
        ),
    )


def open_workspace(directory: Path) -> Workplace:
    """Read the workspace at or above a folder; raise ConfigError with every problem of its files."""
    from coe_scaffold.local.clock import SystemClock
    from coe_scaffold.local.files import DiskFiles
    from coe_scaffold.local.settings import load_settings
    from coe_scaffold.local.workspace import find_root, sources

    root = find_root(directory)
    workspace, projects = sources(root)
    settings = load_settings(root, workspace, projects, os.environ)
    return Workplace(root, settings, DiskFiles(), SystemClock())


def open_place(directory: Path, *, fix: str = "") -> Workplace:
    """Read the workspace at or above a folder; without one, the repository of one project the folder is in.

    Of a repository alone that is said, with whose settings it has. Raises ConfigError, and UsageError with
    ``fix`` where there is neither.
    """
    from coe_scaffold.local.workspace import find_root
    from coe_scaffold.scaffold.workspace import is_sample

    place = open_repository(directory)
    if place is None:
        return open_workspace(find_root(directory, fix=fix))
    settings = place.settings
    (project,) = settings.projects
    own = {name: settings.environments[name] for name in project.environments}
    whose = f"No coe.yaml here or above: {ORGANISATION_FILE} has the settings of {settings.organisation.name}"
    if is_sample(settings):
        whose += ", a sample; for your own, 'coe init' a workspace, move this folder there, 'coe repo update'"
    notice(f"{whose}. Only {project.name} is looked at, not the platform below it.")
    return replace(place, settings=replace(settings, environments=own))


def open_repository(directory: Path) -> Workplace | None:
    """Read the repository of one project that a folder is in; None where that lies in a workspace."""
    from coe_scaffold.local.workspace import repository_alone, sources_alone

    root = repository_alone(directory)
    if root is None:
        return None
    from coe_scaffold.config.workspace import load_alone
    from coe_scaffold.local.clock import SystemClock
    from coe_scaffold.local.files import DiskFiles

    organisation, project = sources_alone(root)
    settings = load_alone(root, organisation, project, environ=os.environ)
    return Workplace(root, settings, DiskFiles(), SystemClock())


def _refuse_sample(settings: Settings) -> None:
    from coe_scaffold.scaffold.workspace import is_sample

    if is_sample(settings):
        raise UsageError(
            f"the ids of {settings.organisation.name} are samples: {settings.cloud.value} has no such tenant",
            fix="Start a workspace with 'coe init', move this repository into it, and run 'coe repo update'.",
        )


def sample_workspace() -> Workplace:
    """Return the workspace of a sample organisation in the current folder; nothing of it is written."""
    from coe_scaffold.config.source import Source
    from coe_scaffold.config.workspace import load
    from coe_scaffold.local.clock import SystemClock
    from coe_scaffold.local.files import DiskFiles
    from coe_scaffold.local.workspace import WORKSPACE_FILE
    from coe_scaffold.scaffold.workspace import SAMPLE, render_workspace

    root = Path.cwd()
    text = render_workspace(SAMPLE).text(WORKSPACE_FILE)
    settings = load(root, Source(WORKSPACE_FILE, text), environ=os.environ)
    return Workplace(root, settings, DiskFiles(), SystemClock())
