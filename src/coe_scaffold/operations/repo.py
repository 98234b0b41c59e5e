"""Life of a generated repository: how it stands to its template, updates, adoption.

The branch ``coe/template`` holds pristine renders. An update renders the current template there and lets
git merge; which render a repository has is known from its ``.coe/answers.yaml``, so that squashed and
rebased updates count as updates too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from coe_scaffold.config.source import Source
from coe_scaffold.config.workspace import load_project
from coe_scaffold.errors import UsageError
from coe_scaffold.model.repository import TEMPLATE_BRANCH, Entries, Incoming, RepositoryStatus, Update
from coe_scaffold.model.settings import Project, Settings
from coe_scaffold.ports import Repository
from coe_scaffold.scaffold.manifest import Manifest, Ownership
from coe_scaffold.scaffold.merging import Sides, adopt, incoming, prepare
from coe_scaffold.scaffold.project import new_project, render_project
from coe_scaffold.scaffold.provenance import PATH, Record, read_record
from coe_scaffold.scaffold.tree import FileTree

_PROJECT_FILE = "project.yaml"


@dataclass(frozen=True)
class Tracked:
    """A repository, the record of the render it has, and the render that the template gives now."""

    repository: Repository = field(hash=False)
    record: Record
    manifest: Manifest
    new: FileTree

    @property
    def incoming(self) -> Incoming:
        """What the new render changes."""
        return incoming(
            self.record,
            self.new.hashes(),
            owner_of=self.manifest.owner_of,
            migrations=self.manifest.migrations_since(self.record.version),
        )


def record_of(repository: Repository) -> Record:
    """Return the record a repository carries; raise UsageError when it carries none."""
    text = repository.read("HEAD", PATH)
    if not text:
        raise UsageError(
            f"{repository.folder} was not generated from a template: it has no {PATH}",
            fix="Take it in with 'coe repo adopt --kind KIND'.",
        )
    return read_record(text)


def track(settings: Settings, repository: Repository, manifest: Manifest) -> Tracked:
    """Render a repository's template anew, with the project's own answers and the first render's date."""
    record = record_of(repository)
    project = _project(settings, repository, manifest, record.answers)
    project = replace(project, slot=int(record.answers.get("slot", "0")))
    new = _render(settings, project, manifest, record.answers, date.fromisoformat(record.answers["date"]))
    return Tracked(repository, record, manifest, new)


def status(tracked: Tracked) -> RepositoryStatus:
    """Return how a repository stands to its template; raises UsageError without the template's branch."""
    repository, owner_of = tracked.repository, tracked.manifest.owner_of
    base, own = repository.entries(_base(repository)), repository.entries("HEAD")
    changed = [path for path, entry in base.items() if path != PATH and own.get(path) != entry]
    return RepositoryStatus(
        folder=str(repository.folder),
        template=tracked.record.source or tracked.record.template,
        version=tracked.record.version,
        current=tracked.manifest.version,
        incoming=tracked.incoming,
        edited=tuple(path for path in changed if owner_of(path) is Ownership.PLATFORM),
        own=tuple(path for path in changed if owner_of(path) is Ownership.SHARED),
        uncommitted=repository.uncommitted(),
    )


def difference(repository: Repository) -> str:
    """Return what the project changed in files of its template since they were rendered, as a patch."""
    base = _base(repository)
    return repository.patch(base, "HEAD", tuple(repository.entries(base)))


def update(tracked: Tracked, *, dry_run: bool = False, branch: str = "") -> Update:
    """Merge the new render into a repository and commit it, or leave the conflicts for a person.

    With ``branch``, the merge is committed on that branch and the work tree stays as it is; conflicts then
    change nothing. Raises UsageError for uncommitted changes, and for a branch with other content.
    """
    repository = tracked.repository
    if not dry_run and not branch:
        _refuse_uncommitted(repository)
    outcome = Update(
        folder=str(repository.folder),
        version=tracked.record.version,
        current=tracked.manifest.version,
        incoming=tracked.incoming,
    )
    tip = repository.resolve(_ref(repository))
    label = f"template-{tracked.manifest.version}"
    theirs = _recorded(tracked, tip)
    sides = prepare(
        repository.entries(_base(repository)),
        repository.entries("HEAD"),
        repository.entries(theirs),
        owner_of=tracked.manifest.owner_of,
        migrations=tracked.manifest.migrations_since(tracked.record.version),
    )
    if not outcome.incoming.any and outcome.version == outcome.current and not sides.replaced:
        return outcome
    return _merge(repository, sides, theirs, outcome, label=label, dry_run=dry_run, branch=branch)


