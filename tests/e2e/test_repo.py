"""Repositories after generation: status, updates that keep edits, adoption, fleets, foreign templates."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import coe
from tests.fakes import versions


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@contoso.example")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace, and beside it a template at version 1.0.0."""
    folder = tmp_path_factory.mktemp("repo")
    assert (
        coe("init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws", cwd=folder).code == 0
    )
    return folder / "ws"


@pytest.fixture
def generated(home: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A workspace with a repository of the template, and the template."""
    workspace, template = tmp_path / "ws", tmp_path / "sample"
    versions.copied(home, workspace)
    versions.first(template)
    ran = coe("new", "project", "sample-repo", "--template", str(template), "--no-input", cwd=workspace)
    assert ran.code == 0, ran.err
    return workspace / "sample-repo", template


def test_thirty_edits_survive_an_update(generated: tuple[Path, Path]) -> None:
    repository, template = generated
    kept = versions.edit(repository)
    assert len(kept) == 30
    before = commit(repository, "Our edits")
    versions.second(template)

    ran = coe("repo", "status", "--exit-code", "--output", "json", cwd=repository)
    assert ran.code == 4
    assert (ran.document["version"], ran.document["current"]) == ("1.0.0", "1.1.0")
    assert ran.document["incoming"]["added"] == ["new/0.txt", "platform/new.txt"]
    assert not any(path.startswith("mine/") for path in ran.document["incoming"]["changed"])

    ran = coe("repo", "update", "--output", "json", cwd=repository)
    assert ran.code == 1
    clashes = [f"clash/{number}.txt" for number in range(5)] + [
        f"goneedited/{number}.txt" for number in range(5)
    ]
    assert ran.document["conflicts"] == clashes
    unmerged = {
        line[3:]
        for line in git(repository, "status", "--porcelain").splitlines()
        if line[0] in "UAD" and line[1] in "UAD"
    }
    assert unmerged == set(clashes)

    outcome = versions.judge(repository, kept)
    assert outcome == versions.Outcome(30, 30, 10, 0, 0, ())
    assert not (repository / "gone").exists()
    assert "of the template" in (repository / "platform/0.txt").read_text()
    assert "of the template" not in (repository / "mine/0.txt").read_text()
    assert "<<<<<<< refs/coe-scaffold/yours" in (repository / "clash/0.txt").read_text()

    commit(repository, "Conflicts resolved")
    assert git(repository, "rev-list", "--parents", "-1", "HEAD").split()[1] == before
    assert coe("repo", "status", "--exit-code", cwd=repository).code == 0
    assert "up to date" in coe("repo", "update", cwd=repository).out


def test_an_abandoned_update_leaves_nothing_behind(generated: tuple[Path, Path]) -> None:
    repository, template = generated
    versions.edit(repository)
    before = commit(repository, "Our edits")
    versions.second(template)
    assert coe("repo", "update", cwd=repository).code == 1
    git(repository, "merge", "--abort")
    assert git(repository, "rev-parse", "HEAD") == before
    assert git(repository, "status", "--porcelain") == ""
    again = coe("repo", "update", "--output", "json", cwd=repository)
    assert len(again.document["conflicts"]) == 10


def test_a_clean_update_is_one_commit_and_squashing_it_is_fine(generated: tuple[Path, Path]) -> None:
    repository, template = generated
    versions.replace(repository / "both/0.txt", " line 3\n", " line 3 of the user\n")
    versions.replace(repository / "platform/0.txt", " line 3\n", " line 3 of the user\n")
    before = commit(repository, "Our edits")
    versions.second(template)
    ran = coe("repo", "update", "--branch", "try", "--output", "json", cwd=repository)
    assert ran.code == 0, ran.err
    assert ran.document["replaced"] == ["platform/0.txt"]
    assert git(repository, "rev-parse", "HEAD") == before
    git(repository, "merge", "--squash", "try")
    commit(repository, "Squashed")
    assert "of the user" in (repository / "both/0.txt").read_text()
    assert coe("repo", "status", "--exit-code", cwd=repository).code == 0
    assert "up to date" in coe("repo", "update", cwd=repository).out


def test_uncommitted_work_is_never_touched(generated: tuple[Path, Path]) -> None:
    repository, template = generated
    versions.second(template)
    (repository / "notes.txt").write_text("mine")
    ran = coe("repo", "update", cwd=repository)
    assert ran.code == 2
    assert "notes.txt" in ran.err
    assert (repository / "notes.txt").read_text() == "mine"
    assert git(repository, "rev-parse", "coe/template") == git(repository, "rev-parse", "HEAD")


def test_a_fleet_gets_branches_where_it_merges_cleanly(generated: tuple[Path, Path]) -> None:
    repository, template = generated
    workspace = repository.parent
    ran = coe("new", "project", "other-repo", "--template", str(template), "--no-input", cwd=workspace)
    assert ran.code == 0
    versions.edit(repository)
    commit(repository, "Our edits")
    versions.second(template)
    (workspace / "list.txt").write_text("sample-repo  # clashes\nother-repo\nnowhere\n")
    ran = coe("repo", "fleet", "--list", "list.txt", "--branches", "--output", "json", cwd=workspace)
    assert ran.code == 1
    clashing, clean, missing = ran.document["repositories"]
    assert len(clashing["conflicts"]) == 10
    assert clean["branch"] == "coe/update-1.1.0"
    assert "nowhere" in missing["problem"]
    other = workspace / "other-repo"
    assert git(other, "diff", "--name-only", "HEAD", "coe/update-1.1.0")
    assert git(other, "status", "--porcelain") == ""
    assert git(repository, "branch", "--list", "coe/update-*") == ""
    again = coe("repo", "fleet", "other-repo", "--branches", "--exit-code", cwd=workspace)
    assert again.code == 4
    assert "branch coe/update-1.1.0" in again.out


def test_an_existing_repository_is_adopted(home: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "ws"
    versions.copied(home, workspace)
    repository = workspace / "old-chat"
    versions.write(repository, {"Makefile": "all:\n\ttrue\n", ".github/workflows/test.yaml": "name: ours\n"})
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(repository))
    commit(repository, "What there was")
    ran = coe("repo", "adopt", "--kind", "rag", "--set", "owner=a@contoso.example", cwd=repository)
    assert ran.code == 0, ran.err
    assert (repository / "Makefile").read_text() == "all:\n\ttrue\n"
    assert (repository / "governance" / "intake.yaml").is_file()
    assert git(repository, "status", "--porcelain") == ""
    status = coe("repo", "status", "--exit-code", "--output", "json", cwd=repository)
    assert status.code == 4
    assert status.document["edited"] == [".github/workflows/test.yaml"]
    assert status.document["own"] == ["Makefile"]
    assert "follows a template already" in coe("repo", "adopt", cwd=repository).err
    assert coe("repo", "update", cwd=repository).code == 0
    assert (repository / ".github/workflows/test.yaml").read_text() != "name: ours\n"
    assert (repository / "Makefile").read_text() == "all:\n\ttrue\n"


def test_a_repository_that_was_written_into_a_folder_is_adopted(tmp_path: Path) -> None:
    repository = tmp_path / "demo-rag"
    repository.mkdir()
    (repository / "notes.txt").write_text("mine")
    made = coe("new", "project", "demo-rag", "--into", "--no-input", cwd=tmp_path)
    assert made.code == 0, made.err
    assert f"coe repo adopt {repository}" in made.err
    git(repository, "init", "--quiet")
    commit(repository, "All of it")
    assert coe("repo", "adopt", "demo-rag", cwd=tmp_path).code == 0
    assert coe("repo", "status", "--exit-code", "demo-rag", cwd=tmp_path).code == 0
    assert (repository / "notes.txt").read_text() == "mine"
    other = tmp_path / "other"
    other.mkdir()
    assert coe("repo", "adopt", "other", cwd=tmp_path).code == 2  # it has no git


def test_files_are_listed_and_not_written(home: Path) -> None:
    ran = coe("new", "project", "listed", "--no-input", "--dry-run", cwd=home)
    assert ran.code == 0
    assert "project.yaml" in ran.out.splitlines()
    assert not (home / "listed").exists()


def test_a_folder_with_files_is_refused_unless_asked_for(home: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    versions.write(taken, {"notes.txt": "mine"})
    (home / "answers.yaml").write_text("owner: b@contoso.example\nrisk_tier: minimal\n")
    new = ("new", "project", "into-it", "--no-input", "--answers", "answers.yaml", "--into", str(taken))
    ran = coe(*new, cwd=home)
    assert ran.code == 0, ran.err
    assert (taken / "notes.txt").read_text() == "mine"
    assert "b@contoso.example" in (taken / "project.yaml").read_text()
    again = coe(*new, cwd=home)
    assert again.code == 2
    assert "files already" in again.err
    assert ".coe/answers.yaml" in again.err


def test_a_foreign_template_runs_no_code_unless_trusted(home: Path, tmp_path: Path) -> None:
    template = tmp_path / "foreign"
    versions.first(template)
    versions.write(template, {"hooks/post_gen_project.sh": "echo $COE_ANSWER_OWNER > ran.txt\n"})
    (template / versions.TOP / "link").symlink_to("/etc/passwd")
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(template))
    commit(template, "A template")
    url = template.as_uri()
    ran = coe("new", "project", "from-url", "--template", url, "--no-input", cwd=home)
    assert ran.code == 0, ran.err
    assert "--trust" in ran.err
    assert not (home / "from-url" / "ran.txt").exists()
    assert not (home / "from-url" / "link").exists()
    assert coe("repo", "status", "--exit-code", cwd=home / "from-url").code == 0
    owner = ("--set", "owner=h@contoso.example")
    ran = coe("new", "project", "trusted", "--template", url, "--trust", *owner, "--no-input", cwd=home)
    assert (home / "trusted" / "ran.txt").read_text() == "h@contoso.example\n"


INTAKE = {
    "owner": "a@contoso.example",
    "sponsor": "Claims",
    "value_metric": "minutes",
    "users": "handlers",
    "data_classification": "internal",
    "personal_data": "no",
    "autonomy": "assistive",
    "influence": "material",
    "profiling": "no",
    "affected_people": "customers",
    "practice": "none",
    "area": "employment",
    "interacts": "yes",
    "generates": "yes",
}


def test_an_intake_starts_a_project_and_a_prohibited_one_does_not(home: Path) -> None:
    missing = coe("intake", "hiring", "--no-input", cwd=home)
    assert missing.code == 2
    assert len(missing.err.splitlines()) == 2 + len(INTAKE)
    pairs = [word for name, value in INTAKE.items() for word in ("--set", f"{name}={value}")]
    banned = coe("intake", "hiring", *pairs, "--set", "practice=social-scoring", cwd=home)
    assert banned.code == 3
    assert "Article 5(1)(c)" in banned.err
    assert not (home / "intake").exists()
    done = coe("intake", "hiring", *pairs, cwd=home)
    assert done.code == 0
    assert "Risk tier: high" in done.out
    assert "Annex III" in done.out
    made = coe("new", "project", "hiring", "--no-input", cwd=home)
    assert made.code == 0, made.err
    assert "riskTier: high" in (home / "hiring/project.yaml").read_text()
    assert (home / "hiring/governance/fria.md").is_file()
    again = coe("intake", "hiring", *pairs, "--set", "influence=preparatory", cwd=home)
    assert again.code == 0
    text = (home / "hiring/project.yaml").read_text()
    assert "riskTier: limited" in text
    assert text.startswith("# The intake record")


def test_without_a_workspace_a_project_is_made_for_a_sample_organisation(tmp_path: Path) -> None:
    ran = coe("new", "project", "demo-docproc", "--kind", "docproc", "--no-input", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "No coe.yaml here or above" in ran.err
    assert [one.name for one in tmp_path.iterdir()] == ["demo-docproc"]
    assert "coe plan --env dev" in ran.out
    again = coe("new", "project", "other", "--workspace", str(tmp_path), "--no-input", cwd=tmp_path)
    assert again.code == 2
    assert "coe init" in again.err
    repository = tmp_path / "demo-docproc"
    reviewed = coe("review", "--gate", "build", cwd=repository)
    assert reviewed.code == 0, reviewed.out
    assert "0 fail a check" in reviewed.out
    judged = coe("check", "infra/project", "--fail-on", "critical", "--output", "json", cwd=repository)
    assert judged.code == 0, judged.err
    assert all(unit["resources"] > 20 for unit in judged.document["units"])
