"""``coe intake``: from a use case to its risk tier."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, may_ask, no_input_option, output_option, workspace_option
from coe_scaffold.cli.output import emit, say

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(epilog=example("coe intake claims-chat --kind rag --answers use-case.yaml"))
@workspace_option
@click.argument("name")
@click.option("--kind", default="rag", show_default=True, help="Kind of project.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Answer a question.")
@click.option("--answers", "file", type=_FILE, help="YAML file of answers; --set overrides it.")
@no_input_option
@output_option
def command(
    directory: Path,
    name: str,
    kind: str,
    pairs: tuple[str, ...],
    file: Path | None,
    no_input: bool,
    output: str,
) -> None:
    """Ask for value, users, data, autonomy and affected people; classify; write intake/NAME.yaml.

    It goes into the workspace, or where you are without one. For a project that exists, its project.yaml is
    changed too. A prohibited use case writes nothing and ends with exit code 3. The tier is a proposal with
    its reasons: the Compliance Officer decides.
    """
    from coe_scaffold.cli.questions import answers_in, ask_intake
    from coe_scaffold.local.clock import SystemClock
    from coe_scaffold.local.files import DiskFiles
    from coe_scaffold.local.project_file import change_use_case
    from coe_scaffold.local.workspace import intake_place
    from coe_scaffold.operations import intake as operation
    from coe_scaffold.scaffold.manifest import kind as manifest_of
    from coe_scaffold.scaffold.project import check_name

    check_name(name)
    root, existing = intake_place(directory, name)
    manifest = manifest_of(kind)
    given = answers_in(file, pairs)
    answers = operation.complete(ask_intake(given) if may_ask(no_input) else given)
    case = operation.classify(answers)
    operation.refuse_prohibited(case)
    target = root / "intake" / f"{name}.yaml"
    text = operation.record(case, name, manifest, SystemClock().now().date())
    DiskFiles().write(target, text.encode())
    if existing.is_file():
        DiskFiles().write(existing, change_use_case(existing, operation.project_answers(case, manifest)))
    if output == "json":
        emit({**operation.document(case, name), "file": str(target)})
        return
    say(f"Risk tier: {case.tier}")
    say(operation.reasons_text(case.reasons) or "  No rule asks for more.")
    say(f"Wrote {target}" + (f" and changed {existing}." if existing.is_file() else "."))
    if not existing.is_file():
        say(f"Next: coe new project {name} --kind {kind}, which takes the answers over.")
