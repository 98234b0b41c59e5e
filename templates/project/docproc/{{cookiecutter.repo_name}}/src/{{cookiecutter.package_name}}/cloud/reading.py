"""Reading with Azure AI Document Intelligence: lines with the confidence of their weakest word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ports import Line, UnreadableError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


class LayoutReader:
    """Reads PDF, pictures and office files with the model ``prebuilt-layout``."""

    def __init__(self, endpoint: str, credential: TokenCredential) -> None:
        from azure.ai.documentintelligence import DocumentIntelligenceClient

        self._client: Any = DocumentIntelligenceClient(endpoint, credential)

    def read(self, content: bytes) -> tuple[Line, ...]:
        """Return the lines of all pages; raise UnreadableError for a file the service refuses."""
        from azure.ai.documentintelligence.models import AnalyzeDocumentRequest
        from azure.core.exceptions import HttpResponseError

        try:
            request = AnalyzeDocumentRequest(bytes_source=content)
            result = self._client.begin_analyze_document("prebuilt-layout", request).result()
        except HttpResponseError as error:
            if error.status_code == 400:
                raise UnreadableError("the service cannot read the file") from error
            raise
        found = lines(result.pages)
        if not found:
            raise UnreadableError("the file holds no text")
        return found


def lines(pages: Any) -> tuple[Line, ...]:
    """Return the lines of the service's pages; a line is as sure as its least sure word."""
    return tuple(
        Line(line.content, min((word.confidence for word in _words(page, line)), default=0.0))
        for page in pages
        for line in page.lines or ()
    )


def _words(page: Any, line: Any) -> list[Any]:
    spans = [(span.offset, span.offset + span.length) for span in line.spans]
    return [
        word
        for word in page.words or ()
        if any(start <= word.span.offset < end for start, end in spans)
    ]
