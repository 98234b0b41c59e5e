from __future__ import annotations

import compileall
import json
from pathlib import Path

import pytest

from coe_scaffold.scaffold.render import read_tree, render


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = tmp_path / "template"
    inside = folder / "{{cookiecutter.repo_name}}" / "{{cookiecutter.package_name}}"
    inside.mkdir(parents=True)
    defaults = {"repo_name": "", "package_name": "", "_copy_without_render": ["*.raw"]}
    (folder / "cookiecutter.json").write_text(json.dumps(defaults))
    (inside / "a.txt").write_text("Hello {{ cookiecutter.title }}")
    (inside / "b.raw").write_text("${{ github.ref }}")
    return folder


CONTEXT = {"repo_name": "repo", "package_name": "pkg", "title": "Claims"}


def test_names_and_texts_are_rendered_and_raw_files_are_not(template: Path) -> None:
    tree = render(template, CONTEXT)
    assert tree.files == {"pkg/a.txt": b"Hello Claims", "pkg/b.raw": b"${{ github.ref }}"}


def test_an_answer_that_looks_like_a_template_stays_text(template: Path) -> None:
    tree = render(template, {**CONTEXT, "title": "{{ 7 * 7 }}{% raw %}"})
    assert tree.text("pkg/a.txt") == "Hello {{ 7 * 7 }}{% raw %}"


def test_a_name_that_nobody_sets_is_an_error(template: Path) -> None:
    with pytest.raises(Exception, match="title"):
        render(template, {"repo_name": "repo", "package_name": "pkg"})


def test_hooks_do_not_run(template: Path, tmp_path: Path) -> None:
    hooks = template / "hooks"
    hooks.mkdir()
    (hooks / "pre_gen_project.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    render(template, CONTEXT)
    assert not (tmp_path / "ran").exists()


def test_nothing_of_the_users_is_read_or_written(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".cookiecutterrc").write_text("default_context: {title: wrong, repo_name: wrong}")
    monkeypatch.setenv("HOME", str(home))
    before = Path.cwd()
    assert render(template, CONTEXT).text("pkg/a.txt") == "Hello Claims"
    assert [path.name for path in home.iterdir()] == [".cookiecutterrc"]
    assert Path.cwd() == before


def test_what_installing_compiled_is_left_out(template: Path) -> None:
    package = template / "{{cookiecutter.repo_name}}" / "{{cookiecutter.package_name}}"
    (package / "code.py").write_text("x = 1\n")
    compileall.compile_dir(str(package), quiet=1)
    assert (package / "__pycache__").is_dir()
    assert set(render(template, CONTEXT).files) == {"pkg/a.txt", "pkg/b.raw", "pkg/code.py"}


def test_links_are_left_out_and_executables_are_marked(tmp_path: Path) -> None:
    (tmp_path / "run.sh").write_text("#!/bin/sh")
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "link").symlink_to("/etc/passwd")
    tree = read_tree(tmp_path)
    assert tree.files == {"run.sh": b"#!/bin/sh"}
    assert tree.executable == {"run.sh"}
