"""What the core asks of the outside world. ``cloud``, ``local`` and ``sandbox`` implement these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from coe_scaffold.model.access import (
        Assignment,
        CustomRole,
        DenyAssignment,
        ObservedAssignment,
        ObservedRole,
        PermissionBlock,
    )
    from coe_scaffold.model.estate import (
        Lock,
        NameState,
        OfferedModel,
        Quota,
        Recovery,
        SoftDeleted,
        SubscriptionState,
    )
    from coe_scaffold.model.json import JsonObject
    from coe_scaffold.model.repository import Entries, Merged
    from coe_scaffold.model.resources import Deployment, ResourceChange, ResourceGraph
    from coe_scaffold.model.schedules import ActivationRules, ObservedSchedule, RolePolicy, ScheduledRole
    from coe_scaffold.model.scope import Scope
    from coe_scaffold.model.stacks import ObservedStack


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
    """ARM parameter values (``{"name": {"value": ...}}``) made from a parameter file, and what it is for.

    ``public`` says that none may be secret: they came from files alone, and no type of theirs is secure.
    """

    path: Path
    template_path: Path
    parameters: JsonObject = field(hash=False)
    public: bool = False


@dataclass(frozen=True)
class Operation:
    """Progress of one resource inside a running deployment. ``state`` is ARM's provisioningState."""

    resource: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Reading:
    """A resource as the cloud tells it: its body, or why it may not be read."""

    body: JsonObject = field(default_factory=dict, hash=False)
    refusal: str = ""


class Compiler(Protocol):
    """Bicep to ARM JSON; raises CompileError with every diagnostic."""

    def compile(self, path: Path) -> CompiledTemplate:
        """Compile a ``.bicep`` file."""

    def parameters(
        self, path: Path, template: Callable[[Path], CompiledTemplate] | None = None
    ) -> CompiledParameters:
        """Compile a ``.bicepparam`` file, or read a JSON parameter file.

        ``template`` gives a template the file names when it is compiled already.
        """

    def graph(
        self, deployment: Deployment, tenant: str, now: datetime, evaluate: Callable[[], ResourceGraph]
    ) -> ResourceGraph:
        """Return what a deployment in a tenant would create at a time, or what an earlier run found.

        Only for values that are ``public``.
        """


class Observer(Protocol):
    """Reads only. Raises CloudError."""

    def what_if(self, deployment: Deployment) -> tuple[ResourceChange, ...]:
        """Return what deploying would change, one entry per resource: ARM's deployment what-if."""

    def stack_what_if(self, deployment: Deployment) -> tuple[ResourceChange, ...]:
        """Return what deploying as a stack would change: ARM's deployment-stack what-if."""

    def offered(self, scope: Scope) -> frozenset[str]:
        """Return the types of Microsoft.Resources that the cloud has (deploymentStacks, ...), lower case."""

    def stack(self, stack: Scope) -> ObservedStack | None:
        """Return a deployment stack by its id, or None when it is not there."""

    def stacks(self, scope: Scope) -> tuple[ObservedStack, ...]:
        """Return the deployment stacks of a scope."""

    def read(self, wanted: Mapping[Scope, str]) -> Mapping[Scope, Reading]:
        """Return the resources that exist of those asked for, each with its api-version."""

    def role_assignments(self, scope: Scope, *, inherited: bool = False) -> tuple[ObservedAssignment, ...]:
        """Return the assignments made at a scope and, below a subscription, under it.

        With ``inherited`` those made above it instead: who may read a subscription sees them there.
        """

    def deny_assignments(self, scope: Scope) -> tuple[DenyAssignment, ...]:
        """Return the deny assignments at a scope, above it, and below a subscription, each once."""

    def custom_roles(self, scope: Scope) -> tuple[CustomRole, ...]:
        """Return the custom role definitions assignable at a scope."""

    def built_in_roles(self) -> tuple[ObservedRole, ...]:
        """Return the tenant's built-in role definitions as they are now."""

    def schedules(self, scope: Scope, *, inherited: bool = False) -> tuple[ObservedSchedule, ...]:
        """Return who is eligible or holds a role for a while: at a scope; below a subscription, too.

        With ``inherited`` what was given above it instead.
        """

    def activation_rules(self, scope: Scope, role: str) -> ActivationRules | None:
        """Return what activating a role (a GUID) at a scope takes; None while the scope does not exist."""

    def resource_groups(self, subscription: Scope) -> Mapping[str, Mapping[str, str]]:
        """Return the tags of every resource group in a subscription, by group name."""

    def resources(self, scope: Scope) -> tuple[Scope, ...]:
        """Return the ids of the resources in a resource group, or in all groups of a subscription."""


