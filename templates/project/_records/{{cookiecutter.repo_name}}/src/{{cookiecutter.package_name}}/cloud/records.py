"""Records as blobs: a blob's ETag is its version, so that the service decides who was first."""

from __future__ import annotations

import json
from typing import Any

from ..records import Record


class BlobRecords:
    """Implements ``Records`` in one container, for any number of replicas."""

    def __init__(self, container: Any) -> None:
        self._container = container

    @classmethod
    def connect(cls, url: str) -> BlobRecords:
        """Return the records of the container at a URL, signed in without a key."""
        from azure.identity import DefaultAzureCredential
        from azure.storage.blob import ContainerClient

        return cls(ContainerClient.from_container_url(url, credential=DefaultAzureCredential()))

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the names that start with a prefix, those written longest ago first."""
        blobs = self._container.list_blobs(name_starts_with=prefix)
        return tuple(blob.name for blob in sorted(blobs, key=lambda blob: blob.last_modified))

    def get(self, name: str) -> Record | None:
        """Return a record, or None when there is none."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            found = self._container.download_blob(name)
        except ResourceNotFoundError:
            return None
        return Record(json.loads(found.readall()), str(found.properties.etag))

    def add(self, name: str, data: dict[str, Any]) -> bool:
        """Keep a new record; return False when the name is taken."""
        from azure.core.exceptions import ResourceExistsError

        try:
            self._container.upload_blob(name, _bytes(data))
        except ResourceExistsError:
            return False
        return True

    def replace(self, name: str, data: dict[str, Any], version: str) -> bool:
        """Write over a record; return False when it is not at this version any more."""
        from azure.core import MatchConditions
        from azure.core.exceptions import HttpResponseError

        try:
            self._container.upload_blob(
                name,
                _bytes(data),
                overwrite=True,
                etag=version,
                match_condition=MatchConditions.IfNotModified,
            )
        except HttpResponseError as error:
            if error.status_code in (404, 409, 412):
                return False
            raise
        return True

    def remove(self, name: str) -> None:
        """Forget a record; one that is not there is no error."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            self._container.delete_blob(name)
        except ResourceNotFoundError:
            return


def _bytes(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8")
