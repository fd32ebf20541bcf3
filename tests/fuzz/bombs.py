"""Known bombs for each parser, and a process with little memory that reads them all.

`python -m fuzz.bombs FOLDER` prints one JSON line for each bomb: its name, the seconds of processor
time, and the most memory that the process has had so far, in megabytes.
"""

import gzip
import json
import re
import resource
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from time import process_time

from workbooks import NAMES, archive

from crosspromo.connectors.cards import MOST_HTML
from crosspromo.connectors.cards import read as read_card
from crosspromo.domain.errors import ConfigError, TemplateError
from crosspromo.domain.posts import Image, Kind
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.http.pages import Page
from crosspromo.intake.calendar import read_events
from crosspromo.intake.encoding import MOST_BYTES, UnreadableFileError
from crosspromo.intake.feeds.discovery import MOST_HTML as MOST_OF_SITE
from crosspromo.intake.feeds.discovery import candidates
from crosspromo.intake.feeds.reading import read_feed
from crosspromo.intake.outside_posts import Known, read_outside_posts
from crosspromo.intake.partners import open_partners, read_rows
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.compose import UnusableImageError
from crosspromo.publishing.networks import ImageLimits
from crosspromo.rendering.samples import material_of
from crosspromo.rendering.templates import Templates
from crosspromo.settings import LARGEST_FILE, parse

MOST_MEGABYTES = 300
MOST_SECONDS = 10
ADDRESS_SPACE = 2_000_000_000
"""Bytes that the process may reserve: what would fill the memory fails here with MemoryError."""

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LIMITS = ImageLimits(most=4, types=("image/jpeg", "image/png"), max_bytes=900_000)
ROUNDS, END = "{% for a in range(1000) %}", "{% endfor %}"

Bomb = tuple[str, Callable[[], object]]


