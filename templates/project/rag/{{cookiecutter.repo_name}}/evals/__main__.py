"""``python -m evals``: measure, judge, report. Exit code 1 when the gate fails, 2 when it cannot run."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import yaml

from {{ cookiecutter.package_name }}.settings import SettingsError, load

from .gate import baseline_for, judge
from .metrics import measure
from .reports import markdown, write
from .runner import run


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
        outcomes = run(settings)
    except SettingsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    folder = settings.home / "evals"
    thresholds = yaml.safe_load((folder / "thresholds.yaml").read_text(encoding="utf-8"))["metrics"]
    baselines = json.loads((folder / "baseline.json").read_text(encoding="utf-8"))
    metrics = measure(outcomes)
    verdicts = judge(metrics, thresholds, baseline_for(baselines, settings.provider))
    facts = {
        "provider": settings.provider,
        "data version": outcomes[0].answer.data_version,
        "prompt version": outcomes[0].answer.prompt_version,
    }
    write(arguments.reports, verdicts, outcomes, facts)
    sys.stdout.write(markdown(verdicts, outcomes, facts))
    passed = all(verdict.passed for verdict in verdicts)
    if passed and arguments.update_baseline:
        baselines[settings.provider] = {name: round(value, 4) for name, value in metrics.items()}
        text = json.dumps(baselines, indent=2) + "\n"
        (folder / "baseline.json").write_text(text, encoding="utf-8")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
