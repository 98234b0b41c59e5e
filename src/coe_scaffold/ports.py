"""What the core asks of the outside world. ``cloud``, ``local`` and ``sandbox`` implement these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from coe_scaffold.model.access import Assignment, CustomRole, ObservedAssignment
from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.resources import Deployment, ResourceChange
from coe_scaffold.model.scope import Scope


@dataclass(frozen=True)
class CompiledTemplate:
    """ARM JSON made from a Bicep file, and by which compiler (``coe-scaffold`` or ``bicep``).

    ``locations`` maps the JSON pointer of each resource declaration to ``file:line`` of its Bicep source;
    it is empty when the compiler cannot tell.
    """

    path: Path
    template: JsonObject = field(hash=False)
    generator: str = ""
    locations: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class CompiledParameters:
    """ARM parameter values (``{"name": {"value": ...}}``) made from a parameter file, and what it is for."""

    path: Path
    template_path: Path
    parameters: JsonObject = field(hash=False)


@dataclass(frozen=True)
class Operation:
    """Progress of one resource inside a running deployment. ``state`` is ARM's provisioningState."""

    resource: str
    state: str
    detail: str = ""


class Compiler(Protocol):
    """Bicep to ARM JSON; raises CompileError with every diagnostic."""

    def compile(self, path: Path) -> CompiledTemplate:
        """Compile a ``.bicep`` file."""

    def parameters(self, path: Path) -> CompiledParameters:
        """Compile a ``.bicepparam`` file, or read a JSON parameter file."""


class Observer(Protocol):
    """Reads only. Raises CloudError."""

    def what_if(self, deployment: Deployment) -> tuple[ResourceChange, ...]:
        """Return what deploying would change, one entry per resource."""

    def role_assignments(self, scope: Scope) -> tuple[ObservedAssignment, ...]:
        """Return the assignments made at a scope and, below a subscription, under it."""

    def custom_roles(self, scope: Scope) -> tuple[CustomRole, ...]:
        """Return the custom role definitions assignable at a scope."""

    def resource_groups(self, subscription: Scope) -> Mapping[str, Mapping[str, str]]:
        """Return the tags of every resource group in a subscription, by group name."""

    def resources(self, group: Scope) -> tuple[Scope, ...]:
        """Return the ids of the resources in a resource group."""


class Deployer(Protocol):
    """Writes resources. Raises CloudError."""

    def deploy(self, deployment: Deployment, progress: Callable[[Operation], None]) -> tuple[str, ...]:
        """Deploy, wait to the end, and return the ids of the resources ARM reports as its output."""

    def delete_resource_group(self, group: Scope) -> None:
        """Delete a resource group and wait until it is gone; an absent one is no error."""


class AccessWriter(Protocol):
    """Writes role definitions and assignments. Raises CloudError."""

    def define_role(self, role: CustomRole) -> None:
        """Create or update a custom role definition."""

    def assign(self, assignment: Assignment) -> ObservedAssignment:
        """Make sure an assignment exists: create it, or adopt an equal one under another name."""

    def remove(self, assignment: Scope) -> None:
        """Delete a role assignment by id; an absent one is no error."""

    def remove_role(self, role: CustomRole) -> None:
        """Delete a custom role definition; an absent one is no error."""


class Clock(Protocol):
    """The time, so that tests can set it."""

    def now(self) -> datetime:
        """Return the current time in UTC, with its zone."""


class FileStore(Protocol):
    """Text and bytes on a disk. Writes are atomic: a file is there whole, or not at all."""

    def read(self, path: Path) -> bytes:
        """Return a file's content; raise UsageError with the path when it cannot be read."""

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        """Replace or create one file; a private one is for its owner's eyes only (mode 0600)."""

    def append(self, path: Path, line: str) -> None:
        """Append one line and wait until it is on the disk (fsync).

        ``line`` comes without its newline; the folder is made when it is missing.
        """

    def write_tree(
        self, folder: Path, files: Mapping[str, bytes], *, executable: frozenset[str] = frozenset()
    ) -> None:
        """Create a folder with files, whole or not at all; raise TargetExistsError if it is not empty."""
