"""What holds for every expression: own errors only, the same answer twice, Unknown stays unknown."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from coe_scaffold.errors import CompileError
from coe_scaffold.model.json import Unknown, unknowns
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions import PURE
from coe_scaffold.template.functions.formatting import composite
from coe_scaffold.template.syntax import is_expression, parse, written
from tests.fakes.template import deploy, value_of

TEXT = st.text(alphabet=st.sampled_from("abX'()[],.0123456789-_ {}:\\\"\n$é"), max_size=40)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, width=32) | TEXT
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
DECIDING = sorted(set(PURE) - {"equals"})


@given(TEXT)
@example("[" + "a(" * 5000 + "]")
@example("[a()" + "[0]" * 5000 + "]")
@example("[" + "'" * 30_000 + "]")
def test_the_parser_raises_nothing_but_its_own_error(inside: str) -> None:
    try:
        tree = parse(inside if is_expression(inside) else f"[{inside}]")
    except TemplateFailure:
        return
    assert parse(f"[{written(tree)}]") == tree


@given(st.sampled_from(sorted(PURE)), st.lists(VALUES, max_size=4))
@settings(max_examples=400)
def test_functions_answer_or_refuse_and_do_it_again(name: str, arguments: list[Any]) -> None:
    def once() -> str:
        try:
            return json.dumps(PURE[name].run(*arguments))
        except TemplateFailure as failure:
            return failure.message

    function = PURE[name]
    if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
        return
    assert once() == once()


@given(TEXT, st.lists(SCALARS, max_size=3))
def test_format_answers_or_refuses(template: str, arguments: list[Any]) -> None:
    with suppress(TemplateFailure):
        assert isinstance(composite(template, tuple(arguments)), str)


@given(VALUES)
def test_any_template_is_evaluated_or_refused(template: Any) -> None:
    for shape in (
        {"resources": template},
        {"resources": [template]},
        {"parameters": {"p": template}},
        {"variables": template, "outputs": {"o": {"type": "string", "value": "[variables('v')]"}}},
        {"outputs": template},
        {"functions": template},
        {"definitions": template},
        {"outputs": {"o": {"type": "", "value": template}}},
        {"resources": [{"type": "A.B/c", "apiVersion": "1", "name": "n", "properties": template}]},
        {"resources": [{"type": "A.B/c", "apiVersion": "1", "name": "n", "copy": template}]},
        {"resources": [{"type": "A.B/c", "apiVersion": "1", "name": "n", "dependsOn": template}]},
        {"resources": [{"type": "A.B/c", "apiVersion": "1", "name": template, "condition": template}]},
    ):
        with suppress(CompileError):
            assert deploy(shape) == deploy(shape)


@given(st.sampled_from(DECIDING), st.integers(0, 3), st.integers(1, 4), st.data())
def test_an_unknown_argument_never_becomes_a_value(name: str, place: int, size: int, data: Any) -> None:
    """A function of an Unknown gives Unknown, something that still holds it, or a refusal."""
    known = ["'a'", "1", "createArray('a')", "createObject('a', 1)", "true()"]
    arguments = [data.draw(st.sampled_from(known)) for _ in range(size)]
    # tryGet() stops at the first key that is not there: later ones decide nothing then.
    decides = min(place % size, 1) if name == "tryget" else place % size
    arguments[decides] = "subscription().displayName"
    try:
        value = value_of(f"[{name}({', '.join(arguments)})]")
    except CompileError:
        return
    assert isinstance(value, Unknown) or list(unknowns(value))


@given(VALUES)
def test_an_unknown_part_survives_into_the_resource(value: Any) -> None:
    graph = deploy(
        {
            "parameters": {"v": {}},
            "resources": [
                {
                    "type": "A.B/c",
                    "apiVersion": "1",
                    "name": "n",
                    "properties": {"given": "[parameters('v')]", "later": "[subscription().displayName]"},
                }
            ],
        },
        {"v": value},
    )
    properties = graph.resources[0].properties
    assert properties["given"] == value
    assert isinstance(properties["later"], Unknown)
