"""Who owns a file decides which side of an update can win; no file of a project's own is ever lost."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.model.repository import Entry
from coe_scaffold.scaffold.manifest import Migration, Ownership, version_key
from coe_scaffold.scaffold.merging import Sides, adopt, incoming, prepare
from coe_scaffold.scaffold.provenance import PATH, Record

NAMES = [f"{owner}/{number}" for owner in ("platform", "project", "shared") for number in range(3)]
trees = st.dictionaries(st.sampled_from(NAMES), st.builds(Entry, st.just("100644"), st.sampled_from("abc")))


def owner_of(path: str) -> Ownership:
    return Ownership(path.split("/")[0])


def merged(sides: Sides) -> tuple[dict[str, Entry], set[str]]:
    """Merge whole files: what one side alone changed wins; what both changed differently is a conflict."""
    result, conflicts = {}, set()
    for path in {*sides.base, *sides.ours, *sides.theirs}:
        base, ours, theirs = (side.get(path) for side in (sides.base, sides.ours, sides.theirs))
        chosen = theirs if ours == base else ours
        if ours != base and theirs not in (base, ours):
            conflicts.add(path)
        if chosen:
            result[path] = chosen
    return result, conflicts


@given(trees, trees, trees)
def test_owners_decide(
    base: Mapping[str, Entry], ours: Mapping[str, Entry], theirs: Mapping[str, Entry]
) -> None:
    result, conflicts = merged(prepare(base, ours, theirs, owner_of=owner_of))
    for path in NAMES:
        match owner_of(path):
            case Ownership.PLATFORM if path in base:
                assert result.get(path) == theirs.get(path)
                assert path not in conflicts
            case Ownership.PLATFORM:
                assert path in conflicts or result.get(path) == (ours.get(path) or theirs.get(path))
            case Ownership.PROJECT:
                assert path not in conflicts
                new = path not in ours and path not in base
                assert result.get(path) == (theirs if new else ours).get(path)
            case Ownership.SHARED:
                both = ours.get(path) != base.get(path) and theirs.get(path) not in (
                    base.get(path),
                    ours.get(path),
                )
                assert (path in conflicts) == both


@given(trees, trees)
def test_adopting_changes_no_file_that_is_there(
    ours: Mapping[str, Entry], theirs: Mapping[str, Entry]
) -> None:
    result, conflicts = merged(adopt(ours, theirs))
    assert conflicts == set()
    assert result == {**theirs, **ours}


def entry(oid: str) -> Entry:
    return Entry("100644", oid)


def test_edits_follow_a_declared_move() -> None:
    move = Migration("2", {"shared/old/": "shared/new/"})
    base, ours = {"shared/old/a": entry("1")}, {"shared/old/a": entry("mine")}
    sides = prepare(base, ours, {"shared/new/a": entry("1")}, owner_of=owner_of, migrations=[move])
    assert merged(sides) == ({"shared/new/a": entry("mine")}, set())


@pytest.mark.parametrize(("own", "conflict"), [("1", False), ("mine", True)])
def test_a_declared_deletion_takes_a_projects_file_nobody_changed(own: str, conflict: bool) -> None:
    gone = Migration("2", deletions=("project/a",))
    base, ours = {"project/a": entry("1")}, {"project/a": entry(own)}
    result, conflicts = merged(prepare(base, ours, {}, owner_of=owner_of, migrations=[gone]))
    assert (conflicts == {"project/a"}) == conflict
    assert ("project/a" in result) == conflict


def test_the_record_is_always_the_templates() -> None:
    sides = prepare(
        {PATH: entry("1")}, {PATH: entry("x")}, {PATH: entry("2")}, owner_of=lambda path: Ownership.SHARED
    )
    assert merged(sides) == ({PATH: entry("2")}, set())
    assert sides.replaced == ()


def test_what_comes_leaves_a_projects_own_changes_out() -> None:
    files = dict.fromkeys(("shared/a", "shared/b", "project/a", "project/b", "platform/a"), ("x", "1"))
    new = {"shared/a": "2", "project/a": "2", "project/c": "1", "platform/z": "1"}
    record = Record("t", "1", {}, files)
    found = incoming(
        record, new, owner_of=owner_of, migrations=[Migration("2", {"platform/a": "platform/z"})]
    )
    assert found.moved == {"platform/a": "platform/z"}
    assert (found.added, found.changed, found.removed) == (("project/c",), ("shared/a",), ("shared/b",))


def test_versions_are_compared_as_numbers() -> None:
    assert version_key("0.10.0") > version_key("0.9.3")
