"""The sandbox keeps what every connector promises, on its page."""

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

from crosspromo.connectors.sandbox import NETWORK
from crosspromo.testing.conformance import ConnectorConformance, Post, Subject


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
