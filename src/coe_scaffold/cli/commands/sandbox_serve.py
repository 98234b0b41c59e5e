"""``coe sandbox serve``: keep the sandbox running for other tools."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from coe_scaffold.cli.options import example, workspace_option
from coe_scaffold.cli.output import emit, notice


@click.command(epilog=example("coe sandbox serve --port 8443 --fault throttle:0.2,latency:50ms"))
@workspace_option
@click.option("--port", type=click.IntRange(0, 65535), help="Port on 127.0.0.1; 0 takes a free one.")
@click.option(
    "--fault", "faults", default="", help="Faults to inject, such as throttle:0.2,reset:0.05,latency:50ms."
)
@click.option("--tls", is_flag=True, help="Serve HTTPS, which Azure CLI and Terraform insist on.")
def command(directory: Path, port: int | None, faults: str, tls: bool) -> None:
    """Serve the sandbox of this workspace; prints its URL and this run's token as JSON.

    With --tls the JSON names the issuer's certificate as well: trust it in the client that shall connect
    (REQUESTS_CA_BUNDLE for Azure CLI, SSL_CERT_FILE for Terraform), nowhere else.
    """
    from coe_scaffold.cli.context import open_place, seed
    from coe_scaffold.sandbox import running

    place = open_place(directory)
    wanted = place.settings.sandbox_port if port is None else port
    folder = place.sandbox_state.parent
    folder.mkdir(exist_ok=True)
    known, certificates = seed(place.settings), folder if tls else None
    with running(
        place.sandbox_state, known, port=wanted, faults=faults, certificates=certificates
    ) as endpoint:
        said = {"format": "coe-scaffold/endpoint/v1", "url": endpoint.url, "token": endpoint.token}
        emit(said | ({"issuer": endpoint.issuer} if tls else {}))
        notice("Serving until Ctrl+C.")
        threading.Event().wait()
