"""The sandbox's state as one document: counted, exported, and taken in elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from coe_scaffold.errors import UsageError
from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import store
from coe_scaffold.sandbox.store import LAYOUT, Store

FORMAT = "coe-scaffold/sandbox-state/v1"
_PASSING = frozenset({store.JOB, store.PROCESS, store.CANCELLATION})
"""What belongs to running processes and is not carried over."""

Documents = Mapping[str, Mapping[str, Json]]
"""Documents by kind and key."""


def counts(state: Path) -> dict[str, int]:
    """Return how many documents of each kind a state file holds. Raises CorruptStateError."""
    return {kind: len(items) for kind, items in sorted(_documents(state).items())}


def export(state: Path) -> Json:
    """Return a state file as one JSON document. Raises CorruptStateError."""
    kept = {kind: items for kind, items in sorted(_documents(state).items()) if kind not in _PASSING}
    return {"format": FORMAT, "layout": LAYOUT, "documents": kept}


def read(text: str, file: str) -> Documents:
    """Return the documents an exported text holds; raise UsageError when it is not one of this layout."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{file}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}") from None
    documents = whole.get("documents") if isinstance(whole, dict) else None
    if (
        not isinstance(documents, dict)
        or not all(isinstance(item, dict) for item in documents.values())
        or whole.get("format") != FORMAT
    ):
        raise UsageError(
            f"{file} is not an exported sandbox", fix="Take a file that 'coe sandbox export' wrote."
        )
    if whole.get("layout") != LAYOUT:
        raise UsageError(
            f"{file} has layout {whole.get('layout')}, this version takes layout {LAYOUT}",
            fix="Export it again with this version of coe-scaffold.",
        )
    unknown = sorted(set(documents) - store.KINDS | set(documents) & _PASSING)
    if unknown:
        raise UsageError(f"{file} holds kinds that are not taken in: {', '.join(unknown)}")
    return documents


def take_in(state: Path, documents: Documents) -> None:
    """Put documents into a state file, all of them or none."""
    opened = Store(state)
    try:
        with opened.transaction() as tx:
            for kind, items in documents.items():
                for key, body in items.items():
                    tx.put(kind, key, body)
    finally:
        opened.close()


def _documents(state: Path) -> dict[str, dict[str, Json]]:
    opened = Store(state)
    try:
        with opened.transaction() as tx:
            found = {kind: dict(tx.all(kind)) for kind in store.KINDS}
    finally:
        opened.close()
    return {kind: items for kind, items in found.items() if items}
