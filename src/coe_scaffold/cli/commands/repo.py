"""``coe repo``: generated repositories after generation."""

from __future__ import annotations

import click

from coe_scaffold.cli.lazy import LazyGroup
from coe_scaffold.cli.options import example

TABLE = {
    "status": ("repo_status", "Whether a repository is behind its template or has drifted from it."),
    "diff": ("repo_diff", "What a project changed, or what an update would change, as a patch."),
    "update": ("repo_update", "Merge the current template into a repository."),
    "adopt": ("repo_adopt", "Make an existing repository follow a template."),
    "fleet": ("repo_fleet", "Status of many repositories, and update branches for them."),
}


@click.group(cls=LazyGroup, table=TABLE, epilog=example("coe repo status claims-chat --exit-code"))
def command() -> None:
    """Keep generated repositories current. Git merges; conflicts are git's; no edit of yours is lost."""
