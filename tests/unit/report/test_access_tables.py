"""Access for people: tables in three formats, the RACI, the review, the request, the groups."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.access import desired
from coe_scaffold.catalog import functions
from coe_scaffold.model.access import DirectoryEntry, ObservedAssignment, RoleRef
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.plan import ACCESS_KINDS, Action, Plan, Step, StepKind
from coe_scaffold.model.settings import Group
from coe_scaffold.operations.access import access_matrix
from coe_scaffold.operations.access_audit import with_names
from coe_scaffold.operations.people import ACTIVITIES, raci, review
from coe_scaffold.operations.request import access_request, needed
from coe_scaffold.planning import combine
from coe_scaffold.planning.access import plan_access
from coe_scaffold.planning.codec import dumps, loads
from coe_scaffold.planning.digest import observed_digest
from coe_scaffold.report import access_tables
from coe_scaffold.report.access_request import request_markdown
from coe_scaffold.report.groups import FORMATS, verified, wanted_groups
from coe_scaffold.report.groups import rendered as groups_in
from coe_scaffold.report.tables import Table, rendered
from tests.fakes.landing import graph
from tests.fakes.plans import finding
from tests.fakes.workspace import settings

BASE = settings()
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20)


class Cells(HTMLParser):
    """Collects the text of th and td, and every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_cells_stay_text(rows: list[tuple[str, str]]) -> None:
    table = Table("T", ("one", "two"), tuple(rows))
    found = list(csv.reader(io.StringIO(rendered("csv", "x", [table]))))
    assert [tuple(cell.removeprefix("'") for cell in row) for row in found[1:]] == [
        tuple(cell.removeprefix("'") for cell in row) for row in rows
    ]
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in found for cell in row)
    page = Cells()
    page.feed(rendered("html", "x", [table]))
    assert page.tags <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "table", "caption", "thead",
        "tr", "th", "td", "tbody",
    }  # fmt: skip
    lines = [line for line in rendered("markdown", "x", [table]).splitlines() if line.startswith("| ")]
    assert len(lines) == len(rows) + 2


@pytest.mark.parametrize("form", ["markdown", "csv", "html"])
def test_the_matrix_is_whole_in_every_format(form: str) -> None:
    rows = access_matrix(BASE)
    text = rendered(form, "Access matrix", access_tables.matrix_tables(rows, ("dev", "test", "prod")))
    assert all(row.role in text for row in rows)
    assert rendered(form, "Access matrix", access_tables.matrix_tables(rows, ("dev", "test", "prod"))) == text


def test_responsibilities_follow_from_effective_permissions() -> None:
    people = [item.id for item in functions()]
    rows = {row.activity: dict(zip(people, row.cells, strict=True)) for row in raci(BASE, "dev", graph(BASE))}
    assert rows["Fill the search index"]["data-engineer"] == "RA"
    assert rows["Fill the search index"]["data-scientist"] == "I"
    assert rows["Set up federated credentials"]["mlops-engineer"] == "r"
    assert rows["Change a content filter"]["ai-ethics-officer"] == "A"
    for item in ACTIVITIES:
        assert sum("A" in letters for letters in rows[item.title].values()) == 1


def test_the_review_tells_what_is_there_since_when() -> None:
    wanted = desired(BASE, "dev", graph(BASE))
    first = wanted.assignments[0]
    there = ObservedAssignment(
        first.scope.child("Microsoft.Authorization/roleAssignments", "x"), first.scope, first.principal,
        "Group", first.role.guid, first.condition, first.description, "2026-11-01",
    )  # fmt: skip
    rows = review((*wanted.assignments, *wanted.scheduled), [there], [])
    assert len(rows) == len(wanted.assignments) + len(wanted.scheduled)
    assert (rows[0].state, rows[0].changed) == ("ours", "2026-11-01")
    assert {row.state for row in rows[1:]} == {"missing"}
    only = review(wanted.assignments, [], [], function_id="data-scientist")
    assert {row.function for row in only} == {"data-scientist"}
    assert "Keep?" in rendered("markdown", "Review", access_tables.review_tables(rows))
    extra = replace(first, role=RoleRef("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"))
    more = review(wanted.assignments, [there], [], actual=[first, extra])
    assert [(row.role, row.function) for row in more if row.state == "not asked for"] == [
        ("Owner", first.function)
    ]
    assert [row.function for row in more] == sorted((row.function for row in more), key=FUNCTION_IDS.index)


