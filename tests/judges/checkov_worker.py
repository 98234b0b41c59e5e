"""Runs in the judges' own virtual environment: checkov's ARM checks on the templates of a folder.

Writes one JSON object: for each template the checks that failed and passed as [check, resource], how many
resources it saw, what could not be parsed, and the seconds it took. Knows nothing of coe-scaffold.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path

logging.disable(logging.CRITICAL)


def main(folder: str) -> None:
    """Judge every ``*.json`` of a folder, in one process."""
    from checkov.arm.runner import Runner  # type: ignore[import-not-found,unused-ignore]
    from checkov.runner_filter import RunnerFilter  # type: ignore[import-not-found,unused-ignore]

    found = {}
    for path in sorted(Path(folder).glob("*.json")):
        started = time.perf_counter()
        chosen = RunnerFilter(framework=["arm"], download_external_modules=False)
        report = Runner().run(root_folder="", files=[str(path)], runner_filter=chosen)
        found[path.stem] = {
            "failed": sorted([record.check_id, record.resource] for record in report.failed_checks),
            "passed": sorted([record.check_id, record.resource] for record in report.passed_checks),
            "resources": report.get_summary()["resource_count"],
            "errors": list(report.parsing_errors),
            "seconds": time.perf_counter() - started,
        }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
