"""What an update of a landing zone did, or would do, for people and for programs."""

from __future__ import annotations

from coe_scaffold.model.json import JsonObject
from coe_scaffold.operations.follow import FollowedZone
from coe_scaffold.scaffold.following import Change

FORMAT = "coe-scaffold/landing-zone-update/v1"
_TITLES = {
    Change.NEW: "new",
    Change.CHANGED: "changed, nobody had edited them",
    Change.MERGED: "merged with your edits",
    Change.CONFLICT: "conflicts: both sides changed the same lines, which are marked",
    Change.BESIDE: "templates with edits of yours stay, and the new ones are laid beside them",
    Change.OUT: "deleted by you, and left out",
    Change.GONE: "no longer written: delete them when nothing needs them",
}


def follow_text(zone: FollowedZone, *, dry_run: bool) -> str:
    """Return an update as text; a dry run shows the patch."""
    if not zone.files:
        return f"{zone.folder}: up to date with coe.yaml and {zone.current}."
    since = f"{zone.version} to " if zone.version not in ("", zone.current) else ""
    lines = [f"{zone.folder}: {since}{zone.current}"]
    if not zone.version:
        lines.append("  No record says what was written last: what differs counts as edited by you.")
    for change, title in _TITLES.items():
        paths = [item.path or item.file for item in zone.files if item.change is change]
        lines += [f"  {title}: {len(paths)}", *(f"    {path}" for path in paths)] if paths else []
    if dry_run and zone.patch:
        lines += ["", zone.patch.rstrip("\n")]
    elif dry_run:
        lines.append("Nothing was changed.")
    elif zone.waits:
        lines.append("Next: decide about the files above, then coe check --env all.")
    else:
        lines.append("Next: coe check --env all, then coe plan.")
    return "\n".join(lines)


def follow_document(zone: FollowedZone, *, dry_run: bool) -> JsonObject:
    """Return an update as a document."""
    return {
        "format": FORMAT,
        "folder": str(zone.folder),
        "version": zone.version,
        "current": zone.current,
        "dryRun": dry_run,
        "files": [
            {"path": item.file, "change": item.change.value, "written": item.path} for item in zone.files
        ],
        "patch": zone.patch,
    }
