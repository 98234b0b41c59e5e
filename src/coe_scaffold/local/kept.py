"""What Bicep files compiled to, kept between runs in a cache folder that only its owner may open.

A kept template is used only when every file it was made from is still the same, byte for byte, and the
compiler is the same too. A record that cannot be read counts as none.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from coe_scaffold import __version__, bicep
from coe_scaffold.model.json import JsonObject

_MOST = 300
"""Records that are kept; the ones not used for longest go first."""


@dataclass(frozen=True)
class Made:
    """A file that was compiled; ``files`` are the digests of all it was made from, None for those not there.

    Their paths are relative to ``folder``, so that they can be looked up beside another file.
    """

    folder: str
    files: Mapping[str, str | None]
    template: JsonObject = field(hash=False)
    locations: Mapping[str, str] = field(hash=False)


class KeptTemplates:
    """Records on this machine's disk, one for each file content and place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, *key: object) -> Iterator[Made]:
        """Yield the record of a key when there is one; whether its files are unchanged is not judged."""
        path = self._path(key)
        try:
            digest, text = path.read_bytes().split(b"\n", 1)
            os.utime(path)
        except (OSError, ValueError):
            return
        if digest.decode(errors="replace") == sha256(text).hexdigest():
            yield Made(**json.loads(text))

    def keep(self, made: Made, *key: object) -> None:
        """Write a record; a folder that cannot be written is no error, as all can be compiled again."""
        text = json.dumps(vars(made)).encode()
        path = self._path(key)
        with suppress(OSError):  # a full disk, or another process that trims
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sha256(text).hexdigest().encode() + b"\n" + text)
            Path(name).replace(path)
            self._trim()

    def _path(self, key: tuple[object, ...]) -> Path:
        return self._folder / f"{sha256(repr((_compiler(), key)).encode()).hexdigest()}.json"

    def _trim(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[_MOST:]:
            path.unlink(missing_ok=True)


def kept_templates() -> KeptTemplates | None:
    """Return the records of this user, or None where there is no folder that only they may open."""
    from platformdirs import user_cache_path

    folder = user_cache_path("coe-scaffold", appauthor=False) / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
    except OSError:
        return None
    ours = not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022)
    return KeptTemplates(folder) if ours and stat.S_ISDIR(about.st_mode) else None


@cache
def _compiler() -> tuple[object, ...]:
    """Return what tells this compiler from others: the version, and its files as they lie on the disk."""
    files = sorted(Path(bicep.__path__[0]).rglob("*.py"))
    return (__version__, *((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files))
