"""The trial of every release: a sample document, printed as a page where a service reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import yaml

from {{ cookiecutter.package_name }}.pipeline import Pipeline
from {{ cookiecutter.package_name }}.ports import Candidate, Line
from {{ cookiecutter.package_name }}.printing import printed
from {{ cookiecutter.package_name }}.reviews import ReviewQueue
from {{ cookiecutter.package_name }}.schema import Schema
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.trial import trials


class Blind:
    """A model that finds nothing."""

    name = "blind"

    def extract(self, lines: Sequence[Line], schema: Schema) -> tuple[Candidate, ...]:
        return ()


class Pages:
    """A service that reads pages only."""

    def __init__(self) -> None:
        self.seen = b""

    def read(self, content: bytes) -> tuple[Line, ...]:
        self.seen = content
        return tuple(Line(text) for text in shown(content))


def shown(content: bytes) -> list[str]:
    """The lines that a PDF of ours shows."""
    found = re.findall(rb"^\((.*)\) '$", content, re.MULTILINE)
    return [re.sub(r"\\(.)", r"\1", line.decode("cp1252")) for line in found]


def test_only_the_values_of_the_document_pass(
    settings: Settings, pipeline: Pipeline, queue: ReviewQueue
) -> None:
    assert {trial() for trial in trials(settings, pipeline, queue).values()} == {""}
    blind = trials(settings, replace(pipeline, extractor=Blind()), queue)["document"]()
    assert blind == "not read as it stands there: invoice_number, total"
    assert queue.open() == ()


def test_a_service_gets_a_page(settings: Settings, pipeline: Pipeline, queue: ReviewQueue) -> None:
    reader = Pages()
    azure = replace(settings, provider="azure")
    assert trials(azure, replace(pipeline, reader=reader), queue)["document"]() == ""
    assert reader.seen.startswith(b"%PDF-1.4\n")


def test_the_fields_are_in_the_schema(settings: Settings, pipeline: Pipeline) -> None:
    case = yaml.safe_load((settings.home / "config" / "smoke.yaml").read_text("utf-8"))
    assert set(case["fields"]) <= {field.name for field in pipeline.schema.fields}


def test_a_printed_text_is_a_pdf_that_shows_every_line() -> None:
    lines = ["Total: 515,47 €", r"(net) C:\tax", *(f"line {number}" for number in range(60))]
    content = printed("\n".join(lines))
    assert shown(content) == lines
    assert content.count(b"/Type /Page ") == 2
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[start:].startswith(b"xref\n")
    for number, place in enumerate(re.findall(rb"^(\d{10}) 00000 n $", content, re.MULTILINE), 1):
        assert content[int(place) :].startswith(f"{number} 0 obj\n".encode())
    stream_of_length = re.compile(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", re.DOTALL)
    for length, stream in stream_of_length.findall(content):
        assert len(stream) == int(length)
