"""Paths in Bicep files: which are allowed, and how one file is seen from another."""

from __future__ import annotations

_FORBIDDEN = '"*:<>?|'
_FORBIDDEN_ENDS = " ."


def path_problem(text: str) -> tuple[str, str] | None:
    """Return code and message when a path is not one Bicep allows."""
    if not text:
        return "BCP050", "The specified path is empty."
    if text.startswith("/"):
        return (
            "BCP051",
            "The specified path seems to reference an absolute path. "
            "Files must be referenced using relative paths.",
        )
    if "\\" in text:
        return (
            "BCP098",
            'The specified file path contains a "\\" character. '
            'Use "/" instead as the directory separator character.',
        )
    if any(character < " " for character in text):
        return "BCP111", "The specified file path contains invalid control code characters."
    if any(character in _FORBIDDEN for character in text):
        listed = ", ".join(f'"{character}"' for character in _FORBIDDEN)
        return (
            "BCP085",
            "The specified file path contains one ore more invalid path characters. "
            f"The following are not permitted: {listed}.",
        )
    last = text.rpartition("/")[2]
    if last[-1:] in _FORBIDDEN_ENDS and last not in ("", ".", ".."):
        return (
            "BCP086",
            "The specified file path ends with an invalid character. "
            'The following are not permitted: " ", ".".',
        )
    return None


def relative(path: str, folder: str) -> str:
    """Return a normalised path as seen from a normalised folder, both given from the same root."""
    parts = [part for part in path.split("/") if part]
    base = [part for part in folder.split("/") if part]
    common = 0
    while common < min(len(parts) - 1, len(base)) and parts[common] == base[common]:
        common += 1
    return "/".join([".."] * (len(base) - common) + parts[common:])
