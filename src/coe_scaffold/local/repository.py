"""A git repository on this machine, as :class:`coe_scaffold.ports.Repository` asks for it.

Updates are made of git's own objects: trees are prepared in an index of their own and merged by
``git merge-tree``, so that a repository's work tree is touched once, at the end, and only if asked for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from coe_scaffold.errors import CoeError, UsageError
from coe_scaffold.local.git import author, available, run_git
from coe_scaffold.model.repository import Entries, Entry, Merged

_LABELS = "refs/coe-scaffold"


class DiskRepository:
    """The repository whose top folder is ``folder``; raises UsageError for any other folder."""

    def __init__(self, folder: Path) -> None:
        if not available():
            raise CoeError("git is not installed", fix="Install git 2.38 or newer.")
        self.folder = folder.resolve()
        top = run_git(folder, "rev-parse", "--show-toplevel", check=False) if folder.is_dir() else ""
        if not top or Path(top).resolve() != self.folder:
            raise UsageError(
                f"{folder} is no git repository of its own",
                detail=f"It lies inside {top}." if top else "",
                fix="Name the top folder of a project's repository, or run 'git init' and commit there.",
            )

    def resolve(self, revision: str) -> str:
        """Return the id of a commit, or an empty string when there is none of that name."""
        return run_git(self.folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", check=False)

    def uncommitted(self) -> tuple[str, ...]:
        """Return the paths with changes that no commit holds, untracked files too, ignored ones not."""
        text = run_git(self.folder, "status", "--porcelain=v1", "-z", "--untracked-files=all")
        rows = iter(text.split("\0"))
        found = []
        for row in rows:
            if not row:
                continue
            found.append(row[3:])
            if row[0] in "RC":
                next(rows, "")
        return tuple(sorted(found))

    def entries(self, revision: str) -> Entries:
        """Return the files of a commit or tree by path."""
        text = run_git(self.folder, "ls-tree", "-r", "-z", "--full-tree", revision)
        found = {}
        for row in text.split("\0"):
            meta, _, path = row.partition("\t")
            if path:
                mode, _, oid = meta.split(" ")
                found[path] = Entry(mode, oid)
        return found

    def read(self, revision: str, path: str) -> str:
        """Return a text file of a commit; an empty string when it has none of that path."""
        return run_git(self.folder, "cat-file", "blob", f"{revision}:{path}", check=False)

    def versions(self, ref: str, path: str) -> Mapping[str, str]:
        """Return, for each commit of a branch from new to old, the id of one file's content."""
        commits = run_git(self.folder, "rev-list", ref).split()
        asked = "".join(f"{commit}:{path}\n" for commit in commits).encode()
        text = run_git(self.folder, "cat-file", "--batch-check=%(objectname)", data=asked)
        return dict(zip(commits, (line.split(" ")[0] for line in text.splitlines()), strict=True))

    def record(
        self, files: Mapping[str, bytes], executable: frozenset[str], message: str, parent: str = ""
    ) -> str:
        """Write a commit of exactly these files and return its id; no branch is moved."""
        oids = self._blobs(files)
        entries = {
            path: Entry("100755" if path in executable else "100644", oid) for path, oid in oids.items()
        }
        return self.commit(self._tree(entries), message, (parent,) if parent else ())

    def merge(self, base: Entries, ours: Entries, theirs: Entries, *, labels: tuple[str, str]) -> Merged:
        """Merge three trees as git merges branches; conflict markers carry the labels of the two sides."""
        below = self.commit(self._tree(base), "base")
        names = [f"{_LABELS}/{label}" for label in labels]
        for name, side in zip(names, (ours, theirs), strict=True):
            run_git(self.folder, "update-ref", name, self.commit(self._tree(side), "side", (below,)))
        try:
            text = run_git(
                self.folder, "merge-tree", "--write-tree", "-z", "--no-messages", *names, check=False
            )
        finally:
            for name in names:
                run_git(self.folder, "update-ref", "-d", name)
        tree, *rows = text.split("\0")
        if len(tree) < 40 or " " in tree:
            raise CoeError("git cannot merge trees", fix="Install git 2.38 or newer.")
        stages = []
        for row in filter(None, rows):
            meta, _, path = row.partition("\t")
            mode, oid, stage = meta.split(" ")
            stages.append((mode, oid, int(stage), path))
        return Merged(tree, tuple(stages))

    def commit(self, tree: str, message: str, parents: tuple[str, ...] = ()) -> str:
        """Write a commit of a tree and return its id; no branch is moved."""
        above = [word for parent in parents for word in ("-p", parent)]
        options = author(self.folder)
        return run_git(self.folder, *options, "commit-tree", "--no-gpg-sign", tree, *above, "-m", message)

    def point(self, branch: str, commit: str) -> None:
        """Make a branch, or move it, to a commit."""
        run_git(self.folder, "update-ref", f"refs/heads/{branch}", commit)

    def advance(self, commit: str) -> None:
        """Move the current branch and the work tree to a commit that follows it; loses nothing."""
        run_git(self.folder, "merge", "--quiet", "--ff-only", "--no-verify", "--no-verify-signatures", commit)

    def begin(self, merged: Merged, theirs: str, message: str) -> None:
        """Leave a merge with conflicts in work tree and index, for a person to resolve and commit."""
        run_git(self.folder, "read-tree", "-m", "-u", "HEAD", merged.tree)
        paths = "".join(f"0 {'0' * 40}\t{path}\0" for path in merged.conflicts)
        rows = "".join(f"{mode} {oid} {stage}\t{path}\0" for mode, oid, stage, path in merged.stages)
        data = (paths + rows).encode("utf-8", "surrogateescape")
        run_git(self.folder, "update-index", "-z", "--index-info", data=data)
        place = Path(run_git(self.folder, "rev-parse", "--absolute-git-dir"))
        (place / "MERGE_MSG").write_text(message + "\n", encoding="utf-8")
        (place / "MERGE_HEAD").write_text(theirs + "\n", encoding="utf-8")

    def patch(self, old: str, new: str, paths: tuple[str, ...] = ()) -> str:
        """Return the difference of two commits or trees as a patch, of some paths or of all."""
        limits = ("--", *paths) if paths else ()
        form = ("--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "-M")
        return run_git(self.folder, "diff", *form, old, new, *limits)

    def push(self, branches: tuple[str, ...]) -> None:
        """Push branches to the remote ``origin``; raise CoeError with git's words."""
        run_git(self.folder, "push", "--quiet", "origin", *branches)

    def _blobs(self, files: Mapping[str, bytes]) -> dict[str, str]:
        """Write contents as objects in one process and return their ids by path."""
        with tempfile.TemporaryDirectory(prefix="coe-render-") as name:
            folder = Path(name)
            for number, content in enumerate(files.values()):
                (folder / str(number)).write_bytes(content)
            listed = "".join(f"{folder / str(number)}\n" for number in range(len(files))).encode()
            text = run_git(self.folder, "hash-object", "-w", "--no-filters", "--stdin-paths", data=listed)
        return dict(zip(files, text.split(), strict=True))

    def _tree(self, entries: Entries) -> str:
        """Write a tree of entries and return its id."""
        rows = "".join(f"{entry.mode} {entry.oid}\t{path}\0" for path, entry in entries.items())
        with tempfile.TemporaryDirectory(prefix="coe-index-") as name:
            index = Path(name) / "index"
            data = rows.encode("utf-8", "surrogateescape")
            run_git(self.folder, "update-index", "-z", "--index-info", data=data, index=index)
            return run_git(self.folder, "write-tree", index=index)
