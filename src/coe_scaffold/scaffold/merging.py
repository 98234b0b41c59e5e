"""The three sides of an update, prepared for git: who owns a file decides which side can win.

Git merges trees; it knows nothing of owners and guesses at moves. So the trees are prepared: declared moves
are made on both old sides, a platform file of ours is set to the base (the template's change then wins), and
a project's file of the base is set to the template's (then it has no change to bring).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from coe_scaffold.model.repository import ORGANISATION_FILE, Entries, Entry, Incoming
from coe_scaffold.scaffold.manifest import Migration, Ownership
from coe_scaffold.scaffold.provenance import PATH, Record


@dataclass(frozen=True)
class Sides:
    """Prepared trees for a three-way merge, and platform files whose edits the template replaces."""

    base: Entries = field(hash=False)
    ours: Entries = field(hash=False)
    theirs: Entries = field(hash=False)
    replaced: tuple[str, ...] = ()


def prepare(
    base: Entries,
    ours: Entries,
    theirs: Entries,
    *,
    owner_of: Callable[[str], Ownership],
    migrations: Iterable[Migration] = (),
) -> Sides:
    """Return the sides of an update from render ``base`` to render ``theirs`` of what a repository has now.

    No file of ``ours`` is lost that is not a platform file: a template's platform file that would meet a
    file of the project's own is left for git to call a conflict.
    """
    old, own = dict(base), dict(ours)
    doomed: set[str] = set()
    for migration in migrations:
        for tree in (old, own):
            _move(tree, migration)
        doomed.update(migration.deletions)
    replaced = []
    for path in {**old, **theirs}:
        match Ownership.PLATFORM if path == PATH else owner_of(path):
            case Ownership.PLATFORM if path in old:
                if own.get(path) not in (old[path], theirs.get(path)) and path != PATH:
                    replaced.append(path)
                own[path] = old[path]
            case Ownership.PLATFORM if path == PATH:
                own.pop(path, None)
            case Ownership.PROJECT:
                _keep(path, old, own, theirs, doomed=path in doomed)
    return Sides(old, own, theirs, tuple(sorted(replaced)))


def incoming(
    record: Record,
    new: dict[str, str],
    *,
    owner_of: Callable[[str], Ownership],
    migrations: Iterable[Migration] = (),
) -> Incoming:
    """Return what a new render (SHA-256 by path) changes against the recorded one."""
    old = {path: digest for path, (_, digest) in record.files.items()}
    moved: dict[str, str] = {}
    doomed: set[str] = set()
    for migration in migrations:
        for source, target in _moves(old, migration):
            moved[source] = target
            old[target] = old.pop(source)
        doomed.update(migration.deletions)
    shared = {path for path in {**old, **new} if owner_of(path) is not Ownership.PROJECT and path != PATH}
    return Incoming(
        added=tuple(sorted(path for path in new if path not in old and path != PATH)),
        changed=tuple(
            sorted(path for path in shared if path in old and path in new and old[path] != new[path])
        ),
        removed=tuple(sorted(path for path in old if path not in new and (path in shared or path in doomed))),
        moved=moved,
    )


def adopt(ours: Entries, theirs: Entries) -> Sides:
    """Return sides that only add what a repository lacks: of files both have, the repository's stay.

    What the template says of itself in ``.coe/`` is new all the same.
    """
    own = (PATH, ORGANISATION_FILE)
    base = {path: ours[path] if path in own else theirs[path] for path in theirs if path in ours}
    return Sides(base, ours, theirs)


def _keep(path: str, old: dict[str, Entry], own: dict[str, Entry], theirs: Entries, *, doomed: bool) -> None:
    """Make the template's side bring nothing to a project's file, but a new one or a declared deletion."""
    if path in theirs and (path in own or path in old):
        old[path] = theirs[path]
    elif path not in theirs and not doomed:
        old.pop(path, None)


def _moves(tree: Iterable[str], migration: Migration) -> list[tuple[str, str]]:
    """Return (source, target) of each file that a migration moves; a move of ``folder/`` takes all in it."""
    names = set(tree)
    found = []
    for source, target in migration.moves.items():
        for path in sorted(names):
            if path == source:
                found.append((path, target))
            elif source.endswith("/") and path.startswith(source):
                found.append((path, target + path.removeprefix(source)))
    return [(source, target) for source, target in found if target not in names]


def _move(tree: dict[str, Entry], migration: Migration) -> None:
    for source, target in _moves(tree, migration):
        tree[target] = tree.pop(source)
