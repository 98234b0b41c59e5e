"""From a file to fields: read, drop orders, extract, check, then straight through or to a person."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .injection import suspicious
from .ports import Candidate, Extractor, Line, Reader
from .redaction import redact
from .schema import Field, Schema
from .values import normalise

UNGROUNDED = 0.2
"""Confidence of a value that does not stand in the document, whatever the model says."""


@dataclass(frozen=True)
class Read:
    """A field as read: the normalised value, how sure, and the line it came from."""

    name: str
    value: str
    confidence: float
    quote: str


@dataclass(frozen=True)
class Result:
    """What became of a document. Without ``reasons`` it goes straight through."""

    id: str
    fields: tuple[Read, ...]
    reasons: tuple[str, ...]
    redacted: str
    personal: dict[str, int] = field(hash=False)
    schema_version: str = ""
    prompt_version: str = ""

    @property
    def straight(self) -> bool:
        """Whether no person needs to look at it."""
        return not self.reasons

    def value(self, name: str) -> str:
        """Return the value of a field; empty when it was not found."""
        return next((item.value for item in self.fields if item.name == name), "")


@dataclass(frozen=True)
class Pipeline:
    """Processes documents. ``audit_share`` of those that are sure go to a person all the same."""

    reader: Reader
    extractor: Extractor
    schema: Schema
    prompt_version: str
    audit_share: float
    write: Callable[[str], None]

    def process(self, content: bytes) -> Result:
        """Return the result of one document and log it without its values; raise UnreadableError."""
        identifier = hashlib.sha256(content).hexdigest()[:32]
        lines = self.reader.read(content)
        clean = [line for line in lines if not suspicious(line.text)]
        candidates = {item.field: item for item in self.extractor.extract(clean, self.schema)}
        fields = tuple(_read(item, candidates.get(item.name), clean) for item in self.schema.fields)
        reasons = (
            [f"{len(lines) - len(clean)} lines read like orders"] if len(clean) < len(lines) else []
        )
        reasons += [
            text
            for item, read in zip(self.schema.fields, fields, strict=True)
            if (text := _doubt(item, read))
        ]
        reasons += _contradictions(fields)
        if not reasons and sampled(identifier, self.audit_share):
            reasons.append("drawn for the quality audit")
        personal = [
            (item.name, candidates[item.name].value)
            for item in self.schema.fields
            if item.personal and item.name in candidates
        ]
        masked = redact("\n".join(line.text for line in lines), personal)
        result = Result(
            identifier,
            fields,
            tuple(reasons),
            masked.text,
            dict(masked.found),
            self.schema.version,
            self.prompt_version,
        )
        self._log(result)
        return result

    def _log(self, result: Result) -> None:
        entry = {
            "event": "document",
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": result.id,
            "straight": result.straight,
            "reasons": list(result.reasons),
            "confidence": {item.name: round(item.confidence, 3) for item in result.fields},
            "personal": result.personal,
            "schemaVersion": result.schema_version,
            "promptVersion": result.prompt_version,
            "extractor": self.extractor.name,
        }
        self.write(json.dumps(entry))


def sampled(identifier: str, share: float) -> bool:
    """Return whether a document is drawn for the audit: by its content, so that nobody can choose."""
    return int(hashlib.sha256(f"audit/{identifier}".encode()).hexdigest()[:8], 16) < share * 2**32


def stands_in(value: str, line: str) -> bool:
    """Return whether a line holds the whole value: not the end of a longer number, nor a part of a word."""
    whole = rf"(?<!\w)(?<!\d[.,])(?<!-){re.escape(value)}(?!\w)(?![.,]\d)"
    return re.search(whole, line) is not None


def _read(item: Field, found: Candidate | None, lines: Sequence[Line]) -> Read:
    if found is None:
        return Read(item.name, "", 0.0, "")
    value = normalise(item.kind, found.value)
    if not value:
        return Read(item.name, "", 0.0, found.quote)
    standing = [line for line in lines if found.quote and found.quote in line.text]
    if not standing or not any(stands_in(found.value, line.text) for line in standing):
        return Read(item.name, value, min(found.confidence, UNGROUNDED), "")
    return Read(item.name, value, min(found.confidence, standing[0].confidence), found.quote)


def _doubt(item: Field, read: Read) -> str:
    if not read.value:
        return f"{item.name} is missing" if item.required else ""
    if read.confidence < item.threshold:
        return f"{item.name} is unsure ({read.confidence:.2f} of {item.threshold:.2f})"
    return ""


def _contradictions(fields: Sequence[Read]) -> list[str]:
    values = {item.name: item.value for item in fields if item.value}
    found = []
    if {"net", "tax", "total"} <= values.keys():
        difference = float(values["net"]) + float(values["tax"]) - float(values["total"])
        if abs(difference) > 0.02:
            found.append("net and tax do not add up to the total")
    if {"invoice_date", "due_date"} <= values.keys() and values["due_date"] < values[
        "invoice_date"
    ]:
        found.append("it is due before it was written")
    return found
