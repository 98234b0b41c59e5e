"""Paths in Bicep files."""

from __future__ import annotations

import pytest

from coe_scaffold.bicep.binding.paths import path_problem, relative


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("a.bicep", "", "a.bicep"),
        ("x/a.bicep", "x", "a.bicep"),
        ("x/y/a.bicep", "x", "y/a.bicep"),
        ("y/a.bicep", "x", "../y/a.bicep"),
        ("/r/y/a.bicep", "/r/x/z", "../../y/a.bicep"),
        ("../p/a.bicep", "../q", "../p/a.bicep"),
        ("../a.bicep", "", "../a.bicep"),
        ("x", "x", "../x"),
    ],
)
def test_one_file_as_seen_from_a_folder(path: str, folder: str, expected: str) -> None:
    assert relative(path, folder) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "BCP050"),
        ("/a", "BCP051"),
        ("a\\b", "BCP098"),
        ("a\x00b", "BCP111"),
        ("a|b", "BCP085"),
        ("a.", "BCP086"),
        ("a ", "BCP086"),
    ],
)
def test_a_path_that_is_not_allowed_has_its_code(text: str, code: str) -> None:
    found = path_problem(text)
    assert found is not None
    assert found[0] == code


@pytest.mark.parametrize("text", ["a.bicep", "./a", "../a/b.json", ".", ".."])
def test_an_ordinary_path_is_allowed(text: str) -> None:
    assert path_problem(text) is None
