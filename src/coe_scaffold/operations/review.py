"""Review a project's evidence at a gate: what an automated check can see, and what waits for a person."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from datetime import date
from pathlib import Path

from coe_scaffold.catalog import evidence, functions
from coe_scaffold.catalog.evidence import EvidenceItem
from coe_scaffold.catalog.review import checks_of
from coe_scaffold.errors import CoeError, UsageError
from coe_scaffold.model.review import Lack, Review, Reviewed
from coe_scaffold.model.settings import Project
from coe_scaffold.scaffold.provenance import PATH, read_record
from coe_scaffold.scaffold.reviewing import Evidence, judge


def review(folder: Path, project: Project, *, gate: str = "", today: date) -> Review:
    """Return the review of a project in a folder; an empty gate means all of them.

    Raises UsageError for an unknown gate or risk tier. Reads files below the folder only; links are not
    followed.
    """
    catalogue = evidence()
    if gate and gate not in catalogue.gates:
        raise UsageError(f"there is no gate '{gate}'", fix=f"Gates: {', '.join(catalogue.gates)}.")
    if project.risk_tier not in catalogue.tiers:
        raise UsageError(f"a use case of tier '{project.risk_tier}' is not reviewed", fix="Run 'coe intake'.")
    files = Evidence(_finder(folder), lambda path: (folder / path).read_bytes(), project.risk_tier, today)
    provider = _provider(folder)
    titles = {function.id: function.title for function in functions()}
    items = [
        _reviewed(item, files, provider, titles)
        for item in catalogue.needed(project.kind, project.risk_tier)
        if gate in ("", item.gate)
    ]
    items.sort(key=lambda item: catalogue.gates.index(item.gate))
    return Review(project.name, project.kind, project.risk_tier, gate, tuple(items))


def _reviewed(item: EvidenceItem, files: Evidence, provider: str, titles: dict[str, str]) -> Reviewed:
    checks = checks_of(item.id, provider)
    lacks: list[Lack] = []
    for check in checks:
        lacks += [lack for lack in judge(check, files) if lack not in lacks]
    places = [path for check in checks for path in files.find(check["file"])]
    facts = files.data(places[0]) if places and places[0].endswith((".yaml", ".md")) else None
    owner = facts.get("owner") if isinstance(facts, dict) else None
    approver = titles[item.approver]
    return Reviewed(
        id=item.id,
        title=item.title,
        gate=item.gate,
        owner=titles.get(str(owner), str(owner or approver)),
        approver=approver,
        file=places[0] if places else checks[0]["file"] if checks else item.files,
        rests_on=item.rests_on,
        lacks=tuple(lacks),
    )


def _finder(folder: Path) -> Callable[[str], tuple[str, ...]]:
    """Return a function that finds regular files below a folder by glob and remembers the answer."""
    known: dict[str, tuple[str, ...]] = {}

    def find(glob: str) -> tuple[str, ...]:
        if glob not in known:
            paths = folder.glob(glob) if any(sign in glob for sign in "*?[") else [folder / glob]
            known[glob] = tuple(
                sorted(
                    path.relative_to(folder).as_posix()
                    for path in paths
                    if path.is_file() and not path.is_symlink() and not fnmatch.fnmatch(path.name, "*.pyc")
                )
            )
        return known[glob]

    return find


def _provider(folder: Path) -> str:
    """Return whose pipelines a repository has, from the record of its template."""
    try:
        return read_record((folder / PATH).read_text(encoding="utf-8")).answers.get("ci", "github")
    except (OSError, CoeError):
        return "github"
