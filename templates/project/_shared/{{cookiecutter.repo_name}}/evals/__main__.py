"""``python -m evals``: measure, judge, report. Exit code 1 when the gate fails, 2 when it cannot run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from {{ cookiecutter.package_name }}.settings import SettingsError, load

from .gate import accept, check
from .reports import markdown, write
from .runner import evaluate


def main() -> int:
    """Run the evaluation of this repository."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--reports", type=Path, default=Path("reports"))
    parser.add_argument(
        "--update-baseline", action="store_true", help="accept today's metrics when the gate passes"
    )
    arguments = parser.parse_args()
    try:
        settings = load()
        evaluation = evaluate(settings)
    except SettingsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    folder = settings.home / "evals"
    verdicts = check(folder, settings.provider, evaluation.metrics)
    write(arguments.reports, verdicts, evaluation)
    sys.stdout.write(markdown(verdicts, evaluation))
    passed = all(verdict.passed for verdict in verdicts)
    if passed and arguments.update_baseline:
        accept(folder, settings.provider, evaluation.metrics)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
