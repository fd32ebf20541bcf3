"""Conformance tests of optional capabilities: only connectors that claim them are tested."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path

from crosspromo.connectors.base import (
    Absent,
    Begun,
    Found,
    Image,
    Measured,
    NotRead,
    Prepared,
    Removed,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.testing.conformance.subject import Call, CannotError
from crosspromo.testing.conformance.trial import Account, Trial, now, text
from crosspromo.testing.simulator.faults import FaultKind, Moment

PARTS = tuple(f"{text(number)} ({number}/3)" for number in (1, 2, 3))


class Deleting(Trial):
    """`capabilities.deletes`."""

    def test_what_is_deleted_is_gone_and_gone_again(self) -> None:
        if not self.capabilities.deletes:
            raise CannotError("the capabilities do not say `deletes`")
        content, other = self.subject.content(text(1)), self.subject.content(text(2))
        account = self.ready(content)
        account.send(self.prepare(account, other))
        prepared, started = self.prepare(account, content), now()
        sent = account.send(prepared)
        assert isinstance(sent, Sent), f"nothing is wrong, and `send` answers {sent!r}"
        assert account.delete(sent.receipt) == Removed(), "it can be deleted, and is not"
        assert self.on_network() == [other.text], "what is left is not the other post alone"
        assert not isinstance(account.look_up(prepared, started), Found), "it is gone, and found"
        again = self.ready(content).delete(sent.receipt)
        assert again == Removed(), f"what is gone already is Removed, too: {again!r}"


class Measuring(Trial):
    """`capabilities.measured_at_once`."""

    def test_a_post_is_measured_until_it_is_gone(self) -> None:
        if not self.capabilities.measured_at_once:
            raise CannotError("the capabilities have no `measured_at_once`")
        content = self.subject.content(text())
        account = self.ready(content)
        sent = account.send(self.prepare(account, content))
        assert isinstance(sent, Sent), f"nothing is wrong, and `send` answers {sent!r}"
        ours = sent.receipt.remote_id
        told = self.connect().measure([ours])
        assert isinstance(told, Measured), f"nothing is wrong, and `measure` answers {told!r}"
        assert ours in told.figures, f"it was sent, and `measure` knows {dict(told.figures)}"
        assert not told.gone, f"it is there, and `measure` calls it gone: {told.gone}"
        if self.capabilities.deletes:
            account.delete(sent.receipt)
            after = self.connect().measure([ours])
            assert isinstance(after, Measured), f"`measure` of a deleted post: {after!r}"
            assert after.gone == {ours}, f"it was deleted, and `measure` answers {after!r}"

    def test_followers_are_a_number_or_not_known(self) -> None:
        if not self.capabilities.measured_at_once:
            raise CannotError("the capabilities have no `measured_at_once`")
        count = self.connect().followers()
        assert count is None or (isinstance(count, int) and count >= 0), f"followers: {count!r}"

    def test_a_network_that_does_not_answer_is_not_read(self) -> None:
        if not self.capabilities.measured_at_once:
            raise CannotError("the capabilities have no `measured_at_once`")
        self.subject.fail_next(FaultKind.CLOSE, Moment.BEFORE, Call.MEASURE)
        answer = self.connect().measure(["nothing"])
        told = isinstance(answer, Measured) and not answer.figures and not answer.gone
        assert isinstance(answer, NotRead) or told, f"the network is away: {answer!r}"


class Finding(Trial):
    """Connectors with `find`."""

    def test_a_post_is_found_by_its_content(self) -> None:
        first, second, third = (self.subject.content(text(number)) for number in (1, 2, 3))
        started = now()
        finder = self._finder()
        assert finder.find(first, started) == Absent(), "nothing was sent yet, and it is found"
        sent = {}
        for content in (first, second):
            account = self.ready(content)
            outcome = account.send(self.prepare(account, content))
            assert isinstance(outcome, Sent), f"nothing is wrong, and `send` answers {outcome!r}"
            sent[content.text] = outcome.receipt.remote_id
        for content in (first, second):
            found = self._finder().find(content, started)
            assert isinstance(found, Found), f"it was sent, and `find` answers {found!r}"
            assert found.receipt.remote_id == sent[content.text], f"`find` names another: {found!r}"
            besides = self._finder().find(content, started, {sent[content.text]})
            assert besides == Absent(), f"its post is among `known`, and `find` answers {besides!r}"
        answer = finder.find(third, started)
        assert answer == Absent(), f"only other posts are there, and `find` answers {answer!r}"

    def test_a_repost_is_found_by_its_original(self) -> None:
        if self.capabilities.reposts is None:
            raise CannotError("the capabilities name no address to repost")
        started, finder = now(), self._finder()
        ours, other = (
            replace(
                self.subject.content(text()),
                text="",
                native=True,
                reshare_of=self.subject.post_of_somebody_else(f"Post {number} of somebody else"),
            )
            for number in (1, 2)
        )
        account = self.ready(ours)
        account.send(self.prepare(account, ours))
        found = finder.find(ours, started)
        assert isinstance(found, Found), f"it was reposted, and `find` answers {found!r}"
        answer = finder.find(other, started)
        assert answer == Absent(), f"another post was reposted, and `find` answers {answer!r}"

    def _finder(self) -> Account:
        account = self.connect()
        if not account.finds:
            raise CannotError("the connector has no `find`")
        return account


class Picturing(Trial):
    """`capabilities.images`."""

    def test_images_arrive_with_their_alt_texts(self) -> None:
        most = self.capabilities.images.most
        if not most:
            raise CannotError("the capabilities allow no image")
        alts = ("A kingfisher on a branch", "The same branch, empty")[:most]
        images = tuple(
            Image(_png(self.subject.folder, f"picture-{number}.png", number), alt)
            for number, alt in enumerate(alts)
        )
        content = replace(self.subject.content(text()), images=images)
        account = self.ready(content)
        prepared, started = self.prepare(account, content), now()
        outcome = account.send(prepared)
        assert isinstance(outcome, Sent), f"nothing is wrong, and `send` answers {outcome!r}"
        shown = [post.alts for post in self.subject.posts()]
        assert shown == [alts], f"alt texts {alts} were sent, on the network there are {shown}"
        answer = self.connect().look_up(prepared, started)
        assert isinstance(answer, Found), f"it was sent, and `look_up` answers {answer!r}"


class Reposting(Trial):
    """`capabilities.reposts` and `capabilities.quotes`."""

    def test_a_post_of_somebody_else_is_reposted_once(self) -> None:
        pattern = self.capabilities.reposts
        if pattern is None:
            raise CannotError("the capabilities name no address to repost")
        address = self.subject.post_of_somebody_else("A post of somebody else")
        assert pattern.search(address), f"`reposts` does not match {address}"
        content = replace(self.subject.content(text()), text="", native=True, reshare_of=address)
        account = self.ready(content)
        prepared, started = self.prepare(account, content), now()
        outcome = account.send(prepared)
        assert isinstance(outcome, Sent), f"nothing is wrong, and `send` answers {outcome!r}"
        shown = [post.repost_of for post in self.subject.posts()]
        assert shown == [address], f"{address} was reposted, on the network there are {shown}"
        answer = self.connect().look_up(prepared, started)
        assert isinstance(answer, Found), f"it was reposted, and `look_up` answers {answer!r}"

    def test_a_post_of_somebody_else_is_quoted_with_our_text(self) -> None:
        if not self.capabilities.quotes:
            raise CannotError("the capabilities do not say `quotes`")
        address = self.subject.post_of_somebody_else("A post of somebody else")
        content = replace(self.subject.content(text()), native=True, reshare_of=address)
        account = self.ready(content)
        prepared, started = self.prepare(account, content), now()
        outcome = account.send(prepared)
        assert isinstance(outcome, Sent), f"nothing is wrong, and `send` answers {outcome!r}"
        shown = [(post.text, post.quote_of) for post in self.subject.posts()]
        assert shown == [(content.text, address)], (
            f"{address} was quoted, on the network there are {shown}"
        )
        answer = self.connect().look_up(prepared, started)
        assert isinstance(answer, Found), f"it was sent, and `look_up` answers {answer!r}"


class Threading(Trial):
    """`capabilities.threads`."""

    def test_the_parts_of_a_thread_stand_in_their_order(self) -> None:
        account, prepared = self._thread()
        started = now()
        outcome = account.send(prepared)
        assert isinstance(outcome, Sent), f"nothing is wrong, and `send` answers {outcome!r}"
        assert self.on_network() == list(PARTS), f"on the network there are {self.on_network()}"
        answer = self.connect().look_up(prepared, started)
        assert isinstance(answer, Found), f"all of it is there, and `look_up` answers {answer!r}"

    def test_a_thread_that_breaks_off_is_unknown_and_can_be_completed(self) -> None:
        self._breaks_off(FaultKind.SERVER_ERROR, Moment.BEFORE)

    def test_a_thread_whose_answers_stop_is_unknown_and_repeats_nothing(self) -> None:
        self._breaks_off(FaultKind.CLOSE, Moment.AFTER)

    def _thread(self) -> tuple[Account, Prepared]:
        if not self.capabilities.threads:
            raise CannotError("the capabilities do not say `threads`")
        content = replace(self.subject.content("\n".join(PARTS)), parts=PARTS)
        account = self.ready(content)
        return account, self.prepare(account, content)

    def _breaks_off(self, fault: FaultKind, when: Moment) -> None:
        account, prepared = self._thread()
        started = now()
        self.subject.fail_next(fault, when, Call.SEND, skip=1)
        outcome = account.send(prepared)
        there = self.on_network()
        if there == list(PARTS) and isinstance(outcome, Sent):
            raise CannotError("this network takes a thread whole, so none breaks off")
        assert isinstance(outcome, Unknown), f"{len(there)} of 3 parts are there: {outcome!r}"
        again = self.ready(self.subject.content(text()))
        answer = again.look_up(prepared, started)
        assert isinstance(answer, Begun | Unclear), f"a part is there, `look_up`: {answer!r}"
        if isinstance(answer, Begun):
            rest = Prepared(prepared.token, {**prepared.payload, **answer.progress})
            completed = again.send(rest)
            assert isinstance(completed, Sent), f"the rest was sent: {completed!r}"
            assert self.on_network() == list(PARTS), f"afterwards there are {self.on_network()}"


def _png(folder: Path, name: str, shade: int) -> str:
    """Write a small grey picture below the folder, and return its name."""
    width, height = 32, 24
    rows = (b"\0" + bytes([shade * 40]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    (folder / name).write_bytes(data)
    return name
