"""Character encodings of feeds and pages, which servers and files name, and name wrongly."""

import codecs
import re
from email.message import Message
from typing import Final

from crosspromo.intake.encoding import MOST_BYTES, UNDECODED, UnreadableFileError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_BOM: Final = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s{0,20}=\s{0,20}["']([A-Za-z0-9._:-]{1,40})["']"""
    rb"""|<meta[^>]{0,200}?charset\s{0,20}=\s{0,20}["']?([A-Za-z0-9._:-]{1,40})""",
    re.IGNORECASE,
)
_HEAD: Final = 2_048
"""Bytes in which a file names its own encoding."""

_OF_TEXTS: Final = re.compile(
    r"ascii|utf-(?:8|16|32)(?:-[bl]e)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|tis-620|kz1048|"
    r"big5(?:hkscs)?|gb2312|gbk|gb18030|euc_(?:jp|kr|jis_2004|jisx0213)|johab|ptcp154|hp-roman8|"
    r"shift_ji(?:s|s_2004|sx0213)|iso2022_\w+"
)
"""Python's codecs that texts are written in: others unpack, or take long for a short text."""

_WITH_ESCAPES: Final = "iso2022_"
_ESCAPE: Final = b"\x1b"
_LAST: Final = "cp1252"


def decode_marked(data: bytes, content_type: str = "") -> tuple[str, bool]:
    """Text of a file that may name its encoding, and whether it was read without a guess.

    A mark at the beginning (BOM) counts first. Bytes that are UTF-8 are UTF-8, whatever the server
    or the file says: no other text looks like it by chance. Then counts what the server says
    (`content_type`), then what the file says, each where the bytes can be read so. Last comes the
    guess: UTF-8 with some bytes of Windows-1252, else Windows-1252. Raises UnreadableFileError
    where the data is too large or no text.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableFileError(f"has more than the {MOST_BYTES:,} bytes that are read")
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _text(data[len(mark) :].decode(codec, "replace")), True
    for beginning, codec in _WITHOUT_BOM:
        if data.startswith(beginning):
            return _text(data.decode(codec, "replace")), True
    codecs_named = ["utf-8", _of_server(content_type), _of_file(data)]
    if _ESCAPE in data:  # Japanese in seven bits looks like ASCII, and so like UTF-8
        codecs_named.sort(key=lambda codec: not codec.startswith(_WITH_ESCAPES))
    for codec in filter(None, codecs_named):
        try:
            # What is cut off within a character is read up to it.
            return _text(codecs.getincrementaldecoder(codec)().decode(data)), True
        except UnicodeError:
            continue
    return _text(_mixed(data) or data.decode(_LAST, "replace")), False


def _mixed(data: bytes) -> str:
    """Text that is UTF-8 but for some bytes, as when a quotation is pasted; else empty."""
    text = data.decode("utf-8", "surrogateescape")
    strange = len(UNDECODED.findall(text))
    if sum(1 for character in text if not character.isascii()) <= 2 * strange:
        return ""
    return UNDECODED.sub(
        lambda found: found[0].encode("utf-8", "surrogateescape").decode(_LAST, "replace"), text
    )


def _text(text: str) -> str:
    if "\0" in text:
        raise UnreadableFileError("holds null bytes, so it is not text")
    return text


def _of_server(content_type: str) -> str:
    """Codec that a Content-Type names; empty where it names none that is known."""
    message = Message()
    message["Content-Type"] = " ".join(content_type[:200].split())
    charset = message.get_param("charset", "")
    return _known(charset) if isinstance(charset, str) else ""


def _of_file(data: bytes) -> str:
    found = _DECLARED.search(data, 0, _HEAD)
    return _known((found[1] or found[2]).decode("ascii")) if found else ""


def _known(name: str) -> str:
    try:
        codec = codecs.lookup(name.strip(" '\"")).name
    except (LookupError, ValueError):
        return ""
    return codec if _OF_TEXTS.fullmatch(codec) else ""
