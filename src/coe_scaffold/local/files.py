"""Files on this machine's disk; every write is whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from coe_scaffold.errors import TargetExistsError, UsageError

_PRIVATE_MODE = 0o600


class DiskFiles:
    """Implements :class:`coe_scaffold.ports.FileStore` on the local file system."""

    def read(self, path: Path) -> bytes:
        """Return a file's content; raise UsageError with the path when it cannot be read."""
        try:
            return path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} cannot be read", detail=_reason(error)) from error

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        """Replace or create one file: written beside it, synced, then renamed over it.

        A private file is readable and writable by its owner alone, whatever it was before. Raises UsageError
        when it cannot be written, and for what is no file: a folder, a device.
        """
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a file", fix="Name another one.")
        with as_usage_error(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            mode = path.stat().st_mode & 0o777 if path.exists() else _allowed(0o666)
            if private:
                mode = _PRIVATE_MODE
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            temporary = Path(name)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.chmod(mode)
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)

    def append(self, path: Path, line: str) -> None:
        """Append one line, creating the file when needed, and wait until it is on the disk."""
        with as_usage_error(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            created = not path.exists()
            with path.open("ab") as file:
                file.write(line.rstrip("\n").encode("utf-8") + b"\n")
                file.flush()
                os.fsync(file.fileno())
            if created:
                _sync_folder(path.parent)

    def write_tree(
        self, folder: Path, files: Mapping[str, bytes], *, executable: frozenset[str] = frozenset()
    ) -> None:
        """Create a folder with files, whole or not at all; raise TargetExistsError if it is not empty.

        The tree is built in a folder beside the target and renamed into place at the end. An empty folder
        stays the folder it is, for a shell may be in it: what was built is moved in.
        """
        self.refuse_existing(folder)
        with as_usage_error(folder):
            there = folder.is_dir()
            place = folder if there else folder.parent
            place.mkdir(parents=True, exist_ok=True)
            building = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=place))
            try:
                for path, content in files.items():
                    _place(building / path, content, executable=path in executable)
                building.chmod(_allowed(0o777))
                if there:
                    _move_up(building)
                else:
                    building.rename(folder)
            except BaseException:
                shutil.rmtree(building, ignore_errors=True)
                raise
            _sync_folder(folder if there else folder.parent)

    def refuse_existing(self, folder: Path) -> None:
        """Raise TargetExistsError when a path is a file, a link, or a folder that is not empty."""
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise TargetExistsError(f"{folder} exists and is not a folder", fix="Choose another name.")
        with as_usage_error(folder):
            entries = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
        if entries:
            shown = ", ".join(entries[:5]) + (", ..." if len(entries) > 5 else "")
            raise TargetExistsError(
                f"{folder} is not empty", detail=f"It holds {shown}.", fix="Choose another name or empty it."
            )


def _place(path: Path, content: bytes, *, executable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(_allowed(0o777 if executable else 0o666))


def _allowed(mode: int) -> int:
    """Return what the umask of this process leaves of a mode; it can only be asked by setting it."""
    kept_back = os.umask(0o077)
    os.umask(kept_back)
    return mode & ~kept_back


def _move_up(building: Path) -> None:
    """Move what is in a folder to its parent; when that stops half way, all of it is back in the folder."""
    moved: list[Path] = []
    try:
        for item in sorted(building.iterdir()):
            moved.append(item.rename(building.parent / item.name))
        building.rmdir()
    except BaseException:
        for item in moved:
            item.rename(building / item.name)
        raise


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; some systems cannot open folders, and there it is not needed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def as_usage_error(path: Path) -> Iterator[None]:
    """Raise UsageError with the path for what keeps the block from writing it."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written",
            detail=_reason(error),
            fix="Check the path, its rights and free space.",
        ) from error


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
