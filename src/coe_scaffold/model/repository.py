"""A generated repository and its template: entries of a git tree, a merge, and what an update would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TEMPLATE_BRANCH = "coe/template"
"""The branch of a generated repository that holds nothing but pristine renders, one commit a version."""


ORGANISATION_FILE = ".coe/organisation.yaml"
"""The coe.yaml that a generated repository carries, so that a clone of it knows its organisation."""


@dataclass(frozen=True)
class Entry:
    """One file of a git tree: its mode (``100644``) and the id of its content."""

    mode: str
    oid: str


Entries = Mapping[str, Entry]
"""Files of a git tree by path."""


@dataclass(frozen=True)
class Merged:
    """A three-way merge that git made: the tree's id, and per conflict (mode, oid, stage, path)."""

    tree: str
    stages: tuple[tuple[str, str, int, str], ...] = ()

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Paths that both sides changed, sorted."""
        return tuple(sorted({path for _, _, _, path in self.stages}))


@dataclass(frozen=True)
class Incoming:
    """What a new render changes in files of a template, by path; never files that are a project's own."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def any(self) -> bool:
        """Whether there is something to update."""
        return bool(self.added or self.changed or self.removed or self.moved)


@dataclass(frozen=True)
class RepositoryStatus:
    """How a repository stands to its template.

    ``edited`` are platform files that somebody changed or deleted: the next update replaces them.
    ``own`` are shared files with edits of the project's: an update merges them.
    """

    folder: str
    template: str
    version: str
    current: str
    incoming: Incoming
    edited: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    uncommitted: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the repository is behind its template or has drifted from it."""
        return self.incoming.any or bool(self.edited) or self.version != self.current


@dataclass(frozen=True)
class Update:
    """What an update did, or would do: ``commit`` is empty while nothing is committed."""

    folder: str
    version: str
    current: str
    incoming: Incoming
    conflicts: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    commit: str = ""
    branch: str = ""
    patch: str = ""
    problem: str = ""
