"""Files in memory, with a disk that can be full."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coe_scaffold.errors import TargetExistsError, UsageError


class MemoryFiles:
    def __init__(self) -> None:
        self.content: dict[Path, bytes] = {}
        self.private: set[Path] = set()
        self.room: int | None = None

    def read(self, path: Path) -> bytes:
        if path not in self.content:
            raise UsageError(f"{path} cannot be read")
        return self.content[path]

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        self.content[path] = content
        if private:
            self.private.add(path)

    def append(self, path: Path, line: str) -> None:
        assert "\n" not in line
        if self.room is not None:
            if self.room == 0:
                raise UsageError(f"{path} cannot be written", detail="no space left")
            self.room -= 1
        self.content[path] = self.content.get(path, b"") + line.encode() + b"\n"

    def write_tree(
        self, folder: Path, files: Mapping[str, bytes], *, executable: frozenset[str] = frozenset()
    ) -> None:
        if any(path.is_relative_to(folder) for path in self.content):
            raise TargetExistsError(f"{folder} is not empty")
        self.content |= {folder / name: content for name, content in files.items()}
