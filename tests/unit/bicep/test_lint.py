"""The linter's rules, each on code that breaks it and on code that keeps it."""

from __future__ import annotations

import pytest

from coe_scaffold.bicep import lint_bicep

STORE = "resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = { name: 's', location: 'global' }\n"
CHILD = "resource c 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = "


def found(source: str) -> list[tuple[int, str]]:
    def read(path: str) -> bytes:
        if path != "x.bicep":
            raise FileNotFoundError(path)
        return source.encode()

    return [(problem.line, problem.code) for problem in lint_bicep("x.bicep", read)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("param a string\n", [(1, "no-unused-params")]),
        ("param a string\noutput b string = a\n", []),
        ("var a = 1\n", [(1, "no-unused-vars")]),
        ("@export()\nvar a = 1\n", []),
        ("@secure()\nparam k string\noutput o string = k\n", [(3, "outputs-should-not-contain-secrets")]),
        (
            STORE + "output o string = s.listKeys().keys[0].value\n",
            [(2, "outputs-should-not-contain-secrets")],
        ),
        ("output password string = 'x'\n", [(1, "outputs-should-not-contain-secrets")]),
        ("@secure()\nparam k string\n@secure()\noutput o string = k\n", []),
        (
            "@secure()\nparam k string = 'x'\nvar v = k\noutput o int = length(v)\n",
            [(2, "secure-parameter-default")],
        ),
        ("@secure()\nparam k string = newGuid()\nvar v = k\noutput o int = length(v)\n", []),
        (
            "param adminPassword string\nvar v = length(adminPassword)\noutput o int = v\n",
            [(1, "secure-secrets-in-params")],
        ),
        ("param secretName string\noutput o string = secretName\n", []),
        (STORE.replace("global", "westus"), [(1, "no-hardcoded-location")]),
        ("var l = 'westus'\n" + STORE.replace("'global'", "l"), [(2, "no-hardcoded-location")]),
        (STORE, []),
        ("param a string\noutput o string = concat(a, 'x')\n", [(2, "prefer-interpolation")]),
        ("output o array = concat([1], [2])\n", []),
        (STORE + CHILD + "{ name: '${s.name}/default' }\n", [(2, "use-parent-property")]),
        (STORE + CHILD + "{ parent: s, name: 'default' }\n", []),
        (
            STORE + CHILD + "{\n  parent: s\n  name: 'default'\n  dependsOn: [\n    s\n  ]\n}\n",
            [(6, "no-unnecessary-dependson")],
        ),
    ],
)
def test_a_rule(source: str, expected: list[tuple[int, str]]) -> None:
    assert found(source) == expected


def test_directives_silence_rules() -> None:
    assert found("#disable-next-line no-unused-vars\nvar a = 1\nvar b = 2\n") == [(3, "no-unused-vars")]
    text = "#disable-diagnostics no-unused-vars\nvar a = 1\n#restore-diagnostics no-unused-vars\nvar b = 2\n"
    assert found(text) == [(4, "no-unused-vars")]
