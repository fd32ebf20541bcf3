"""The suite is worth something: a connector that breaks one promise is caught, and for that."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import faulty_boards as boards
import faulty_threads as threads
import pytest

from crosspromo.connectors.base import AccountSetup, Capabilities, Connector, Network, TextRules
from crosspromo.testing.conformance import (
    ConnectorConformance,
    Post,
    SimulatedSubject,
    Verdict,
    judge,
)
from crosspromo.testing.noticeboard import KEY, NoticeBoard

Connect = Callable[[AccountSetup], Connector]


class BoardSubject(SimulatedSubject):
    look_ups = "/notices*"
    credentials = {"key": KEY}  # noqa: RUF012 (read, never written)
    timeout = timedelta(seconds=2)
    short_timeout = timedelta(seconds=0.2)
    slack = timedelta(seconds=0.6)

    def __init__(self, folder: Path, connect: Connect, *, with_threads: bool) -> None:
        self.board = NoticeBoard()
        super().__init__(folder, self.board)
        can = Capabilities(
            TextRules("board", 500, len),
            repeatable=True,
            deletes=True,
            ready_at_once=True,
            threads=with_threads,
        )
        self.network = Network("board", can, connect, credentials=(("key",),))

    def posts(self) -> Sequence[Post]:
        return [Post(notice.text) for notice in self.board.posts]


def verdict_on(connect: Connect, only: str | None = None, *, with_threads: bool = False) -> Verdict:
    class Suite(ConnectorConformance):
        def make_subject(self, folder: Path) -> BoardSubject:
            return BoardSubject(folder, connect, with_threads=with_threads)

    return judge(Suite, only)


def test_a_connector_without_a_fault_keeps_everything() -> None:
    verdict = verdict_on(boards.Careful)
    assert verdict.broken == {}
    assert len(verdict.kept) >= 30
    assert all(verdict.skipped.values()), "each says why"


@pytest.mark.parametrize(
    ("faulty", "broken", "words"),
    [
        (boards.PostsTwice, "test_it_posts_exactly_this_once", "on the network there are"),
        (boards.Raises, "test_send_is_cut_off_after_acceptance", "`send` raised"),
        (boards.CallsItUnsent, "test_send_hangs_after_acceptance", "NotSent"),
        (boards.GivesUpForGood, "test_send_meets_a_server_error_before_acceptance", "Rejected"),
        (boards.SeesNothingWhereItCannotLook, "test_look_up_meets_a_server_error", "Absent"),
        (boards.TakesAnyNoticeForOurs, "test_another_post_is_not_taken_for_it", "Found"),
        (boards.Retries, "test_send_is_cut_off_before_acceptance", "never ask again"),
        (
            boards.ChoosesItsKeyWhileSending,
            "test_the_same_send_twice_leaves_one_post",
            "repeated send",
        ),
        (
            boards.RemembersInsteadOfStoring,
            "test_a_new_process_sends_and_finds_what_another_prepared",
            "AttributeError",
        ),
        (boards.NamesEveryPostAlike, "test_a_token_tells_sends_apart", "same token"),
        (boards.TidiesTheText, "test_it_posts_exactly_this_once", "exactly this text"),
        (
            boards.WaitsForTheRateLimit,
            "test_send_meets_a_rate_limit_and_does_not_wait",
            "has not ended",
        ),
        (boards.NamesNoTime, "test_send_meets_a_rate_limit_and_does_not_wait", "retry_at"),
        (boards.HasNoTimeOut, "test_send_hangs_before_acceptance", "has not ended"),
        (boards.FollowsRedirects, "test_send_is_redirected_and_does_not_follow", "Sent"),
        (
            boards.TellsItsSecret,
            "test_send_meets_a_server_error_before_acceptance",
            "tells a secret",
        ),
        (boards.StoresItsSecret, "test_what_is_stored_holds_no_secret", "secret"),
        (boards.AsksWhilePreparing, "test_preparing_uses_no_network", "opens connections"),
        (
            boards.AsksBeforeItIsReady,
            "test_what_is_ready_at_once_asks_no_network",
            "opens connections",
        ),
        (
            boards.BlamesThePostForTheKey,
            "test_refused_credentials_are_a_fault_of_the_account",
            "Rejected",
        ),
        (
            boards.BelievesAnyKey,
            "test_refused_credentials_are_an_account_error_in_words",
            "town hall",
        ),
        (
            boards.DeletesNothing,
            "test_what_is_deleted_is_gone_and_gone_again",
            "not the other post",
        ),
        (boards.CannotDeleteTwice, "test_what_is_deleted_is_gone_and_gone_again", "Removed, too"),
    ],
)
def test_a_broken_promise_is_caught(faulty: Connect, broken: str, words: str) -> None:
    verdict = verdict_on(faulty, broken)
    assert words in verdict.broken[broken]


IN_ORDER = "test_the_parts_of_a_thread_stand_in_their_order"
BREAKS_OFF = "test_a_thread_that_breaks_off_is_unknown_and_can_be_completed"


def test_careful_threads_keep_everything() -> None:
    verdict = verdict_on(threads.CarefulWithThreads, with_threads=True)
    assert verdict.broken == {}
    assert {IN_ORDER, BREAKS_OFF} <= set(verdict.kept)


@pytest.mark.parametrize(
    ("faulty", "broken", "words"),
    [
        (threads.CallsABrokenThreadUnsent, BREAKS_OFF, "NotSent"),
        (threads.FindsAThreadByItsBeginning, BREAKS_OFF, "Found"),
        (threads.MissesAThreadThatBegan, BREAKS_OFF, "Absent"),
        (threads.RepeatsWhatStands, BREAKS_OFF, "afterwards there are"),
        (threads.PostsAThreadBackwards, IN_ORDER, "on the network there are"),
    ],
)
def test_a_careless_thread_is_caught(faulty: Connect, broken: str, words: str) -> None:
    assert words in verdict_on(faulty, broken, with_threads=True).broken[broken]


def test_a_board_across_the_network_is_not_local() -> None:
    class Elsewhere(ConnectorConformance):
        def make_subject(self, folder: Path) -> BoardSubject:
            subject = BoardSubject(folder, boards.Careful, with_threads=False)
            can = replace(subject.network.capabilities, local=True)
            subject.network = replace(subject.network, capabilities=can)
            return subject

    assert list(judge(Elsewhere).broken) == ["test_what_is_local_sends_on_this_machine"]
