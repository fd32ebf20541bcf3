"""Reposts and quotes on accounts that stand in for a network: by hand, and on a page."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from crosspromo.connectors.base import AccountSetup, Connector, Content, Sent, Unknown
from crosspromo.connectors.manual import NETWORK as MANUAL
from crosspromo.connectors.sandbox import NETWORK as SANDBOX
from crosspromo.publishing.networks import Network

NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
POST = "https://bsky.app/profile/keepers.example/post/3k?a=1&b=2"
REPOST = Content("", reshare_of=POST, native=True)
QUOTE = Content("So true.", reshare_of=POST, native=True)
LINK = Content(f"Read this: {POST}", reshare_of=POST)


class NoSessions:
    def load(self) -> str | None:
        return None

    def save(self, session: str) -> None:
        raise AssertionError("there is no session to keep")


def connected(network: Network, folder: Path) -> Connector:
    return network.connect(
        AccountSetup(
            name="main",
            credentials={},
            options={},
            server=None,
            timeout=timedelta(seconds=1),
            workspace=folder,
            sessions=NoSessions(),
            imitates="bluesky",
        )
    )


def asked_of_a_person(folder: Path, content: Content) -> str:
    connector = connected(MANUAL, folder)
    outcome = connector.send(connector.prepare(content, NOW))
    assert isinstance(outcome, Unknown)
    assert outcome.needs_person
    return outcome.detail


def test_a_person_is_sent_to_the_post_itself(tmp_path: Path) -> None:
    assert asked_of_a_person(tmp_path, REPOST) == (f"waits for a person to repost it: open {POST}")


def test_who_is_to_quote_it_needs_the_words_as_well(tmp_path: Path) -> None:
    assert asked_of_a_person(tmp_path, QUOTE) == (
        f"waits for a person to quote it: copy the text of the delivery, and open {POST}"
    )


def test_a_text_that_names_the_post_is_posted_as_ever(tmp_path: Path) -> None:
    said = asked_of_a_person(tmp_path, LINK)
    assert said.startswith(
        "waits for a person to post it: open https://bsky.app/intent/compose?text=Read%20this"
    )


def article(folder: Path, content: Content) -> str:
    folder.mkdir()
    connector = connected(SANDBOX, folder)
    assert isinstance(connector.send(connector.prepare(content, NOW)), Sent)
    page = (folder / "sandbox" / "main.html").read_text(encoding="utf-8")
    return page[page.index("<article") :]


def test_the_page_shows_which_post_was_reposted_and_what_was_said_with_it(tmp_path: Path) -> None:
    link = "https://bsky.app/profile/keepers.example/post/3k?a=1&amp;b=2"
    shown = f'<p>reposted <a href="{link}">{link}</a></p>'
    assert article(tmp_path / "one", REPOST).count("<p>") == 1
    assert shown in article(tmp_path / "two", REPOST)
    assert f"<p>So true.</p>{shown}" in article(tmp_path / "three", QUOTE)
    assert "reposted" not in article(tmp_path / "four", LINK)
