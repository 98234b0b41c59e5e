"""``python -m evals``: measure, judge, report. Exit code 1 when the gate fails, 2 when it cannot run."""

from __future__ import annotations

import argparse
{%- if cookiecutter.facts.judged is defined %}
import os
{%- endif %}
import sys
from collections.abc import Sequence
{%- if cookiecutter.facts.judged is defined %}
from functools import partial
{%- endif %}
from pathlib import Path

from {{ cookiecutter.package_name }}.settings import load

from .basis import read
from .gate import Verdict, accept, check
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
        "--update-baseline",
        action="store_true",
        help="accept today's metrics, cases and prompt when no threshold is missed",
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
        read(settings.home)  # a case that cannot be read stops here, before anything is measured
{%- if cookiecutter.facts.judged is defined %}
        judge = chosen(arguments.judge, os.environ)
        evaluation = evaluate(settings)
        evaluation = judged(evaluation, judge) if judge else evaluation
{%- else %}
        evaluation = evaluate(settings)
{%- endif %}
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    measured = (settings.home / "evals", settings.provider, evaluation.metrics)
{%- if cookiecutter.facts.judged is defined %}
    with_judge = judge is not None
    compare, keep = partial(check, judged=with_judge), partial(accept, judged=with_judge)
{%- else %}
    compare, keep = check, accept
{%- endif %}
    if arguments.update_baseline and passed(compare(*measured, compared=False)):
        keep(*measured)
    verdicts = compare(*measured)
    write(arguments.reports, verdicts, evaluation)
    sys.stdout.write(markdown(verdicts, evaluation))
    return 0 if passed(verdicts) else 1


def passed(verdicts: Sequence[Verdict]) -> bool:
    """Return whether every verdict is good."""
    return all(verdict.passed for verdict in verdicts)


if __name__ == "__main__":
    sys.exit(main())
