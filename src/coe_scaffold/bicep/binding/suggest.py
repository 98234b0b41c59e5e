"""Finding the name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to a name, one slip allowed for every three characters.

    A candidate of one or two characters must be equal but for case. The limits are the official ones.
    """
    limit = int(len(name) * 0.34)
    best: tuple[int, str] | None = None
    lowered = name.lower()
    for candidate in candidates:
        if candidate.lower() == lowered:
            return candidate
        if len(candidate) < 3 or abs(len(candidate) - len(name)) > min(limit, 2):
            continue
        distance = _distance(lowered, candidate.lower(), limit)
        if distance <= limit and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    return best[1] if best else None


def _distance(left: str, right: str, limit: int) -> int:
    """Return the Levenshtein distance, or anything above ``limit`` when it is larger."""
    previous = list(range(len(right) + 1))
    for row, character in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            current.append(
                min(
                    previous[column] + 1,
                    current[column - 1] + 1,
                    previous[column - 1] + (character != other),
                )
            )
        if min(current) > limit:
            return limit + 1
        previous = current
    return previous[-1]
