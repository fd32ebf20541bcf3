"""Conformance tests on a failing network: allowed and forbidden answers of a connector.

The faults are named as in `crosspromo.testing.simulator.faults`. Before acceptance nothing is on
the network; after acceptance the post is there, whatever the answer looked like.
"""

from __future__ import annotations

from datetime import datetime

from crosspromo.connectors.base import (
    Absent,
    Found,
    NotSent,
    Outcome,
    Prepared,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.testing.conformance.subject import Call
from crosspromo.testing.conformance.trial import Trial, now, text
from crosspromo.testing.simulator.faults import FaultKind, Moment


class Failing(Trial):
    """Doubt counts as sent: no post is sent twice, and none that may exist is called unsent."""

    def test_send_hangs_before_acceptance(self) -> None:
        self._fails_before(FaultKind.HANG)

    def test_send_is_cut_off_before_acceptance(self) -> None:
        self._fails_before(FaultKind.CLOSE)

    def test_send_meets_a_server_error_before_acceptance(self) -> None:
        self._fails_before(FaultKind.SERVER_ERROR)

    def test_send_meets_an_unavailable_network(self) -> None:
        self._fails_before(FaultKind.UNAVAILABLE)

    def test_send_is_redirected_and_does_not_follow(self) -> None:
        self._fails_before(FaultKind.MOVED)

    def test_send_meets_a_rate_limit_and_does_not_wait(self) -> None:
        started = now()
        outcome = self._fails_before(FaultKind.RATE_LIMITED)
        assert isinstance(outcome, NotSent), f"429 is NotSent, it answers {outcome!r}"
        assert outcome.retry_at is not None, "the network has said until when: say `retry_at`"
        assert outcome.retry_at > started, f"`retry_at` {outcome.retry_at} is not in the future"

    def test_send_hangs_after_acceptance(self) -> None:
        self._fails_after(FaultKind.HANG)

    def test_send_is_cut_off_after_acceptance(self) -> None:
        self._fails_after(FaultKind.CLOSE)

    def test_send_meets_a_server_error_after_acceptance(self) -> None:
        self._fails_after(FaultKind.SERVER_ERROR)

    def test_send_meets_an_unavailable_network_after_acceptance(self) -> None:
        self._fails_after(FaultKind.UNAVAILABLE)

    def test_send_is_answered_unreadably(self) -> None:
        self._fails_after(FaultKind.UNREADABLE)

    def test_look_up_hangs(self) -> None:
        self._cannot_be_looked_up(FaultKind.HANG)

    def test_look_up_is_cut_off(self) -> None:
        self._cannot_be_looked_up(FaultKind.CLOSE)

    def test_look_up_meets_a_server_error(self) -> None:
        self._cannot_be_looked_up(FaultKind.SERVER_ERROR)

    def test_look_up_meets_a_rate_limit(self) -> None:
        self._cannot_be_looked_up(FaultKind.RATE_LIMITED)

    def test_look_up_is_answered_unreadably(self) -> None:
        self._cannot_be_looked_up(FaultKind.UNREADABLE, Moment.AFTER)

    def _send_into(self, fault: FaultKind, when: Moment) -> tuple[Outcome, Prepared, datetime]:
        content = self.subject.content(text())
        account = self.ready(content)
        prepared, started = self.prepare(account, content), now()
        hurried = fault is FaultKind.HANG
        if hurried:  # only the send itself is to be short of time
            account = self.ready(content, hurried=True)
        self.subject.fail_next(fault, when, Call.SEND)
        return account.send(prepared), prepared, started

    def _fails_before(self, fault: FaultKind) -> Outcome:
        outcome, prepared, started = self._send_into(fault, Moment.BEFORE)
        assert self.on_network() == [], (
            f"the one request of `send` failed ({fault}), and a post is there: never ask again"
        )
        assert isinstance(outcome, Unknown | NotSent), f"{fault} before acceptance: {outcome!r}"
        answer = self.connect().look_up(prepared, started)
        assert isinstance(answer, Absent | Unclear), f"nothing is there, `look_up`: {answer!r}"
        return outcome

    def _fails_after(self, fault: FaultKind) -> None:
        outcome, prepared, started = self._send_into(fault, Moment.AFTER)
        there = self.on_network()
        assert len(there) == 1, f"the network took one post ({fault}), and there are {there}"
        assert isinstance(outcome, Unknown | Sent), f"{fault}, but it is posted: {outcome!r}"
        answer = self.connect().look_up(prepared, started)
        assert isinstance(answer, Found), f"it is posted, and `look_up` answers {answer!r}"
        if isinstance(outcome, Sent):
            assert answer.receipt.remote_id == outcome.receipt.remote_id

    def _cannot_be_looked_up(self, fault: FaultKind, when: Moment = Moment.BEFORE) -> None:
        content = self.subject.content(text())
        account = self.ready(content)
        prepared, started = self.prepare(account, content), now()
        account.send(prepared)
        account = self.ready(content, hurried=fault is FaultKind.HANG)
        self.subject.fail_next(fault, when, Call.LOOK_UP)
        answer = account.look_up(prepared, started)
        assert isinstance(answer, Unclear), f"the look-up failed ({fault}), it says {answer!r}"
        assert answer.detail.strip(), "a person is told nothing"
        assert len(self.on_network()) == 1, "`look_up` posts"
