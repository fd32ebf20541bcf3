"""A network of one's own: an HTML page in the workspace, with another network's limits.

For trying things out, for the demo and for benchmarks. Nothing leaves the machine. Each post is
appended in one write, so what it costs does not grow with the page.
"""

import os
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Capabilities,
    Content,
    Found,
    ImageLimits,
    Json,
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


class Sandbox:
    """An account on this machine."""

    def __init__(self, setup: AccountSetup) -> None:
        self._account = setup.name
        self._page = setup.workspace / FOLDER / f"{setup.name}.html"
        self._address = self._page.as_uri()

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        return Prepared(
            uuid4().hex,
            {
                "texts": list(content.posts),
                "images": [[image.path, image.alt] for image in content.images],
                "title": content.title,
                "reposts": content.reposts,
                "at": now.isoformat(timespec="seconds"),
            },
        )

    def send(self, prepared: Prepared) -> Outcome:
        try:
            self._append(_article(prepared))
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

    def delete(self, receipt: Receipt) -> Removal:
        """Blank the article out where it stands, so that what is appended meanwhile is not lost."""
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
        """Its page is begun, if it is not there yet."""
        try:
            os.close(self._open())
        except OSError as error:
            raise AccountError(f"{self._page} cannot be written: {error.strerror}") from error
        return f"a page at {self._page}"

    def close(self) -> None:
        """Nothing is open."""

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


def _article(prepared: Prepared) -> str:
    payload = prepared.payload
    title = f"<h2>{escape(str(payload['title']))}</h2>" if payload["title"] else ""
    texts = payload["texts"]
    assert isinstance(texts, list)
    paragraphs = "\n".join(f"<p>{escape(str(text))}</p>" for text in texts if text)
    return (
        f'<article id="{prepared.token}">{title}{paragraphs}'
        f"{_reposted(payload.get('reposts'))}{_pictures(prepared)}"
        f"<time>{payload['at']}</time></article>\n"
    )


def _pictures(prepared: Prepared) -> str:
    """The images, seen from the page: it lies in a folder of the workspace."""
    images = prepared.payload.get("images", [])
    assert isinstance(images, list)
    shown = ((quote(str(path)), escape(str(alt))) for path, alt in map(_pair, images))
    return "".join(f'<img src="../{path}" alt="{alt}">' for path, alt in shown)


def _pair(image: Json) -> list[Json]:
    assert isinstance(image, list)
    return image


def _reposted(address: object) -> str:
    if not address:
        return ""
    shown = escape(str(address))
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
