"""Prints text as a PDF: Document Intelligence reads pages, and cases are written as text."""

from __future__ import annotations

_SIZE, _LEADING, _LEFT, _TOP, _LINES = 11, 15, 56, 780, 48
_ESCAPED = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})


def printed(text: str) -> bytes:
    """Return a PDF (ISO 32000-1) on A4 pages; characters outside Windows-1252 become question marks."""
    lines = text.splitlines() or [""]
    pages = [lines[start : start + _LINES] for start in range(0, len(lines), _LINES)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode("ascii"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F 3 0 R >> >> "
            + f"/Contents {5 + 2 * number} 0 R >>".encode("ascii"),
            _stream(page),
        ]
    return _file(objects)


def _stream(lines: list[str]) -> bytes:
    shown = [f"({line.expandtabs(4).translate(_ESCAPED)}) '" for line in lines]
    start = f"BT /F {_SIZE} Tf {_LEADING} TL {_LEFT} {_TOP} Td"
    content = "\n".join([start, *shown, "ET"]).encode("cp1252", errors="replace")
    return f"<< /Length {len(content)} >>\nstream\n".encode("ascii") + content + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    """Put objects, the table of where each starts, and the trailer together."""
    body, starts = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        starts.append(len(body))
        body += f"{number} 0 obj\n".encode("ascii") + item + b"\nendobj\n"
    rows = "".join(f"{start:010d} 00000 n \n" for start in starts)
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + (table + end).encode("ascii")
