"""Commands of the Azure CLI, which is signed in already where pipelines run."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

Az = Callable[..., Any]
"""Takes the arguments of one command as texts and returns its JSON, None when it prints nothing."""


class CommandError(RuntimeError):
    """A command that failed; the message is what it said."""


def az(*arguments: str) -> Any:
    """Run one command; raise CommandError when it fails or there is no Azure CLI."""
    program = shutil.which("az")
    if program is None:
        raise CommandError("there is no Azure CLI: install it, then 'az login'")
    command = [program, *arguments, "--only-show-errors", "--output", "json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode != 0:
        raise CommandError(f"az {' '.join(arguments[:3])}: {result.stderr.strip()}")
    return json.loads(result.stdout) if result.stdout.strip() else None
