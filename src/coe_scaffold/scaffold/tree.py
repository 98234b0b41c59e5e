"""A tree of files as a value: rendered, merged and compared before anything reaches a disk."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

_GIT = re.compile(r"(\.git|git~\d+)[. ]*(:.*)?", re.IGNORECASE)
"""``.git`` as any file system spells it: without case, with dots or a stream at its end, as a short name."""


@dataclass(frozen=True)
class FileTree:
    """Files by relative POSIX path, and which of them are executable.

    Raises ValueError for a path that is absolute, empty or leaves the tree, for one that belongs to git
    (its hooks and settings are programs), and for an executable path that is no file of the tree.
    """

    files: Mapping[str, bytes] = field(default_factory=dict, hash=False)
    executable: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for path in self.files:
            pure = PurePosixPath(path)
            if pure.is_absolute() or ".." in pure.parts or pure.as_posix() != path or path in ("", "."):
                raise ValueError(f"'{path}' is not a path inside a tree")
            if any(_GIT.fullmatch(part) for part in pure.parts):
                raise ValueError(f"'{path}' belongs to git, which runs what is there")
        if unknown := self.executable - self.files.keys():
            raise ValueError(f"no such files in the tree: {', '.join(sorted(unknown))}")
        object.__setattr__(self, "files", dict(sorted(self.files.items())))

    def merge(self, other: FileTree, *, replace: bool = False) -> FileTree:
        """Return both trees as one; with ``replace``, the other tree wins where both have a path.

        Raises ValueError that names every path both have with different bytes, unless ``replace`` is set.
        """
        conflicts = [
            path for path, content in other.files.items() if self.files.get(path, content) != content
        ]
        if conflicts and not replace:
            raise ValueError(f"both trees have their own {', '.join(conflicts)}")
        kept = frozenset(path for path in self.executable if path not in other.files)
        return FileTree({**self.files, **other.files}, kept | other.executable)

    def prefix(self, folder: str) -> FileTree:
        """Return the tree moved below a folder."""
        return FileTree(
            {f"{folder}/{path}": content for path, content in self.files.items()},
            frozenset(f"{folder}/{path}" for path in self.executable),
        )

    def without(self, paths: Iterable[str]) -> FileTree:
        """Return the tree less some paths; a path it does not have is no error."""
        dropped = frozenset(paths)
        kept = {path: content for path, content in self.files.items() if path not in dropped}
        return FileTree(kept, self.executable - dropped)

    def text(self, path: str) -> str:
        """Return a file as UTF-8 text; raise KeyError when the tree has no such file."""
        return self.files[path].decode("utf-8")

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of every file as hex, by path, in the order of paths."""
        return {path: hashlib.sha256(content).hexdigest() for path, content in self.files.items()}
