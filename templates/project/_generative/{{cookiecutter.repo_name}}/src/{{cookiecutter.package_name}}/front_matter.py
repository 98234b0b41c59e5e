"""Front matter: the YAML between the first two ``---`` lines of a text file."""

from __future__ import annotations

import re
from typing import Any

import yaml

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


class FrontMatterError(ValueError):
    """A file without usable front matter."""


def front_matter(text: str, name: str) -> tuple[dict[str, Any], str]:
    """Return the facts a file starts with and the text after them; raise FrontMatterError without."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        raise FrontMatterError(f"{name}: the file must start with front matter between '---' lines")
    meta = yaml.safe_load(match.group(1))
    if not isinstance(meta, dict):
        raise FrontMatterError(f"{name}: the front matter is no mapping")
    return meta, match.group(2)
