"""The sandbox keeps what every connector promises, on its page."""

import re
from collections.abc import Sequence
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from crosspromo.connectors.base import AccountError, AccountSetup
from crosspromo.connectors.sandbox import NETWORK, Sandbox
from crosspromo.testing.conformance import ConnectorConformance, Post, Subject
from crosspromo.testing.conformance.subject import MemorySessions


class SandboxSubject(Subject):
    network = NETWORK
    entry_point = "crosspromo.connectors.sandbox:NETWORK"

    def posts(self) -> Sequence[Post]:
        """Each paragraph of the page is a post or a part of a thread."""
        shown: list[Post] = []
        for page in self.folder.rglob("*.html"):
            for article in re.findall(r"<article.*?</article>", page.read_text("utf-8"), re.DOTALL):
                texts = re.findall(r"<p>(.*?)</p>", article, re.DOTALL)
                alts = tuple(map(unescape, re.findall(r'<img [^>]*alt="(.*?)"', article)))
                shown += [Post(unescape(text), alts=alts) for text in texts]
        return shown


class TestSandbox(ConnectorConformance):
    def make_subject(self, folder: Path) -> SandboxSubject:
        return SandboxSubject(folder)


def verified(folder: Path) -> str:
    setup = AccountSetup(
        name="main",
        credentials={},
        options={},
        server=None,
        timeout=timedelta(seconds=1),
        workspace=folder,
        sessions=MemorySessions(),
    )
    return Sandbox(setup).verify()


def test_verifying_begins_the_page_and_posts_nothing(tmp_path: Path) -> None:
    page = tmp_path / "sandbox" / "main.html"
    assert verified(tmp_path) == f"a page at {page}"
    assert "<h1>main</h1>" in page.read_text("utf-8")
    assert "<article" not in page.read_text("utf-8")


def test_verifying_leaves_a_page_as_it_is(tmp_path: Path) -> None:
    verified(tmp_path)
    page = tmp_path / "sandbox" / "main.html"
    page.write_text("as it is", encoding="utf-8")
    verified(tmp_path)
    assert page.read_text("utf-8") == "as it is"


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "sandbox").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(AccountError, match=r"main\.html cannot be written: "):
        verified(tmp_path)
