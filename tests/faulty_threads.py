"""Connectors of the notice board that post threads: a careful one, and careless ones."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from faulty_boards import FAILURES, Careful

from crosspromo.connectors.base import (
    Absent,
    Begun,
    Content,
    Found,
    Json,
    LookUp,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Sent,
    Unclear,
    Unknown,
)


class CarefulWithThreads(Careful):
    """Each part has a key of its own, so that a look-up can tell which of them stand."""

    def prepare(self, content: Content, now: datetime) -> Prepared:
        return Prepared(uuid4().hex, {"texts": list(content.posts), "standing": 0})

    def send(self, prepared: Prepared) -> Outcome:
        texts, standing = _texts(prepared), self.standing(prepared.payload)
        for number, text in enumerate(texts[standing:], standing):
            outcome = super().send(Prepared(f"{prepared.token}-{number}", {"text": text}))
            if not isinstance(outcome, Sent):
                return outcome if number == 0 else self.broken_off(outcome)
        return Sent(Receipt(f"{prepared.token}-0"))

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        first = Found(Receipt(f"{prepared.token}-0"))
        for number in range(len(_texts(prepared))):
            answer = super().look_up(Prepared(f"{prepared.token}-{number}", {}), attempted_at)
            if isinstance(answer, Unclear):
                return answer
            if isinstance(answer, Absent):
                return self.begun(number) if number else answer
        return first

    def standing(self, payload: Mapping[str, Json]) -> int:
        return int(str(payload["standing"]))

    def broken_off(self, outcome: Outcome) -> Outcome:
        return Unknown(f"the thread broke off: {outcome}")

    def begun(self, number: int) -> LookUp:
        return Begun({"standing": number})


class CallsABrokenThreadUnsent(CarefulWithThreads):
    def broken_off(self, outcome: Outcome) -> Outcome:
        return NotSent("the thread broke off")


class FindsAThreadByItsBeginning(CarefulWithThreads):
    def begun(self, number: int) -> LookUp:
        return Found(Receipt("the first part"))


class MissesAThreadThatBegan(CarefulWithThreads):
    def begun(self, number: int) -> LookUp:
        return Absent()


class RepeatsWhatStands(CarefulWithThreads):
    """Its parts have no keys, so going on from the beginning posts them again."""

    def send(self, prepared: Prepared) -> Outcome:
        for number, text in enumerate(_texts(prepared)):
            try:
                answer = self.ask("POST", "/notices", {"text": text})
            except FAILURES as error:
                return Unknown(f"no answer ({type(error).__name__})")
            outcome = self.outcome_of(answer, prepared)
            if not isinstance(outcome, Sent):
                return self.broken_off(outcome) if number else outcome
        return Sent(Receipt(prepared.token))

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        _, answer, _ = self.ask("GET", "/notices")
        number = len(answer["notices"])
        return self.begun(number) if number else Absent()


class PostsAThreadBackwards(CarefulWithThreads):
    def prepare(self, content: Content, now: datetime) -> Prepared:
        backwards: list[Json] = [*reversed(content.posts)]
        return Prepared(uuid4().hex, {"texts": backwards, "standing": 0})


def _texts(prepared: Prepared) -> list[str]:
    texts = prepared.payload["texts"]
    assert isinstance(texts, list)
    return [str(text) for text in texts]