class Inspector(Protocol):
    """Reads what decides whether writing can succeed. Raises CloudError."""

    def subscription(self, subscription: Scope) -> SubscriptionState:
        """Return a subscription's name, tenant and state."""

    def permissions(self, scope: Scope) -> tuple[PermissionBlock, ...]:
        """Return what the caller may do at a scope, one block for each role it holds there."""

    def own_assignments(self, scope: Scope) -> tuple[ObservedAssignment, ...]:
        """Return the caller's role assignments at a scope and above it, those of its groups included.

        Raises CloudError, also where nothing tells who calls.
        """

    def providers(self, subscription: Scope) -> Mapping[str, str]:
        """Return the registration state of each resource provider, by its namespace in lower case."""

    def groups(self, subscription: Scope) -> frozenset[str]:
        """Return the names of a subscription's resource groups, in lower case."""

    def locks(self, scope: Scope) -> tuple[Lock, ...]:
        """Return the locks at a scope and below it."""

    def soft_deleted(self, subscription: Scope) -> tuple[SoftDeleted, ...]:
        """Return the deleted resources that still hold their names (``catalog.retentions``)."""

    def retained(self, resources: Iterable[Scope]) -> tuple[SoftDeleted, ...]:
        """Return which of these resources Azure would keep when they are deleted, as they would be called."""

    def policies(self, subscription: Scope) -> tuple[JsonObject, ...]:
        """Return the policies that act on a subscription, inherited ones too, as ARM returns each."""

    def name_state(self, subscription: Scope, resource_type: str, name: str) -> NameState:
        """Return whether a globally unique name is free; KeyError for a type whose provider cannot say."""

    def holder(self, subscription: Scope, resource_type: str, name: str) -> Scope | None:
        """Return the resource in the subscription that has a globally unique name, or None."""

    def offered_models(self, subscription: Scope, location: str) -> tuple[OfferedModel, ...]:
        """Return the models that can be deployed in a region."""

    def model_quotas(self, subscription: Scope, location: str) -> tuple[Quota, ...]:
        """Return the limits on model capacity in a region."""


class Deployer(Protocol):
    """Writes resources. Raises CloudError."""

    def deploy(self, deployment: Deployment, progress: Callable[[Operation], None]) -> tuple[str, ...]:
        """Deploy, wait to the end, and return the ids of the resources ARM reports as its output."""

    def settle(self, deployment: Deployment) -> None:
        """Wait until an earlier deployment of the same name has ended; return at once when there is none."""

    def delete_resource_group(self, group: Scope) -> None:
        """Delete a resource group and wait until it is gone; an absent one is no error."""

    def delete_resource(self, resource: Scope) -> None:
        """Delete a resource or lock by its id and wait until it is gone; an absent one is no error."""

    def recover(self, recovery: Recovery) -> tuple[str, ...]:
        """Recover a deleted resource; return the ids of what is new: it, and its group when that was gone."""

    def purge(self, deleted: SoftDeleted) -> None:
        """Purge a soft-deleted resource, so that its name is free; an absent one is no error."""

    def register_provider(self, subscription: Scope, namespace: str) -> None:
        """Register a resource provider in a subscription and wait until it is."""


class AccessWriter(Protocol):
    """Writes role definitions and assignments. Raises CloudError."""

    def define_role(self, role: CustomRole) -> None:
        """Create or update a custom role definition."""

    def assign(self, assignment: Assignment) -> ObservedAssignment:
        """Make sure an assignment exists: create it, or adopt an equal one under another name."""

    def remove(self, assignment: Scope) -> None:
        """Delete a role assignment by id; an absent one is no error."""

    def schedule(self, wanted: ScheduledRole) -> ObservedSchedule:
        """Ask for an eligible or time-bound role, or a change of it, and wait until it is provisioned."""

    def unschedule(self, schedule: ObservedSchedule) -> None:
        """Take back an eligible or time-bound role; an absent one is no error."""

    def set_activation_rules(self, policy: RolePolicy) -> None:
        """Set what activating a role at a scope takes; the other rules of its policy stay."""

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


class Repository(Protocol):
    """A git repository. Commits are written beside its branches; only ``point``, ``advance`` and ``begin``
    move one. Raises CoeError with git's words.
    """

    folder: Path

    def resolve(self, revision: str) -> str:
        """Return the id of a commit, or an empty string when there is none of that name."""

    def uncommitted(self) -> tuple[str, ...]:
        """Return the paths with changes that no commit holds."""

    def entries(self, revision: str) -> Entries:
        """Return the files of a commit or tree by path."""

    def read(self, revision: str, path: str) -> str:
        """Return a text file of a commit; an empty string when it has none of that path."""

    def versions(self, ref: str, path: str) -> Mapping[str, str]:
        """Return, for each commit of a branch from new to old, the id of one file's content."""

    def record(
        self, files: Mapping[str, bytes], executable: frozenset[str], message: str, parent: str = ""
    ) -> str:
        """Write a commit of exactly these files and return its id."""

    def merge(self, base: Entries, ours: Entries, theirs: Entries, *, labels: tuple[str, str]) -> Merged:
        """Merge three trees as git merges branches."""

    def commit(self, tree: str, message: str, parents: tuple[str, ...] = ()) -> str:
        """Write a commit of a tree and return its id."""

    def point(self, branch: str, commit: str) -> None:
        """Make a branch, or move it, to a commit."""

    def advance(self, commit: str) -> None:
        """Move the current branch and the work tree to a commit that follows it."""

    def begin(self, merged: Merged, theirs: str, message: str) -> None:
        """Leave a merge with conflicts in work tree and index, for a person to resolve and commit."""

    def patch(self, old: str, new: str, paths: tuple[str, ...] = ()) -> str:
        """Return the difference of two commits or trees as a patch."""

    def push(self, branches: tuple[str, ...]) -> None:
        """Push branches to the remote ``origin``."""
