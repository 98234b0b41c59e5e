from __future__ import annotations

import compileall
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from coe_scaffold.errors import UsageError
from coe_scaffold.scaffold.manifest import kinds
from coe_scaffold.scaffold.project import new_project, render_project
from coe_scaffold.scaffold.render import read_tree, render, render_sandboxed
from coe_scaffold.scaffold.tree import FileTree
from tests.fakes.workspace import settings as workspace_settings


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


Renderer = Callable[..., FileTree]


@pytest.fixture(params=[render, render_sandboxed], ids=["cookiecutter", "sandbox"])
def renderer(request: pytest.FixtureRequest) -> Renderer:
    found: Renderer = request.param
    return found


CONTEXT = {"repo_name": "repo", "package_name": "pkg", "title": "Claims"}


def test_names_and_texts_are_rendered_and_raw_files_are_not(renderer: Renderer, template: Path) -> None:
    tree = renderer(template, CONTEXT)
    assert tree.files == {"pkg/a.txt": b"Hello Claims", "pkg/b.raw": b"${{ github.ref }}"}


def test_an_answer_that_looks_like_a_template_stays_text(renderer: Renderer, template: Path) -> None:
    tree = renderer(template, {**CONTEXT, "title": "{{ 7 * 7 }}{% raw %}"})
    assert tree.text("pkg/a.txt") == "Hello {{ 7 * 7 }}{% raw %}"


def test_a_name_that_nobody_sets_is_an_error(renderer: Renderer, template: Path) -> None:
    with pytest.raises(Exception, match="title"):
        renderer(template, {"repo_name": "repo", "package_name": "pkg"})


def test_hooks_do_not_run(renderer: Renderer, template: Path, tmp_path: Path) -> None:
    hooks = template / "hooks"
    hooks.mkdir()
    (hooks / "pre_gen_project.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    renderer(template, CONTEXT)
    assert not (tmp_path / "ran").exists()


def test_nothing_of_the_users_is_read_or_written(
    renderer: Renderer, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".cookiecutterrc").write_text("default_context: {title: wrong, repo_name: wrong}")
    monkeypatch.setenv("HOME", str(home))
    before = Path.cwd()
    assert renderer(template, CONTEXT).text("pkg/a.txt") == "Hello Claims"
    assert [path.name for path in home.iterdir()] == [".cookiecutterrc"]
    assert Path.cwd() == before


def test_what_installing_compiled_is_left_out(renderer: Renderer, template: Path) -> None:
    package = template / "{{cookiecutter.repo_name}}" / "{{cookiecutter.package_name}}"
    (package / "code.py").write_text("x = 1\n")
    compileall.compile_dir(str(package), quiet=1)
    assert (package / "__pycache__").is_dir()
    assert set(renderer(template, CONTEXT).files) == {"pkg/a.txt", "pkg/b.raw", "pkg/code.py"}


def test_links_are_left_out_and_executables_are_marked(tmp_path: Path) -> None:
    (tmp_path / "run.sh").write_text("#!/bin/sh")
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "link").symlink_to("/etc/passwd")
    tree = read_tree(tmp_path)
    assert tree.files == {"run.sh": b"#!/bin/sh"}
    assert tree.executable == {"run.sh"}


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
        render_sandboxed(template, CONTEXT)


def test_a_path_cannot_leave_the_tree(template: Path) -> None:
    (template / "{{cookiecutter.repo_name}}" / "{{cookiecutter.title}}").write_text("x")
    with pytest.raises(UsageError, match="cannot be used"):
        render_sandboxed(template, {**CONTEXT, "title": "../../escaped"})


def test_wrong_syntax_names_file_and_line(template: Path) -> None:
    (template / "{{cookiecutter.repo_name}}" / "bad.txt").write_text("fine\n{% if %}\n")
    with pytest.raises(UsageError, match=r"template/bad\.txt:2: "):
        render_sandboxed(template, CONTEXT)


def test_bytes_and_line_ends_stay(template: Path) -> None:
    inside = template / "{{cookiecutter.repo_name}}"
    (inside / "a.bin").write_bytes(b"\0{{ x }}")
    (inside / "b.bin").write_bytes(b"\xff{{ x }}")
    (inside / "c.txt").write_bytes(b"{{ cookiecutter.title }}\r\nend\r\n")
    files = render_sandboxed(template, CONTEXT).files
    assert (files["a.bin"], files["b.bin"]) == (b"\0{{ x }}", b"\xff{{ x }}")
    assert files["c.txt"] == b"Claims\r\nend\r\n"


def test_a_file_without_a_name_is_left_out(template: Path) -> None:
    (template / "{{cookiecutter.repo_name}}" / "{% if 0 %}x{% endif %}").write_text("x")
    assert set(render_sandboxed(template, CONTEXT).files) == {"pkg/a.txt", "pkg/b.raw"}


@pytest.mark.parametrize("kind", [manifest.id for manifest in kinds()])
def test_the_sandbox_renders_the_same_bytes_as_cookiecutter(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = workspace_settings()
    project = new_project(settings, "claims-chat", kind)
    by_cookiecutter = render_project(settings, project, today=date(2026, 1, 2))
    monkeypatch.setattr("coe_scaffold.scaffold.project.render", render_sandboxed)
    assert render_project(settings, project, today=date(2026, 1, 2)) == by_cookiecutter
