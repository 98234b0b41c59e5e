"""What files became, kept between runs in a cache folder that only its owner may open.

A record is used only when every file it was made from is still the same, byte for byte, and the
compiler is the same too. A record that cannot be read counts as none.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import coe_scaffold
from coe_scaffold.local.seen import Read, digest, digest_of, joined
from coe_scaffold.model.json import JsonObject

_MOST = 1000
"""Records that are kept; when there are more, the tenth not used for longest goes."""


@dataclass(frozen=True)
class Record:
    """What was made of files; ``files`` are their digests, None for those not there.

    Their paths are relative to ``folder``, so that they can be looked up beside another file.
    ``makers`` are the packages whose code decides what is made of them.
    """

    makers: ClassVar[tuple[str, ...]] = ("bicep",)
    folder: str
    files: Mapping[str, str | None]

    def unchanged(self, read: Read, home: str) -> bool:
        """Return whether the files, as seen from a folder, are the ones this was made from."""
        return all(digest_of(read, joined(home, path)) == known for path, known in self.files.items())


@dataclass(frozen=True)
class Made(Record):
    """The template of a Bicep file, and ``file:line`` of each resource by its JSON pointer."""

    template: JsonObject = field(hash=False)
    locations: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class MadeValues(Record):
    """The values of a parameter file; ``template`` is the path of what they are for, seen from ``folder``.

    ``declared`` is the digest of what that template declares of its parameters.
    """

    template: str
    declared: str
    parameters: JsonObject = field(hash=False)


@dataclass(frozen=True)
class MadeGraph(Record):
    """What a deployment would create, as JSON. All it was made from is its key."""

    makers = ("template", "model")
    graph: Any = field(hash=False)


@dataclass(frozen=True)
class MadeSettings(Record):
    """The settings of a workspace, as JSON. The texts they were read from are its key."""

    makers = ("config", "model", "catalog")
    settings: Any = field(hash=False)


AnyRecord = TypeVar("AnyRecord", bound=Record)


class Kept:
    """Records on this machine's disk, one for each file content and place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, kind: type[AnyRecord], *key: object) -> Iterator[AnyRecord]:
        """Yield the record of a key when there is one; whether its files are unchanged is not judged."""
        path = self._path(kind, key)
        try:
            written, text = path.read_bytes().split(b"\n", 1)
            os.utime(path)
            if written.decode(errors="replace") != digest(text):
                return
            made = kind(**json.loads(zlib.decompress(text)))
        except (OSError, ValueError, TypeError, zlib.error):  # not there, or of another form
            return
        yield made

    def keep(self, made: Record, *key: object) -> None:
        """Write a record; a folder that cannot be written is no error, as all can be compiled again."""
        text = zlib.compress(json.dumps(vars(made)).encode(), 1)
        path = self._path(type(made), key)
        with suppress(OSError):  # a full disk, or another process that trims
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(digest(text).encode() + b"\n" + text)
            Path(name).replace(path)
            self._trim()

    def _path(self, kind: type[Record], key: tuple[object, ...]) -> Path:
        known = repr((_code("local", *kind.makers), kind.__name__, key))
        return self._folder / f"{digest(known.encode())}.json"

    def _trim(self) -> None:
        files = list(self._folder.iterdir())
        if len(files) <= _MOST:
            return
        files.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[_MOST - _MOST // 10 :]:
            path.unlink(missing_ok=True)


def kept_by_user() -> Kept | None:
    """Return the records of this user, or None where there is no folder that only they may open."""
    from platformdirs import user_cache_path

    folder = user_cache_path("coe-scaffold", appauthor=False) / "kept"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
    except OSError:
        return None
    ours = not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022)
    return Kept(folder) if ours and stat.S_ISDIR(about.st_mode) else None


@cache
def _code(*packages: str) -> tuple[object, ...]:
    """Return what tells this code from others: the version, and its files as they lie on the disk."""
    home = Path(coe_scaffold.__path__[0])
    files = sorted(path for name in packages for path in (home / name).rglob("*.*") if path.suffix != ".pyc")
    seen = ((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files)
    return (coe_scaffold.__version__, *seen)
