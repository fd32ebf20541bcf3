"""Sandbox network: an HTML page in the workspace, with the limits of another network.

It serves for trial runs, the demo and benchmarks; nothing leaves the machine. Each post is appended
in one write, so its cost does not grow with the page.
"""

import os
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from msgspec import Struct

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Capabilities,
    Content,
    Found,
    ImageLimits,
    LookUp,
    Network,
    NotRemoved,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    read_payload,
    write_payload,
)
from crosspromo.text import rules

FOLDER = "sandbox"
ARTICLE_END = b"</article>"

HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{account}: crosspromo sandbox</title>
<style>body{{font:16px/1.5 system-ui;max-width:36rem;margin:2rem auto;padding:0 1rem}}
article{{border:1px solid #ccc;border-radius:.5rem;padding:1rem;margin:1rem 0}}
p{{white-space:pre-wrap;margin:0 0 .5rem}}img{{max-width:100%}}
time{{color:#666;font-size:.85rem}}</style>
<h1>{account}</h1>
"""


class Picture(Struct, frozen=True, array_like=True):
    """Image of an article: path below the workspace and alt text; in JSON a list of these two."""

    path: str
    alt: str


class PagePayload(Struct, frozen=True, kw_only=True):
    """Payload of an article: one text for each part of a thread.

    `at` is the ISO 8601 time shown below the texts, `reposts` the address of a reposted post.
    """

    texts: list[str]
    images: list[Picture] = []
    title: str | None
    reposts: str | None = None
    at: str


class Sandbox:
    """Account on this machine: a page named after it in the folder `sandbox`."""

    def __init__(self, setup: AccountSetup) -> None:
        self._account = setup.name
        self._page = setup.workspace / FOLDER / f"{setup.name}.html"
        self._address = self._page.as_uri()

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        payload = _payload(content, now.isoformat(timespec="seconds"))
        return Prepared(uuid4().hex, write_payload(payload))

    def send(self, prepared: Prepared) -> Outcome:
        article = _article(prepared.token, read_payload(prepared.payload, PagePayload))
        try:
            self._append(article)
        except OSError as error:
            return NotSent(f"{self._page} cannot be written: {error.strerror}")
        return Sent(self._receipt(prepared))

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        try:
            page = self._page.read_text(encoding="utf-8") if self._page.exists() else ""
        except OSError as error:
            return Unclear(f"{self._page} cannot be read: {error.strerror}")
        if f'id="{prepared.token}"' in page:
            return Found(self._receipt(prepared))
        return Absent()

    def find(self, content: Content, since: datetime, known: Collection[str] = ()) -> LookUp:
        """Look-up of an article with the same texts and pictures, whatever its time."""
        wanted = _shown(_payload(content, ""))
        try:
            page = self._page.read_text(encoding="utf-8") if self._page.exists() else ""
        except OSError as error:
            return Unclear(f"{self._page} cannot be read: {error.strerror}")
        for article in reversed(list(_ARTICLE.finditer(page))):
            token = article["token"]
            is_ours = article["shown"] == wanted and _ended(article["at"]) > since
            if is_ours and token not in known:
                return Found(Receipt(token, f"{self._address}#{token}"))
        return Absent()

    def delete(self, receipt: Receipt) -> Removal:
        """Overwrite the article with blanks in place: articles appended meanwhile are kept."""
        try:
            page = self._page.read_bytes() if self._page.exists() else b""
            start = page.find(f'<article id="{receipt.remote_id}">'.encode())
            if start >= 0:
                end = page.index(ARTICLE_END, start) + len(ARTICLE_END)
                with self._page.open("r+b") as file:
                    file.seek(start)
                    file.write(b" " * (end - start))
        except OSError as error:
            return NotRemoved(f"{self._page} cannot be changed: {error.strerror}")
        return Removed()

    def verify(self) -> str:
        """Path of the account's page; a missing page is created."""
        try:
            os.close(self._open())
        except OSError as error:
            raise AccountError(f"{self._page} cannot be written: {error.strerror}") from error
        return f"a page at {self._page}"

    def close(self) -> None:
        """Nothing: no file is open between calls."""

    def _receipt(self, prepared: Prepared) -> Receipt:
        return Receipt(prepared.token, f"{self._address}#{prepared.token}")

    def _append(self, article: str) -> None:
        descriptor = self._open()
        try:
            os.write(descriptor, article.encode())
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        try:
            return os.open(self._page, os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError:
            _begin(self._page, self._account)
            return os.open(self._page, os.O_WRONLY | os.O_APPEND)


def _begin(page: Path, account: str) -> None:
    page.parent.mkdir(exist_ok=True)
    page.write_text(HEAD.format(account=escape(account)), encoding="utf-8")


def _payload(content: Content, at: str) -> PagePayload:
    return PagePayload(
        texts=list(content.posts),
        images=[Picture(image.path, image.alt) for image in content.images],
        title=content.title,
        reposts=content.reposts,
        at=at,
    )


def _article(token: str, payload: PagePayload) -> str:
    return f'<article id="{token}">{_shown(payload)}<time>{payload.at}</time></article>\n'


def _ended(at: str) -> datetime:
    """End of the second in which an article was written."""
    return datetime.fromisoformat(at) + timedelta(seconds=1)


_ARTICLE = re.compile(
    r'<article id="(?P<token>\w+)">(?P<shown>.*?)<time>(?P<at>[^<]+)</time></article>', re.DOTALL
)


def _shown(payload: PagePayload) -> str:
    """HTML of the texts and pictures."""
    title = f"<h2>{escape(payload.title)}</h2>" if payload.title else ""
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in payload.texts if text)
    return f"{title}{paragraphs}{_reposted(payload.reposts)}{_pictures(payload.images)}"


def _pictures(images: Iterable[Picture]) -> str:
    """HTML of the images; paths are relative to the page, in a folder of the workspace."""
    shown = ((quote(image.path), escape(image.alt)) for image in images)
    return "".join(f'<img src="../{path}" alt="{alt}">' for path, alt in shown)


def _reposted(address: str | None) -> str:
    if not address:
        return ""
    shown = escape(address)
    return f'<p>reposted <a href="{shown}">{shown}</a></p>'


NETWORK = Network(
    name="sandbox",
    capabilities=Capabilities(
        text=rules.BLUESKY,
        ready_at_once=True,
        local=True,
        threads=True,
        deletes=True,
        images=ImageLimits(most=4),
    ),
    connect=Sandbox,
    options=("subreddit",),
    imitates=True,
)
