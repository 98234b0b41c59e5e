"""A review as text, JSON, Markdown and SARIF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from coe_scaffold.model.json import Json, JsonObject
from coe_scaffold.model.review import Review, Reviewed, Standing

FORMAT = "coe-scaffold/review/v1"
_COLUMNS = ("Gate", "Evidence", "Standing", "What lacks", "Approver", "Asked for by")
_LEVELS = {True: "note", False: "error"}


def text(review: Review) -> str:
    """Return what lacks, by gate, and who answers for it."""
    lines = [_summary(review)]
    gate = ""
    for item in _lacking(review):
        if item.gate != gate:
            gate = item.gate
            lines += ["", f"{gate}:"]
        lines.append(f"  {item.standing.value:8} {item.id}: {item.title}")
        lines.append(f"           owner {item.owner}, approver {item.approver}")
        lines.append(f"           asked for by {'; '.join(item.rests_on)}")
        for lack in item.lacks:
            place = f"{lack.file}:{lack.line}" if lack.line else lack.file
            lines.append(f"           {place}: {lack.message}")
    return "\n".join(lines)


def markdown(review: Review) -> str:
    """Return the review as Markdown, for a pull request or a job's summary."""
    lines = [f"### Review of {review.project}", "", _summary(review)]
    if not review.passed:
        lines += ["", f"| {' | '.join(_COLUMNS)} |", "|---" * len(_COLUMNS) + "|"]
    for item in _lacking(review):
        lacks = "<br>".join(f"`{lack.file}`: {_cell(lack.message)}" for lack in item.lacks)
        asked = "<br>".join(item.rests_on)
        cells = (item.gate, _cell(item.title), item.standing.value, lacks, item.approver, asked)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def document(review: Review) -> JsonObject:
    """Return the whole review, complete items too."""
    return {
        "format": FORMAT,
        "project": review.project,
        "kind": review.kind,
        "tier": review.tier,
        "gate": review.gate or None,
        "passed": review.passed,
        "items": [_item(item) for item in review.items],
    }


def _item(item: Reviewed) -> JsonObject:
    return {
        "id": item.id,
        "title": item.title,
        "gate": item.gate,
        "owner": item.owner,
        "approver": item.approver,
        "file": item.file,
        "restsOn": list(item.rests_on),
        "standing": item.standing.value,
        "lacks": [asdict(lack) for lack in item.lacks],
    }


def sarif(review: Review, *, version: str, folder: str = "") -> JsonObject:
    """Return what lacks as a SARIF 2.1.0 log; what waits for a person is a note, the rest an error."""
    found = list(_lacking(review))
    rules: list[Json] = [
        {
            "id": item.id,
            "shortDescription": {"text": item.title},
            "help": {"text": f"Asked for by {'; '.join(item.rests_on)}."},
            "properties": {"tags": ["evidence", item.gate]},
        }
        for item in found
    ]
    prefix = f"{folder}/" if folder not in ("", ".") else ""
    results: list[Json] = [
        {
            "ruleId": item.id,
            "ruleIndex": index,
            "level": _LEVELS[lack.person],
            "message": {"text": f"{lack.message}. Approver: {item.approver}."},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": prefix + lack.file},
                        "region": {"startLine": lack.line or 1},
                    }
                }
            ],
        }
        for index, item in enumerate(found)
        for lack in item.lacks
    ]
    driver = {"name": "coe-scaffold", "version": version, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _summary(review: Review) -> str:
    counts = Counter(item.standing for item in review.items)
    at = f"gate {review.gate}" if review.gate else "all gates"
    return (
        f"{review.project} ({review.kind}, risk tier {review.tier}), {at}: {counts[Standing.COMPLETE]} of "
        f"{len(review.items)} complete, {counts[Standing.OPEN]} wait for a person, "
        f"{counts[Standing.MISSING]} fail a check."
    )


def _lacking(review: Review) -> Iterator[Reviewed]:
    return (item for item in review.items if item.standing is not Standing.COMPLETE)


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")
