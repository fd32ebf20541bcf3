"""A search for queued posts names what others have sent, whatever one account does."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from stories import ACCOUNT, NO_FLOOR, delivery, publish_next, queued, rules

from crosspromo.connectors.base import AccountSetup, Connector
from crosspromo.connectors.sandbox import Sandbox
from crosspromo.domain.errors import AccountError, ConfigError, DatabaseError
from crosspromo.domain.outcomes import Absent, Found, LookUp, Sent, Unclear
from crosspromo.domain.posts import Content
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.services.look_for import Search
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.conformance.subject import MemorySessions

BROKEN = "broken"
LATER = START + timedelta(days=1)
TEXT = "Look at the river."


def sandbox(folder: Path, name: str = ACCOUNT) -> Sandbox:
    second = timedelta(seconds=1)
    return Sandbox(AccountSetup(name, {}, {}, None, second, folder, MemorySessions()))


def answers(store: Store, connectors: Mapping[str, Connector | Exception]) -> list[LookUp | None]:
    """Answers of these accounts, in the order of the due times."""

    def connector(name: str) -> Connector:
        found = connectors[name]
        if isinstance(found, Exception):
            raise found
        return found

    policies = {name: rules(name).policy for name in connectors}
    return [each.answer for each in Search(store, FakeClock(), policies, connector).queued()]


def published_here(store: Store, connector: Connector, clock: FakeClock) -> str:
    """A post that this database has sent; its remote id comes back."""
    number = queued(store, TEXT)
    rules_ = {ACCOUNT: rules()}
    dispatcher = Dispatcher(store, lambda _: connector, rules_, NO_FLOOR, clock, "worker")
    while delivery(store, number).remote_id is None:
        publish_next(dispatcher, ACCOUNT)
    return delivery(store, number).remote_id or ""


class TestPostsOfThisDatabase:
    def test_are_not_taken_for_the_sought_one(self, store: Store, tmp_path: Path) -> None:
        board = sandbox(tmp_path)
        published_here(store, board, FakeClock())
        queued(store, TEXT, due_at=LATER)
        assert answers(store, {ACCOUNT: board}) == [Absent()]

    def test_hide_none_that_another_database_has_sent(self, store: Store, tmp_path: Path) -> None:
        board = sandbox(tmp_path)
        clock = FakeClock()
        elsewhere = board.send(board.prepare(Content(TEXT), clock.now()))
        published_here(store, board, clock)
        queued(store, TEXT, due_at=LATER)
        assert isinstance(elsewhere, Sent)
        assert answers(store, {ACCOUNT: board}) == [Found(elsewhere.receipt)]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (AccountError("the password is refused"), "the password is refused"),
        (ConfigError("there is no key"), "there is no key"),
        (DatabaseError("the session cannot be read"), "the session cannot be read"),
        (ValueError("nobody has thought of this"), "a fault of our own: ValueError"),
    ],
)
def test_whatever_fails_on_one_account_is_told_and_the_others_are_asked(
    store: Store, tmp_path: Path, error: Exception, words: str
) -> None:
    queued(store, account=BROKEN, due_at=START - timedelta(hours=2))
    queued(store, account=ACCOUNT, due_at=START - timedelta(hours=1))
    found = answers(store, {BROKEN: error, ACCOUNT: sandbox(tmp_path)})
    assert found == [Unclear(words), Absent()]
