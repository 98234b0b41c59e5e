"""The parser on arbitrary text ends, in linear work, with its own errors only; and reads what is printed."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe_scaffold.bicep import compile_bicep, compile_parameters
from coe_scaffold.bicep.diagnostics import Diagnostics, SourceText
from coe_scaffold.bicep.syntax import parse, tree
from coe_scaffold.bicep.syntax.parser import Parser
from coe_scaffold.bicep.syntax.tokens import Lexer
from coe_scaffold.errors import CompileError, Problem
from tests.unit.bicep.printer import shape, text
from tests.unit.bicep.samples import sources

PIECES = [
    "param",
    "resource",
    "module",
    "output",
    "var",
    "type",
    "func",
    "import",
    "targetScope",
    "metadata",
    "existing",
    "if",
    "for",
    "in",
    "as",
    "from",
    "using",
    "true",
    "false",
    "null",
    "string",
    "int",
    "a",
    "b",
    "sys",
    "az",
    "@",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    ".?",
    "??",
    "?",
    ":",
    "::",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "<",
    ">",
    "<=",
    ">=",
    "==",
    "!=",
    "=~",
    "&&",
    "||",
    "|",
    "=",
    "=>",
    "...",
    "'",
    "''",
    "'''",
    "${",
    "}",
    "$'''",
    "\n",
    "\r\n",
    "//",
    "/*",
    "*/",
    "#",
    "1",
    "42",
    "99999999999999999999",
    "'x'",
    "'a${b}c'",
    "\\",
    '"',
    "^",
    ";",
]


def absent(path: str) -> bytes:
    raise FileNotFoundError(path)


def compile_text(source: str) -> None:
    def read(path: str) -> bytes:
        return source.encode("utf-8", "surrogatepass") if path == "x.bicep" else absent(path)

    problems: tuple[Problem, ...] | None = None
    try:
        compile_bicep("x.bicep", read)
    except CompileError as error:
        problems = error.problems
    assert problems is None or problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems or ())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))
def test_arbitrary_tokens_give_only_compile_errors(source: str) -> None:
    compile_text(source)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_arbitrary_text_gives_only_compile_errors(source: str) -> None:
    compile_text(source)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_samples_with_a_piece_torn_out_give_only_compile_errors(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sources())).read_text("utf-8")
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    compile_text(source[:start] + source[end:])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "using", "extends", "none"]), max_size=40).map(" ".join))
def test_arbitrary_parameter_files_give_only_compile_errors(source: str) -> None:
    def read(path: str) -> bytes:
        return source.encode() if path == "x.bicepparam" else absent(path)

    with contextlib.suppress(CompileError):
        compile_parameters("x.bicepparam", read, {})


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=200).map(" ".join))
def test_the_parser_reads_each_token_about_once(source: str) -> None:
    diagnostics = Diagnostics(SourceText("x.bicep", source))
    tokens = Lexer(diagnostics).run()
    parser = Parser(tokens, diagnostics, parameters=False)
    parser.program()
    assert parser.steps <= 4 * len(tokens) + 10


@pytest.mark.parametrize(
    "opening", ["(", "[", "{ a: ", "!", "-", "a(", "a[", "'${", "a ? ", "a + (", "x => "]
)
@pytest.mark.parametrize("depth", [50, 2_000, 20_000])
def test_deep_nesting_ends_with_an_own_error(opening: str, depth: int) -> None:
    compile_text("var a = " + opening * depth)


def test_long_chains_end_with_an_own_error_or_compile() -> None:
    compile_text("param b int\nvar a = " + " + ".join(["b"] * 5_000))
    compile_text("param b object\nvar a = b" + ".c" * 5_000)
    compile_text("param a " + "string" + "[]" * 5_000)


names = st.sampled_from(["a", "b", "c1", "long_name"])
strings = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x0b\x0c"), max_size=8)
leaves = st.one_of(
    st.integers(0, 2**40).map(lambda value: tree.Int(0, value)),
    st.booleans().map(lambda value: tree.Bool(0, value)),
    st.just(tree.Null(0)),
    names.map(lambda name: tree.Name(0, name)),
    strings.map(lambda value: tree.Str(0, (value,))),
)


def larger(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    """Return expressions made of smaller ones; what is ambiguous without brackets gets them."""
    closed = inner.map(lambda node: tree.Paren(0, node))
    items = st.one_of(inner, closed.map(lambda node: tree.Spread(0, node)))
    properties = st.builds(
        lambda key, value, quoted: tree.ObjectProperty(0, tree.Str(0, (key,)), value, quoted),
        names,
        inner,
        st.booleans(),
    )
    simple = st.one_of(names.map(lambda name: tree.Name(0, name)), closed)
    return st.one_of(
        closed,
        st.builds(lambda base, name, safe: tree.Property(0, base, name, safe), simple, names, st.booleans()),
        st.builds(
            lambda base, index, safe, end: tree.Index(0, base, index, safe, end),
            simple,
            closed,
            st.booleans(),
            st.booleans(),
        ),
        st.builds(lambda name, args: tree.Call(0, name, tuple(args)), names, st.lists(inner, max_size=3)),
        st.builds(lambda operator, node: tree.Unary(0, operator, node), st.sampled_from("!-"), closed),
        st.builds(
            lambda operator, left, right: tree.Binary(0, operator, left, right),
            st.sampled_from(["+", "-", "*", "??", "==", "&&", "<", "=~"]),
            closed,
            closed,
        ),
        st.builds(lambda one, two, three: tree.Ternary(0, one, two, three), closed, closed, closed),
        st.builds(lambda node: tree.NonNull(0, node), simple),
        st.lists(items, max_size=3).map(lambda found: tree.Array(0, tuple(found))),
        st.lists(st.one_of(properties, closed.map(lambda node: tree.Spread(0, node))), max_size=3).map(
            lambda found: tree.Object(0, tuple(found))
        ),
        st.builds(
            lambda params, body: tree.Lambda(0, tuple(tree.Local(0, name) for name in params), body),
            st.lists(names, max_size=2),
            closed,
        ),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(leaves, larger, max_leaves=12))
def test_what_is_printed_parses_to_the_same_tree(node: tree.Node) -> None:
    diagnostics = Diagnostics(SourceText("x.bicep", f"var x = {text(node)}\n"))
    program = parse(diagnostics)
    assert diagnostics.problems == ()
    statement = program.statements[0]
    assert isinstance(statement, tree.VarDecl)
    assert shape(statement.value) == shape(node)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab \n\r\t'{}", max_size=60), st.integers(0, 60))
def test_places_count_every_kind_of_line_end_once(source: str, offset: int) -> None:
    offset = min(offset, len(source))
    line, column = SourceText("x", source).place(offset)
    before = source[:offset]
    if not (before.endswith("\r") and source[offset : offset + 1] == "\n"):
        assert line == before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert column >= 1
