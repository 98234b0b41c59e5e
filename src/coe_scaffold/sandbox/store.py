"""The sandbox's state: JSON documents in one SQLite file, by kind and lower-case key.

Two processes may use one file: every transaction takes SQLite's write lock, waits for it, and commits or
leaves no trace. ``kind`` is one of the constants below; keys are lower-case resource ids unless it says
otherwise.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coe_scaffold.errors import CorruptStateError, UsageError
from coe_scaffold.model.json import Json
from coe_scaffold.sandbox.refusals import ArmError

SUBSCRIPTION = "subscription"
MANAGEMENT_GROUP = "managementGroup"
SETTINGS = "settings"
PRINCIPAL = "principal"
"""Objects of the directory, by object id."""
GROUP = "resourceGroup"
RESOURCE = "resource"
DELETED = "deletedResource"
"""Deleted resources that are kept, by the id they have then."""
MODEL = "model"
"""Models that can be deployed, by ``format|name|version|sku``."""
TAG_NAME = "tagName"
"""Tag names that were written down, by the subscription's key and the name."""
REGISTRATION = "registration"
"""Resource providers that were registered or unregistered, by ``subscription/namespace``."""
GENERATION = "generation"
"""How often a resource was created, so that one that is made anew gets a new identity."""
LOCK = "lock"
ROLE = "roleDefinition"
"""Custom role definitions, by GUID."""
ASSIGNMENT = "roleAssignment"
ASSIGNMENT_NAME = "roleAssignmentName"
"""Ids of role assignments by their name, which is unique in a tenant."""
ASSIGNMENT_TUPLE = "roleAssignmentTuple"
"""Ids of role assignments by ``scope|principal|role``."""
ELIGIBILITY = "roleEligibilitySchedule"
ACTIVE_SCHEDULE = "roleAssignmentSchedule"
"""Schedules by ``scope|principal|role``."""
SCHEDULE_REQUEST = "scheduleRequest"
ROLE_POLICY = "roleManagementPolicy"
"""Rules of role management policies that were changed, by the policy's name."""
POLICY_ASSIGNMENT = "policyAssignment"
POLICY_DEFINITION = "policyDefinition"
POLICY_SET = "policySetDefinition"
POLICY_EXEMPTION = "policyExemption"
STACK = "deploymentStack"
STACK_WHAT_IF = "deploymentStackWhatIfResult"
DENIAL = "denyAssignment"
"""Deny assignments of stacks, by the id of what they protect."""
DEPLOYMENT = "deployment"
DEPLOYMENT_REQUEST = "deploymentRequest"
"""What was sent to start a deployment, by the deployment's id."""
CANCELLATION = "cancellation"
"""Deployments that somebody asked to cancel."""
OPERATION = "operation"
"""Deployment operations, by deployment id and number."""
JOB = "job"
"""Long-running work, by job id."""
PROCESS = "process"
"""Processes that serve this state, by token."""

KINDS = frozenset(
    {
        SUBSCRIPTION,
        MANAGEMENT_GROUP,
        SETTINGS,
        PRINCIPAL,
        GROUP,
        RESOURCE,
        DELETED,
        MODEL,
        TAG_NAME,
        REGISTRATION,
        GENERATION,
        LOCK,
        ROLE,
        ASSIGNMENT,
        ASSIGNMENT_NAME,
        ASSIGNMENT_TUPLE,
        ELIGIBILITY,
        ACTIVE_SCHEDULE,
        SCHEDULE_REQUEST,
        ROLE_POLICY,
        POLICY_ASSIGNMENT,
        POLICY_DEFINITION,
        POLICY_SET,
        POLICY_EXEMPTION,
        STACK,
        STACK_WHAT_IF,
        DENIAL,
        DEPLOYMENT,
        DEPLOYMENT_REQUEST,
        CANCELLATION,
        OPERATION,
        JOB,
        PROCESS,
    }
)
"""Every kind of document."""

_APPLICATION_ID = 0x434F4531
LAYOUT = 2
"""Version of the documents' shapes, kept as SQLite's ``user_version``; raised when a shape changes."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (kind, key)) WITHOUT ROWID;
"""


UNWRITABLE = "SandboxStateNotWritable"
"""The code of an answer while the file cannot be written."""


