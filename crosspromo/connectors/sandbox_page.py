"""Page of a sandbox account as HTML: its head, and the articles that are appended to it.

Texts are strangers' words: all is escaped, Markdown is rendered without HTML and without pictures
from elsewhere, and links go to web addresses only.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct, UnsetType, json

from crosspromo.domain.timing import wall_clock
from crosspromo.text import bluesky

BADGES = "badges.css"
INDEX = "all.html"
"""Name of the index; no account is named `all`."""

STYLE = """body{font:16px/1.5 system-ui;max-width:36rem;margin:2rem auto;padding:0 1rem}
main{display:flex;flex-direction:column-reverse}
article{border:1px solid #ccc;border-radius:.5rem;padding:1rem;margin:1rem 0}
article>p{white-space:pre-wrap}p{margin:0 0 .5rem}figure{margin:0 0 .5rem}img{max-width:100%}
figcaption,time,small{color:#666;font-size:.85rem}
.badge,article::after{border-radius:1rem;padding:0 .6rem;font-size:.85rem;background:#eee}
.others,.badge-others{background:#d7f0d7}.self{background:#fde3c8}"""
"""Style of all pages. Articles are appended, so that the newest stands last in the file and, by
`column-reverse`, first on the page."""

POLICY = "default-src 'none'; img-src file: 'self'; style-src 'unsafe-inline' file: 'self'"
"""What a browser may load from these pages: pictures and styles beside them, no program."""

HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<style>{style}</style><link rel="stylesheet" href="{badges}">
"""


class Picture(Struct, frozen=True, array_like=True):
    """Image of an article: path below the workspace and alt text; in JSON a list of these two."""

    path: str
    alt: str


class PagePayload(Struct, frozen=True, kw_only=True):
    """Payload of an article: one text for each part of a thread, as the page shows it.

    `at` is the ISO 8601 time shown below the texts, `reposts` the address of a reposted post.
    `content` are 64 hex digits over the content itself, whatever network its page imitates;
    payloads of before have none.
    """

    texts: list[str]
    images: list[Picture] = []
    title: str | None
    reposts: str | None = None
    at: str
    content: str | UnsetType = UNSET


def head(title: str) -> str:
    """Head of a page, up to its first heading."""
    return HEAD.format(title=escape(title), policy=escape(POLICY), style=STYLE, badges=BADGES)


def page_head(account: str, network: str | None) -> str:
    """Beginning of an account's page, to which articles are appended; `network`: imitated."""
    named = f"{account}, as on {network}" if network else account
    return (
        f"{head(f'{account}: crosspromo sandbox')}<h1>{escape(named)}</h1>\n"
        f'<p><a href="{INDEX}">All sandbox accounts, and what comes next</a></p>\n<main>\n'
    )


def article(token: str, payload: PagePayload, zone: ZoneInfo, *, markdown: bool) -> str:
    """Article with its texts, pictures and local time; `markdown`: the texts are Markdown."""
    time = f'<time datetime="{payload.at}">{_shown(payload.at, zone)}</time>'
    texts = "\n".join(_text(text, markdown=markdown) for text in payload.texts if text)
    return (
        f'<article id="{token}" data-is="{identity(payload)}">{_title(payload)}{texts}'
        f"{_reposted(payload.reposts)}{_pictures(payload.images)}{time}</article>\n"
    )


@lru_cache(maxsize=16)  # what goes out together mostly shares its second
def _shown(at: str, zone: ZoneInfo) -> str:
    return wall_clock(datetime.fromisoformat(at), zone)


def identity(payload: PagePayload) -> str:
    """64 hex digits by which the article of a payload is found."""
    return payload.content or earlier_identity(payload)


def earlier_identity(payload: PagePayload) -> str:
    """Identity of articles from before payloads had `content`: over the texts as they are shown."""
    shown = {
        "texts": payload.texts,
        "images": payload.images,
        "title": payload.title,
        "reposts": payload.reposts,
        "at": "",
    }
    return sha256(json.encode(shown)).hexdigest()


def plain(payload: PagePayload) -> str:
    """HTML between the tag and the time of an article, as it was before articles had `data-is`."""
    texts = "\n".join(f"<p>{escape(text)}</p>" for text in payload.texts if text)
    pictures = "".join(
        f'<img src="../{quote(p.path)}" alt="{escape(p.alt)}">' for p in payload.images
    )
    return f"{_title(payload)}{texts}{_reposted(payload.reposts)}{pictures}"


def _title(payload: PagePayload) -> str:
    return f"<h2>{escape(payload.title)}</h2>" if payload.title else ""


def _text(text: str, *, markdown: bool) -> str:
    if not markdown:
        return f"<p>{linked(text)}</p>"
    from markdown_it import MarkdownIt  # noqa: PLC0415 (only pages of such networks need it)

    reader = MarkdownIt("commonmark", {"html": False, "breaks": False}).enable("table")
    return str(reader.disable("image").render(text))


def linked(text: str) -> str:
    """HTML of a text in which web addresses are links."""
    parts, read = [], 0
    for start, end, _, address in bluesky.links(text):
        shown = escape(text[start:end])
        parts.append(
            f'{escape(text[read:start])}<a href="{escape(address)}" rel="noopener">{shown}</a>'
        )
        read = end
    return "".join(parts) + escape(text[read:])


def _pictures(images: Iterable[Picture]) -> str:
    """HTML of the images, each with its alt text to be read; paths are relative to the page."""
    return "".join(
        f'<figure><img src="../{quote(image.path)}" alt="{escape(image.alt)}">'
        f"<figcaption>Alt text: {escape(image.alt)}</figcaption></figure>"
        for image in images
    )


def _reposted(address: str | None) -> str:
    if not address:
        return ""
    shown = escape(address)
    return f'<p>reposted <a href="{shown}">{shown}</a></p>'
