"""Conformance tests on a working network: a sent post stands there once, and is found."""

from __future__ import annotations

from crosspromo.connectors.base import Absent, AccountError, Found, NotSent, Sent, Unclear, Unknown
from crosspromo.testing.conformance.subject import CannotError
from crosspromo.testing.conformance.trial import Trial, now, text


class Sending(Trial):
    """`send` posts exactly the prepared content, once; `look_up` tells whether it did."""

    def test_it_posts_exactly_this_once(self) -> None:
        content = self.subject.content(text())
        account = self.ready(content)
        outcome = account.send(self.prepare(account, content))
        assert isinstance(outcome, Sent), f"nothing is wrong, and `send` answers {outcome!r}"
        assert outcome.receipt.remote_id, "the receipt does not name the post"
        posts = self.subject.posts()
        assert [(post.text, post.title) for post in posts] == [(content.text, content.title)], (
            f"one post of exactly this text was sent, and on the network there are {posts}"
        )

    def test_it_is_absent_before_and_found_after(self) -> None:
        content = self.subject.content(text())
        account = self.ready(content)
        prepared, started = self.prepare(account, content), now()
        before = account.look_up(prepared, started)
        assert before == Absent(), f"nothing was sent yet, and `look_up` answers {before!r}"
        sent = account.send(prepared)
        found = account.look_up(prepared, started)
        assert isinstance(sent, Sent), f"nothing is wrong, and `send` answers {sent!r}"
        assert isinstance(found, Found), f"it was sent, and `look_up` answers {found!r}"
        assert found.receipt.remote_id == sent.receipt.remote_id, (
            f"`send` names the post {sent.receipt.remote_id!r}, `look_up` another: {found!r}"
        )

    def test_another_post_is_not_taken_for_it(self) -> None:
        first, second = (self.subject.content(text(number)) for number in (1, 2))
        account = self.ready(first)
        account.send(self.prepare(account, first))
        answer = account.look_up(self.prepare(account, second), now())
        assert answer == Absent(), f"only another post is there, and `look_up` answers {answer!r}"

    def test_a_new_process_sends_and_finds_what_another_prepared(self) -> None:
        content = self.subject.content(text())
        account = self.ready(content)
        prepared, started = self.prepare(account, content), now()
        outcome = self.ready(content).send(prepared)
        assert isinstance(outcome, Sent), f"after a restart `send` answers {outcome!r}"
        answer = self.connect().look_up(prepared, started)
        assert isinstance(answer, Found), f"after a restart `look_up` answers {answer!r}"
        assert self.on_network() == [content.text], "it is not once on the network"

    def test_the_same_send_twice_leaves_one_post(self) -> None:
        if not self.capabilities.repeatable:
            raise CannotError("this network does not promise it: not `repeatable`")
        content = self.subject.content(text())
        account = self.ready(content)
        prepared = self.prepare(account, content)
        account.send(prepared)
        self.ready(content).send(prepared)
        assert self.on_network() == [content.text], (
            f"the capabilities say `repeatable`, and a repeated send left {self.on_network()}"
        )

    def test_the_account_says_who_it_is_and_posts_nothing(self) -> None:
        name = self.connect().verify()
        assert isinstance(name, str), f"nothing is wrong, and `verify` raises {name!r}"
        assert name.strip(), "`verify` gives no name"
        assert not self.on_network(), "`verify` posts"

    def test_getting_ready_posts_nothing(self) -> None:
        content = self.subject.content(text())
        self.prepare(self.ready(content), content)
        assert not self.on_network(), "`ready` or `prepare` posts"

    def test_refused_credentials_are_a_fault_of_the_account(self) -> None:
        content = self.subject.content(text())
        account = self.connect(credentials=self.subject.wrong_credentials())
        outcome = account.ready(content) or account.send(self.prepare(account, content))
        assert isinstance(outcome, NotSent), f"the credentials are wrong: {outcome!r}"
        assert outcome.account_fault, f"say `account_fault`, so that nothing is tried: {outcome!r}"
        assert outcome.reason.strip(), "a person is told nothing"

    def test_refused_credentials_are_an_account_error_in_words(self) -> None:
        account = self.connect(credentials=self.subject.wrong_credentials())
        refused = account.verify()
        assert isinstance(refused, AccountError), f"the credentials are wrong: {refused!r}"
        assert str(refused).strip(), "the AccountError says nothing"

    def test_a_post_by_hand_waits_for_a_person(self) -> None:
        if not self.capabilities.by_hand:
            raise CannotError("the connector posts by itself")
        content = self.subject.content(text())
        account = self.connect()
        prepared = self.prepare(account, content)
        outcome = account.ready(content) or account.send(prepared)
        assert isinstance(outcome, Unknown), f"a person may post it at any time: {outcome!r}"
        assert outcome.needs_person, "no look-up will answer it: say `needs_person`"
        answer = account.look_up(prepared, now())
        assert isinstance(answer, Unclear), f"nobody can know, and `look_up` says {answer!r}"
