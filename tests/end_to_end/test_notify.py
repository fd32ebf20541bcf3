"""`crosspromo notify test`, and a daemon that tells people."""

from collections.abc import Iterator

import pytest
from end_to_end.shell import WORKSPACE, Shell
from servers.mail import MailServer
from servers.webhooks import Webhook

NOTIFY = """
[smtp]
server = "smtp://127.0.0.1:{port}"
from = "River Valley <news@rva.example.org>"

[notify]
mail = ["ana@rva.example.org"]
webhook = "env:HOOK"
"""

BY_HAND = """
[accounts.by-hand]
network = "manual"
imitates = "x"
ratio = "none"

[floor]
ratio = "none"
"""


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def telling(empty: Shell, mail: MailServer, webhook: Webhook) -> Shell:
    """A workspace that tells people by mail and by a webhook; a post waits to be made by hand."""
    empty.configure(WORKSPACE + BY_HAND)
    empty.ok("queue", "own", "--to", "by-hand", "--text", "Our report is out.")
    empty.ok("run", "--once")
    empty.configure(WORKSPACE + BY_HAND + NOTIFY.format(port=mail.port))
    return Shell(empty.folder, {"HOOK": webhook.url})


def test_a_test_says_what_came_of_each_channel(
    telling: Shell, mail: MailServer, webhook: Webhook
) -> None:
    assert telling.ok("notify", "test").out == (
        "ok   mail to ana@rva.example.org\nok   webhook to env:HOOK\n"
    )
    assert mail.messages[0]["Subject"] == "River Valley Alliance: a test of crosspromo"
    assert webhook.texts[0].startswith("River Valley Alliance: a test of crosspromo\n")


def test_a_test_fails_where_one_channel_does(telling: Shell, webhook: Webhook) -> None:
    webhook.status, webhook.says = 410, b"channel_is_archived"
    result = telling.run("notify", "test")
    assert result.status == 1
    assert "FAIL webhook to env:HOOK: 127.0.0.1 answered 410 channel_is_archived" in result.out
    assert result.err == "", "the answer has said it"
    assert telling.run("notify", "test", "--json").json == {
        "ok": False,
        "channels": [
            {"channel": "mail", "to": "ana@rva.example.org", "error": None},
            {
                "channel": "webhook",
                "to": "env:HOOK",
                "error": "127.0.0.1 answered 410 channel_is_archived",
            },
        ],
    }


def test_a_test_without_a_channel_says_what_to_write(empty: Shell) -> None:
    said = empty.refused("notify", "test")
    assert "has neither [notify] mail nor [notify] webhook; write one of them" in said


def test_two_daemons_tell_once_what_needs_a_person(
    telling: Shell, mail: MailServer, webhook: Webhook
) -> None:
    with telling.daemon() as one, telling.daemon() as other:
        one.says("started as")
        other.says("started as")
        assert (one.terminate(), other.terminate()) == (0, 0)
    telling.ok("run", "--once")
    assert len(mail.messages) == len(webhook.calls) == 1
    text = mail.messages[0].get_content()
    assert "1 on by-hand is to be posted by you" in text
    assert "crosspromo queue mark-posted 1" in text
    assert text.strip().replace("\r", "") in webhook.texts[0]


def test_a_daemon_tells_at_its_start_and_says_so_in_its_log(
    telling: Shell, webhook: Webhook
) -> None:
    webhook.status, webhook.says = 500, b"down"
    with telling.daemon() as daemon:
        assert "River Valley Alliance: 1 matter needs a person" in daemon.says("told by mail")
        said = daemon.says("nobody could be told by webhook")
        assert "WARNING" in said
        assert "127.0.0.1 answered 500 down" in said
        assert "T0KEN" not in said
        assert daemon.terminate() == 0


def test_without_a_daemon_a_single_round_tells(telling: Shell, webhook: Webhook) -> None:
    telling.ok("run", "--once")
    assert len(webhook.calls) == 1
