"""Train a model from this checkout and measure it on rows that no training saw."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import yaml

from {{ cookiecutter.package_name }} import measures
from {{ cookiecutter.package_name }}.model import ArtefactError, Model, load
from {{ cookiecutter.package_name }}.scoring import RequestError, Scorer
from {{ cookiecutter.package_name }}.settings import Settings, SettingsError
from {{ cookiecutter.package_name }}.table import Row
from {{ cookiecutter.package_name }}.training import fit, held_out, metrics, past, schema_of, scored

from .evaluation import Checked, Evaluation
from .reports import DECISIONS

_FRONT_MATTER = """---
evidence: fairness-report
owner: Data Scientist
approver: Data Scientist
gate: release
review: with every model that is evaluated
status: draft
---
"""


def evaluate(settings: Settings, model: Model | None = None) -> Evaluation:
    """Return the evaluation of a model: without one that of MODEL_DIR, or one trained now."""
    chosen = model or _stored(settings) or fit(settings)
    threshold = settings.number("decisionThreshold")
    scorer = Scorer(chosen, threshold)
    items = scored(chosen, held_out(settings, chosen.schema))
    features = [c.name for c in chosen.schema.named("feature") if not c.is_number]
    groups = [column.name for column in chosen.schema.named("group")]
    found = measures.parts(items, [*groups, *features], threshold)
    measured = metrics(items, chosen.schema, threshold)
    limit = settings.number("fairnessLimit")
    report = measures.markdown(found, chosen.schema, measured["fairness_gap"], limit)
    checks, trained = requests(settings, scorer), past(settings, chosen.schema)
    return Evaluation(
        {
            **measured,
            "hit_rate": measures.hit_rate(items, threshold),
            "false_alarm_rate": measures.false_alarm_rate(items, threshold),
            "golden_in_training": float(known(trained, [item.row for item in items])),
            "smallest_group_share": measures.smallest_share(trained, chosen.schema.named("group")),
            "gain_over_simple_rule": measured["auc"] - simple_rule(items),
            "weakest_part_auc": measures.weakest(items, [*groups, *features]),
            "bad_requests_refused": sum(not check.problems for check in checks) / len(checks),
            "latency_p95_ms": latency(scorer, [item.row for item in items[:60]]),
        },
        (*(part_case(part) for part in found), *checks),
        {"provider": settings.provider, **chosen.facts},
        {"fairness.md": _FRONT_MATTER + report + DECISIONS},
    )


def _stored(settings: Settings) -> Model | None:
    folder = os.environ.get("MODEL_DIR")
    try:
        return load(Path(folder), schema_of(settings)) if folder else None
    except (ArtefactError, OSError) as error:
        raise SettingsError(str(error)) from error


def simple_rule(items: Sequence[measures.Scored]) -> float:
    """Return the AUC of what people do without a model: look at the length of the queue."""
    largest = max(item.row["open_requests"] for item in items)
    return measures.auc(
        [measures.Scored(i.row, i.row["open_requests"] / largest, i.late) for i in items]
    )


def known(trained: Sequence[Row], rows: Sequence[Row]) -> int:
    """Count rows that training saw: what a model knows by heart measures nothing."""
    names = sorted(trained[0]) if trained else []
    seen = {tuple(row[name] for name in names) for row in trained}
    return sum(tuple(row[name] for name in names) in seen for row in rows)


def part_case(part: measures.Part) -> Checked:
    """Return a part of the data as a case; it is worth a look when a third of it is wrong."""
    problems = (
        (f"{part.error_rate:.2f} of {part.rows} rows are wrong",) if part.error_rate > 1 / 3 else ()
    )
    return Checked(f"{part.column}={part.value}", "part", problems)


def requests(settings: Settings, scorer: Scorer) -> tuple[Checked, ...]:
    """Return for each bad request of ``evals/data/requests.yaml`` whether it was refused."""
    path = settings.home / "evals" / "data" / "requests.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["requests"]
    return tuple(Checked(row["id"], "request", _accepted(scorer, row["body"])) for row in rows)


def latency(scorer: Scorer, rows: Sequence[object]) -> float:
    """Return the 95th percentile of the processor's time for one request with one row, in milliseconds.

    What else a machine does is no property of the model, and must not fail its gate.
    """
    times = []
    for row in rows:
        start = time.thread_time()
        scorer.answer({"rows": [row]})
        times.append((time.thread_time() - start) * 1000)
    return sorted(times)[int(len(times) * 0.95)]


def _accepted(scorer: Scorer, body: object) -> tuple[str, ...]:
    try:
        scorer.answer(body)
    except RequestError:
        return ()
    return ("was scored although it does not fit the schema",)
