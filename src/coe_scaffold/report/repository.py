"""How repositories stand to their template, and what updates did, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.repository import Incoming, RepositoryStatus, Update

STATUS_FORMAT = "coe-scaffold/repo-status/v1"
UPDATE_FORMAT = "coe-scaffold/repo-update/v1"
FLEET_FORMAT = "coe-scaffold/repo-fleet/v1"
_SHOWN = 20


def status_text(status: RepositoryStatus) -> str:
    """Return a status as text."""
    version = status.version
    if status.version != status.current:
        version += f", template is at {status.current}"
    lines = [f"{status.folder}: {status.template} {version}"]
    lines += list(_incoming(status.incoming))
    lines += list(_listed("platform files edited here (an update replaces them)", status.edited))
    lines += list(_listed("shared files edited here (an update merges them)", status.own))
    lines += list(_listed("uncommitted", status.uncommitted))
    if not status.differs:
        lines.append("Up to date.")
    elif status.incoming.any:
        lines.append("Next: coe repo diff --incoming, then coe repo update.")
    return "\n".join(lines)


def status_document(status: RepositoryStatus) -> JsonObject:
    """Return a status as a document."""
    return {"format": STATUS_FORMAT, **asdict(status), "differs": status.differs}


def update_text(update: Update) -> str:
    """Return what an update did, or would do."""
    if not update.incoming.any and update.version == update.current and not update.replaced:
        return f"{update.folder}: up to date with {update.current}."
    since = f"{update.version} to " if update.version else ""
    lines = [f"{update.folder}: {since}{update.current}", *_incoming(update.incoming)]
    lines += list(_listed("platform files whose edits were replaced", update.replaced))
    lines += list(_listed("conflicts", update.conflicts))
    if update.patch:
        lines += ["", update.patch]
    elif update.branch and update.commit:
        lines.append(f"Branch {update.branch} is ready for a pull request.")
    elif update.conflicts and not update.branch:
        lines.append(
            "Next: resolve the conflicts, 'git add' them and 'git commit'; 'git merge --abort' goes back."
        )
    elif update.commit:
        lines.append(f"Committed as {update.commit[:12]}; nothing else was touched.")
    return "\n".join(lines)


def update_document(update: Update) -> JsonObject:
    """Return what an update did as a document."""
    return {"format": UPDATE_FORMAT, **asdict(update)}


def fleet_text(updates: Iterable[Update], *, written: bool) -> str:
    """Return one line a repository as an aligned table."""
    rows = [("REPOSITORY", "HAS", "TEMPLATE", "STATE")]
    rows += [
        (item.folder, item.version or "-", item.current or "-", _state(item, written=written))
        for item in updates
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)).rstrip()
        for row in rows
    )


def fleet_markdown(updates: Iterable[Update], *, written: bool) -> str:
    """Return the fleet as a Markdown table, for a job summary."""
    lines = ["| Repository | Has | Template | State |", "|---|---|---|---|"]
    lines += [
        f"| `{item.folder}` | {item.version or '-'} | {item.current or '-'} "
        f"| {_state(item, written=written)} |"
        for item in updates
    ]
    return "\n".join(lines)


def fleet_document(updates: Iterable[Update]) -> JsonObject:
    """Return the fleet as a document."""
    return {"format": FLEET_FORMAT, "repositories": [asdict(item) for item in updates]}


def _state(update: Update, *, written: bool) -> str:
    if update.problem:
        return f"not checked: {update.problem}"
    if update.conflicts:
        return f"{len(update.conflicts)} conflicts: run 'coe repo update' there"
    if not update.incoming.any and update.version == update.current:
        return "up to date"
    return f"branch {update.branch}" if written and update.commit else "behind, merges cleanly"


def _incoming(incoming: Incoming) -> Iterator[str]:
    yield from _listed("moved", [f"{source} -> {target}" for source, target in incoming.moved.items()])
    yield from _listed("new", incoming.added)
    yield from _listed("changed", incoming.changed)
    yield from _listed("removed", incoming.removed)


def _listed(title: str, paths: Iterable[str]) -> Iterator[str]:
    found = list(paths)
    if not found:
        return
    yield f"  {title}: {len(found)}"
    yield from (f"    {path}" for path in found[:_SHOWN])
    if len(found) > _SHOWN:
        yield f"    and {len(found) - _SHOWN} more"
