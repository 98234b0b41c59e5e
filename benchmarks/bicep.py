"""How fast the embedded Bicep compiler is: ``python benchmarks/bicep.py [FOLDER] [--json]``.

Prints milliseconds per file and per thousand lines (the lines of every file a compilation reads), and, where
the official CLI is installed, how many times faster the embedded compiler is.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.bicep.binding.compilation import parsed
from coe_scaffold.errors import CoeError, CompileError
from coe_scaffold.local.compilers import OfficialCompiler, find_official

ROUNDS = 5


def measure(path: Path) -> tuple[float, int]:
    """Return the best of some rounds in milliseconds, and how many lines were read."""
    read_lines: dict[str, int] = {}

    def read(name: str) -> bytes:
        content = Path(name).read_bytes()
        read_lines[name] = content.count(b"\n") + 1
        return content

    best = float("inf")
    for _ in range(ROUNDS):
        parsed.cache_clear()
        start = time.perf_counter()
        compile_bicep(path.as_posix(), read)
        best = min(best, (time.perf_counter() - start) * 1000)
    return best, sum(read_lines.values())


def together(paths: list[Path]) -> float:
    """Return how long all files take one after another in one process, in milliseconds: the best of some."""
    best = float("inf")
    for _ in range(ROUNDS):
        parsed.cache_clear()
        start = time.perf_counter()
        for path in paths:
            compile_bicep(path.as_posix(), lambda name: Path(name).read_bytes())
        best = min(best, (time.perf_counter() - start) * 1000)
    return best


def official_ratio(path: Path, embedded: float) -> float | None:
    """Return how many times as long the official CLI takes for a file, None when it is not installed."""
    command = find_official()
    if command is None:
        return None
    start = time.perf_counter()
    try:
        OfficialCompiler(command).compile(path)
    except CoeError:
        return None
    return (time.perf_counter() - start) * 1000 / embedded


def main() -> None:
    """Measure every Bicep file below a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", nargs="?", default=Path(__file__).parents[1] / "templates" / "bicep", type=Path
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    times: dict[str, tuple[float, int]] = {}
    refused = 0
    for path in sorted(arguments.folder.rglob("*.bicep")):
        try:
            times[path.relative_to(arguments.folder).as_posix()] = measure(path)
        except CompileError:
            refused += 1
    total = sum(spent for spent, _ in times.values())
    lines = sum(count for _, count in times.values())
    largest = max(times, key=lambda name: times[name][0])
    result = {
        "files": len(times),
        "refused": refused,
        "lines": lines,
        "totalMilliseconds": round(total, 1),
        "togetherMilliseconds": round(together([arguments.folder / name for name in times]), 1),
        "medianMilliseconds": round(statistics.median(spent for spent, _ in times.values()), 2),
        "millisecondsPerThousandLines": round(total / lines * 1000, 2),
        "slowest": {"file": largest, "milliseconds": round(times[largest][0], 1)},
        "officialTakesTimesAsLong": official_ratio(arguments.folder / largest, times[largest][0]),
    }
    if arguments.json:
        print(json.dumps(result))
        return
    for name, (spent, count) in times.items():
        print(f"{spent:8.1f} ms {count:6} lines  {name}")
    print(f"{len(times)} files, median {result['medianMilliseconds']} ms, each alone {total:.0f} ms")
    print(f"all in one process: {result['togetherMilliseconds']} ms")
    print(f"{result['millisecondsPerThousandLines']} ms per thousand lines")
    ratio = result["officialTakesTimesAsLong"]
    print(
        f"official CLI: {ratio:.0f} times as long" if ratio else "official CLI: not installed, not compared"
    )


if __name__ == "__main__":
    main()
