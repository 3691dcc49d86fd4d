"""Pages of paper for the demo: brochures and contracts, as PDF.

Written by hand in the format of ISO 32000-1: objects, a table of where each begins, a trailer.
"""

import textwrap
from collections.abc import Sequence

PAGE = (595, 842)
LEFT, TOP, LEADING = 64, 770, 16
COLUMNS = 84
LINES = 42


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """One page with a title and as many lines as it holds."""
    text = "\n".join(_stream(title, _wrapped(lines)))
    content = text.encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>" % PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        _font(b"Helvetica-Bold"),
        _font(b"Helvetica"),
    ]
    return _file(objects)


def _font(name: bytes) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name


def _wrapped(lines: Sequence[str]) -> list[str]:
    broken = [part for line in lines for part in textwrap.wrap(line, COLUMNS) or [""]]
    return broken[:LINES]


def _stream(title: str, lines: Sequence[str]) -> list[str]:
    """The operators that write the page."""
    return [
        "BT",
        f"/F1 22 Tf {LEFT} {TOP} Td ({_escaped(title)}) Tj",
        f"/F2 11 Tf 0 -36 Td {LEADING} TL",
        *(f"({_escaped(line)}) Tj T*" for line in lines),
        "ET",
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: Sequence[bytes]) -> bytes:
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return made + b"startxref\n%d\n%%%%EOF\n" % start
