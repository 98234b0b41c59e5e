"""Parameter files: evaluated while compiling, and matched with their template."""

from __future__ import annotations

from typing import Any

import pytest

from coe_scaffold.bicep import compile_parameters
from coe_scaffold.bicep.parameters.hashing import guid, unique_string
from coe_scaffold.errors import CompileError


def compiled(source: str, *, environment: dict[str, str] | None = None, **files: str) -> dict[str, Any]:
    """Return the values of a parameter file; other files by name, ``.`` written as ``_``."""
    texts = {name.replace("_", "."): text for name, text in files.items()} | {"x.bicepparam": source}
    texts.setdefault("main.json", '{"parameters": {"p": {}, "q": {}, "r": {}}, "resources": []}')

    def read(path: str) -> bytes:
        if path not in texts:
            raise FileNotFoundError(path)
        return texts[path].encode()

    found = compile_parameters("x.bicepparam", read, environment or {})
    return {name: body.get("value", body) for name, body in found.parameters.items()}


def evaluated(expression: str) -> Any:
    template = '{"parameters": {"p": {}}, "resources": []}'
    return compiled(f"using 'main.json'\nparam p = {expression}\n", main_json=template)["p"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'a${1}b${true}'", "a1bTrue"),
        ("{ a: [1, -2, null], 'b c': true }", {"a": [1, -2, None], "b c": True}),
        ("{ ...{ a: 1 }, b: [...[1], 2] }", {"a": 1, "b": [1, 2]}),
        ("1 + 2 * 3 - 4 / 2 % 5", 5),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("1 < 2 && !(2 <= 1) || false", True),
        ("'a' =~ 'A' ? 'same' : 'other'", "same"),
        ("null ?? 'x'", "x"),
        ("{ a: { b: 1 } }.a.b", 1),
        ("{ a: 1 }.?b ?? 2", 2),
        ("{ a: 1 }.?b.c ?? 3", 3),
        ("[1, 2, 3][^1]", 3),
        ("[1][?5] ?? 0", 0),
        ("[for x in [1, 2]: x * 2]", [2, 4]),
        ("[for (x, i) in ['a', 'b']: '${i}${x}']", ["0a", "1b"]),
        ("map([1, 2], x => x + 1)", [2, 3]),
        ("map(['a'], (x, i) => '${x}${i}')", ["a0"]),
        ("filter([1, 2, 3], x => x > 1)", [2, 3]),
        ("sort([3, 1, 2], (a, b) => a < b)", [1, 2, 3]),
        ("reduce([1, 2, 3], 0, (sum, x) => sum + x)", 6),
        ("toObject(['a'], x => x, x => toUpper(x))", {"a": "A"}),
        ("groupBy(['aa', 'b'], x => toUpper(x))", {"AA": ["aa"], "B": ["b"]}),
        ("mapValues({ a: 1 }, x => x * 2)", {"a": 2}),
        ("items({ b: 2, a: 1 })", [{"key": "a", "value": 1}, {"key": "b", "value": 2}]),
        ("union({ a: { x: 1 } }, { a: { y: 2 } })", {"a": {"x": 1, "y": 2}}),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ("intersection([1, 2], [2, 3])", [2]),
        ("concat([1], [2])", [1, 2]),
        ("concat('a', 'b')", "ab"),
        ("replace('a-b', '-', '_')", "a_b"),
        ("split('a,b;c', [',', ';'])", ["a", "b", "c"]),
        ("join(['a', 'b'], '-')", "a-b"),
        ("format('{0}-{1:D3}', 'x', 7)", "x-007"),
        ("substring('abcdef', 1, 3)", "bcd"),
        ("padLeft('7', 3, '0')", "007"),
        ("toLower('ABC')", "abc"),
        ("trim('  a ')", "a"),
        ("take([1, 2, 3], 2)", [1, 2]),
        ("skip('abc', 1)", "bc"),
        ("[contains('abc', 'b'), contains([1], 2), contains({ A: 1 }, 'a')]", [True, False, True]),
        ("[empty([]), empty(''), empty({ a: 1 })]", [True, True, False]),
        ("range(2, 3)", [2, 3, 4]),
        ("[min(1, 2), max([1, 5])]", [1, 5]),
        ("flatten([[1], [2, 3]])", [1, 2, 3]),
        ("json('{\"a\": 1}')", {"a": 1}),
        ("base64('abc')", "YWJj"),
        ("base64ToString('YWJj')", "abc"),
        ("uriComponent('a b/c')", "a%20b%2Fc"),
        ("cidrSubnet('10.0.0.0/16', 24, 3)", "10.0.3.0/24"),
        ("cidrHost('10.0.0.0/24', 4)", "10.0.0.5"),
        ("parseCidr('10.0.0.0/30').lastUsable", "10.0.0.2"),
        ("dateTimeAdd('2024-01-31T00:00:00Z', 'P1M')", "2024-02-29T00:00:00Z"),
        ("string({ a: 1 })", '{"a":1}'),
        ("[int('7'), bool('true')]", [7, True]),
        ("any('x')", "x"),
        ("sys.toUpper('x')", "X"),
    ],
)
def test_an_expression_has_its_value(expression: str, value: Any) -> None:
    assert evaluated(expression) == value


