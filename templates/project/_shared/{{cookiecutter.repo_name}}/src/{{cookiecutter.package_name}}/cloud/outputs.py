"""What the infrastructure of an environment hands over: outputs of its deployment stack, or its deployment."""

from __future__ import annotations

from typing import Any

from .azure_cli import Az, CommandError


def outputs(az: Az, name: str) -> dict[str, Any]:
    """Return values by name; raise CommandError when there is neither, or nothing was handed over."""
    try:
        found = az("stack", "sub", "show", "--name", name)
    except CommandError as no_stack:
        try:
            found = az("deployment", "sub", "show", "--name", name)
        except CommandError as no_deployment:
            said = dict.fromkeys((str(no_deployment), str(no_stack)))
            raise CommandError("; ".join(said)) from no_deployment
    handed = found.get("outputs") or (found.get("properties") or {}).get("outputs")
    if not handed:
        raise CommandError(f"{name} has no outputs: did its last deployment end well?")
    return {output: item.get("value") for output, item in handed.items()}
