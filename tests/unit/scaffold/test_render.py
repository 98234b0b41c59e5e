from __future__ import annotations

import compileall
import json
import os
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cookiecutter.generate import generate_files  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.errors import UsageError
from coe_scaffold.scaffold import render as rendering
from coe_scaffold.scaffold.manifest import kinds
from coe_scaffold.scaffold.project import new_project, render_project
from coe_scaffold.scaffold.render import Wanted, _environment, _filled, render
from coe_scaffold.scaffold.tree import FileTree
from tests.fakes.workspace import settings as workspace_settings


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = tmp_path / "template"
    inside = folder / "{{cookiecutter.repo_name}}" / "{{cookiecutter.package_name}}"
    inside.mkdir(parents=True)
    defaults = {"repo_name": "", "package_name": "", "_copy_without_render": ["*.raw"]}
    (folder / "cookiecutter.json").write_text(json.dumps(defaults))
    (inside / "a.txt").write_text("Hello {{ cookiecutter.title | trim }}")
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


def test_links_are_left_out_and_executables_are_marked(template: Path) -> None:
    package = template / "{{cookiecutter.repo_name}}" / "{{cookiecutter.package_name}}"
    (package / "run.sh").write_text("#!/bin/sh")
    (package / "run.sh").chmod(0o755)
    (package / "link").symlink_to("/etc/passwd")
    tree = render(template, CONTEXT)
    assert set(tree.files) == {"pkg/a.txt", "pkg/b.raw", "pkg/run.sh"}
    assert tree.executable == {"pkg/run.sh"}


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ cookiecutter.items.__func__ }}",
        "{{ [].append(1) }}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_template_reaches_no_python_and_no_file(template: Path, text: str) -> None:
    (template / "{{cookiecutter.repo_name}}" / "bad.txt").write_text(text)
    with pytest.raises(UsageError, match=r"bad\.txt"):
        render(template, CONTEXT)


def test_a_path_cannot_leave_the_tree(template: Path) -> None:
    (template / "{{cookiecutter.repo_name}}" / "{{cookiecutter.title}}").write_text("x")
    with pytest.raises(UsageError, match="cannot be used"):
        render(template, {**CONTEXT, "title": "../../escaped"})


def test_wrong_syntax_names_file_and_line(template: Path) -> None:
    (template / "{{cookiecutter.repo_name}}" / "bad.txt").write_text("fine\n{% if %}\n")
    with pytest.raises(UsageError, match=r"template/bad\.txt:2: "):
        render(template, CONTEXT)


def test_bytes_and_line_ends_stay(template: Path) -> None:
    inside = template / "{{cookiecutter.repo_name}}"
    (inside / "a.bin").write_bytes(b"\0{{ x }}")
    (inside / "b.bin").write_bytes(b"\xff{{ x }}")
    (inside / "c.txt").write_bytes(b"{{ cookiecutter.title }}\r\nend\r\n")
    files = render(template, CONTEXT).files
    assert (files["a.bin"], files["b.bin"]) == (b"\0{{ x }}", b"\xff{{ x }}")
    assert files["c.txt"] == b"Claims\r\nend\r\n"


def test_a_file_without_a_name_is_left_out(template: Path) -> None:
    (template / "{{cookiecutter.repo_name}}" / "{% if 0 %}x{% endif %}").write_text("x")
    assert set(render(template, CONTEXT).files) == {"pkg/a.txt", "pkg/b.raw"}


def by_cookiecutter(
    template: Path, context: Mapping[str, Any], *, wanted: Wanted, packaged: bool = False
) -> FileTree:
    defaults = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        top = generate_files(
            repo_dir=template,
            context={"cookiecutter": {**defaults, **context}},
            output_dir=folder,
            accept_hooks=False,
        )
        made = [path for path in Path(top).rglob("*") if path.is_file()]
        tree = FileTree(
            {path.relative_to(top).as_posix(): path.read_bytes() for path in made},
            frozenset(path.relative_to(top).as_posix() for path in made if os.access(path, os.X_OK)),
        )
    return tree.without(path for path in tree.files if not wanted(path))