def test_known_vectors_of_hashes() -> None:
    assert guid("a") == "3703365d-5a9f-59b4-bca7-b9681389e4c1"
    assert len(unique_string("a")) == 13
    assert unique_string("a", "b") == unique_string("a-b")
    assert evaluated("guid('a')") == guid("a")


def test_variables_parameters_imports_and_own_functions() -> None:
    values = compiled(
        "using 'main.json'\n"
        "import { prefix, twice } from 'lib.bicep'\n"
        "import * as lib from 'lib.bicep'\n"
        "var root = '${prefix}!'\n"
        "param p = root\n"
        "param q = twice(p)\n"
        "param r = lib.twice(lib.prefix)\n",
        lib_bicep="@export()\nvar prefix = inner\nvar inner = 'x'\n"
        "@export()\nfunc twice(a string) string => '${a}${a}'\n",
    )
    assert values == {"p": "x!", "q": "x!x!", "r": "xx"}


def test_extending_another_file() -> None:
    values = compiled(
        "using 'main.json'\nextends 'shared.bicepparam'\nparam q = 'own'\nparam r = '${base.p}+'\n",
        shared_bicepparam="using none\nparam p = 'shared'\nparam q = 'hidden'\n",
    )
    assert values == {"p": "shared", "q": "own", "r": "shared+"}


def test_environment_variables_come_from_the_caller() -> None:
    source = (
        "using 'main.json'\nparam p = readEnvironmentVariable('NAME', 'none')\nparam q = {}\nparam r = {}\n"
    )
    assert compiled(source, environment={"NAME": "x"})["p"] == "x"
    assert compiled(source)["p"] == "none"


def test_a_key_vault_secret_is_a_reference() -> None:
    source = (
        "using 'main.json'\nparam p = az.getSecret('s', 'g', 'v', 'name', '1')\nparam q = {}\nparam r = {}\n"
    )
    assert compiled(source)["p"] == {
        "reference": {
            "keyVault": {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"},
            "secretName": "name",
            "secretVersion": "1",
        }
    }


@pytest.mark.parametrize(
    ("source", "template", "code", "place"),
    [
        ("using 'main.bicep'\nparam b = 1\n", "param a string = ''\n", "BCP259", (2, 1)),
        ("using 'main.bicep'\n", "param a string\n", "BCP258", (1, 7)),
        ("using 'main.bicep'\nparam a = 1\n", "param a string\n", "BCP033", (2, 11)),
        ("using 'main.bicep'\nparam a = 'z'\n", "param a 'x' | 'y'\n", "BCP033", (2, 11)),
        ("using 'main.bicep'\nparam a = { n: 'x' }\n", "param a { n: int }\n", "BCP033", (2, 11)),
        ("using 'main.bicep'\nparam a = {}\n", "type t = { n: int }\nparam a t\n", "BCP035", (2, 11)),
        ("using 'main.bicep'\nparam a = ['x', 1]\n", "param a string[]\n", "BCP033", (2, 11)),
        ("using 'main.bicep'\nparam a = 'x'\n", "@minLength(3)\nparam a string\n", "BCP332", (2, 11)),
        ("using 'main.bicep'\nparam a = 9\n", "@maxValue(5)\nparam a int\n", "BCP327", (2, 11)),
        ("using 'absent.bicep'\n", "", "BCP091", (1, 7)),
        ("using 'main.bicep'\nparam a = other\n", "param a string\n", "BCP057", (2, 11)),
        ("using 'main.bicep'\nparam a = fail('no')\n", "param a string\n", "BCP338", (2, 11)),
        ("using 'main.bicep'\nparam a = 1 / 0\n", "param a int\n", "BCP410", (2, 11)),
        (
            "using 'main.bicep'\nparam a = readEnvironmentVariable('NO')\n",
            "param a string\n",
            "BCP427",
            (2, 11),
        ),
        ("using 'main.bicep'\noutput x string = ''\n", "", "BCP337", (2, 1)),
        ("using 'main.bicep'\nparam a = externalInput('x')\n", "param a string\n", "COE-BICEP", (2, 11)),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(
    source: str, template: str, code: str, place: tuple[int, int]
) -> None:
    with pytest.raises(CompileError) as caught:
        compiled(source, main_bicep=template)
    found = [(problem.code, (problem.line, problem.column)) for problem in caught.value.problems]
    assert (code, place) in found
    assert {problem.file for problem in caught.value.problems} == {"x.bicepparam"}


def test_all_problems_of_a_file_at_once() -> None:
    with pytest.raises(CompileError) as caught:
        compiled(
            "using 'main.bicep'\nparam a = 1\nparam b = 'x'\nparam c = true\n",
            main_bicep="param a string\nparam b int\nparam d string\n",
        )
    assert sorted(problem.code for problem in caught.value.problems) == [
        "BCP033",
        "BCP033",
        "BCP258",
        "BCP259",
    ]


def test_the_template_may_be_named_from_a_folder() -> None:
    files = {
        "env/dev.bicepparam": b"using '../main.bicep'\nparam a = 'x'\n",
        "main.bicep": b"param a string\n",
    }

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    found = compile_parameters("env/dev.bicepparam", read, {})
    assert found.template_path == "main.bicep"
    assert found.parameters == {"a": {"value": "x"}}
