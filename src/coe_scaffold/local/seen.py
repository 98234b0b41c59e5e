"""Which files something was made from: their digests, and their paths as seen from the folder it lies in."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from hashlib import sha256

Read = Callable[[str], bytes]
"""Returns the bytes of a file by its POSIX path; raises FileNotFoundError."""


class Seen:
    """Notes every file a compiler asks for; ``files`` has None for those not there."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self.files: dict[str, bytes | None] = {}

    def read(self, path: str) -> bytes:
        """Read a file."""
        self.files[path] = None
        content = self.files[path] = self._read(path)
        return content

    def digests(self, home: str) -> dict[str, str | None]:
        """Return the digest of each file by its path as seen from a folder."""
        return {
            relative(home, path): None if content is None else digest(content)
            for path, content in self.files.items()
        }


def digest(content: bytes) -> str:
    """Return what tells bytes from others: SHA-256, in hexadecimal digits."""
    return sha256(content).hexdigest()


def digest_of(read: Read, path: str) -> str | None:
    """Return the digest of a file, None when it is not there."""
    try:
        return digest(read(path))
    except FileNotFoundError:
        return None


def relative(home: str, path: str) -> str:
    """Return a path as seen from a folder."""
    return posixpath.relpath(path, home or ".")


def joined(home: str, path: str) -> str:
    """Return the path of what is seen from a folder as ``path``."""
    return posixpath.normpath(posixpath.join(home, path))
