"""The stacks sections of coe.yaml: what all environments share, and what one does otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.config.document import Document, Path
from coe_scaffold.config.schema import (
    DenySettingsSection,
    EnvironmentStacksSection,
    StacksSection,
    WorkspaceFile,
)
from coe_scaffold.errors import Problem
from coe_scaffold.model.settings import Stacks, StackUse
from coe_scaffold.model.stacks import DenySettings, StackSettings

OWNER = {"managed-by": "coe-scaffold"}
"""Tag of every stack this tool makes."""


def stacks_of(shared: StacksSection, own: EnvironmentStacksSection | None, environment: str) -> Stacks:
    """Return how an environment is deployed: its own section before the shared one, key by key."""
    own = own or EnvironmentStacksSection()
    action = own.action_on_unmanage or shared.action_on_unmanage
    deny = own.deny_settings or shared.deny_settings
    tags = {**OWNER, "coe-environment": environment}
    return Stacks(StackUse(own.use or shared.use), _settings(action, _deny(deny), tags))


def shared_stacks(shared: StacksSection) -> Stacks:
    """Return how the management group is deployed: nothing is denied there, for ARM has no denial at it."""
    tags = {**OWNER, "coe-environment": "governance"}
    return Stacks(StackUse(shared.use), _settings(shared.action_on_unmanage, DenySettings(), tags))


def stack_problems(file: WorkspaceFile, document: Document) -> Iterator[Problem]:
    """Yield what no stack can be made with: exclusions from a denial that denies nothing."""
    sections: list[tuple[Path, DenySettingsSection]] = [(("stacks",), file.stacks.deny_settings)]
    for name, environment in file.environments.items():
        if environment.stacks and environment.stacks.deny_settings:
            sections.append((("environments", name, "stacks"), environment.stacks.deny_settings))
    for path, deny in sections:
        if deny.mode == "none" and (deny.excluded_principals or deny.excluded_actions):
            message = "denySettings exclude somebody or something from a denial, but their mode is none"
            fix = "Set mode to denyDelete or denyWriteAndDelete, or remove the exclusions."
            yield document.problem((*path, "denySettings"), message, fix=fix, code="COE-CFG-040")


def _settings(action: str, deny: DenySettings, tags: dict[str, str]) -> StackSettings:
    return StackSettings(
        resources="detach" if action == "detach" else "delete",
        resource_groups="delete" if action == "deleteAll" else "detach",
        deny=deny,
        tags=tags,
    )


def _deny(section: DenySettingsSection) -> DenySettings:
    return DenySettings(
        section.mode,
        tuple(section.excluded_principals),
        tuple(section.excluded_actions),
        section.apply_to_child_scopes,
    )
