"""Sandbox network: an HTML page in the workspace, with the limits of another network.

It serves for trial runs, the demo and benchmarks; nothing leaves the machine. Each post is appended
in one write, so its cost does not grow with the page.
"""

import os
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from json import JSONEncoder
from pathlib import Path

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Capabilities,
    Content,
    Figures,
    Found,
    ImageLimits,
    LookUp,
    Measured,
    Network,
    NotRead,
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
from crosspromo.connectors.sandbox_page import (
    PagePayload,
    Picture,
    article,
    earlier_identity,
    identity,
    page_head,
    plain,
)
from crosspromo.publishing.appearance import displayed
from crosspromo.text import rules

_as_json = JSONEncoder(ensure_ascii=False).encode

FOLDER = "sandbox"
ARTICLE_END = b"</article>"


class Sandbox:
    """Account on this machine: a page named after it in the folder `sandbox`."""

    def __init__(self, setup: AccountSetup) -> None:
        self._account = setup.name
        self._imitates = setup.imitates
        self._zone = setup.zone
        self._page = setup.workspace / FOLDER / f"{setup.name}.html"
        self._address = self._page.as_uri()
        self._rules = rules.BY_NETWORK.get(setup.imitates or "", rules.BLUESKY)

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        payload = _payload(content, self._texts(content), now.isoformat(timespec="seconds"))
        return Prepared(os.urandom(16).hex(), write_payload(payload))

    def send(self, prepared: Prepared) -> Outcome:
        payload = read_payload(prepared.payload, PagePayload)
        shown = article(prepared.token, payload, self._zone, markdown=self._rules.markdown)
        try:
            self._append(shown)
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
        """Look-up of an article with the same texts and pictures, whatever its time and form."""
        payload = _payload(content, self._texts(content), "")
        wanted = {identity(payload), earlier_identity(payload)}
        before = plain(_payload(content, content.posts, ""))
        try:
            page = self._page.read_text(encoding="utf-8") if self._page.exists() else ""
        except OSError as error:
            return Unclear(f"{self._page} cannot be read: {error.strerror}")
        for found in reversed(list(_ARTICLE.finditer(page))):
            is_wanted = (
                found["identity"] in wanted if found["identity"] else found["shown"] == before
            )
            is_ours = is_wanted and _ended(found["at"] or found["text"]) > since
            if is_ours and found["token"] not in known:
                return Found(Receipt(found["token"], f"{self._address}#{found['token']}"))
        return Absent()

    def measure(self, remote_ids: Sequence[str]) -> Measured | NotRead:
        """Made-up figures, the same for the same post; a page counts neither quotes nor views."""
        try:
            page = self._page.read_text(encoding="utf-8") if self._page.exists() else ""
        except OSError as error:
            return NotRead(f"{self._page} cannot be read: {error.strerror}")
        there = {found["token"]: found["identity"] for found in _ARTICLE.finditer(page)}
        told = {each: _made_up(there[each] or each) for each in remote_ids if each in there}
        return Measured(told, frozenset(remote_ids) - there.keys())

    def followers(self) -> int | NotRead | None:
        """Made-up number, the same for the same account."""
        return 100 + sha256(self._account.encode()).digest()[0]

    def delete(self, receipt: Receipt) -> Removal:
        """Overwrite the article with blanks in place: articles appended meanwhile are kept."""
        try:
            page = self._page.read_bytes() if self._page.exists() else b""
            start = page.find(f'<article id="{receipt.remote_id}"'.encode())
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

    def _texts(self, content: Content) -> list[str]:
        """Texts of the page: Markdown as it is sent, other texts as they are displayed."""
        reads = self._rules
        if reads.markdown:
            known = content.known_addresses
            return [reads.sent(text, known, plain=content.plain) for text in content.posts]
        return [*displayed(content, reads)]

    def _receipt(self, prepared: Prepared) -> Receipt:
        return Receipt(prepared.token, f"{self._address}#{prepared.token}")

    def _append(self, shown: str) -> None:
        descriptor = self._open()
        try:
            os.write(descriptor, shown.encode())
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        try:
            return os.open(self._page, os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError:
            _begin(self._page, page_head(self._account, self._imitates))
            return os.open(self._page, os.O_WRONLY | os.O_APPEND)


def _begin(page: Path, head: str) -> None:
    page.parent.mkdir(exist_ok=True)
    page.write_text(head, encoding="utf-8")


def _payload(content: Content, texts: Sequence[str], at: str) -> PagePayload:
    return PagePayload(
        texts=list(texts),
        images=[Picture(image.path, image.alt) for image in content.images],
        title=content.title,
        reposts=content.reposts,
        at=at,
        content=_hash_of(content),
    )


def _hash_of(content: Content) -> str:
    """64 hex digits over what is posted, whichever network the account imitates."""
    images = [[image.path, image.alt] for image in content.images]
    said = [content.posts, images, content.title, content.reposts]
    return sha256(_as_json(said).encode("utf-8", "surrogatepass")).hexdigest()


def _made_up(identity: str) -> Figures:
    """Figures of a post that nobody has seen, small and always the same."""
    digest = sha256(identity.encode()).digest()
    return Figures(likes=digest[0] % 40, reposts=digest[1] % 12, replies=digest[2] % 6)


def _ended(at: str) -> datetime:
    """End of the second in which an article was written."""
    return datetime.fromisoformat(at) + timedelta(seconds=1)


_ARTICLE = re.compile(
    r'<article id="(?P<token>\w+)"(?: data-is="(?P<identity>\w+)")?>(?P<shown>.*?)'
    r'<time(?: datetime="(?P<at>[^"]+)")?>(?P<text>[^<]+)</time></article>',
    re.DOTALL,
)
"""Article with its identity and its time; older ones have neither, and are known by their HTML."""


NETWORK = Network(
    name="sandbox",
    capabilities=Capabilities(
        text=rules.BLUESKY,
        ready_at_once=True,
        local=True,
        threads=True,
        deletes=True,
        images=ImageLimits(most=4),
        measured_at_once=100,
    ),
    connect=Sandbox,
    options=("subreddit",),
    imitates=True,
)
