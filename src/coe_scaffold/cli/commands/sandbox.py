"""``coe sandbox``: the embedded local ARM, served for other tools, reset, or asked directly."""

from __future__ import annotations

import click

from coe_scaffold.cli.lazy import LazyGroup
from coe_scaffold.cli.options import example

TABLE = {
    "serve": ("sandbox_serve", "Serve the sandbox on loopback until Ctrl+C."),
    "rest": ("sandbox_rest", "Send one request to the sandbox, as 'az rest' would."),
    "status": ("sandbox_status", "Show what the sandbox of this workspace holds."),
    "export": ("sandbox_export", "Print the sandbox's state as one JSON document."),
    "import": ("sandbox_import", "Put an exported state into the sandbox."),
    "reset": ("sandbox_reset", "Delete the sandbox's state of this workspace."),
}


@click.group(cls=LazyGroup, table=TABLE, epilog=example("coe sandbox serve --port 8443"))
def command() -> None:
    """The embedded local Azure Resource Manager: a test double that the unmodified Azure SDK talks to.

    It listens on loopback only and wants a token that is new for each run. Its state is one SQLite file
    in .coe/. The behaviours it models, with their sources, are listed in docs/reference/sandbox.md; what
    it does not model it refuses.
    """
