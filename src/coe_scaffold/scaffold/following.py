"""How a landing zone follows coe.yaml and newer templates, file by file, without losing an edit.

Parameter files are merged line by line from three sides: as written last, as they are, as they would be
written now. A template that somebody changed stays, and the new one is laid beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.written import Written, digest

Merge = Callable[[bytes, bytes, bytes], tuple[bytes, bool]]
"""(base, yours, new) → the merged text, and whether lines that both sides changed are marked in it."""

BESIDE = ".new"
"""What the name of a template ends with that lies beside one that somebody changed; a number may follow."""


class Change(StrEnum):
    """What happens to a file."""

    NEW = "new"
    CHANGED = "changed"
    MERGED = "merged"
    CONFLICT = "conflict"
    BESIDE = "beside"
    OUT = "out"
    GONE = "gone"


@dataclass(frozen=True)
class Followed:
    """A file that differs, and its new content; ``path`` is where that goes, None where nothing is written.

    ``OUT``: somebody deleted the template, and it stays away. ``GONE``: nothing writes the file any more; it
    stays. An environment cannot do without its parameter file, so that is written anew.
    """

    file: str
    change: Change
    path: str | None = None
    content: bytes = field(default=b"", hash=False, repr=False)

    @property
    def waits(self) -> bool:
        """Whether a person has to decide."""
        return self.change in (Change.CONFLICT, Change.BESIDE)


def follow(last: Written, new: FileTree, ours: Mapping[str, bytes], merge: Merge) -> tuple[Followed, ...]:
    """Return what becomes of the files ``ours``, by path; files that nobody has to touch are left out.

    ``ours`` has the files beside templates, too: one that this tool did not lay there is not overwritten.
    """
    found = [*_files(last, new, ours, merge)]
    earlier = {**last.templates, **last.parameters}
    found += [Followed(path, Change.GONE) for path in earlier if path not in new.files and path in ours]
    return tuple(sorted(found, key=lambda item: item.file))


def _files(last: Written, new: FileTree, ours: Mapping[str, bytes], merge: Merge) -> Iterator[Followed]:
    for path, content in new.files.items():
        text = last.parameters.get(path)
        before = digest(text.encode()) if text is not None else last.templates.get(path)
        mine, now = ours.get(path), digest(content)
        parameters = path.endswith(".bicepparam")
        if mine is None and (parameters or before is None):
            yield Followed(path, Change.NEW, path, content)
        elif before == now or (mine is not None and digest(mine) == now):
            continue
        elif mine is None:
            yield Followed(path, Change.OUT)
        elif digest(mine) == before:
            yield Followed(path, Change.CHANGED, path, _as_before(content, mine))
        elif parameters:
            yield _merged(path, (text or "").encode(), mine, content, merge)
        else:
            yield Followed(path, Change.BESIDE, _beside(path, before, now, ours), content)


def _beside(path: str, before: str | None, now: str, ours: Mapping[str, bytes]) -> str:
    """Return the first name beside a template that is free, or holds what was or would be laid there."""
    names = (f"{path}{BESIDE}{number or ''}" for number in count())
    return next(name for name in names if name not in ours or digest(ours[name]) in (before, now))


def _merged(path: str, base: bytes, mine: bytes, new: bytes, merge: Merge) -> Followed:
    result, conflicts = merge(base, mine.replace(b"\r\n", b"\n"), new)
    return Followed(path, Change.CONFLICT if conflicts else Change.MERGED, path, _as_before(result, mine))


def _as_before(content: bytes, mine: bytes) -> bytes:
    """Return content with its lines ending as they did."""
    return content.replace(b"\n", b"\r\n") if b"\r\n" in mine else content
