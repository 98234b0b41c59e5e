"""``coe sandbox rest``: one request to the sandbox, to look at or change things behind the plan's back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coe_scaffold.cli.options import example, workspace_option
from coe_scaffold.cli.output import notice, say

_PLAIN = "%/?&=$()',:;@!*+~-._"
"""What a path may hold as it is; a filter's blanks are escaped."""


@click.command(epilog=example("coe sandbox rest get /subscriptions?api-version=2022-12-01"))
@workspace_option
@click.argument("method", type=click.Choice(["get", "put", "patch", "post", "delete"], case_sensitive=False))
@click.argument("path")
@click.option("--body", help="JSON body.")
def command(directory: Path, method: str, path: str, body: str | None) -> int:
    """Send METHOD to PATH (an ARM path with its api-version) and print the answer's body.

    The status goes to stderr; the exit code is 1 for an answer of 400 or above.
    """
    import urllib.error
    import urllib.request
    from urllib.parse import quote

    from coe_scaffold.cli.context import open_place, seed
    from coe_scaffold.errors import UsageError
    from coe_scaffold.sandbox import running

    place = open_place(directory)
    try:
        payload = json.dumps(json.loads(body)).encode() if body else None
    except json.JSONDecodeError as error:
        raise UsageError(f"--body is not JSON: {error}") from error
    place.sandbox_state.parent.mkdir(exist_ok=True)
    with running(place.sandbox_state, seed(place.settings)) as endpoint:
        request = urllib.request.Request(  # noqa: S310 -- loopback, our own server
            f"{endpoint.url}/{quote(path.lstrip('/'), safe=_PLAIN)}",
            data=payload,
            method=method.upper(),
            headers={"Authorization": f"Bearer {endpoint.token}", "Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
    notice(f"{status}")
    if text:
        say(text)
    return 1 if status >= 400 else 0
