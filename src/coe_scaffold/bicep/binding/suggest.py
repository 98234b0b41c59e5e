"""Finding the name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to a name by edit distance, when near enough to be a slip."""
    best: tuple[int, str] | None = None
    lowered = name.lower()
    for candidate in candidates:
        if abs(len(candidate) - len(name)) > 3:
            continue
        limit = 1 if len(name) < 5 else 2 if len(name) < 9 else 3
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
