"""A small workspace on a sandbox of its own, applied in a process that can be killed at any moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.running import COE, TIMEOUT, Ran, coe

KINDS = (
    "denyAssignment",
    "deploymentStack",
    "lock",
    "policyAssignment",
    "policyDefinition",
    "resource",
    "resourceGroup",
    "roleAssignment",
    "roleAssignmentSchedule",
    "roleAssignmentTuple",
    "roleDefinition",
    "roleEligibilitySchedule",
    "roleManagementPolicy",
)
"""What of the sandbox's state is compared; deployments, their operations and requests are history."""

_SETTINGS = "/providers/microsoft.security/pricings/"


@dataclass(frozen=True)
class Place:
    """A workspace folder."""

    folder: Path
    faults: str = ""

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every command: no terminal, no settings of the machine."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("COE_")}
        return {**kept, "CI": "true", "COE_SANDBOX__FAULTS": self.faults}

    def coe(self, *arguments: str, code: int | None = 0) -> str:
        """Run a command to its end and return what it printed."""
        return self._ran(code, *arguments).out

    def complaint(self, *arguments: str) -> str:
        """Run a command that must fail, and return what it said on stderr."""
        return self._ran(1, *arguments).err

    def _ran(self, code: int | None, *arguments: str) -> Ran:
        ran = coe(*arguments, cwd=self.folder, env={"COE_SANDBOX__FAULTS": self.faults})
        assert code is None or ran.code == code, ran.out[-3000:] + ran.err[-3000:]
        return ran

    def started(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [str(COE), *arguments],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def stopped(self, how: signal.Signals, *arguments: str) -> tuple[int, str]:
        """Start a command, signal it when its journal has begun, return its exit code and its complaint.

        On a machine that is busy enough the command may have ended before.
        """
        process = self.started(*arguments)
        known = len(self.journals())
        until(lambda: process.poll() is not None or len(self.journals()) > known)
        process.send_signal(how)
        _, complaint = process.communicate(timeout=TIMEOUT)
        return process.returncode, complaint

    def holder(self) -> int | None:
        """Return the process that writes to this workspace's environments, None when there is none."""
        with suppress(OSError, ValueError):
            return int(json.loads((self.folder / ".coe" / "lock").read_text(encoding="utf-8"))["pid"])
        return None

    def journals(self) -> list[Path]:
        """Return the journals, oldest first."""
        return sorted((self.folder / ".coe" / "runs").glob("*.jsonl"))

    def state(self) -> dict[str, Any]:
        """Return what the sandbox holds, without times and generated ids."""
        return state(self.folder / ".coe" / "sandbox.db")

    def copied(self, target: Path, *, faults: str = "") -> Place:
        """Return a copy of the workspace, on a sandbox with faults."""
        shutil.copytree(self.folder, target)
        return Place(target, faults)


def until(happened: Callable[[], Any]) -> None:
    """Wait for something, for as long as a busy machine may take."""
    ends = time.monotonic() + TIMEOUT
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.002)


def state(database: Path) -> dict[str, Any]:
    """Return what a sandbox's file holds, without times and generated ids."""
    if not database.exists():
        return {}
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT kind, key, body FROM documents").fetchall()
    return {
        f"{kind} {key}": _plain(kind, json.loads(body))
        for kind, key, body in rows
        if kind in KINDS and _SETTINGS not in key
    }


def _plain(kind: str, body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    if kind in ("resource", "resourceGroup"):
        return body["submitted"]
    properties = body.get("shown", body).get("properties", {})
    names = ("principalId", "roleDefinitionId", "scope", "condition", "description", "level", "permissions")
    return {name: properties.get(name) for name in names}


def points(count: int, longest: float, seed: int) -> list[float]:
    """Return seeded random moments from 0 to ``longest`` seconds."""
    source = random.Random(seed)
    return [source.uniform(0, longest) for _ in range(count)]
