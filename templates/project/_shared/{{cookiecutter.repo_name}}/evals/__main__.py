"""``python -m evals``: measure, judge, report. Exit code 1 when the gate fails, 2 when it cannot run."""

from __future__ import annotations

import argparse
{%- if cookiecutter.facts.judged is defined %}
import os
{%- endif %}
import sys
from pathlib import Path

from {{ cookiecutter.package_name }}.settings import SettingsError, load

from .gate import accept, check
{%- if cookiecutter.facts.judged is defined %}
from .judges import chosen, judged
{%- endif %}
from .reports import markdown, write
from .runner import evaluate


def main() -> int:
    """Run the evaluation of this repository."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--reports", type=Path, default=Path("reports"))
    parser.add_argument(
        "--update-baseline", action="store_true", help="accept today's metrics when the gate passes"
    )
{%- if cookiecutter.facts.judged is defined %}
    parser.add_argument(
        "--judge",
        default=os.environ.get("EVALUATION_JUDGE", ""),
        help="azure: azure-ai-evaluation judges too; default: EVALUATION_JUDGE",
    )
{%- endif %}
    arguments = parser.parse_args()
    try:
        settings = load()
{%- if cookiecutter.facts.judged is defined %}
        judge = chosen(arguments.judge, os.environ)
        evaluation = evaluate(settings)
        evaluation = judged(evaluation, judge) if judge else evaluation
{%- else %}
        evaluation = evaluate(settings)
{%- endif %}
    except SettingsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    folder = settings.home / "evals"
{%- if cookiecutter.facts.judged is defined %}
    with_judge = judge is not None
    verdicts = check(folder, settings.provider, evaluation.metrics, judged=with_judge)
{%- else %}
    verdicts = check(folder, settings.provider, evaluation.metrics)
{%- endif %}
    write(arguments.reports, verdicts, evaluation)
    sys.stdout.write(markdown(verdicts, evaluation))
    passed = all(verdict.passed for verdict in verdicts)
    if passed and arguments.update_baseline:
{%- if cookiecutter.facts.judged is defined %}
        accept(folder, settings.provider, evaluation.metrics, judged=with_judge)
{%- else %}
        accept(folder, settings.provider, evaluation.metrics)
{%- endif %}
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
