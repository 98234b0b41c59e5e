"""The grounding documents: Markdown files whose front matter says who may read them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from .front_matter import FrontMatterError, front_matter

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What Azure AI Search takes as a key."""


class DocumentError(FrontMatterError):
    """A document that must not be used: no front matter, nobody named who may read it, or a taken id."""


@dataclass(frozen=True)
class Passage:
    """One section of a document, the unit of search and citation."""

    id: str
    document: str
    title: str
    heading: str
    text: str
    groups: frozenset[str]


@dataclass(frozen=True)
class Corpus:
    """All passages, and the version of the data they come from."""

    passages: tuple[Passage, ...]
    version: str


def load(*folders: Path) -> Corpus:
    """Read every Markdown file in the folders; raise DocumentError for one that cannot be trusted."""
    paths = sorted(path for folder in folders for path in folder.rglob("*.md"))
    parsed = {path: parse(path.read_text("utf-8"), path.name) for path in paths}
    named: dict[str, Path] = {}
    for path, passages in parsed.items():
        for identifier in {passage.document for passage in passages}:
            if (other := named.setdefault(identifier, path)) is not path:
                raise DocumentError(f"{path.name}: the id '{identifier}' is that of {other.name}")
    passages = tuple(passage for found in parsed.values() for passage in found)
    return Corpus(passages, version([path.read_bytes() for path in paths]))


def version(contents: list[bytes]) -> str:
    """Return a short hash of the documents in their order: the version of the grounding data."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:12]


def parse(text: str, name: str) -> tuple[Passage, ...]:
    """Return the passages of one document, one per second-level heading."""
    meta, body = front_matter(text, name)
    groups = meta.get("groups")
    if not isinstance(groups, list) or not groups or not all(isinstance(g, str) for g in groups):
        raise DocumentError(f"{name}: 'groups' must list who may read the document")
    identifier, title = meta.get("id"), meta.get("title")
    if not isinstance(identifier, str) or not isinstance(title, str):
        raise DocumentError(f"{name}: 'id' and 'title' are missing")
    if not _IDENTIFIER.fullmatch(identifier):
        raise DocumentError(f"{name}: an id has letters, digits, - and _ only, not '{identifier}'")
    return tuple(
        Passage(f"{identifier}-{number}", identifier, title, heading, content, frozenset(groups))
        for number, (heading, content) in enumerate(_sections(body, title), start=1)
    )


def _sections(body: str, title: str) -> list[tuple[str, str]]:
    sections: list[tuple[str, str]] = []
    heading, lines = title, list[str]()
    for line in [*body.splitlines(), "## "]:
        if line.startswith("## "):
            if content := "\n".join(lines).strip():
                sections.append((heading, content))
            heading, lines = line.removeprefix("## ").strip(), []
        elif not line.startswith("# "):
            lines.append(line)
    return sections
