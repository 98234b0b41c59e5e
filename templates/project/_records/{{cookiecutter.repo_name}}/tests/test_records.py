"""Records: nothing is lost, and of two who write at once only one does, on a laptop and on Azure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import ContainerClient

from {{ cookiecutter.package_name }}.cloud.records import BlobRecords
from {{ cookiecutter.package_name }}.local.records import SqliteRecords
from {{ cookiecutter.package_name }}.records import Records

Reopened = Callable[[], Records]
"""Opens the same records anew, as another process does."""

CONTAINER = "/account/records"


class Storage(ThreadingHTTPServer):
    """One container of Azure Storage on this machine; blobs by name, each with its version."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.blobs: dict[str, tuple[bytes, int]] = {}
        self.writes = 0
        self.writing = Lock()
        self.away = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{CONTAINER}"


class Answers(BaseHTTPRequestHandler):
    """The five requests that records make, with the conditions and errors of the service."""

    server: Storage
    protocol_version = "HTTP/1.1"

    @property
    def blob(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix(f"{CONTAINER}/")

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.writing:
            _, version = self.server.blobs.get(self.blob, (b"", 0))
            expected = self.headers.get("If-Match")
            if self.server.away:
                return self.refuse(403, "AuthorizationFailure")
            if version and self.headers.get("If-None-Match") == "*":
                return self.refuse(409, "BlobAlreadyExists")
            if expected and expected != etag(version):
                return self.refuse(412, "ConditionNotMet")
            self.server.writes += 1
            self.server.blobs[self.blob] = (content, self.server.writes)
        self.answer(201, ETag=etag(self.server.writes))

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if query.get("comp") == ["list"]:
            return self.listing(query.get("prefix", [""])[0])
        if self.blob not in self.server.blobs:
            return self.refuse(404, "BlobNotFound")
        content, version = self.server.blobs[self.blob]
        size = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
        self.answer(206, content, ETag=etag(version), **size)

    def do_DELETE(self) -> None:
        if self.server.blobs.pop(self.blob, None) is None:
            return self.refuse(404, "BlobNotFound")
        self.answer(202)

    def listing(self, prefix: str) -> None:
        rows = "".join(
            f"<Blob><Name>{name}</Name><Properties><BlobType>BlockBlob</BlobType><Last-Modified>"
            f"Tue, 24 Nov 2026 10:00:{version:02} GMT</Last-Modified></Properties></Blob>"
            for name, (_, version) in sorted(self.server.blobs.items())
            if name.startswith(prefix)
        )
        head = '<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>'
        page = f"{head}{rows}</Blobs><NextMarker /></EnumerationResults>".encode()
        self.answer(200, page, **{"Content-Type": "application/xml"})

    def refuse(self, status: int, code: str) -> None:
        self.answer(status, b"", **{"x-ms-error-code": code})

    def answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


def etag(version: int) -> str:
    return f'"0x{version:X}"'


@pytest.fixture
def storage() -> Iterator[Storage]:
    with Storage() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def blobs(storage: Storage) -> BlobRecords:
    return BlobRecords(ContainerClient.from_container_url(storage.url))


@pytest.fixture(params=["local", "azure"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Reopened:
    if request.param == "azure":
        return partial(blobs, request.getfixturevalue("storage"))
    return partial(SqliteRecords, tmp_path / "kept" / "records.sqlite")


@pytest.fixture
def kept(opened: Reopened) -> Records:
    return opened()


def test_a_record_is_kept_once_and_forgotten(kept: Records, opened: Reopened) -> None:
    assert kept.add("open/a", {"word": "grün"})
    assert not kept.add("open/a", {"word": "other"})
    found = opened().get("open/a")
    assert found is not None
    assert found.data == {"word": "grün"}
    kept.remove("open/a")
    kept.remove("open/a")
    assert kept.get("open/a") is None


def test_only_the_first_of_two_writers_wins(kept: Records) -> None:
    kept.add("open/a", {"by": "nobody"})
    first = kept.get("open/a")
    assert first is not None
    assert kept.replace("open/a", {"by": "first"}, first.version)
    assert not kept.replace("open/a", {"by": "second"}, first.version)
    assert not kept.replace("open/b", {}, first.version)
    found = kept.get("open/a")
    assert found is not None
    assert found.data == {"by": "first"}


def test_of_many_who_add_or_decide_at_once_one_does(kept: Records, opened: Reopened) -> None:
    everybody = [opened() for _ in range(4)]
    with ThreadPoolExecutor(len(everybody)) as pool:
        added = list(pool.map(lambda records: records.add("open/a", {}), everybody))
        found = kept.get("open/a")
        assert found is not None
        version = found.version
        decided = list(pool.map(lambda records: records.replace("open/a", {}, version), everybody))
    assert sorted(added) == sorted(decided) == [False, False, False, True]


def test_names_come_by_prefix_and_age(kept: Records) -> None:
    for name in ("open/b", "open/a", "done/c", "open_d"):
        kept.add(name, {})
    assert kept.names("open/") == ("open/b", "open/a")


def test_what_azure_refuses_is_not_taken_for_somebody_being_faster(storage: Storage) -> None:
    kept = blobs(storage)
    assert kept.add("open/a", {})
    storage.away = True
    with pytest.raises(HttpResponseError, match="AuthorizationFailure"):
        kept.add("open/b", {})
    with pytest.raises(HttpResponseError, match="AuthorizationFailure"):
        kept.replace("open/a", {}, etag(1))
