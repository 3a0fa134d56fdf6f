"""Bytes to text: which encoding a file is in, and a clear error where that cannot be told."""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from govreport_nlp.errors import ReadError

__all__ = ["check_text", "decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_MULTIBYTE = ("gb18030", "big5")
# GB18030 contains the older codes, and files said to be in those often hold characters of the newer ones.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030"}
_MAX_LOST = 0.01
_MAX_CONTROL = 0.01
_SAMPLE = 1 << 16
_CHINESE = re.compile("[\t\n\r -~\u2000-\u206f\u2460-\u249b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_FREQUENT = re.compile("[\n 的、，。]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_HINT = 'Say which it is, e.g. encoding="gb18030"'


def decode(
    data: bytes, *, where: str, encoding: str | None = None, declared: str | None = None
) -> tuple[str, str]:
    """Decode the bytes of a text file.

    A byte order mark decides; then strict UTF-8, UTF-16 and UTF-32 without a mark, the `declared` encoding,
    and last the multi-byte codes of Chinese, between which charset-normalizer judges. Up to 1 % of the
    characters may be damaged; they become U+FFFD.

    Parameters
    ----------
    data : bytes
        Content of the file.
    where : str
        File name for error messages.
    encoding : str, optional
        Encoding the user asks for; nothing is guessed then.
    declared : str, optional
        Encoding the file says it is in, such as the charset of an HTML page.

    Returns
    -------
    text, encoding : str
        Text without its byte order mark, and the name of the Python codec.

    Raises
    ------
    ReadError
        If the encoding is unknown, ambiguous or wrong, or the bytes are not text.

    Examples
    --------
    >>> decode("政府工作报告".encode("gbk"), where="a.txt")
    ('政府工作报告', 'gb18030')
    """
    if encoding is not None:
        text, codec = _decode_as(data, encoding, where)
    else:
        text, codec = _detect(data, declared, where)
    check_text(text, where=where)
    return text.removeprefix("\ufeff"), codec


def check_text(text: str, *, where: str) -> None:
    """Refuse text with so many control characters that it must come from a binary file.

    Raises
    ------
    ReadError
        If more than 1 % of the characters are control characters other than white space.
    """
    control = len(_CONTROL.findall(text))
    if control > _MAX_CONTROL * len(text):
        kind = "NUL" if text.count("\0") * 2 > control else "control"
        raise ReadError(
            f"this looks like a binary file: it holds {control} {kind} characters",
            where=where,
            hint="Give a text, Markdown, HTML, DOCX or PDF file",
        )


def _decode_as(data: bytes, encoding: str, where: str) -> tuple[str, str]:
    try:
        codec = codecs.lookup(encoding).name
        b"a".decode(codec, "replace")  # refuses codecs that are no text encoding
    except (LookupError, ValueError) as error:
        raise ReadError(
            f"the encoding {encoding!r} is not known",
            where=where,
            hint="Use a Python codec name such as gb18030",
        ) from error
    codec = _SUPERSETS.get(codec, codec)
    text = _lenient(data, codec)
    if text is None:
        fitting = [name for name in ("utf-8", *_MULTIBYTE) if _strict(data, name)]
        raise ReadError(
            f"more than 1 % of the text cannot be decoded as {encoding}",
            where=where,
            hint=f"It can be read as {' or '.join(fitting)}" if fitting else "It may be damaged or no text",
        )
    return text, codec


def _detect(data: bytes, declared: str | None, where: str) -> tuple[str, str]:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, codec, where)
    utf8 = _strict(data, "utf-8")
    # ASCII in UTF-16 is also UTF-8 with a NUL to each letter.
    if (utf8 is None or b"\0" in data) and (wide := _wide(data)):
        return wide
    if utf8 is not None:
        return utf8, "utf-8"
    if b"\0" in data:
        raise ReadError(
            "this looks like a binary file: it holds NUL bytes and is neither UTF-16 nor UTF-32",
            where=where,
            hint="Give a text, Markdown, HTML, DOCX or PDF file",
        )
    if declared:
        try:
            return _decode_as(data, declared, where)
        except ReadError:
            pass  # pages often declare a charset they are not in
    return _multibyte(data, where)


def _wide(data: bytes) -> tuple[str, str] | None:
    """UTF-16 or UTF-32 without a mark, if the bytes make Chinese or ASCII text in it."""
    readings = []
    for codec in _WIDE:
        text = _strict(data, codec)
        if text and len(_CHINESE.findall(text)) >= 0.98 * len(text):
            readings.append((len(_FREQUENT.findall(text)), text, codec))
    # ASCII in the wrong byte order looks like rare Chinese characters, so marks that every text has decide.
    return max(readings)[1:] if readings else None


def _multibyte(data: bytes, where: str) -> tuple[str, str]:
    matches = sorted(
        from_bytes(_sample(data), cp_isolation=list(_MULTIBYTE), enable_fallback=False),
        key=lambda match: match.chaos,
    )
    best = [match.encoding for match in matches if match.chaos == matches[0].chaos]
    if len(best) > 1:
        raise ReadError(
            f"the encoding is ambiguous: {' or '.join(sorted(best, reverse=True))}", where=where, hint=_HINT
        )
    candidates = [*best, "utf-8", *_MULTIBYTE]
    for codec in candidates:
        text = _lenient(data, codec)
        if text is not None and _plausible(text):
            return text, codec
    raise ReadError(
        "the text cannot be decoded: it is not UTF-8, UTF-16, UTF-32, GB18030 or Big5, or it is damaged",
        where=where,
        hint='If it is text, name its encoding, e.g. encoding="cp1252"',
    )


def _sample(data: bytes) -> bytes:
    """Give the first part of long data, cut where no multi-byte character can be split."""
    cut = data.rfind(b"\n", 0, _SAMPLE)
    return data[:cut] if len(data) > _SAMPLE and cut > 0 else data


def _plausible(text: str) -> bool:
    """Whether few characters are private or unassigned, as they are when binary data is taken for text."""
    head = text[:_SAMPLE]
    return sum(unicodedata.category(c) in ("Co", "Cn") for c in head) <= _MAX_LOST * len(head)


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _lenient(data: bytes, codec: str) -> str | None:
    text = data.decode(codec, "replace")
    lost = text.count("\ufffd")
    # ASCII fits every candidate, so it must not make a wrong one look right.
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if lost <= _MAX_LOST * beyond_ascii else None
