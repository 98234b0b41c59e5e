"""A resource graph comes back from JSON as it was, whatever is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.model.graph_json import graph_from_json, graph_to_json
from coe_scaffold.model.json import Unknown, unknowns
from coe_scaffold.model.resources import Declared, Need, Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from tests.templates.bicep.landing_zones import combination

TEXT = st.text(max_size=8)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT | st.builds(Unknown, TEXT)
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)
SCOPES = st.builds(Scope, st.sampled_from(["/", "/subscriptions/a", "/subscriptions/A/resourceGroups/b"]))
FLAGS = st.booleans()
GRAPHS = st.builds(
    ResourceGraph,
    st.lists(
        st.builds(
            Resource,
            TEXT,
            TEXT,
            TEXT,
            SCOPES,
            st.dictionaries(TEXT, VALUES, max_size=3),
            st.lists(TEXT, max_size=2).map(tuple),
            TEXT,
            FLAGS,
            FLAGS,
        ),
        max_size=3,
    ).map(tuple),
    st.dictionaries(TEXT, VALUES, max_size=2),
    st.lists(
        st.builds(
            Declared,
            SCOPES,
            TEXT,
            TEXT,
            VALUES,
            st.lists(st.builds(Need, SCOPES, TEXT, TEXT), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


def there_and_back(graph: ResourceGraph) -> ResourceGraph:
    return graph_from_json(json.loads(json.dumps(graph_to_json(graph))))


@given(GRAPHS)
def test_a_graph_comes_back(graph: ResourceGraph) -> None:
    back = there_and_back(graph)
    assert repr(back) == repr(graph)  # scopes are equal in any letters: these are to be the same
    assert back == graph


@pytest.mark.parametrize(("environment", "topology"), [("dev", "closed"), ("prod", "hub")])
def test_the_shipped_landing_zone_comes_back(environment: str, topology: str) -> None:
    graph = combination(environment, "rag", topology)
    assert any(list(unknowns(one.body)) for one in graph.resources)
    assert repr(there_and_back(graph)) == repr(graph)
