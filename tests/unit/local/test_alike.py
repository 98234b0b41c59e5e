"""Files that are the same in several folders are compiled once, and only those."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.local.alike import AlikeFiles

MODULE = """param name string
resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: 'swedencentral'
  sku: { name: 'Standard_ZRS' }
  kind: 'StorageV2'
}
"""
MAIN = "module store '../modules/storage.bicep' = {\n  name: 'store'\n  params: { name: 'stexample' }\n}\n"


class Disk:
    """Files in memory."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(files)

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path].encode()

    def names(self, folder: str) -> list[str]:
        return [Path(file).name for file in self.files if str(Path(file).parent) == folder]


def disk(*projects: str) -> Disk:
    return Disk(
        {
            f"{project}/infra/{name}": text
            for project in projects
            for name, text in {"main/main.bicep": MAIN, "modules/storage.bicep": MODULE}.items()
        }
    )


@pytest.mark.parametrize("root", ["", "/ws/"])
def test_the_same_files_elsewhere_give_the_same_with_their_own_places(root: str, compiled: list[str]) -> None:
    there = disk(f"{root}a", f"{root}b")
    files = AlikeFiles(there.read, there.names)
    main = f"{root}b/infra/main/main.bicep"
    files.compile(f"{root}a/infra/main/main.bicep", "")
    fresh = compile_bicep(main, there.read)
    assert files.compile(main, "") == (fresh.template, fresh.locations)
    assert any(
        place.startswith(f"{root}b/infra/modules/storage.bicep:") for place in fresh.locations.values()
    )
    assert compiled == [f"{root}a/infra/main/main.bicep"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("b/infra/modules/storage.bicep", MODULE.replace("ZRS", "GRS")),
        ("b/infra/main/main.bicep", MAIN.replace("stexample", "stother")),
        ("b/infra/bicepconfig.json", "{}"),
        ("b/bicepconfig.json", "{}"),
    ],
)
def test_a_file_that_differs_or_appears_is_noticed(path: str, text: str, compiled: list[str]) -> None:
    there = disk("a", "b")
    files = AlikeFiles(there.read, there.names)
    files.compile("a/infra/main/main.bicep", "")
    there.files[path] = text
    main = "b/infra/main/main.bicep"
    assert files.compile(main, "")[0] == compile_bicep(main, there.read).template
    assert compiled == ["a/infra/main/main.bicep", main]


def test_a_file_that_changes_is_compiled_again(compiled: list[str]) -> None:
    there = disk("a")
    files = AlikeFiles(there.read, there.names)
    before, _ = files.compile("a/infra/main/main.bicep", "")
    there.files["a/infra/modules/storage.bicep"] = MODULE.replace("ZRS", "GRS")
    after, _ = files.compile("a/infra/main/main.bicep", "")
    assert before != after
    assert len(compiled) == 2


@pytest.mark.parametrize("other", ["deep/b", "/b", "../b"])
def test_another_depth_is_compiled_by_itself(other: str, compiled: list[str]) -> None:
    there = disk("a", other)
    files = AlikeFiles(there.read, there.names)
    files.compile("a/infra/main/main.bicep", "")
    files.compile(f"{other}/infra/main/main.bicep", "")
    assert len(compiled) == 2


def test_a_file_that_lists_a_folder_is_compiled_each_time(compiled: list[str]) -> None:
    text = "output names array = map(loadDirectoryFileInfo('./'), file => file.baseName)\n"
    there = Disk({"a/main.bicep": text, "b/main.bicep": text, "b/more.txt": ""})
    files = AlikeFiles(there.read, there.names)
    files.compile("a/main.bicep", "")
    files.compile("b/main.bicep", "")
    assert len(compiled) == 2
