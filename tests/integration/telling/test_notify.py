"""People are told what newly needs them: once, in one message, outside quiet hours."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from servers.mail import MailServer
from servers.webhooks import Webhook

from crosspromo.domain.claims import TAKEN_OVER_AFTER
from crosspromo.domain.notices import Notice, Telling
from crosspromo.domain.pacing import QuietHours
from crosspromo.phrasing.digests import of_notices, of_trial
from crosspromo.secrets.redaction import Redactor
from crosspromo.services.channels import channels
from crosspromo.services.notify import BETWEEN_DIGESTS, FORGOTTEN_AFTER, Notifier
from crosspromo.settings import parse
from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

CHICAGO = ZoneInfo("America/Chicago")
MINUTE = timedelta(minutes=1)
FAILED = Notice("failed:12:1", START, "Delivery 12 on x-main failed", "crosspromo queue retry 12")
MISSED = Notice("missed:13:0", START, "Delivery 13 on x-main was missed")

BY_WEBHOOK = '[notify]\nwebhook = "env:HOOK"\nwebhook_secret = "env:SECRET"\n'


def by_mail(server: MailServer, more: str = "") -> str:
    return (
        f'[smtp]\nserver = "smtp://127.0.0.1:{server.port}"\n'
        'from = "River Valley <news@rva.example.org>"\n'
        '[notify]\nmail = ["ana@rva.example.org", "bo@rva.example.org"]\n' + more
    )


@dataclass
class Daemon:
    """A daemon, as far as it tells people: what needs them is in `needs`."""

    store: Store
    settings: str
    environment: dict[str, str]
    clock: FakeClock = field(default_factory=FakeClock)
    name: str = "east-1-aa"
    quiet: QuietHours | None = None
    needs: list[Notice] = field(default_factory=list)

    def notifier(self) -> Notifier:
        redactor = Redactor()
        settings = parse(f'[organisation]\nname = "River"\n{self.settings}', "crosspromo.toml")
        return Notifier(
            store=self.store,
            clock=self.clock,
            channels=channels(settings, Path("/nowhere"), redactor, self.clock, self.environment),
            notices=lambda: list(self.needs),
            digest=lambda found: of_notices(found, "River", CHICAGO),
            worker=self.name,
            redact=redactor.redact,
            zone=CHICAGO,
            quiet=self.quiet,
        )

    def tell(self, *needs: Notice, later: timedelta = timedelta()) -> None:
        self.clock.set(self.clock.now() + later)
        self.needs = list(needs)
        self.notifier().tell()

    def untold(self) -> list[tuple[str, Sequence[str]]]:
        return [(each.error, each.keys) for each in self.notifier().undelivered()]


def daemon(store: Store, webhook: Webhook, name: str = "east-1-aa") -> Daemon:
    return Daemon(store, BY_WEBHOOK, {"HOOK": webhook.url, "SECRET": "shared-secret"}, name=name)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


# Once, and in one message


def test_what_needs_a_person_is_told_with_its_mend_and_no_second_time(
    store: Store, webhook: Webhook
) -> None:
    telling = daemon(store, webhook)
    telling.tell(FAILED)
    for _ in range(3):
        telling.tell(FAILED, later=timedelta(hours=1))
    [text] = webhook.texts
    assert text.startswith("River: 1 matter needs a person\n")
    assert "Delivery 12 on x-main failed (since Wed 2026-04-01 07:00)" in text
    assert "crosspromo queue retry 12" in text
    assert telling.untold() == []


def test_what_is_there_together_is_one_message(store: Store, webhook: Webhook) -> None:
    daemon(store, webhook).tell(FAILED, MISSED)
    [text] = webhook.texts
    assert text.startswith("River: 2 matters need a person\n")
    assert FAILED.sentence in text
    assert MISSED.sentence in text


def test_what_comes_soon_after_a_message_waits_for_the_next(store: Store, webhook: Webhook) -> None:
    telling = daemon(store, webhook)
    other = replace(MISSED, key="missed:14:0", sentence="Delivery 14 on x-main was missed")
    telling.tell(FAILED)
    telling.tell(FAILED, MISSED, later=MINUTE)
    telling.tell(FAILED, MISSED, other, later=MINUTE)
    assert len(webhook.calls) == 1
    telling.tell(FAILED, MISSED, other, later=BETWEEN_DIGESTS)
    assert [FAILED.sentence in text for text in webhook.texts] == [True, False]
    assert webhook.texts[1].startswith("River: 2 matters need a person\n")


def test_a_matter_that_comes_again_after_its_end_is_told_again(
    store: Store, webhook: Webhook
) -> None:
    telling = daemon(store, webhook)
    telling.tell(FAILED)
    telling.tell(later=timedelta(hours=1))
    telling.tell(FAILED, later=timedelta(hours=1))
    assert len(webhook.calls) == 2


def test_a_matter_that_flickers_is_told_once(store: Store, webhook: Webhook) -> None:
    telling = daemon(store, webhook)
    telling.tell(FAILED)
    telling.tell(later=FORGOTTEN_AFTER / 2)
    telling.tell(FAILED, later=timedelta(hours=1))
    assert len(webhook.calls) == 1


def test_words_of_a_network_can_call_nobody_in_slack(store: Store, webhook: Webhook) -> None:
    daemon(store, webhook).tell(replace(FAILED, sentence="<!channel> & so on"))
    assert "&lt;!channel&gt; &amp; so on" in webhook.texts[0]


def test_a_message_lists_no_more_than_people_read(store: Store, webhook: Webhook) -> None:
    many = [replace(FAILED, key=f"failed:{number}:1") for number in range(200)]
    telling = daemon(store, webhook)
    telling.tell(*many)
    telling.tell(*many, later=timedelta(hours=1))
    [text] = webhook.texts
    assert text.startswith("River: 200 matters need a person\n")
    assert "... and 150 more" in text


def test_without_a_channel_no_matter_is_read_and_nothing_written(store: Store) -> None:
    telling = Daemon(store, "", {})
    telling.tell(FAILED)
    assert tellings(store) == []


# Quiet hours


def test_in_quiet_hours_it_is_collected_until_they_end(store: Store, webhook: Webhook) -> None:
    telling = daemon(store, webhook)
    telling.quiet = QuietHours.parse("21:00-07:00")
    telling.clock.set(datetime(2026, 4, 22, 23, 0, tzinfo=CHICAGO))
    telling.tell(FAILED)
    telling.tell(FAILED, MISSED, later=timedelta(hours=7, minutes=59))
    assert webhook.calls == []
    telling.tell(FAILED, MISSED, later=MINUTE)
    assert webhook.texts[0].startswith("River: 2 matters need a person\n")


def test_what_ended_in_quiet_hours_is_never_told(store: Store, webhook: Webhook) -> None:
    telling = daemon(store, webhook)
    telling.quiet = QuietHours.parse("21:00-07:00")
    telling.clock.set(datetime(2026, 4, 22, 23, 0, tzinfo=CHICAGO))
    telling.tell(FAILED)
    telling.tell(later=timedelta(hours=9))
    assert webhook.calls == []


# What could not be told


def test_what_could_not_be_told_is_shown_and_tried_again_at_growing_intervals(
    store: Store, webhook: Webhook
) -> None:
    webhook.status, webhook.says = 500, b"no"
    telling = daemon(store, webhook)
    tries = []
    for minute in range(60):
        before = len(webhook.calls)
        telling.tell(FAILED, later=MINUTE if minute else timedelta())
        if len(webhook.calls) > before:
            tries.append(minute)
    assert tries == [0, 1, 2, 4, 8, 16, 32]
    assert telling.untold() == [("127.0.0.1 answered 500 no", [FAILED.key])]

    webhook.status = 200
    telling.tell(FAILED, later=timedelta(minutes=5))
    assert telling.untold() == []
    assert len(webhook.calls) == 8


def test_one_channel_that_fails_does_not_silence_the_other_nor_has_it_tell_twice(
    store: Store, webhook: Webhook, mail: MailServer
) -> None:
    webhook.status = 500
    telling = daemon(store, webhook)
    telling.settings = by_mail(mail, BY_WEBHOOK.partition("\n")[2])
    telling.tell(FAILED)
    telling.tell(FAILED, later=timedelta(hours=1))
    assert [message["Subject"] for message in mail.messages] == [
        "River: 1 matter needs a person"
    ] * 2, "one to each address"
    assert len(webhook.calls) == 2
    assert [each.channel for each in telling.notifier().undelivered()] == ["webhook"]


def test_an_address_that_the_mail_server_refuses_is_shown_and_tried_again_alone(
    store: Store, mail: MailServer
) -> None:
    mail.refuses["bo@rva.example.org"] = "550 no such user"
    telling = Daemon(store, by_mail(mail), {})
    telling.tell(FAILED)
    telling.tell(FAILED, later=timedelta(hours=1))
    assert [message["To"] for message in mail.messages] == ["ana@rva.example.org"]
    [(error, keys)] = telling.untold()
    assert "bo@rva.example.org: 550 no such user" in error
    assert keys == [FAILED.key]

    mail.refuses.clear()
    telling.tell(FAILED, later=timedelta(hours=1))
    assert [message["To"] for message in mail.messages][1:] == ["bo@rva.example.org"]
    assert telling.untold() == []


def test_a_channel_that_fails_is_told_by_the_others_and_not_by_itself(
    store: Store, webhook: Webhook, mail: MailServer
) -> None:
    webhook.status = 500
    telling = daemon(store, webhook)
    telling.settings = by_mail(mail, BY_WEBHOOK.partition("\n")[2])
    silent = Notice("not-told:webhook", START, "webhook fails", silent_channel="webhook")
    telling.tell(silent)
    assert [message["To"] for message in mail.messages] == [
        "ana@rva.example.org",
        "bo@rva.example.org",
    ]
    assert webhook.calls == []


def test_a_secret_that_is_missing_is_an_error_of_the_telling(
    store: Store, webhook: Webhook
) -> None:
    telling = daemon(store, webhook)
    del telling.environment["HOOK"]
    telling.tell(FAILED)
    [(error, _)] = telling.untold()
    assert error == "[notify] webhook: the environment variable HOOK is not set"


def test_no_secret_is_stored_with_an_error(store: Store, webhook: Webhook) -> None:
    webhook.status, webhook.says = 400, b"no hook at " + webhook.url.encode()
    telling = daemon(store, webhook)
    telling.tell(FAILED)
    [(error, _)] = telling.untold()
    assert "T0KEN" not in error
    assert "[hidden]" in error


def test_a_channel_that_is_gone_from_the_settings_fails_no_more(
    store: Store, webhook: Webhook, mail: MailServer
) -> None:
    webhook.status = 500
    telling = daemon(store, webhook)
    telling.tell(FAILED)
    telling.settings = by_mail(mail)
    telling.tell(FAILED, later=MINUTE)
    assert telling.untold() == []
    assert {telling.channel for telling in tellings(store)} == {
        "mail:ana@rva.example.org",
        "mail:bo@rva.example.org",
    }


def test_a_trial_is_sent_by_every_channel_in_quiet_hours_too(
    store: Store, webhook: Webhook, mail: MailServer
) -> None:
    webhook.status, webhook.says = 404, b"no_service"
    telling = daemon(store, webhook)
    telling.settings = by_mail(mail, BY_WEBHOOK.partition("\n")[2])
    telling.quiet = QuietHours.parse("00:00-23:59")
    trials = telling.notifier().try_out(of_trial("River"))
    assert [(trial.channel, trial.target, trial.error) for trial in trials] == [
        ("mail", "ana@rva.example.org", None),
        ("mail", "bo@rva.example.org", None),
        ("webhook", "env:HOOK", "127.0.0.1 answered 404 no_service"),
    ]
    assert mail.messages[0]["Subject"] == "River: a test of crosspromo"
    assert tellings(store) == []


# Several daemons


def tellings(store: Store) -> list[Telling]:
    with store.read() as unit:
        return unit.tellings.all()


def test_daemons_that_see_a_matter_at_the_same_moment_tell_it_once(
    url: str, tmp_path: Path, webhook: Webhook
) -> None:
    stores = [Store(open_engine(url, tmp_path)) for _ in range(4)]
    together = threading.Barrier(len(stores))
    matters = [replace(FAILED, key=f"failed:{number}:1") for number in range(5)]

    def run(store: Store, name: str) -> None:
        telling = daemon(store, webhook, name)

        def seen() -> list[Notice]:
            together.wait()
            return matters

        replace(telling.notifier(), notices=seen).tell()

    threads = [
        threading.Thread(target=run, args=(store, f"daemon-{number}-aa"))
        for number, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    told = sum(text.count(FAILED.sentence) for text in webhook.texts)
    assert told == len(matters)


def test_a_claim_of_a_daemon_that_died_is_taken_over_after_a_while(
    store: Store, webhook: Webhook
) -> None:
    with store.write() as unit:
        unit.tellings.claim(Telling("webhook", FAILED.key, START, "west-1-bb", START), None)
    telling = daemon(store, webhook)
    telling.tell(FAILED, later=TAKEN_OVER_AFTER - MINUTE)
    assert webhook.calls == []
    telling.tell(FAILED, later=MINUTE)
    assert len(webhook.calls) == 1


def test_who_lost_a_claim_while_it_was_slow_changes_nothing(store: Store, webhook: Webhook) -> None:
    slow = Telling("webhook", FAILED.key, START, "west-1-bb", START)
    with store.write() as unit:
        unit.tellings.claim(slow, None)
    telling = daemon(store, webhook)
    telling.tell(FAILED, later=TAKEN_OVER_AFTER)
    with store.write() as unit:
        unit.tellings.end(slow, replace(slow, claimed_by=None, error="too late"))
        unit.tellings.forget(slow)
    [row] = tellings(store)
    assert (row.claimed_by, row.error, row.told_at) == ("east-1-aa", None, telling.clock.now())


def test_a_daemon_with_other_settings_does_not_have_a_matter_told_anew(
    store: Store, webhook: Webhook
) -> None:
    """It does not see the matter, and the daemon that does still runs."""
    seeing, blind = daemon(store, webhook), daemon(store, webhook, "west-1-bb")
    blind.clock = seeing.clock
    with store.write() as unit:
        unit.workers.start(seeing.name, START)
    for _ in range(3):
        seeing.tell(FAILED, later=timedelta(hours=1))
        blind.tell(later=timedelta(hours=1))
    assert len(webhook.calls) == 1
