"""Hostile workbooks and address books, made of the pieces that their readers stumble over."""

import random

from hypothesis import strategies as st
from workbooks import NAMES, archive, cell, ods, row, xlsx

_attributes = st.sampled_from(
    [
        *('r="A1"', 'r="ZZZ9999999"', 'r="0"', 'r="-1"', 't="s"', 't="e"', 't="b"', 't="str"'),
        *('s="1"', 's="99999999999"', 'hidden="1"', 'ref="A1:XFD1048576"', 'ref="B2"', 'min="0"'),
        *('max="999999999"', 't="inlineStr"', 'r="1048576"', 'id="a"', 'name="x"', 'd:id="a"'),
        *('table:number-columns-repeated="999999999"', 'table:number-rows-repeated="2"'),
        *('table:number-columns-spanned="9"', 'table:formula="x"', 'office:value-type="float"'),
        *('office:value="1e999"', 'office:value-type="date"', 'office:date-value="T"'),
        'text:c="9"',
    ]
)
_names = st.sampled_from(
    [
        *("row", "c", "v", "t", "is", "si", "f", "rPh", "col", "mergeCell", "sheetData", "numFmt"),
        *(
            "xf",
            "cellXfs",
            "table:table",
            "table:table-row",
            "table:table-cell",
            "text:p",
            "text:s",
        ),
        *("table:covered-table-cell", "office:annotation", "table:table-column", "text:line-break"),
    ]
)
_texts = st.sampled_from(
    [
        *(
            "name",
            "website",
            "0",
            "1",
            "1e999",
            "nan",
            "-1",
            "2958465.9",
            "60",
            "_x0000_",
            "_xD800_",
        ),
        *(
            "#REF!",
            "&amp;",
            "&#65;",
            "&nope;",
            "&#0;",
            "]]>",
            "<",
            "\u202e",
            "x" * 5_000,
            "45000.5",
        ),
    ]
) | st.text(max_size=5)
_elements = st.recursive(
    _texts,
    lambda inner: st.builds(
        lambda name, given, inside: f"<{name} {' '.join(given)}>{''.join(inside)}</{name}>",
        _names,
        st.lists(_attributes, max_size=3, unique_by=lambda each: each.partition("=")[0]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)
_document = st.builds(
    lambda inside, end: f"<a xmlns:d='d' {NAMES}>{''.join(inside)}</a>{end}",
    st.lists(_elements, max_size=6),
    st.sampled_from(["", "", "", "</a>", "<!DOCTYPE a>"]),
)
_workbook = st.builds(
    lambda sheet, strings, styles, main: archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": main,
            "xl/_rels/workbook.xml.rels": _RELATIONS,
            "xl/s.xml": sheet.encode("utf-8", "replace"),
            "xl/t.xml": strings.encode("utf-8", "replace"),
            "xl/u.xml": styles.encode("utf-8", "replace"),
        }
    ),
    _document,
    _document,
    _document,
    st.just('<w xmlns:d="d"><sheets><sheet name="A" d:id="a"/></sheets></w>') | _document,
)
_RELATIONS = (
    '<a><Relationship Id="a" Type="x/worksheet" Target="s.xml"/>'
    '<Relationship Id="b" Type="x/sharedStrings" Target="/xl/t.xml"/>'
    '<Relationship Id="c" Type="x/styles" Target="../xl/u.xml"/></a>'
)
_WHOLE = (
    xlsx(("name", "website", "Since"), ("A", "a.example", 45_000.5), ("B", None, True)),
    ods(row("name", "website") + row("A", cell("1", 'office:value-type="float"'))),
)


def _damaged(data: bytes, seed: int, count: int) -> bytes:
    """The file with so many of its bytes changed."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(count):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


workbooks = (
    _workbook
    | _document.map(lambda text: archive({"content.xml": text.encode("utf-8", "replace")}))
    | st.builds(_damaged, st.sampled_from(_WHOLE), st.integers(0, 10**6), st.integers(0, 9))
    | st.binary().map(lambda data: b"PK\x03\x04" + data)
)

_lines = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        [
            *("BEGIN:VCARD", "END:VCARD", "ORG:", "FN:", "N:", "item1.URL:", "X-SOCIALPROFILE:"),
            *("X-SOCIALPROFILE;type=twitter:", "IMPP;TYPE=x:", "CATEGORIES:", " ", "=", "PHOTO:"),
            *("NOTE;ENCODING=QUOTED-PRINTABLE:", "FN;CHARSET=utf-7;ENCODING=QUOTED-PRINTABLE:"),
            *('ORG;A="', "TEL:", "ADR:", "KIND:", "X-ABShowAs:", "PHOTO;ENCODING=b:", ":", ";"),
        ]
    ),
    st.sampled_from(
        ["", "A", "=C3=28=", "\\n\\,\\;\\", ";;;", "https://x.com/a", "x-apple:", "=", "individual"]
    ),
    st.text(max_size=10),
)
address_books = st.builds(
    lambda lines, end, codec: end.join(["BEGIN:VCARD", *lines]).encode(codec, "replace"),
    st.lists(_lines, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
