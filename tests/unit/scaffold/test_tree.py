from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.scaffold.tree import FileTree

names = st.text(st.sampled_from("abcd"), min_size=1, max_size=3)
trees = st.dictionaries(names, st.binary(max_size=4), max_size=5).map(FileTree)


@pytest.mark.parametrize("path", ["/etc/passwd", "../up", "a/../../b", "", ".", "a//b", "./a"])
def test_a_path_that_leaves_the_tree_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is not a path inside a tree"):
        FileTree({path: b""})


@pytest.mark.parametrize(
    "path", [".git/hooks/pre-commit", "a/.GIT/config", ".git", ".git. /config", "GIT~1/config", ".git::$DATA"]
)
def test_a_path_that_belongs_to_git_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="belongs to git"):
        FileTree({path: b""})
    FileTree({".github/a": b"", ".gitignore": b"", "a.git/b": b"", "git/hooks": b""})


def test_an_executable_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no such files in the tree: run\.sh"):
        FileTree({"a": b""}, frozenset({"run.sh"}))


@given(trees)
def test_paths_come_in_order_whatever_the_order_of_making(tree: FileTree) -> None:
    backwards = FileTree(dict(reversed(list(tree.files.items()))))
    assert list(backwards.files) == list(tree.files) == sorted(tree.files)


@given(trees, trees)
def test_merging_takes_the_other_tree_where_both_have_a_path(left: FileTree, right: FileTree) -> None:
    merged = left.merge(right, replace=True)
    assert merged.files.keys() == left.files.keys() | right.files.keys()
    assert all(merged.files[path] == content for path, content in right.files.items())
    assert merged.merge(right) == merged


@given(trees, trees)
def test_merging_refuses_exactly_the_paths_in_conflict(left: FileTree, right: FileTree) -> None:
    shared = left.files.keys() & right.files.keys()
    conflicts = sorted(path for path in shared if left.files[path] != right.files[path])
    if conflicts:
        with pytest.raises(ValueError, match=rf"both trees have their own {', '.join(conflicts)}$"):
            left.merge(right)
    else:
        assert left.merge(right) == right.merge(left)


def test_a_replaced_file_is_executable_only_when_the_other_says_so() -> None:
    left = FileTree({"run": b"1", "keep": b""}, frozenset({"run", "keep"}))
    assert left.merge(FileTree({"run": b"2"}), replace=True).executable == {"keep"}


def test_prefix_moves_files_and_executables() -> None:
    moved = FileTree({"a": b"1", "b/c": b"2"}, frozenset({"b/c"})).prefix("x/y")
    assert moved == FileTree({"x/y/a": b"1", "x/y/b/c": b"2"}, frozenset({"x/y/b/c"}))


def test_without_drops_files_and_their_mark() -> None:
    tree = FileTree({"a": b"1", "b": b"2"}, frozenset({"a"}))
    assert tree.without(["a", "zz"]) == FileTree({"b": b"2"})


def test_text_and_hashes() -> None:
    tree = FileTree({"a": "ä".encode()})
    assert tree.text("a") == "ä"
    assert tree.hashes() == {"a": hashlib.sha256("ä".encode()).hexdigest()}
