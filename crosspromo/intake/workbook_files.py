"""Workbook files: ZIP archives of XML documents, read within bounds.

A file of a few bytes can unpack to gigabytes, or hold a million elements in one another. Sizes are
counted while a document is unpacked and never believed, and no document may declare types or
entities.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from crosspromo.intake.encoding import MOST_BYTES, UnreadableFileError

MOST_ENTRIES = 2_000
MOST_UNPACKED = 60_000_000
"""Bytes of all documents of a workbook that are read."""
MOST_RATIO = 300
"""How many times its packed size a large document may have; programs reach 50."""
SMALL = 1_000_000
"""Bytes below which the ratio says nothing."""
MOST_ELEMENTS = 3_000_000
DEEPEST = 100
_CHUNK = 1 << 20

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError),
    *(ValueError, LookupError, OverflowError, struct.error, SAXException, DefusedXmlException),
)
"""What the archive's and the documents' parsers raise for damaged and for hostile ones."""


class Elements(ContentHandler):
    """Reader of a document's elements, by names without their prefix.

    `begin` and `end` are called for each element, `text` for characters between.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.depth = 0

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        """An element starts."""

    def end(self, name: str) -> None:
        """An element ends."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (its name in SAX)
        self.count += 1
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadableFileError(f"has more than {DEEPEST} elements inside one another")
        self.begin(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:  # noqa: N802 (its name in SAX)
        self.depth -= 1
        self.end(name.rpartition(":")[2])


class WorkbookFile:
    """Workbook file whose documents are read one by one; all share its bounds."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise UnreadableFileError(
                f"has more than {MOST_ENTRIES:,} files inside; save the list as a workbook of its "
                "own"
            )
        self._archive = archive
        self._entries = {entry.filename: entry for entry in entries}
        self._unpacked = 0
        self._elements = 0

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str, elements: Elements) -> None:
        """Read the document of this name; one that is not there has no elements.

        Raises UnreadableFileError.
        """
        entry = self._entries.get(name)
        if entry is None:
            return
        if entry.flag_bits & 0x1:
            raise UnreadableFileError("is encrypted; save it without a password")
        parser = make_parser()
        parser.forbid_dtd = True
        parser.setContentHandler(elements)
        with _readable():
            for chunk in self._chunks(entry):
                parser.feed(chunk)
                if self._elements + elements.count > MOST_ELEMENTS:
                    raise UnreadableFileError(
                        f"has more than {MOST_ELEMENTS:,} elements; remove columns, rows or sheets"
                    )
            parser.close()
            if not elements.count:
                raise SAXException("no element")  # an empty document is none
        self._elements += elements.count

    def _chunks(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        size = 0
        with self._archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                self._unpacked += len(chunk)
                if self._unpacked > MOST_UNPACKED:
                    raise UnreadableFileError(
                        f"unpacks to more than the {MOST_UNPACKED:,} bytes that are read; "
                        "remove columns, rows or sheets"
                    )
                if size > max(SMALL, MOST_RATIO * entry.compress_size):
                    raise UnreadableFileError(
                        f"unpacks to more than {MOST_RATIO} times its size, as no list does; "
                        "copy the table into a new workbook"
                    )
                yield chunk


@contextmanager
def open_workbook(data: bytes) -> Iterator[WorkbookFile]:
    """Open a workbook file. Raises UnreadableFileError for any other, and for a damaged one."""
    if len(data) > MOST_BYTES:
        raise UnreadableFileError(
            f"has more than the {MOST_BYTES:,} bytes that are read; split the file"
        )
    with _readable(), zipfile.ZipFile(BytesIO(data)) as archive:
        yield WorkbookFile(archive)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except DAMAGED:
        raise UnreadableFileError("is damaged; open it, and save it again as a workbook") from None
