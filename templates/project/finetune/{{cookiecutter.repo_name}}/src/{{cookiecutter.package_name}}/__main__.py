"""Prepare the data and tune: ``make run``. With ``--prepare`` it stops before the job."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .ports import TuningError
from .preparation import chat_lines, report
from .prompts import load as load_prompt
from .settings import SettingsError, load
from .workflow import prepared, tuned


def main(arguments: Sequence[str] | None = None) -> int:
    """Write ``train.jsonl``, ``validation.jsonl`` and ``preparation.md``, then tune; 1 when the job fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepare", action="store_true", help="do not tune")
    parser.add_argument("--output", type=Path, default=Path("reports"))
    given = parser.parse_args(arguments)
    try:
        settings = load()
        data = prepared(settings)
        prompt = load_prompt(settings.home / "prompts" / "system.md")
        given.output.mkdir(parents=True, exist_ok=True)
        for name, part in (("train", data.train), ("validation", data.validation)):
            (given.output / f"{name}.jsonl").write_text(chat_lines(part, prompt), encoding="utf-8")
        (given.output / "preparation.md").write_text(report(data), encoding="utf-8")
        sys.stdout.write(report(data))
        if not given.prepare:
            sys.stdout.write(
                f"\ntuned: {tuned(settings, data, prompt).model.name}; now: make evaluate\n"
            )
    except (SettingsError, TuningError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
