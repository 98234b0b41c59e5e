"""Fill the search index from the documents: every release does, ``make index`` with your variables.

With ``--outputs`` the settings are those that the infrastructure of an environment hands over.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from ..documents import Corpus, load
from ..front_matter import FrontMatterError
from ..settings import Settings, SettingsError
from ..settings import load as load_settings
from ..users import EVERYONE

_BATCH = 500


def rows(corpus: Corpus, groups: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the passages as index documents; group names become Entra object ids.

    Raises SettingsError for a group without an id: its documents would be readable by nobody.
    """
    names = {name for passage in corpus.passages for name in passage.groups} - {EVERYONE}
    if missing := sorted(name for name in names if not groups.get(name)):
        raise SettingsError(f"config/groups.yaml has no object id for {', '.join(missing)}")
    ids = {EVERYONE: EVERYONE, **groups}
    return [
        {
            "id": passage.id,
            "document": passage.document,
            "title": passage.title,
            "heading": passage.heading,
            "text": passage.text,
            "groups": sorted(ids[name] for name in passage.groups),
            "dataVersion": corpus.version,
        }
        for passage in corpus.passages
    ]


def fill(client: Any, documents: list[dict[str, Any]], version: str) -> int:
    """Upload all documents, then delete those of other versions; return how many were deleted."""
    for batch in _batches(documents):
        failed = [result.key for result in client.upload_documents(batch) if not result.succeeded]
        if failed:
            raise RuntimeError(f"not indexed: {', '.join(failed)}")
    kept = {row["id"] for row in documents}
    stale = client.search(search_text="*", filter=f"dataVersion ne '{version}'", select=["id"])
    old = [{"id": row["id"]} for row in stale if row["id"] not in kept]
    for batch in _batches(old):
        client.delete_documents(batch)
    return len(old)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the index of an environment; exit code 1 with what is wrong when it cannot be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outputs", type=Path, help="what the module infrastructure printed")
    given = parser.parse_args(arguments)
    try:
        return _fill(load_settings({**os.environ, **handed_over(given.outputs)}))
    except (FrontMatterError, OSError, RuntimeError, SettingsError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1


def handed_over(outputs: Path | None) -> dict[str, str]:
    """Return the settings among the outputs of an environment's infrastructure; raise SettingsError without."""
    if outputs is None:
        return {}
    settings = json.loads(outputs.read_text("utf-8")).get("settings")
    if not isinstance(settings, dict):
        raise SettingsError(f"{outputs} hands no settings over")
    return {"PROVIDER": "azure", **{name: str(value) for name, value in settings.items()}}


def _fill(settings: Settings) -> int:
    """Create or update the index, upload the documents of this checkout, and drop older ones."""
    from azure.identity import DefaultAzureCredential
    from azure.search.documents import SearchClient
    from azure.search.documents.indexes import SearchIndexClient
    from azure.search.documents.indexes.models import SearchIndex

    if settings.provider != "azure":
        raise SettingsError("indexing needs PROVIDER=azure")
    endpoint, name = settings.azure["AZURE_SEARCH_ENDPOINT"], settings.azure["AZURE_SEARCH_INDEX"]
    corpus = load(settings.home / "data" / "documents")
    groups = yaml.safe_load(Path(settings.home / "config" / "groups.yaml").read_text("utf-8"))
    documents = rows(corpus, groups["groups"])
    credential = DefaultAzureCredential()
    schema = json.loads((settings.home / "search" / "index.json").read_text("utf-8"))
    SearchIndexClient(endpoint, credential).create_or_update_index(
        SearchIndex({**schema, "name": name})
    )
    dropped = fill(SearchClient(endpoint, name, credential), documents, corpus.version)
    sys.stderr.write(f"{len(documents)} passages of version {corpus.version}, {dropped} dropped\n")
    return 0


def _batches(documents: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    for start in range(0, len(documents), _BATCH):
        yield documents[start : start + _BATCH]


if __name__ == "__main__":
    sys.exit(main())
