"""The HTML report: complete, self-contained, escaped, readable without scripts."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import pytest

from coe_scaffold.checks import Where, all_rules
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.report import ReportData
from coe_scaffold.report import view
from coe_scaffold.report.page import page
from tests.fakes.report import report_data

DATA = report_data()
PAGE = page(DATA)
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Document(HTMLParser):
    """Tags, attributes and text of a page, and whether its tags are balanced."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


DOCUMENT = Document(PAGE)


def test_the_markup_is_balanced_and_ids_are_unique() -> None:
    assert DOCUMENT.open == []
    ids = [attributes["id"] for _, attributes in DOCUMENT.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {a["href"] for tag, a in DOCUMENT.tags if tag == "a"}
    assert links == {f"#{name}" for name in ids if name and not name.endswith(("-title", "-desc"))}


def test_nothing_is_loaded_and_no_script_is_needed() -> None:
    assert not {tag for tag, _ in DOCUMENT.tags} & {"script", "link", "img", "iframe", "object", "embed"}
    names = {name for _, attributes in DOCUMENT.tags for name in attributes}
    assert not [name for name in names if name in ("src", "srcset") or name.startswith("on")]
    assert not re.search(r"(?i)https?:|url\(|@import", PAGE)


def test_every_resource_assignment_and_finding_is_there() -> None:
    for report in DATA.environments:
        for resource in report.graph.resources:
            assert resource.name in DOCUMENT.text
            assert resource.type in DOCUMENT.text
        for assignment in report.assignments:
            assert assignment.role.name in DOCUMENT.text
        for finding in report.findings:
            if finding.outcome in (Outcome.FAIL, Outcome.UNKNOWN):
                assert finding.title in DOCUMENT.text
                assert finding.fix in DOCUMENT.text
                assert finding.location in DOCUMENT.text
    for function in DATA.functions:
        assert function.title in DOCUMENT.text
    for item in DATA.evidence:
        assert item.title in DOCUMENT.text


def test_guardrails_judged_elsewhere_are_named() -> None:
    elsewhere = [rule for rule in all_rules() if rule.where is not Where.TEMPLATE]
    assert elsewhere
    for rule in elsewhere:
        assert rule.title in DOCUMENT.text
        assert rule.judged_at in DOCUMENT.text


def test_when_and_by_which_version_it_was_made() -> None:
    assert "24 November 2026, 02:07 UTC by coe-scaffold 0.1.0" in DOCUMENT.text
    assert ("time", {"datetime": "2026-11-24T02:07:00+00:00"}) in DOCUMENT.tags


def test_severity_is_said_in_words() -> None:
    assert "critical AI account: key access is disabled" in DOCUMENT.text
    assert "critical, known after apply Storage: public network access is disabled" in DOCUMENT.text


def test_the_plan_and_its_notes_are_told() -> None:
    assert "1 create, 1 adopt" in DOCUMENT.text
    assert "PIM is not licensed." in DOCUMENT.text
    assert "not made" in DOCUMENT.text


def test_the_same_data_gives_the_same_page() -> None:
    assert page(report_data()) == PAGE


def evil(data: ReportData, text: str) -> ReportData:
    settings = replace(data.settings, organisation=replace(data.settings.organisation, name=text))
    first = data.environments[0]
    finding = Finding(
        rule=text, title=text, severity=Severity.HIGH, outcome=Outcome.FAIL, subject=text, message=text,
        owner=text, fix=text, path=text, actual=text, expected=text, location=text,
    )  # fmt: skip
    resource = replace(first.graph.resources[-1], type=f"Microsoft.X/{text.replace('/', '|')}", name="x")
    graph = replace(first.graph, resources=(*first.graph.resources, resource))
    return replace(
        data,
        settings=settings,
        environments=(replace(first, graph=graph, findings=(*first.findings, finding)),),
        evidence=tuple(replace(item, project=text, title=text, file=text) for item in data.evidence),
        version=text,
    )


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\"'><b>&", "{{ 7 * 7 }}"])
def test_everything_from_data_is_escaped(text: str) -> None:
    made = page(evil(DATA, text))
    assert "<script" not in made
    assert "<b>" not in made
    assert escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;") in made
    assert Document(made).open == []


def test_an_empty_workspace_has_a_page_too() -> None:
    bare = replace(
        DATA, environments=(), evidence=(), settings=replace(DATA.settings, projects=(), exceptions=())
    )
    text = Document(page(bare)).text
    assert "No guardrail was judged" in text
    assert "There are no exceptions." in text
    assert "No project owes evidence yet." in text


@pytest.mark.parametrize(
    ("blocking", "expected"),
    [(True, ("bad", "2 blocking findings: 2 in test")), (False, ("good", "No blocking finding"))],
)
def test_the_verdict(blocking: bool, expected: tuple[str, str]) -> None:
    clean = tuple(
        replace(r, findings=tuple(f for f in r.findings if blocking or not f.blocks))
        for r in DATA.environments
    )
    assert view.verdict(replace(DATA, environments=clean)) == expected