class Transaction:
    """Reads and writes that happen together or not at all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, kind: str, key: str) -> Json | None:
        """Return one document, or None."""
        row = self._connection.execute(
            "SELECT body FROM documents WHERE kind = ? AND key = ?", (kind, key.lower())
        ).fetchone()
        return json.loads(row[0]) if row else None

    def members(self, kind: str, key: str, *names: str) -> dict[str, Json] | None:
        """Return some members of one document, or None; the rest of it, which may be large, is not read."""
        row = self._connection.execute(
            f"SELECT json_array({', '.join('json_extract(body, ?)' for _ in names)}) "  # noqa: S608
            "FROM documents WHERE kind = ? AND key = ?",
            (*(f"$.{name}" for name in names), kind, key.lower()),
        ).fetchone()
        return dict(zip(names, json.loads(row[0]), strict=True)) if row else None

    def put(self, kind: str, key: str, body: Json) -> None:
        """Create or replace one document."""
        text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
        self._connection.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (kind, key.lower(), text)
        )

    def delete(self, kind: str, key: str) -> bool:
        """Delete one document; return whether it was there."""
        cursor = self._connection.execute(
            "DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key.lower())
        )
        return cursor.rowcount > 0

    def count(self, kind: str, prefix: str) -> int:
        """Return how many documents of a kind have a key that starts with ``prefix``."""
        low = prefix.lower()
        high = low[:-1] + chr(ord(low[-1]) + 1)
        row = self._connection.execute(
            "SELECT count(*) FROM documents WHERE kind = ? AND key >= ? AND key < ?", (kind, low, high)
        ).fetchone()
        return int(row[0])

    def all(self, kind: str, prefix: str = "") -> list[tuple[str, Json]]:
        """Return keys and documents of a kind whose key starts with ``prefix``, sorted by key."""
        low = prefix.lower()
        high = low[:-1] + chr(ord(low[-1]) + 1) if low else "\U0010ffff"
        rows = self._connection.execute(
            "SELECT key, body FROM documents WHERE kind = ? AND key >= ? AND key < ? ORDER BY key",
            (kind, low, high),
        )
        return [(key, json.loads(body)) for key, body in rows]

    def ending(self, kind: str, ending: str) -> list[tuple[str, Json]]:
        """Return keys and documents of a kind whose key ends like this; ``*`` stands for any text."""
        rows = self._connection.execute(
            "SELECT key, body FROM documents WHERE kind = ? AND key GLOB ? ORDER BY key",
            (kind, f"*{ending.lower()}"),
        )
        return [(key, json.loads(body)) for key, body in rows]


class Store:
    """One state file. Safe to use from several threads and several processes."""

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Raises CorruptStateError for a file that is no state file, UsageError for one that cannot be opened.
        """
        self.path = path
        self._lock = threading.RLock()
        if not path.parent.is_dir():
            raise UsageError(
                f"the folder of the sandbox's state file does not exist: {path.parent}",
                fix=f"Create it, or name another file than {path}.",
            )
        if path.is_dir():
            raise unusable(path, "it is a folder")
        try:
            self._connection = sqlite3.connect(
                path, timeout=30, isolation_level=None, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise unusable(path, str(error)) from error
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._connection.close()
            if isinstance(error, sqlite3.OperationalError):
                raise unusable(path, str(error)) from error
            raise _corrupt(path, str(error)) from error

    def _prepare(self) -> None:
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and application != _APPLICATION_ID:
            raise sqlite3.DatabaseError("it is the database of another program")
        (layout,) = self._connection.execute("PRAGMA user_version").fetchone()
        if tables and layout != LAYOUT:
            self._connection.close()
            raise _other_layout(self.path, layout)
        (verdict,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        if not tables:
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version = {LAYOUT}")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Run a block as one transaction: committed at its end, rolled back when it raises.

        Raises ArmError when the file cannot be written, as on a full disk.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield Transaction(self._connection)
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:  # a full disk ends it
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.OperationalError as error:
                raise _unwritable(self.path, error) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def _unwritable(path: Path, error: sqlite3.OperationalError) -> ArmError:
    """Return the answer to a request while the state cannot be written; one of 503 is asked again."""
    held = error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    message = f"The sandbox's state file {path} cannot be written: {error}."
    return ArmError(503 if held else 507, UNWRITABLE, message, gateway=False)


def unusable(path: Path, reason: str) -> UsageError:
    """Return the refusal of a state file that may be sound and cannot be used."""
    return UsageError(
        f"the sandbox's state file {path} cannot be opened: {reason}",
        fix="Check its permissions, that its disk has room and nothing else holds it, or name another file.",
        code="COE-SBX-003",
    )


def _corrupt(path: Path, reason: str) -> CorruptStateError:
    return CorruptStateError(
        f"the sandbox's state file {path} cannot be read",
        detail=reason,
        fix=f"Delete {path} to start with an empty sandbox, or restore it from a copy.",
        code="COE-SBX-001",
    )


def _other_layout(path: Path, layout: int) -> CorruptStateError:
    age = "an older" if layout < LAYOUT else "a newer"
    return CorruptStateError(
        f"the sandbox's state file {path} was written by {age} version of coe-scaffold",
        detail=f"it has layout {layout}, this version reads layout {LAYOUT}",
        fix=f"Run 'coe sandbox reset' to start with an empty sandbox, or delete {path}.",
        code="COE-SBX-004",
    )
