"""What becomes of each file of a landing zone when coe.yaml or the templates changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coe_scaffold.errors import CorruptStateError
from coe_scaffold.scaffold.following import Change, Followed, follow
from coe_scaffold.scaffold.landing_zone import landing_zone, places_of
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.written import (
    Placed,
    Written,
    digest,
    read_written,
    unrecorded,
    written,
    written_text,
)
from tests.fakes.workspace import settings

PARAMETERS, TEMPLATE = "platform/dev.bicepparam", "modules/lock/main.bicep"
OLD, NEW, MINE = b"one\n", b"two\n", b"mine\n"
LAST = Written("0.1.0", {}, {TEMPLATE: digest(OLD)}, {PARAMETERS: OLD.decode()})


def joined(base: bytes, mine: bytes, new: bytes) -> tuple[bytes, bool]:
    """A merge that shows its sides; it conflicts where yours says so."""
    return b"|".join((base, mine, new)), b"conflict" in mine


def change(path: str, mine: bytes | None, new: bytes = NEW, last: Written = LAST) -> Followed | None:
    found = follow(last, FileTree({path: new}), {} if mine is None else {path: mine}, joined)
    return next((item for item in found if item.file == path), None)


@pytest.mark.parametrize(
    ("path", "mine", "expected", "content"),
    [
        (PARAMETERS, OLD, Change.CHANGED, NEW),
        (PARAMETERS, MINE, Change.MERGED, b"one\n|mine\n|two\n"),
        (PARAMETERS, b"conflict\n", Change.CONFLICT, b"one\n|conflict\n|two\n"),
        (PARAMETERS, None, Change.NEW, NEW),
        (TEMPLATE, OLD, Change.CHANGED, NEW),
        (TEMPLATE, None, Change.OUT, b""),
        ("modules/other/main.bicep", None, Change.NEW, NEW),
        (PARAMETERS, b"one\r\n", Change.CHANGED, b"two\r\n"),
    ],
)
def test_a_file_that_is_written_otherwise_now(
    path: str, mine: bytes | None, expected: Change, content: bytes
) -> None:
    found = change(path, mine)
    assert found is not None
    assert (found.change, found.content) == (expected, content)
    assert found.waits == (expected is Change.CONFLICT)


def test_an_edited_template_stays_and_the_new_one_is_laid_beside_it() -> None:
    found = change(TEMPLATE, MINE)
    assert found is not None
    assert (found.change, found.path, found.content) == (Change.BESIDE, f"{TEMPLATE}.new", NEW)
    assert found.waits


@pytest.mark.parametrize(
    ("lying", "name"),
    [
        ({".new": MINE}, ".new1"),
        ({".new": MINE, ".new1": b"another of mine\n"}, ".new2"),
        ({".new": OLD}, ".new"),
        ({".new": NEW}, ".new"),
    ],
)
def test_what_lies_beside_a_template_is_replaced_only_when_this_tool_laid_it_there(
    lying: dict[str, bytes], name: str
) -> None:
    ours = {TEMPLATE: MINE, **{TEMPLATE + end: content for end, content in lying.items()}}
    (found,) = follow(LAST, FileTree({TEMPLATE: NEW}), ours, joined)
    assert (found.change, found.path) == (Change.BESIDE, TEMPLATE + name)


@pytest.mark.parametrize("path", [PARAMETERS, TEMPLATE])
@pytest.mark.parametrize(("mine", "new"), [(MINE, OLD), (OLD, OLD), (NEW, NEW)])
def test_edits_are_left_alone_while_nothing_new_is_written(path: str, mine: bytes, new: bytes) -> None:
    assert change(path, mine, new) is None


def test_what_nothing_writes_any_more_is_named_and_stays() -> None:
    found = follow(LAST, FileTree({}), {PARAMETERS: OLD}, joined)
    assert found == (Followed(PARAMETERS, Change.GONE),)


def test_environments_keep_their_address_ranges_and_their_budgets_first_month() -> None:
    first = settings()
    places = places_of(first, today=date(2026, 11, 24))
    assert places["prod"] == Placed(2, "2026-11-24")
    environments = {"qa": replace(first.environments["dev"], name="qa"), **first.environments}
    del environments["test"]
    later = replace(first, environments=environments)
    moved = places_of(later, today=date(2027, 2, 1), known=places)
    assert moved == {**places, "qa": Placed(3, "2027-02-01")}
    before, after = landing_zone(first, known=places), landing_zone(later, known=moved)
    assert after.files["platform/prod.bicepparam"] == before.files["platform/prod.bicepparam"]
    assert b"10.103.0.0/20" in after.files["platform/qa.bicepparam"]


def test_the_record_survives_its_own_text() -> None:
    places = places_of(settings(), today=date(2026, 11, 24))
    tree = landing_zone(settings(), known=places)
    record = written(tree, places, "0.1.0")
    assert read_written(written_text(record)) == record
    assert record.parameters.keys() | record.templates.keys() == tree.files.keys()
    assert follow(record, tree, tree.files, joined) == ()


def test_without_a_record_environments_keep_what_their_files_say() -> None:
    tree = landing_zone(settings(), today=date(2026, 11, 24))
    texts = {name: tree.text(f"platform/{name}.bicepparam") for name in settings().environments}
    found = unrecorded({**texts, "own": "using 'main.bicep'\n"})
    assert found.environments == {name: Placed(n, "2026-11-01") for n, name in enumerate(texts)}
    assert follow(found, landing_zone(settings(), known=found.environments), tree.files, joined) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"environments": {"dev": {"x": 1}}}'])
def test_a_record_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CorruptStateError, match="written"):
        read_written(text)
