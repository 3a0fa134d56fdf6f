"""Sources that cannot be read, each with what the error must say."""

from __future__ import annotations

import builtins
import io
import os
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from govreport_nlp.errors import MissingExtraError, ReadError
from govreport_nlp.reading import loading
from govreport_nlp.reading.loading import load

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MEGABYTE = 1 << 20


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx_with(**members: bytes) -> bytes:
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def nested_docx() -> bytes:
    """Build a document whose XML is small and no document."""
    return zipped(**{"word/document.xml": b"<a/>", "[Content_Types].xml": b"<Types/>"})


def zip_with_lying_directory() -> bytes:
    data = bytearray(zipped(**{"word/document.xml": b"<a/>"}))
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 1 << 30)
    return bytes(data)


def pdf(content: bytes = b"", *, pages: int = 1) -> bytes:
    """Write a PDF whose pages share one compressed content stream."""
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(pages))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R /Resources << /Font << /F "
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        *[page] * pages,
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            size,
            table,
            size,
            len(out),
        )
    )


def deflated(unit: bytes, size: int) -> bytes:
    packer = zlib.compressobj(9)
    block = unit * (MEGABYTE // len(unit))
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("secret", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


class Broken(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        raise OSError(5, "Input/output error")


def closed() -> io.BytesIO:
    stream = io.BytesIO(b"x")
    stream.close()
    return stream


RANDOM = random.Random(1).randbytes(3000)

# What it is, how to make it (source, options), part of the message.
CASES: list[tuple[str, Callable[[], tuple[Any, dict[str, Any]]], str]] = [
    # Nothing there
    ("missing path", lambda: (Path("青禾/none.txt"), {}), "no such file"),
    ("missing path as text", lambda: ("reports/none", {}), "no such file"),
    ("missing by suffix", lambda: ("青禾县.docx", {}), "end it with a line break"),
    ("pattern", lambda: ("none/*.txt", {}), "expand the pattern"),
    ("address", lambda: ("https://qinghe.example/report.html", {}), "Download the page first"),
    ("empty text", lambda: ("", {}), "it is empty"),
    ("empty bytes", lambda: (b"", {}), "it is empty"),
    ("empty file object", lambda: (io.StringIO(), {}), "it is empty"),
    ("only white space", lambda: (" \n\u3000\u3000\r\n", {}), "white space"),
    ("only a byte order mark", lambda: (b"\xef\xbb\xbf\n", {}), "white space"),
    ("device", lambda: (os.devnull, {}), "not a regular file"),
    # No source at all
    ("number", lambda: (3, {}), "type int cannot be read"),
    ("none", lambda: (None, {}), "type NoneType cannot be read"),
    ("closed file", lambda: (closed(), {}), "cannot be read (I/O operation on closed file"),
    ("failing file", lambda: (Broken(), {}), "Input/output error"),
    (
        "file opened in the wrong encoding",
        lambda: (io.TextIOWrapper(io.BytesIO("报告".encode("gbk")), "utf-8"), {}),
        "binary mode",
    ),
    ("unknown format", lambda: (b"x", {"format": "odt"}), "there is no format 'odt'"),
    ("PDF from text", lambda: ("a\nb", {"format": "pdf"}), "cannot be read from text"),
    # Encodings
    ("unknown encoding", lambda: (b"x", {"encoding": "gb-99"}), "'gb-99' is not known"),
    ("codec that is no encoding", lambda: (b"x", {"encoding": "rot13"}), "'rot13' is not known"),
    (
        "wrong encoding",
        lambda: ("政府工作报告".encode("gbk"), {"encoding": "utf-8"}),
        "It can be read as gb18030",
    ),
    (
        "ambiguous",
        lambda: ("报告".encode("gbk"), {}),
        "ambiguous: gb18030 or big5. Say which it is, e.g. encoding=",
    ),
    ("Latin-1", lambda: ("déjà vu à la carte, señor".encode("cp1252"), {}), "cannot be decoded"),
    ("cut UTF-16", lambda: ("\ufeff报".encode("utf-16-le") + b"\x4a", {}), "cannot be decoded as utf-16"),
    ("half a surrogate pair", lambda: ("报告\ud800\n", {}), "surrogate pair at character 2"),
    ("random bytes", lambda: (RANDOM, {}), "binary"),
    ("random bytes without NUL", lambda: (RANDOM.replace(b"\0", b""), {}), "cannot be decoded"),
    ("many NULs", lambda: ("报告\0\0\n", {}), "2 NUL characters"),
    ("control characters", lambda: (b"\x01\x02\x03abc", {}), "control characters"),
    # Other kinds of file
    ("PNG", lambda: (b"\x89PNG\r\n\x1a\n" + bytes(20), {"name": "a.txt"}), "PNG image"),
    ("JPEG", lambda: (b"\xff\xd8\xff\xe0" + bytes(20), {}), "OCR"),
    ("zip", lambda: (zipped(a=b"b"), {}), "Unpack it"),
    ("workbook", lambda: (zipped(**{"xl/workbook.xml": b"<a/>"}), {"name": "a.xlsx"}), "Excel workbook"),
    ("slides", lambda: (zipped(**{"ppt/presentation.xml": b"<a/>"}), {}), "PowerPoint"),
    ("OpenDocument", lambda: (zipped(**{"content.xml": b"<a/>"}), {"name": "a.odt"}), "save it as .docx"),
    ("old Word", lambda: (OLE + "WordDocument".encode("utf-16-le"), {"name": "a.doc"}), "old Word file"),
    ("old Excel", lambda: (OLE + "Workbook".encode("utf-16-le"), {"name": "a.xls"}), "old Office file"),
    ("RTF", lambda: (b"{\\rtf1\\ansi }", {"name": "a.doc"}), "RTF file"),
    ("gzip", lambda: (b"\x1f\x8b\x08" + bytes(20), {}), "gzip archive"),
    ("Parquet", lambda: (b"PAR1" + bytes(20), {}), "Parquet"),
    ("Windows program", lambda: (b"MZ\x90\0" + bytes(60), {}), "Windows program"),
    # HTML
    ("page without text", lambda: ("<html><body><script>f()</script></body></html>", {}), "shows no text"),
    ("deep page", lambda: ("<html>" + "<div></x>" * 5000 + "深", {}), "nests them too deeply"),
    ("page of too many elements", lambda: ("<html>" + "<br>" * 250_000, {}), "too many elements"),
    # DOCX
    ("text named .docx", lambda: ("报告".encode(), {"name": "a.docx"}), "no zip archive"),
    ("zip named .docx", lambda: (zipped(a=b"b"), {"name": "a.docx"}), "holds no Word"),
    ("cut DOCX", lambda: (docx_with()[:2000], {"name": "a.docx"}), "zip archive is broken"),
    ("DOCX with strange parts", lambda: (nested_docx(), {}), "is broken"),
    ("DOCX without text", lambda: (docx_with(), {}), "holds no text"),
    (
        "encrypted DOCX",
        lambda: (OLE + "EncryptedPackage".encode("utf-16-le"), {"name": "a.docx"}),
        "encrypted",
    ),
    ("bytes that are no DOCX", lambda: (b"abc", {"format": "docx"}), "not a DOCX document"),
    ("huge zip directory", lambda: (zip_with_lying_directory(), {}), "too many files"),
    # PDF
    ("text named .pdf", lambda: (b"<html>404</html>", {"name": "a.pdf"}), "no %PDF header"),
    ("PDF header only", lambda: (b"%PDF-1.7\n", {}), "is broken"),
    ("cut PDF", lambda: (pdf(pages=3)[:300], {}), "is broken"),
    ("scanned PDF", lambda: (pdf(pages=3), {}), "no text layer"),
    ("encrypted PDF", lambda: (locked_pdf(), {}), "needs a password"),
    ("PDF of too many pages", lambda: (pdf(pages=1100), {}), "1100 pages"),
    ("bytes that are no PDF", lambda: (b"abc", {"format": "pdf"}), "not a PDF"),
]


@pytest.mark.parametrize(("make", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_bad_input(make: Callable[[], tuple[Any, dict[str, Any]]], message: str) -> None:
    source, options = make()
    with pytest.raises(ReadError) as caught:
        load(source, **options)
    assert message in str(caught.value)


def test_directory(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="this is a directory"):
        load(tmp_path)


def test_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ReadError, match="not a regular file"):
        load(tmp_path / "pipe.txt")


def test_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("报告")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReadError, match=r"a\.txt: permission to read the file is denied"):
        load(path)


@pytest.mark.parametrize(
    "wrap", [bytes, io.BytesIO, lambda data: data.decode(), lambda d: io.StringIO(d.decode())]
)
def test_size_limit(wrap: Callable[[bytes], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_BYTES", MEGABYTE)
    with pytest.raises(ReadError, match="larger than 1 MB"):
        load(wrap(b"a\n" * MEGABYTE))


def test_endless_stream_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_BYTES", MEGABYTE)
    with Path("/dev/zero").open("rb") as endless, pytest.raises(ReadError, match="larger than 1 MB"):
        load(endless)


BOMBS = {
    "DOCX part of high ratio": lambda: docx_with(**{"word/media/a.bin": bytes(100 * MEGABYTE)}),
    "DOCX of many parts": lambda: docx_with(**{f"word/media/{n}": b"" for n in range(6000)}),
    "PDF stream": lambda: pdf(deflated(b"\0", 200 * MEGABYTE)),
    "PDF page of many operators": lambda: pdf(deflated(b"BT /F 1 Tf (a) Tj ET\n", 20 * MEGABYTE)),
    "PDF pages of many operators": lambda: pdf(deflated(b"(a) Tj ", 2 * MEGABYTE), pages=50),
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_take_little_memory(make: Callable[[], bytes]) -> None:
    data = make()
    tracemalloc.start()
    try:
        with pytest.raises(ReadError, match=r"unpacks to far more|larger inside|too many files"):
            load(data)
        assert tracemalloc.get_traced_memory()[1] < 300 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("module", "source", "message"),
    [
        ("docx", docx_with(), r'python-docx.*govreport-nlp\[docx\]"'),
        ("pypdf", pdf(), r'pypdf.*govreport-nlp\[pdf\]"'),
        ("selectolax.lexbor", b"<html><p>a", r'selectolax.*govreport-nlp\[html\]"'),
    ],
)
def test_missing_extra(module: str, source: bytes, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name == module:
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=message):
        load(source)
