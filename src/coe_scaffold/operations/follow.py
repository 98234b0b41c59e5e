"""Bring a landing zone up to what coe.yaml and this version's templates say; no edit is lost."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coe_scaffold import __version__
from coe_scaffold.errors import UsageError
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.new import linked
from coe_scaffold.scaffold.following import BESIDE, Followed, Merge, follow
from coe_scaffold.scaffold.landing_zone import FOLDER, landing_zone, places_of
from coe_scaffold.scaffold.written import PATH, Written, read_written, unrecorded, written, written_text

if TYPE_CHECKING:
    from coe_scaffold.ports import FileStore


@dataclass(frozen=True)
class FollowedZone:
    """What an update of a landing zone did, or would do; ``patch`` shows it line by line.

    ``version`` is empty where no record said what was written last.
    """

    folder: Path
    version: str
    current: str
    files: tuple[Followed, ...]
    patch: str

    @property
    def waits(self) -> bool:
        """Whether a person has to decide about a file."""
        return any(file.waits for file in self.files)


def follow_settings(
    settings: Settings, files: FileStore, merge: Merge, *, today: date, dry_run: bool = False
) -> FollowedZone:
    """Merge what would be written now into ``landing-zone/``; with ``dry_run`` change nothing.

    ``today`` is when budgets of new environments start. Without a record every file that is not what would
    be written now counts as edited. Raises UsageError where nothing was written yet or where a link would
    put a file elsewhere, CorruptStateError for a record that cannot be read.
    """
    folder = Path(settings.root) / FOLDER
    last = _record(settings, folder, files)
    places = places_of(settings, today=today, known=last.environments)
    new = landing_zone(settings, known=places)
    paths = {*new.files, *last.templates, *last.parameters}
    paths |= {beside for path in paths for beside in _beside(folder, path)}
    ours = {path: files.read(folder / path) for path in paths if (folder / path).is_file()}
    found = follow(last, new, ours, merge)
    _refuse_links(folder, found)
    patch = "".join(_difference(item, ours.get(item.path or "", b"")) for item in found)
    if not dry_run:
        for item in found:
            if item.path is not None:
                files.write(folder / item.path, item.content)
        record = written_text(written(new, places, __version__))
        if record != written_text(last):
            files.write(folder / PATH, record.encode("utf-8"))
    return FollowedZone(folder, last.version, __version__, found, patch)


def _record(settings: Settings, folder: Path, files: FileStore) -> Written:
    if not folder.is_dir():
        raise UsageError(f"there is no {folder}", fix="Write it with 'coe new landing-zone'.")
    if (folder / PATH).is_file():
        return read_written(files.read(folder / PATH).decode("utf-8", "replace"))
    platforms = {name: folder / f"platform/{name}.bicepparam" for name in settings.environments}
    texts = {name: files.read(path) for name, path in platforms.items() if path.is_file()}
    return unrecorded({name: text.decode("utf-8", "replace") for name, text in texts.items()})


def _beside(folder: Path, path: str) -> list[str]:
    """Return what lies beside a template under a name that a new one of it may get."""
    place = folder / path
    return [found.relative_to(folder).as_posix() for found in place.parent.glob(f"{place.name}{BESIDE}*")]


def _refuse_links(folder: Path, found: tuple[Followed, ...]) -> None:
    through = [path for item in found if (path := item.path) and linked(folder, path)]
    if through:
        raise UsageError(
            f"{len(through)} of the files to change in {folder} are links",
            detail="\n".join(through[:20]),
            fix="Replace the links by files, or change the files that they lead to by hand.",
        )


def _difference(item: Followed, before: bytes) -> str:
    """Return what changes in a file as a patch; nothing for a file that is laid beside another."""
    if item.path is None or item.path != item.file:
        return ""
    old, new = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (before, item.content))
    return "".join(difflib.unified_diff(old, new, f"a/{FOLDER}/{item.file}", f"b/{FOLDER}/{item.file}"))
