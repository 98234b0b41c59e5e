"""What the command says of what the machine refuses, and of what is a bug of ours."""

from __future__ import annotations

import errno
import os
import tempfile

import pytest

from coe_scaffold.cli import main


def ended(error: Exception, monkeypatch: pytest.MonkeyPatch) -> int:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(main.cli, "main", fail)
    return main.run(["plan"])


def test_a_full_disk_is_no_bug_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somewhere/file")
    assert ended(full, monkeypatch) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"error: /somewhere/file: {os.strerror(errno.ENOSPC)}\nfix: ")


def test_any_other_error_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: os.PathLike[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert ended(OSError(errno.ENOTCONN, "not connected"), monkeypatch) == 70
    assert "this is a bug in coe-scaffold" in capsys.readouterr().err