def take_in(
    settings: Settings, repository: Repository, manifest: Manifest, answers: Mapping[str, str], today: date
) -> Update:
    """Make an existing repository one of a template: add what it lacks, change no file that it has.

    Raises UsageError for uncommitted changes, for a repository without a commit, and for one that follows a
    template already.
    """
    if not repository.resolve("HEAD"):
        raise UsageError(f"{repository.folder} has no commit yet", fix="Commit what there is first.")
    if repository.read("HEAD", PATH) and _ref(repository):
        raise UsageError(f"{repository.folder} follows a template already", fix="Use 'coe repo update'.")
    _refuse_uncommitted(repository)
    project = _project(settings, repository, manifest, {"name": repository.folder.name, **answers})
    new = _render(settings, project, manifest, answers, today)
    theirs = repository.record(new.files, new.executable, f"{manifest.id} {manifest.version}")
    ours = repository.entries("HEAD")
    sides = adopt(ours, repository.entries(theirs))
    outcome = Update(
        folder=str(repository.folder),
        version="",
        current=manifest.version,
        incoming=Incoming(added=tuple(path for path in new.files if path not in ours)),
    )
    return _merge(repository, sides, theirs, outcome, label=f"template-{manifest.version}")


def _merge(
    repository: Repository,
    sides: Sides,
    theirs: str,
    outcome: Update,
    *,
    label: str,
    dry_run: bool = False,
    branch: str = "",
) -> Update:
    """Merge prepared sides and bring the result to a branch, the work tree, or nowhere."""
    head = repository.resolve("HEAD")
    merged = repository.merge(sides.base, sides.ours, sides.theirs, labels=("yours", label))
    message = f"Update from the template to {outcome.current}"
    facts = {"conflicts": merged.conflicts, "replaced": sides.replaced}
    commit = "" if merged.conflicts else repository.commit(merged.tree, message, (head, theirs))
    if dry_run:
        return Update(**{**vars(outcome), **facts, "patch": repository.patch(head, merged.tree)})
    if branch and merged.conflicts:
        return Update(**{**vars(outcome), **facts})
    if branch:
        _offer(repository, branch, commit, head)
    elif merged.conflicts:
        repository.begin(merged, theirs, message)
    else:
        repository.advance(commit)
    repository.point(TEMPLATE_BRANCH, theirs)
    return Update(**{**vars(outcome), **facts, "commit": commit, "branch": branch})


def _offer(repository: Repository, branch: str, commit: str, head: str) -> None:
    """Point a new branch to a commit; one that is there must have been offered for the same head before."""
    there = repository.resolve(f"refs/heads/{branch}")
    if there and repository.resolve(f"{there}^1") != head:
        raise UsageError(
            f"{repository.folder} has a branch {branch} with other content",
            fix=f"Merge it, or delete it with 'git branch -D {branch}'.",
        )
    repository.point(branch, commit)


def _recorded(tracked: Tracked, tip: str) -> str:
    """Return the commit of the new render: the tip of its branch if it is that already."""
    repository, new = tracked.repository, tracked.new
    title = f"{tracked.manifest.id} {tracked.manifest.version}"
    made = repository.record(new.files, new.executable, title, tip)
    return tip if repository.entries(made) == repository.entries(tip) else made


def _ref(repository: Repository) -> str:
    """Return the name of the template's branch, here or at the remote; empty when there is none."""
    for name in (f"refs/heads/{TEMPLATE_BRANCH}", f"refs/remotes/origin/{TEMPLATE_BRANCH}"):
        if repository.resolve(name):
            return name
    return ""


def _base(repository: Repository) -> str:
    """Return the commit of the template's branch that holds the render a repository has now."""
    ref = _ref(repository)
    have: Entries = repository.entries("HEAD")
    if ref:
        for commit, oid in repository.versions(ref, PATH).items():
            if oid == have[PATH].oid:
                return commit
    raise UsageError(
        f"{repository.folder} does not hold the render that {PATH} records",
        detail=f"The branch {TEMPLATE_BRANCH} " + ("has no commit with it." if ref else "is missing."),
        fix=f"Fetch it: git fetch origin {TEMPLATE_BRANCH}:{TEMPLATE_BRANCH}",
    )


def _refuse_uncommitted(repository: Repository) -> None:
    if paths := repository.uncommitted():
        shown = "\n".join(paths[:10]) + ("\n..." if len(paths) > 10 else "")
        raise UsageError(
            f"{repository.folder} has {len(paths)} uncommitted change{'s'[: len(paths) > 1]}",
            detail=shown,
            fix="Commit or stash them first; an update never touches what git does not hold.",
        )


def _project(
    settings: Settings, repository: Repository, manifest: Manifest, answers: Mapping[str, str]
) -> Project:
    """Return the project of a repository: project.yaml as committed, else what its answers say."""
    text = repository.read("HEAD", _PROJECT_FILE)
    if text:
        place = str(Path(repository.folder) / _PROJECT_FILE)
        return load_project(Source(place, text, repository.folder.name), settings)
    known = {question.id for question in manifest.questions}
    environments = tuple(filter(None, answers.get("environments", "").split(",")))
    given = {name: value for name, value in answers.items() if name in known}
    return new_project(
        settings, answers["name"], manifest.id, given, environments=environments, manifest=manifest
    )


def _render(
    settings: Settings, project: Project, manifest: Manifest, answers: Mapping[str, str], today: date
) -> FileTree:
    known = manifest.answers({name: answers[name] for name in answers if name in _asked(manifest)})
    return render_project(settings, project, today=today, manifest=manifest, more=known)


def _asked(manifest: Manifest) -> frozenset[str]:
    return frozenset(question.id for question in manifest.questions)