@pytest.mark.parametrize("kind", [manifest.id for manifest in kinds()])
def test_cookiecutter_makes_the_same_bytes_of_every_kind(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = workspace_settings()
    project = new_project(settings, "claims-chat", kind)
    ours = render_project(settings, project, today=date(2026, 1, 2))
    monkeypatch.setattr("coe_scaffold.scaffold.project.render", by_cookiecutter)
    assert render_project(settings, project, today=date(2026, 1, 2)) == ours


def test_filters_of_cookiecutter_work(template: Path) -> None:
    text = "{{ cookiecutter.title | slugify }} {{ {'b': 1, 'a': [2]} | jsonify(indent=None) }}"
    (template / "{{cookiecutter.repo_name}}" / "c.txt").write_text(text)
    context = {**CONTEXT, "title": "Claims & Co"}
    found = render(template, context).text("c.txt")
    assert found == 'claims-co {"a": [2], "b": 1}'
    assert by_cookiecutter(template, context, wanted=lambda path: True).text("c.txt") == found


def test_files_nobody_wants_are_not_even_read(template: Path) -> None:
    (template / "{{cookiecutter.repo_name}}" / "bad.txt").write_text("{% if %}")
    assert "bad.txt" not in render(template, CONTEXT, wanted=lambda path: path != "bad.txt").files


def test_what_is_compiled_is_kept_for_packaged_templates_only(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for packaged in (True, False):
        _environment.cache_clear()
        assert render(template, CONTEXT, packaged=packaged).text("pkg/a.txt") == "Hello Claims"
        kept = list(tmp_path.glob("_jinja2-cache*/__coe_*"))
        assert bool(kept) is packaged
        for path in kept:
            assert path.parent.stat().st_mode & 0o077 == 0
            path.unlink()
    _environment.cache_clear()


def test_a_kept_template_is_compiled_again_once_it_has_changed(template: Path) -> None:
    changed = template / "{{cookiecutter.repo_name}}" / "{{cookiecutter.package_name}}" / "a.txt"
    for word in ("Hello", "Good-bye", "Hello"):
        changed.write_text(f"{word} {{{{ cookiecutter.title | trim }}}}")
        for _ in range(2):
            assert render(template, CONTEXT, packaged=True).text("pkg/a.txt") == f"{word} Claims"


def test_without_a_folder_to_keep_them_in_templates_are_compiled(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    _environment.cache_clear()
    assert render(template, CONTEXT, packaged=True).text("pkg/a.txt") == "Hello Claims"
    _environment.cache_clear()


PIECES = st.sampled_from(
    [
        *("text ", "{", "}", "}}", "%}", "\n", "\r\n", "{{ cookiecutter.name }}", "{{cookiecutter.name}}"),
        *("{{ cookiecutter.facts.deep }}", "{{ cookiecutter.facts }}", "{{ cookiecutter.number }}"),
        *("{{ cookiecutter.items }}", "{{ cookiecutter.lost }}", "{{- cookiecutter.name }}", "{{ '{{' }}"),
        *(
            "{% raw %}",
            "{% endraw %}",
            "{%- endraw %}",
            "{# note #}",
            "{% if cookiecutter.name %}",
            "{% endif %}",
        ),
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_plain_texts_are_filled_in_as_jinja_does_it(text: str) -> None:
    context = {"name": "{{ 7 * 7 }}", "number": 7, "facts": {"deep": "ü\n"}}
    filled = _filled(text, context)
    if filled is not None:
        assert filled == _environment(keeps=False).from_string(text).render(cookiecutter=context)


def test_most_templates_of_the_kinds_are_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jinja compiles what has blocks or filters; that is what the first run of a version waits for."""
    compiled: list[str] = []

    def noted(environment: Any, text: str, place: str) -> Any:
        compiled.append(place)
        return environment.from_string(text)

    monkeypatch.setattr(rendering, "_compiled", noted)
    place = workspace_settings()
    tree = render_project(place, new_project(place, "claims-chat", "rag"), today=date(2026, 11, 24))
    assert 0 < len(compiled) < len([path for path in tree.files if not path.startswith("infra/")]) / 3
