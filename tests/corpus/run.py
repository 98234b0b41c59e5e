"""Print how the embedded compiler does on a corpus: ``python tests/corpus/run.py FOLDER [CLASS ...]``."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.corpus.pairs import CLASSES, find, judge


def main(arguments: list[str]) -> None:
    """Judge every pair; print each of the asked classes, then a table by compiler version."""
    shown = set(arguments[1:] or ["different", "rejected", "crashed", "unsupported"])
    table: dict[str, Counter[str]] = {}
    for pair in find(Path(arguments[0])):
        outcome = judge(pair, os.environ.get("COE_CORPUS_CACHE", ""))
        version = ".".join(map(str, pair.release)) if pair.release != (99,) else "dev"
        table.setdefault(version, Counter())[outcome.kind] += 1
        if outcome.kind in shown:
            sys.stdout.write(f"{outcome.kind} {pair.version} {pair.source}\n    {outcome.detail}\n")
    total: Counter[str] = Counter()
    sys.stdout.write(f"{'version':10}" + "".join(f"{kind:>12}" for kind in CLASSES) + "\n")
    for version, counts in sorted(
        table.items(), key=lambda item: [int(part) for part in item[0].split(".") if part.isdigit()] or [99]
    ):
        total += counts
        sys.stdout.write(f"{version:10}" + "".join(f"{counts[kind]:12}" for kind in CLASSES) + "\n")
    sys.stdout.write(f"{'all':10}" + "".join(f"{total[kind]:12}" for kind in CLASSES) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
