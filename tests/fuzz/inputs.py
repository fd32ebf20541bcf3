"""Hostile inputs of every kind, made of the pieces that parsers stumble over."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from hypothesis import strategies as st
from PIL import Image

markup = st.lists(
    st.sampled_from(
        [
            *(
                "<",
                ">",
                "<!",
                "<![x]>",
                "<![CDATA[",
                "]]>",
                "<!--",
                "-->",
                "<?",
                "</",
                "<a b='",
                '"',
            ),
            *("<title>", "</title>", "<script>", "</script", "&", "&#", "&#xD800;", "&#0;", "&lt;"),
            *(
                "&#" + "9" * 5_000 + ";",
                "<meta property=og:title content='",
                "'",
                "=",
                " ",
                "\n",
                "\0",
            ),
            *("<https://a.example>", "<us@a.example>", "\u202e", "é", "a", "<br>", "<svg/>", ";"),
        ]
    )
    | st.text(max_size=20)
).map("".join)

_properties = st.sampled_from(
    [
        *(
            "DTSTART",
            "DTEND",
            "DURATION",
            "RRULE",
            "RDATE",
            "EXDATE",
            "RECURRENCE-ID",
            "SUMMARY",
            "UID",
        ),
        *(
            "LOCATION",
            "URL",
            "DESCRIPTION",
            "SEQUENCE",
            "STATUS",
            "TZID",
            "TZOFFSETFROM",
            "TZOFFSETTO",
        ),
        *("DTSTAMP", "METHOD", "X-WR-TIMEZONE", "EXRULE", "LAST-MODIFIED"),
    ]
)
_parameters = st.sampled_from(
    [
        *(
            "",
            ";TZID=America/New_York",
            ";TZID=Mine",
            ";VALUE=DATE",
            ";VALUE=PERIOD",
            ';A="b:c"',
            ";",
        ),
        *(
            ";RANGE=THISANDFUTURE",
            ";TZID=",
            ';TZID="',
            ";TZID=../../etc/passwd",
            ";ENCODING=BASE64",
        ),
    ]
)
_values = st.sampled_from(
    [
        *("20300101T090000Z", "20300101T090000", "20300101", "19700101T000000", "99991231T235959Z"),
        *(
            "00010101",
            "20300230",
            "20300101T250000",
            "20300101T090000Z/PT1H",
            "PT1H",
            "P1W",
            "-P1D",
        ),
        *(
            "P99999999999D",
            "FREQ=DAILY",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=WEEKLY;BYDAY=MO",
        ),
        *(
            "FREQ=DAILY;COUNT=99999999",
            "FREQ=SECONDLY",
            "FREQ=DAILY;INTERVAL=999999999",
            "FREQ=",
            "",
        ),
        *(
            "FREQ=YEARLY;BYDAY=-53MO;BYSETPOS=-366",
            "FREQ=DAILY;UNTIL=00010101",
            "FREQ=MONTHLY;BYDAY=9SU",
        ),
        *(
            "+0100",
            "-2359",
            "+9999",
            "CANCELLED",
            "x",
            "\\n\\,\\;\\",
            "http://a.example",
            "1",
            "Mine",
            ",",
        ),
        *("20300101T090000Z,20300102T090000Z", "<a ", "&#" + "9" * 5_000 + ";"),
    ]
)
_lines = st.builds("{}{}:{}".format, _properties, _parameters, _values | st.text(max_size=10))
_blocks = st.builds(
    lambda name, lines, end: "\r\n".join(
        [f"BEGIN:{name}", *lines, *([f"END:{name}"] if end else [])]
    ),
    st.sampled_from(["VEVENT", "VEVENT", "VEVENT", "VTIMEZONE", "STANDARD", "VALARM", "VCALENDAR"]),
    st.lists(_lines, max_size=8).map(
        lambda lines: ["UID:1", "SUMMARY:x", "DTSTART:20300101T090000Z", *lines]
    )
    | st.lists(_lines, max_size=8),
    st.booleans() | st.just(True),
)
calendars = (
    st.lists(_blocks | _lines, max_size=5).map(
        lambda parts: "\r\n".join(["BEGIN:VCALENDAR", *parts, "END:VCALENDAR"]).encode(
            "utf-8", "replace"
        )
    )
    | st.binary()
)

_cells = st.sampled_from(
    [
        *("", "name", "slug", "x", "mastodon", "bluesky", "reddit", "website", "topics", "status"),
        *(
            "account",
            "published_at",
            "credit",
            "partner",
            "text",
            "url",
            "remote_id",
            "tag_ok",
            "list",
        ),
        *(
            '"',
            '"a',
            "=1+1",
            "'=",
            "https://[",
            "http://a:99999",
            "@",
            "r/",
            "u/x",
            "a@b.example",
            "\0",
        ),
        *(
            "2026-04-22T09:00",
            "9999-12-31T23:59:59-23:59",
            "+9999999999w",
            "others",
            "c3",
            "\u202e",
        ),
        *("one", "1E+17", "\r", "\ufeff", "https://x.com//", "//", "a" * 300, "did:plc:x", "sep=;"),
    ]
) | st.text(max_size=10)
spreadsheets = (
    st.builds(
        lambda rows, separator, end, codec: end.join(
            separator.join(cells) for cells in rows
        ).encode(codec, "replace"),
        st.lists(st.lists(_cells, max_size=8), max_size=6),
        st.sampled_from([",", ";", "\t"]),
        st.sampled_from(["\n", "\r\n", "\r"]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"]),
    )
    | st.binary()
)

_FILES_OF_A_BOOK = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet '
        'name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def _book(rows: list[list[str]]) -> bytes:
    """Workbook with these cells, each as it stands in the file."""
    cells = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in _FILES_OF_A_BOOK.items():
            archive.writestr(name, text)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{cells}</sheetData></worksheet>",
        )
    return target.getvalue()


def _text_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


_cells_of_a_book = st.one_of(
    st.sampled_from(["date", "time", "id", "text", "Caption", "version", "approver"]).map(
        _text_cell
    ),
    st.sampled_from(["allowed", "9am", "2026-02-30", "tomorrow", "none", "=1+1", "1e9"]).map(
        _text_cell
    ),
    st.integers().map(lambda number: f"<c><v>{number}</v></c>"),
    st.floats().map(lambda number: f'<c s="1"><v>{number}</v></c>'),
    st.sampled_from(
        [
            '<c t="b"><v>1</v></c>',
            '<c t="e"><v>#N/A</v></c>',
            '<c t="d"><v>2026-13-01</v></c>',
            '<c t="s"><v>7</v></c>',
            '<c r="XFD9"><v>1</v></c>',
            "<c><f>1+1</f></c>",
            "<c/>",
            "<",
            "&x;",
        ]
    ),
    st.text("ab \u202e\n", max_size=5).map(_text_cell),
)
workbooks = st.lists(st.lists(_cells_of_a_book, max_size=8), max_size=5).map(_book) | st.binary()

_expressions = st.recursive(
    st.sampled_from(
        [
            *(
                "partner",
                "partner.name",
                "partners",
                "text",
                "link",
                "network",
                "organisation",
                "nope",
            ),
            *(
                "'x'",
                "'%s'",
                "'%600000000d'",
                "9",
                "10**9",
                "range(1000)",
                "[]",
                "{}",
                "namespace()",
            ),
            *(
                "loop",
                "self",
                "cycler('a')",
                "joiner()",
                "dict(a=1)",
                "lipsum",
                "none",
                "1.5",
                "''",
            ),
        ]
    ),
    lambda inner: (
        st.builds(
            "({} {} {})".format,
            inner,
            st.sampled_from(["+", "-", "*", "**", "%", "~", "/", "//", "==", "in", "<"]),
            inner,
        )
        | st.builds(
            "{}|{}".format,
            inner,
            st.sampled_from(
                [
                    *(
                        "upper",
                        "list",
                        "join(', ')",
                        "join('x')",
                        "replace('', 'yy')",
                        "sum(start=[])",
                    ),
                    *(
                        "format(1)",
                        "center(9999999)",
                        "map('list')",
                        "map('upper')",
                        "sort",
                        "string",
                    ),
                    *("round(99999999)", "int", "truncate(3)", "handle", "local_date", "hashtags"),
                    *(
                        "listed",
                        "link",
                        "default('x')",
                        "groupby('a')",
                        "unique",
                        "urlencode",
                        "length",
                    ),
                    *("attr('__class__')", "reverse", "dictsort", "items", "select", "random"),
                ]
            ),
        )
        | st.builds(
            "{}.{}".format,
            inner,
            st.sampled_from(
                [
                    *("name", "__class__", "join([1])", "zfill(9999999)", "replace('', 'yyyy')"),
                    *(
                        "format(1)",
                        "split('')",
                        "items()",
                        "strip()",
                        "x",
                        "to_bytes(9)",
                        "upper()",
                    ),
                ]
            ),
        )
        | st.builds("[{}, {}]".format, inner, inner)
        | st.builds("({} if {} else {})".format, inner, inner, inner)
        | st.builds("{}[{}]".format, inner, inner)
    ),
    max_leaves=6,
)
templates = st.recursive(
    st.builds("{{{{ {} }}}}".format, _expressions)
    | st.sampled_from(
        ["x", "\n", "{{", "{%", "#}", "{% include 'spotlight/x.j2' %}", "\ue000", "\0"]
    )
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4).map("".join)
        | st.builds("{{% for a in {} %}}{}{{% endfor %}}".format, _expressions, inner)
        | st.builds("{{% if {} %}}{}{{% endif %}}".format, _expressions, inner)
        | st.builds("{{% set text %}}{}{{% endset %}}".format, inner)
        | st.builds("{{% set text = {} %}}".format, _expressions)
        | st.builds("{{% set title %}}{}{{% endset %}}".format, inner)
        | st.builds("{{% drop 1 %}}{}{{% enddrop %}}".format, inner)
        | st.builds(
            "{{% macro m() %}}{}{{{{ m() }}}}{{{{ m() }}}}{{% endmacro %}}{{{{ m() }}}}".format,
            inner,
        )
        | st.builds("{{% block a %}}{}{{% endblock %}}".format, inner)
        | st.builds("{{% filter upper %}}{}{{% endfilter %}}".format, inner)
    ),
    max_leaves=8,
)

_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2030-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "https://t.co/a", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "data",
                        "meta",
                        "errors",
                        "id",
                        "text",
                        "created_at",
                        "entities",
                        "urls",
                        "url",
                    ),
                    *(
                        "expanded_url",
                        "display_url",
                        "note_tweet",
                        "referenced_tweets",
                        "type",
                        "username",
                    ),
                    *(
                        "next_token",
                        "error",
                        "message",
                        "reason",
                        "explanation",
                        "uri",
                        "cid",
                        "value",
                    ),
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=15,
)
answers = _json
links = st.fixed_dictionaries(
    {
        "url": st.sampled_from(["", "a", "aa", "https://t.co/a"]),
        "expanded_url": st.text("a", max_size=9),
    }
)
posts = st.fixed_dictionaries(
    {
        "id": st.text(max_size=3),
        "text": st.text("a &;<#9", max_size=50),
        "created_at": st.sampled_from(["2030-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59"]),
        "entities": st.fixed_dictionaries({"urls": st.lists(links, max_size=50)}),
    }
)


def picture(kind: str) -> bytes:
    """A small picture in this format; the moving ones move."""
    file = BytesIO()
    frames = [Image.new("RGB", (9, 7), colour) for colour in ("red", "blue")]
    moving = {"save_all": True, "append_images": frames[1:]} if kind in {"GIF", "WEBP"} else {}
    exif = Image.Exif()
    exif[0x0112] = 1 if moving else 6
    frames[0].save(file, kind, exif=exif, **moving)
    return file.getvalue()


PICTURES = tuple(picture(kind) for kind in ("JPEG", "PNG", "GIF", "WEBP"))


@st.composite
def damaged_pictures(draw: st.DrawFn) -> bytes:
    """A picture of which some bytes are others, and whose end may be missing."""
    data = bytearray(draw(st.sampled_from(PICTURES)))
    for place, byte in draw(
        st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8)
    ):
        data[place % len(data)] = byte
    end = draw(st.none() | st.integers(0, len(data)))
    return bytes(data[:end])


pictures = damaged_pictures() | st.binary()
