"""Reading without a service: text files as they are."""

from __future__ import annotations

from ..ports import Line, UnreadableError


class TextReader:
    """Reads UTF-8 text. A question mark in a lozenge or a tilde is a letter nobody could read."""

    def read(self, content: bytes) -> tuple[Line, ...]:
        """Return the lines that are not empty; raise UnreadableError when there are none."""
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnreadableError("the file is no UTF-8 text") from error
        rows = [" ".join(row.split()) for row in text.splitlines() if row.strip()]
        if not rows or "\0" in text:
            raise UnreadableError("the file holds no text")
        return tuple(Line(row, 0.5 if "\ufffd" in row or "~" in row else 1.0) for row in rows)
