"""The samples in tests/cases/bicep: one construct or rule each, with the JSON it must become.

``python tests/unit/bicep/samples.py`` rewrites the JSON after a change of rules; read the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coe_scaffold.bicep import compile_bicep

FOLDER = Path(__file__).parents[2] / "cases" / "bicep"
NOT_COMPILED = ("parts", "wrong")


def sources() -> list[Path]:
    """Return every sample."""
    return sorted(
        path for path in FOLDER.rglob("*.bicep") if path.relative_to(FOLDER).parts[0] not in NOT_COMPILED
    )


def compiled(path: Path) -> dict[str, Any]:
    """Return what a sample compiles to, without the generators' metadata."""
    template = json.loads(
        json.dumps(compile_bicep(path.as_posix(), lambda name: Path(name).read_bytes()).template)
    )
    found: dict[str, Any] = without_generator(template)
    return found


def without_generator(value: Any) -> Any:
    """Return JSON without ``_generator``, and without metadata that held nothing else."""
    if isinstance(value, dict):
        found = {key: without_generator(item) for key, item in value.items() if key != "_generator"}
        return {key: item for key, item in found.items() if not (key == "metadata" and item == {})}
    return [without_generator(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    for sample in sources():
        sample.with_suffix(".json").write_text(
            json.dumps(compiled(sample), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
