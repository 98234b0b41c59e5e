"""Templates that are not packaged: a folder on this machine, or a git URL that is cloned for a while."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coe_scaffold.config.source import Source
from coe_scaffold.config.template_schema import template_file
from coe_scaffold.errors import CoeError, ConfigError, Problem, UsageError
from coe_scaffold.local.git import run_git
from coe_scaffold.scaffold.manifest import Manifest, kind, template_at

_URL = re.compile(r"^(https://|ssh://|file://|git@)\S+$")


@contextmanager
def opened(kind_id: str, source: str = "") -> Iterator[Manifest]:
    """Yield the manifest of a packaged kind, or with ``source`` of the template in a folder or git URL.

    ``URL#NAME`` is the branch or tag NAME. Only https, ssh and file URLs are cloned, without hooks,
    submodules and filters. Raises UsageError or CoeError.
    """
    if not source:
        yield kind(kind_id)
        return
    if not _URL.match(source):
        folder = Path(source).expanduser().resolve()
        if not folder.is_dir():
            raise UsageError(
                f"there is no template at {source}", fix="Name a folder, or an https or ssh URL."
            )
        yield template_at(folder, _told(folder, str(folder)), source=str(folder))
        return
    url, _, name = source.partition("#")
    with tempfile.TemporaryDirectory(prefix="coe-template-") as temporary:
        place = Path(temporary) / "template"
        wanted = ("--branch", name) if name else ()
        safe = ("-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never")
        run_git(Path(temporary), *safe, "clone", "--quiet", "--depth=1", *wanted, "--", url, str(place))
        revision = run_git(place, "rev-parse", "HEAD")
        yield template_at(place, _told(place, source), source=source, revision=revision)


def _told(folder: Path, source: str) -> Mapping[str, Any]:
    """Return what the template.yaml of a template says; nothing when there is none or it is a link."""
    file = folder / "template.yaml"
    if file.is_symlink() or not file.is_file():
        return {}
    name = f"{source}/template.yaml"
    try:
        return template_file(Source(name, file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(name, 0, 0, f"it cannot be read: {error}")]) from None


def run_hooks(manifest: Manifest, folder: Path, answers: Mapping[str, str]) -> None:
    """Run the ``post_gen_project`` hook of a template that the user trusts, in the new repository.

    Answers reach it as variables ``COE_ANSWER_<NAME>``: a hook is never rendered, so that no answer becomes
    code. Raises CoeError when it fails.
    """
    import os

    environ = {**os.environ, **{f"COE_ANSWER_{name.upper()}": value for name, value in answers.items()}}
    for hook in sorted((manifest.folder / "hooks").glob("post_gen_project.*")):
        program = [sys.executable] if hook.suffix == ".py" else ["sh"]
        result = subprocess.run([*program, str(hook)], cwd=folder, env=environ, check=False)
        if result.returncode:
            raise CoeError(
                f"the hook {hook.name} failed with exit code {result.returncode}",
                fix=f"The files in {folder} are complete; run the hook by hand or leave --trust out.",
            )


def has_hooks(manifest: Manifest) -> bool:
    """Return whether a template brings hooks that would run after generation."""
    return bool(manifest.source) and any((manifest.folder / "hooks").glob("post_gen_project.*"))