def whole_plan() -> Plan:
    wanted = desired(BASE, "dev", graph(BASE))
    deploy = Step(
        "deploy/platform-dev", StepKind.DEPLOYMENT, Action.CREATE, wanted.assignments[0].scope, "t", "r"
    )
    steps = plan_access(wanted, [], [], within=[BASE.environments["dev"].scope])
    waiting = [replace(step, depends_on=(deploy.id,)) for step in steps]
    return combine("dev", "azure", [deploy], waiting, inputs="1" * 64)


def test_a_request_is_a_plan_of_access_alone() -> None:
    plan = whole_plan()
    asked = access_request(plan)
    assert {step.kind for step in asked.steps} <= set(ACCESS_KINDS)
    assert len(asked.steps) == len(plan.writes) - 1
    assert (asked.inputs, asked.observed) == (plan.inputs, observed_digest(asked.steps))
    assert loads(dumps(asked)) == asked
    assert {right for right, _ in needed(asked)} == {
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.Authorization/roleDefinitions/write",
    }
    text = request_markdown(asked, file="r/request.json")
    assert "coe apply r/request.json" in text
    assert all(step.scope.path in text for step in asked.steps)
    more = request_markdown(asked, file="r/request.json", rest=("a lock on kv-x",))
    assert "coe apply r/request.json --yes && coe apply --env dev --yes" in more
    assert "a lock on kv-x" in more


@pytest.mark.parametrize("form", FORMATS)
def test_groups_are_each_created_once(form: str) -> None:
    shared = replace(BASE, functions={**BASE.functions, "ai-engineer": BASE.functions["mlops-engineer"]})
    groups = wanted_groups(shared)
    assert len(groups) == 8
    assert next(group for group in groups if len(group.functions) == 2).functions == (
        "ai-engineer",
        "mlops-engineer",
    )
    text = groups_in(form, groups)
    assert all(text.count(f"{group.nickname}") for group in groups)
    if form == "json":
        assert len(json.loads(text)["groups"]) == 8


def test_names_of_groups_cannot_become_commands() -> None:
    evil = replace(BASE, functions={"ai-engineer": (Group("1" * 36, "x'; rm -rf ${HOME} #"),)})
    groups = wanted_groups(evil)
    assert "'x'\"'\"'; rm -rf ${HOME} #'" in groups_in("az", groups)
    assert "displayName: 'x\\'; rm -rf \\${HOME} #'" in groups_in("bicep", groups)


def test_groups_are_verified_against_the_directory() -> None:
    groups = wanted_groups(BASE)
    first, second, third, fourth, *others = groups
    known = {one.id: DirectoryEntry(one.id, one.name, "group") for one in others}
    known[first.id] = DirectoryEntry(first.id, "Somebody else", "group")
    known[second.id] = DirectoryEntry(second.id, "Alice", "user")
    missing, lines = verified(groups, known, {third.name: ("a",), fourth.name: ()})
    assert missing == (fourth,)
    assert lines == (
        f"{first.id} is called 'Somebody else' in the directory, '{first.name}' here",
        f"{second.id} is the user Alice, not a group",
        f"{third.name} exists as a: write that id instead of {third.id}",
    )
    _, twice = verified([third], {}, {third.name: ("a", "b")})
    assert twice == (f"2 groups are called {third.name}; write one's id: a, b",)


def test_findings_call_principals_by_their_names() -> None:
    gone = "3" * 8 + "-0000-4000-8000-" + "3" * 12
    known = gone.replace("3", "4")
    wrong = replace(finding(), message=f"Group {known.upper()} and {gone} hold Reader")
    (one,) = with_names([wrong], {known: DirectoryEntry(known, "ai-leads", "group")})
    assert one.message == f"Group ai-leads ({known.upper()}) and {gone} hold Reader"
