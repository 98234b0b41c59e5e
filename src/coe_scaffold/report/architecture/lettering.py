"""How wide text is, roughly, and how to make it fit: there is no font to ask."""

from __future__ import annotations

import textwrap

_SANS = 0.56
_BOLD = 0.64
_MONO = 0.605


def wide(text: str, size: float, face: str = "sans") -> float:
    """Return about how wide a text of a font size is, in the unit of the size.

    ``face`` is ``sans``, ``bold`` or ``mono``.
    """
    return len(text) * size * {"sans": _SANS, "bold": _BOLD, "mono": _MONO}[face]


def fitted(text: str, width: float, size: float, face: str = "sans") -> str:
    """Return the text, cut with an ellipsis where it would be wider than ``width``."""
    room = int(width / wide("x", size, face))
    return text if len(text) <= room else f"{text[: max(room - 1, 1)]}…"


def wrapped(text: str, width: float, size: float = 11) -> tuple[str, ...]:
    """Return the text in lines no wider than ``width``; long words stay whole where they fit a line."""
    room = max(int(width / (size * _SANS)), 8)
    return tuple(textwrap.wrap(text, room, break_on_hyphens=False)) or ("",)


def shortened(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names without the words, told apart by ``-`` or ``.``, that all of them begin or end with."""
    first, last = min(names, default=""), max(names, default="")
    if len(names) < 2 or first == last:
        return names
    start = _common(first, last)
    backwards = tuple(name[::-1] for name in names)
    end = _common(min(backwards), max(backwards))
    return tuple(name[start : len(name) - end] or name for name in names)


def _common(one: str, other: str) -> int:
    """Return the length of what two texts begin with in common, up to and with the last separator."""
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return max(one.rfind("-", 0, same), one.rfind(".", 0, same)) + 1
