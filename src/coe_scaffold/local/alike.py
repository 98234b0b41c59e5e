"""Bicep files that are the same, byte for byte, in several folders or runs: compiled once.

Every project of a workspace carries its own copy of the landing zone's modules.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from coe_scaffold.local.kept import Kept, Made
from coe_scaffold.local.seen import Read, Seen, digest_of, joined, relative
from coe_scaffold.model.json import JsonObject


class AlikeFiles:
    """Compiles Bicep files, and those that are made from the same bytes only once.

    Nothing is taken for unchanged: every file is read again and compared. ``kept`` gives what earlier runs
    compiled; without it each run starts anew.
    """

    def __init__(self, read: Read, folder: Callable[[str], list[str]], kept: Kept | None = None) -> None:
        self._read = read
        self._list = folder
        self._kept = kept
        self._known: dict[str, list[Made]] = {}

    def compile(self, path: str, cache: str) -> tuple[JsonObject, Mapping[str, str]]:
        """Return the template of a file, and ``file:line`` of each resource by its JSON pointer.

        ``cache`` is the folder of the local module cache. Raises CompileError with every problem in the
        file and in those it refers to.
        """
        home, name = posixpath.split(path)
        key = (name, _depth(home), cache, digest_of(self._read, path))
        kept = self._kept if _depth(home) is not None else None
        for known in chain(self._beside(path), kept.find(Made, *key) if kept else ()):
            if known.unchanged(self._read, home):
                return self._remembered(known, name), _moved(known, home)
        from coe_scaffold.bicep import compile_bicep

        seen = _Listed(self._read, self._list)
        compiled = compile_bicep(path, seen.read, cache=cache, folder=seen.names)
        if seen.listed:
            return compiled.template, compiled.locations
        made = Made(home, seen.digests(home), dict(compiled.template), compiled.locations)
        if kept:
            kept.keep(made, *key)
        return self._remembered(made, name), made.locations

    def _remembered(self, made: Made, name: str) -> JsonObject:
        known = self._known.setdefault(name, [])
        if all(one is not made for one in known):
            known.append(made)
        return made.template

    def _beside(self, path: str) -> Iterator[Made]:
        """Yield what may be the same: of one name and one depth, as folders above hold configurations."""
        home, name = posixpath.split(path)
        return (
            known
            for known in self._known.get(name, ())
            if known.folder == home or _depth(known.folder) == _depth(home) is not None
        )


class _Listed(Seen):
    """Notes whether a folder was listed, too."""

    def __init__(self, read: Read, folder: Callable[[str], list[str]]) -> None:
        super().__init__(read)
        self._list = folder
        self.listed = False

    def names(self, folder: str) -> list[str]:
        """List a folder."""
        self.listed = True
        return self._list(folder)


def _depth(folder: str) -> tuple[bool, int] | None:
    """Return how far a folder is below its root or below the working folder; None when it leads out of it."""
    parts = [part for part in folder.split("/") if part]
    return None if ".." in parts else (folder.startswith("/"), len(parts))


def _moved(known: Made, home: str) -> Mapping[str, str]:
    """Return the places of resources as they are in another folder."""
    if known.folder == home:
        return known.locations
    places, files = {}, dict[str, str]()
    for pointer, place in known.locations.items():
        file, _, line = place.rpartition(":")
        if file not in files:  # many resources are in one
            files[file] = joined(home, relative(known.folder, file))
        places[pointer] = f"{files[file]}:{line}"
    return places
