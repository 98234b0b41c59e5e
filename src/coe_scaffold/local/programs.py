"""Run shell commands one after another on this machine, and stop at the first that fails."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from coe_scaffold.errors import CoeError


class Line(Protocol):
    """A shell command and what it is for."""

    @property
    def purpose(self) -> str:
        """What the command is for."""

    @property
    def shell(self) -> str:
        """The command."""


def run_lines(
    folder: Path, lines: Iterable[Line], *, programs: tuple[str, ...], tell: Callable[[str], None]
) -> None:
    """Run commands in a folder; raise CoeError for a missing program, and for the first failure.

    What ran before stays: every command can run again.
    """
    missing = sorted({program for program in programs if shutil.which(program) is None})
    if missing:
        raise CoeError(
            f"not installed: {', '.join(missing)}", fix="Install them and sign in, or leave --run out."
        )
    for line in lines:
        result = subprocess.run(
            ["bash", "-e", "-u", "-o", "pipefail", "-c", line.shell],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise CoeError(
                f"{line.purpose} could not be set (exit code {result.returncode})",
                detail=result.stderr.strip(),
                fix="Correct it and run the command again: what is done stays done.",
            )
        tell(f"done: {line.purpose}")