def main(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    for name, set_off in bombs(folder):
        began = process_time()
        set_off()
        used = most_memory()
        print(json.dumps({"name": name, "seconds": process_time() - began, "megabytes": used}))


def most_memory() -> int:
    """The most memory of this process so far, in megabytes.

    The kernel's own figure, where there is one: `getrusage` gives that of the parent if it is more.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s*([0-9]+) kB", status.read_text(encoding="ascii"))
        if found:
            return int(found[1]) // 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000


def bombs(folder: Path) -> Iterator[Bomb]:
    for fixture in sorted(Path(sys.argv[2]).iterdir()) if len(sys.argv) > 2 else ():
        data = fixture.read_bytes()
        yield f"file {fixture.name} as calendar", lambda data=data: calendar(data)  # type: ignore[misc]
        yield f"file {fixture.name} as feed", lambda data=data: feed(data)  # type: ignore[misc]
        yield f"file {fixture.name} as list", lambda data=data: spreadsheet(data)  # type: ignore[misc]
        yield f"file {fixture.name} as picture", lambda data=data: picture(folder, data)  # type: ignore[misc]
    for name, text in PAGES.items():
        yield f"page {name}", lambda text=text: page(text)  # type: ignore[misc]
        yield f"site {name}", lambda text=text: site(text)  # type: ignore[misc]
    for name, make in CALENDARS.items():
        yield f"calendar {name}", lambda make=make: calendar(make())  # type: ignore[misc]
    for name, written in FEEDS.items():
        yield f"feed {name}", lambda written=written: feed(written().encode()[:MOST_BYTES])  # type: ignore[misc]
    for name, make in SPREADSHEETS.items():
        yield f"list {name}", lambda make=make: spreadsheet(make())  # type: ignore[misc]
    for name, make in WORKBOOKS.items():
        yield f"workbook {name}", lambda make=make: spreadsheet(make())  # type: ignore[misc]
    for name, text in SETTINGS.items():
        yield f"settings {name}", lambda text=text: configuration(text)  # type: ignore[misc]
    for name, text in TEMPLATES.items():
        yield f"template {name}", lambda text=text: template(folder, text)  # type: ignore[misc]
    for name, make in PICTURES.items():
        yield f"picture {name}", lambda make=make: picture(folder, make())  # type: ignore[misc]


def page(text: str) -> None:
    data = (text * MOST_HTML)[:MOST_HTML].encode()
    read_card(
        "https://a.example", Page("https://a.example", "text/html", "utf-8", data, whole=True)
    )


def site(text: str) -> None:
    candidates((text * MOST_OF_SITE)[:MOST_OF_SITE].encode(), "https://a.example")


def feed(data: bytes) -> None:
    with suppress(UnreadableFileError):
        read_feed(data, "https://a.example/feed")


def calendar(data: bytes) -> None:
    read_events(data, "a.ics", zone=UTC_ZONE, now=NOW)


def spreadsheet(data: bytes) -> None:
    with suppress(UnreadableFileError):
        read_rows(open_partners(data))
    read_outside_posts(data, "a.csv", Known((), (), (), UTC_ZONE, NOW))


def workbook(
    *, sheet: bytes = b"<a/>", strings: bytes = b"<a/>", styles: bytes = b"<a/>", main: bytes = b""
) -> bytes:
    """A workbook of these documents."""
    relations = (
        '<a><Relationship Id="a" Type="x/worksheet" Target="s.xml"/>'
        '<Relationship Id="b" Type="x/sharedStrings" Target="t.xml"/>'
        '<Relationship Id="c" Type="x/styles" Target="u.xml"/></a>'
    )
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": main or '<w xmlns:d="d"><sheet name="A" d:id="a"/></w>',
            "xl/_rels/workbook.xml.rels": relations,
            "xl/s.xml": sheet,
            "xl/t.xml": strings,
            "xl/u.xml": styles,
        }
    )


def opened_document(cell: bytes, *, rows: bytes = b"", text: bytes = b"x") -> bytes:
    """A spreadsheet of one cell in OpenDocument's format."""
    inside = b"<table:table-cell %s><text:p>%s</text:p></table:table-cell>" % (cell, text)
    table = b"<table:table><table:table-row %s>%s</table:table-row></table:table>" % (rows, inside)
    return archive({"content.xml": b"<a %s>%s</a>" % (NAMES.encode(), table)})


def configuration(text: str) -> None:
    with suppress(ConfigError):
        parse(text, "crosspromo.toml")


def template(folder: Path, text: str) -> None:
    file = folder / "templates" / "spotlight" / "x.j2"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    with suppress(TemplateError):
        Templates((folder / "templates", folder), "us").render(material_of(Kind.SPOTLIGHT), "x")


def picture(folder: Path, data: bytes) -> None:
    (folder / "a.png").write_bytes(data)
    with suppress(UnusableImageError):
        ImageFolder(folder, keep=False).fitted(Image("a.png", "alt"), LIMITS)


def event(*lines: str, uid: int = 1) -> str:
    needed = f"BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:x\r\nDTSTART:20300101T000000Z"
    return "\r\n".join([needed, *lines, "END:VEVENT"])


def whole(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", *parts, "END:VCALENDAR"]).encode()


def dates(count: int) -> str:
    return ",".join(
        f"2030{n % 12 + 1:02}{n % 28 + 1:02}T{n % 24:02}{n % 60:02}00Z" for n in range(count)
    )


def png(width: int, height: int, data: bytes) -> bytes:
    """A PNG that claims to be so large, with these bytes as its compressed rows."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def zipped(count: int) -> bytes:
    """So many null bytes, compressed without having been in memory."""
    packer = zlib.compressobj()
    step = 1_000_000
    parts = [packer.compress(bytes(min(step, count - at))) for at in range(0, count, step)]
    return b"".join([*parts, packer.flush()])


def many(element: bytes, count: int) -> bytes:
    """An element around so many others, each with a number, so that they pack less well."""
    file = BytesIO()
    file.write(b"<a>")
    for number in range(count):
        file.write(element % (number * 7_919 % 99_991))
    file.write(b"</a>")
    return file.getvalue()


def random_bytes(count: int) -> bytes:
    """Bytes that do not become smaller when they are packed, and are always the same."""
    return Random(1).randbytes(count)


def jpeg(side: int) -> bytes:
    """A large photograph; it is grey, so that making it needs little memory."""
    import PIL.Image  # noqa: PLC0415 (only here)

    file = BytesIO()
    PIL.Image.new("L", (side, side), 128).save(file, "JPEG")
    return file.getvalue()


def with_text(compressed: bytes) -> bytes:
    """A small PNG with a compressed comment that unpacks to much."""
    body = b"zTXt" + b"a\0\0" + compressed
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    plain = png(1, 1, zlib.compress(b"\0\0\0\0"))
    return plain[:33] + chunk + plain[33:]


def frames(count: int, side: int) -> bytes:
    """A moving GIF of so many frames."""
    import PIL.Image  # noqa: PLC0415 (only here)

    pictures = [PIL.Image.new("P", (side, side), n % 250) for n in range(count)]
    file = BytesIO()
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:])
    return file.getvalue()


PAGES = {
    text: text
    for text in (
        "<a ",
        "<",
        "<!--",
        "<![x]>",
        '<a "="',
        "&",
        "&#9",
        "<script>",
        "<meta a='",
        "<title>",
    )
}
CALENDARS: dict[str, Callable[[], bytes]] = {
    "descriptions": lambda: whole(
        *[event("DESCRIPTION:" + "<a " * 16_000, uid=n) for n in range(100)]
    ),
    "one list of dates": lambda: whole(event("RDATE:" + dates(270_000))),
    "lists of dates": lambda: whole(*[event("RDATE:" + dates(1_999), uid=n) for n in range(140)]),
    "exceptions": lambda: whole(
        *[event("RRULE:FREQ=DAILY;COUNT=990", "EXDATE:" + dates(1_990), uid=n) for n in range(140)]
    ),
    "parameters": lambda: whole(event("LOCATION" + ";A=b" * 1_000_000 + ":x")),
    "quotes": lambda: whole(event('LOCATION;A="' + "b" * 4_000_000)),
    "folds": lambda: b"BEGIN:VCALENDAR\r\n" + b" a\r\n" * 1_000_000,
    "changes": lambda: whole(
        *[event(f"RECURRENCE-ID;RANGE=THISANDFUTURE:{each}") for each in dates(4_000).split(",")],
        event("RRULE:FREQ=DAILY"),
    ),
    "rules": lambda: whole(
        *[event("RRULE:FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=30", uid=n) for n in range(4_900)]
    ),
    "names": lambda: whole(*[event(uid=n) for n in range(5_000)]),
    "escapes": lambda: whole(event("DESCRIPTION:" + "\\n" * 200_000)),
    "gzip": lambda: gzip.compress(b"\0" * 4_000_000),
}
RSS = "<rss><channel><title>t</title>"
DESCRIBED = "<item><description><![CDATA[{}]]></description></item>"
FEEDS: dict[str, Callable[[], str]] = {
    f"open {text}": lambda text=text: RSS + text * (MOST_BYTES // len(text))
    for text in (
        *("<", "<a ", '<a "', "<a b=\"c' ", "</a ", "<!--", "<![CDATA[", "<?", "&", "&#9;"),
        *("<item>", "<item/>", "<b>", "<!DOCTYPE x [", '<!DOCTYPE x ["', "<!DOCTYPE x []>"),
        *("<item><title>x</title></item>", "<item><b>a</b>", "<item><pubDate>1 1 1 1 1 1"),
    )
} | {
    "entities": lambda: (
        "<!DOCTYPE r [<!ENTITY a0 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY a{n} '" + f"&a{n - 1};" * 10 + "'>" for n in range(1, 10))
        + f"]>{RSS}<item><title>&a9;</title></item>"
    ),
    "one entity": lambda: (
        f"<!DOCTYPE r [<!ENTITY a '{'a' * 100_000}'>]>{RSS}<item><title>" + "&a;" * 1_000_000
    ),
    "depth": lambda: RSS + "<item>" + "".join(f"<b{n}>" for n in range(500_000)),
    "elements in the depth": lambda: RSS + "<item>" + "<b>" * 95 + "<c>a</c>" * 600_000,
    "an attribute": lambda: RSS + "<item a='" + "b" * 4_900_000 + "'/>",
    "attributes": lambda: RSS + "<item " + " ".join(f"a{n}='b'" for n in range(300_000)) + "/>",
    "prefixes": lambda: (
        RSS
        + "".join(f"<a xmlns:a{n}='http://purl.org/dc/terms/'>" for n in range(90))
        + "<b xmlns:a='http://purl.org/dc/terms/'/>" * 100_000
    ),
    "bases": lambda: RSS + "<a xml:base='a/'>" * 99 + "<b xml:base='../c'/>" * 150_000,
    "descriptions": lambda: RSS + DESCRIBED.format("<a " * 16_000) * 100,
    "blocks": lambda: RSS + DESCRIBED.format("<p>" * 16_000) * 100,
    "pictures": lambda: RSS + DESCRIBED.format("<img src=x:>" * 4_000) * 100,
    "thumbnails": lambda: RSS + "<item>" + "<media:thumbnail url='x:'/>" * 90_000,
    "authors": lambda: RSS + ("<item><author>" + "@(a" * 15_000 + "</author></item>") * 100,
    "links": lambda: RSS + ("<item><link>http://a.example/" + "?" * 4_900) * 1_000,
    "JSON lists": lambda: '{"items": ' + "[" * 4_900_000,
    "JSON items": lambda: '{"items": [' + ",".join(["{}"] * 1_600_000) + "]}",
    "JSON values": lambda: '{"title": [' + ",".join(["[]"] * 1_600_000) + "]}",
    "a JSON number": lambda: '{"items": [{"id": ' + "9" * 4_900_000 + "}]}",
}
SPREADSHEETS: dict[str, Callable[[], bytes]] = {
    "columns": lambda: b"name" + b",x" * 2_000_000,
    "wide": lambda: b"name" + b",a" * 999 + b"\n" + (b"a" + b",b" * 999 + b"\n") * 1_000,
    "rows": lambda: b"name\n" + b"a\n" * 2_000_000,
    "one quote": lambda: b'name\n"' + b"a\n" * 2_000_000,
    "quotes": lambda: b"name\n" + b'""' * 2_000_000,
    "handles": lambda: (
        b"name,mastodon\n" + b"a,https://" + b"a." * 1_900 + b"/@x\n" + b"a,@" + b"_" * 3_900
    ),
    "names": lambda: b"name,slug\n" + b"".join(b"a,%d\n" % n for n in range(400_000)),
    "one organisation": lambda: b"name,Note\n" + b"".join(b"A,%d\n" % n for n in range(19_999)),
    "cards": lambda: b"BEGIN:VCARD\nFN:A\nEND:VCARD\n" * 100_000,
    "folds of a card": lambda: b"BEGIN:VCARD\nNOTE:\n" + b" a\n" * 1_600_000,
    "soft ends of a card": lambda: (
        b"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:\n" + b"=\n" * 2_000_000
    ),
    "parameters of a card": lambda: b"BEGIN:VCARD\nNOTE" + b';A="b"' * 700_000 + b":x",
    "values of a card": lambda: b"BEGIN:VCARD\nFN:A\n" + b"URL:https://a.example\n" * 220_000,
    "cards in cards": lambda: b"BEGIN:VCARD\nFN:A\n" * 250_000,
}
WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "zeros": lambda: workbook(sheet=b" " * 100_000_000),
    "spaces": lambda: workbook(sheet=b"<a>" + random_bytes(4_000_000).hex().encode()),
    "depth": lambda: workbook(sheet=b"<a>" * 3_000_000),
    "cells": lambda: workbook(sheet=many(b"<row><c t='s'><v>%d</v></c></row>", 1_200_000)),
    "empty cells": lambda: workbook(sheet=many(b"<c r='A%d'/>", 1_400_000)),
    "packed cells": lambda: workbook(sheet=b"<a>" + b"<c/>" * 10_000_000 + b"</a>"),
    "wide rows": lambda: workbook(
        sheet=b"<a>" + b"<row><c r='ALL1' t='str'><v>x</v></c></row>" * 19_000 + b"</a>"
    ),
    "a shared text": lambda: workbook(
        sheet=b"<a>" + b"<row><c t='s'><v>0</v></c></row>" * 19_000 + b"</a>",
        strings=b"<a><si><t>" + b"x" * 5_000_000 + b"</t></si></a>",
    ),
    "shared texts": lambda: workbook(strings=many(b"<si><t>%d</t></si>", 900_000)),
    "formats": lambda: workbook(styles=many(b"<numFmt formatCode='\"%d'/>", 1_200_000)),
    "attributes": lambda: workbook(
        sheet=b"<a " + b" ".join(b"a%d='x'" % n for n in range(400_000)) + b"/>"
    ),
    "merged cells": lambda: workbook(
        sheet=b"<a><row><c t='str'><v>x</v></c><c t='str'><v>y</v></c></row>"
        + many(b"<mergeCell ref='A1:A1048576' a='%d'/>", 20_000)
        + many(b"<mergeCell ref='A1:XFD1048576' a='%d'/>", 20_000)
        + b"</a>"
    ),
    "hidden columns": lambda: workbook(
        sheet=many(b"<col hidden='1' min='1' max='16384' a='%d'/>", 1_000_000)
    ),
    "entities": lambda: workbook(
        sheet=b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><a>&b;</a>"
    ),
    "sheets": lambda: workbook(
        main=b"<w xmlns:d='d'>" + many(b"<sheet name='%d' d:id='a'/>", 1_000_000) + b"</w>"
    ),
    "entries": lambda: archive({f"{n}": b"" for n in range(40_000)}),
    "ods cells": lambda: opened_document(b"table:number-columns-repeated='999999999'"),
    "ods rows": lambda: opened_document(b"", rows=b"table:number-rows-repeated='999999999'"),
    "ods spaces": lambda: opened_document(b"", text=b"<text:s text:c='999999999'/>" * 100_000),
    "ods tables": lambda: archive({"content.xml": b"<a>" + b"<table/>" * 1_000_000 + b"</a>"}),
}
SETTINGS = {
    "arrays": "a = " + "[" * 100_000,
    "tables": "a = " + "{a = " * 30_000,
    "dotted": ".".join(["a"] * 90_000) + " = 1",
    "keys": "\n".join(f"a{n} = 1" for n in range(20_000)),
    "accounts": "\n".join(f"[accounts.a{n}]\nnetwork = 'x'" for n in range(5_000)),
    "deep tables": "\n".join(f"[{'.'.join(['a'] * n)}]" for n in range(1, 400)),
    "comment": "#" * LARGEST_FILE,
    "number": "a = " + "9" * 100_000,
    "quotes": "a = '''" + "'" * 100_000,
}
TEMPLATES = {
    text[:60]: text
    for text in (
        *("{{ '%600000000d' % 1 }}", "{{ 'x' | center(600000000) }}", "{{ 'x'.zfill(600000000) }}"),
        *("{{ lipsum(100000) }}", "{{ '{:600000000d}'.format(1) }}", "{{ 9 ** 9 ** 9 ** 9 }}"),
        ROUNDS * 3 + END * 3,
        ROUNDS + "x" * 15_000 + END,
        f"{{% set n = namespace(x=9) %}}{ROUNDS}{{% set n.x = n.x * n.x %}}{END}",
        f"{{% set n = namespace(x='a') %}}{ROUNDS}{{% set n.x = n.x ~ n.x %}}{END}",
        f"{{% set n = namespace(y=[1]) %}}{ROUNDS}{{% set n.y = [n.y, n.y] %}}{END}{{{{ n.y }}}}",
        "{% macro m(n) %}{{ m(n - 1) if n }}{{ m(n - 1) if n }}{% endmacro %}{{ m(50) }}",
        "{% include 'spotlight/x.j2' %}" * 2,
        "{{ a }}" * 2_800,
        "{% for a in [1] %}" * 150 + END * 150,
        "{{ " + "(" * 9_000,
        "{{ 1" + "+1" * 9_000 + " }}",
    )
}
PICTURES: dict[str, Callable[[], bytes]] = {
    "side": lambda: png(100_000, 100_000, zipped(1_000_000)),
    "rows": lambda: png(8_000, 8_000, zipped((8_000 * 3 + 1) * 8_000)),
    "the largest": lambda: png(5_000, 5_000, zipped((5_000 * 3 + 1) * 5_000)),
    "photograph": lambda: jpeg(7_900),
    "comment": lambda: with_text(zipped(500_000_000)),
    "frames": lambda: frames(3_000, 100),
    "zeros": lambda: b"\0" * 70_000_000,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
