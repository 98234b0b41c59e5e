"""The index finds what comparing each resource with each would find."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.checks.operators import Link, Related
from coe_scaffold.checks.relations import Relations
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope

TYPES = ("Microsoft.Test/things", "microsoft.test/Things/parts", "Microsoft.Test/things/parts/bits")
NAMES = st.sampled_from(["a", "A", "ab", "b"])
ROOTS = (Scope.tenant(), Scope.subscription_of("s"), Scope.subscription_of("s").group("g"))


@st.composite
def resources(draw: st.DrawFn) -> list[Resource]:
    """Resources at scopes and on each other, some of which refer to others, or to what is not known."""
    made: list[Resource] = []
    for _ in range(draw(st.integers(0, 7))):
        scope = draw(st.sampled_from([*ROOTS, *(one.id for one in made)]))
        kind = draw(st.sampled_from(TYPES))
        name = "/".join(draw(NAMES) for _ in kind.split("/")[1:])
        known = st.sampled_from([one.id.path.upper() for one in made]) if made else st.just("/nowhere")
        targets = draw(
            st.lists(known | st.builds(Unknown, st.just("[x]")) | st.none() | st.just(7), max_size=2)
        )
        made.append(Resource(kind, name, "", scope, {"links": [{"id": value} for value in targets]}))
    return made


def linked(link: Link, candidate: Resource, resource: Resource) -> list[Outcome]:
    """Return how a candidate belongs to a resource, as ``Related`` defines it."""
    own, other = resource.id.key, candidate.id.key
    holds = {
        Link.CHILD: other.startswith(own + "/"),
        Link.PARENT: own.startswith(other + "/"),
        Link.EXTENSION: candidate.scope == resource.id,
        Link.COVERS: candidate.scope.contains(resource.id),
    }
    if link is not Link.REFERENCE:
        return [Outcome.PASS] if holds[link] else []
    ids = [item["id"] for item in candidate.body["links"]]
    return [
        Outcome.UNKNOWN if isinstance(value, Unknown) else Outcome.PASS
        for value in ids
        if isinstance(value, Unknown) or str(value).lower() == own
    ]


@pytest.mark.parametrize("link", Link)
@given(estate=resources())
def test_each_link_is_what_its_definition_says(link: Link, estate: list[Resource]) -> None:
    relations = Relations(ResourceGraph(tuple(estate)))
    for kind in TYPES:
        operator = Related(kind, link, each="links[*]", at="id")
        for resource in estate:
            expected = [
                (candidate.id.key, outcome.value)
                for candidate in estate
                if candidate.type.lower() == kind.lower()
                for outcome in linked(link, candidate, resource)
            ]
            found = [outcome.value for _, outcome in relations.of(operator, resource)]
            assert sorted(found) == sorted(outcome for _, outcome in expected)


def test_what_has_no_name_yet_may_belong_to_any_resource_of_the_type() -> None:
    group = Scope.subscription_of("s").group("g")
    first, second = (
        Resource("Microsoft.Test/things", f"<known after apply{mark}>", "", group, {}, known_id=False)
        for mark in ("", " 2")
    )
    other = Resource("Microsoft.Test/others", "<known after apply>", "", group, {}, known_id=False)
    setting = Resource("Microsoft.Test/settings", "on", "", first.id, {}, known_id=False)
    relations = Relations(ResourceGraph((first, second, other, setting)))
    operator = Related("Microsoft.Test/settings", Link.EXTENSION)
    assert Outcome.PASS in [outcome for _, outcome in relations.of(operator, first)]
    assert [outcome for _, outcome in relations.of(operator, second)] == [Outcome.UNKNOWN]
    assert not list(relations.of(operator, other))
    somewhere = replace(setting, scope=Scope(f"{group.path}/<known after apply>"))
    unclear = Relations(ResourceGraph((other, somewhere)))
    assert [outcome for _, outcome in unclear.of(operator, other)] == [Outcome.UNKNOWN]
