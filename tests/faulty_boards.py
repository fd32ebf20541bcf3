"""Connectors of the notice board: a careful one, and many that break one promise each."""

import http.client
import json
import threading
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Content,
    Found,
    LookUp,
    NotRemoved,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.domain.clock import SystemClock

FAILURES = (OSError, http.client.HTTPException, ValueError)
Answer = tuple[int, dict[str, Any], int]


class Careful:
    """A connector of the notice board without a fault."""

    def __init__(self, setup: AccountSetup) -> None:
        self.server = urlsplit(setup.server or "")
        self.key = setup.credentials["key"]
        self.timeout: float | None = setup.timeout.total_seconds()

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        return Prepared(uuid4().hex, {"text": content.text})

    def send(self, prepared: Prepared) -> Outcome:
        try:
            return self.outcome_of(self.put(prepared), prepared)
        except FAILURES as error:
            return Unknown(f"no answer ({type(error).__name__})")

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        try:
            status, _, _ = self.ask("GET", f"/notices/{prepared.token}")
        except FAILURES as error:
            return Unclear(f"no answer ({type(error).__name__})")
        match status:
            case 200:
                return Found(Receipt(prepared.token))
            case 404:
                return Absent()
            case _:
                return Unclear(f"the board answered {status}")

    def delete(self, receipt: Receipt) -> Removal:
        status, _, _ = self.ask("DELETE", f"/notices/{receipt.remote_id}")
        return Removed() if status in {204, 404} else NotRemoved(f"the board answered {status}")

    def verify(self) -> str:
        status, answer, _ = self.ask("GET", "/me")
        if status != 200:
            raise AccountError("the board refuses the key")
        return str(answer["name"])

    def close(self) -> None:
        """Nothing stays open."""

    def put(self, prepared: Prepared) -> Answer:
        return self.ask("PUT", f"/notices/{prepared.token}", dict(prepared.payload))

    def outcome_of(self, answer: Answer, prepared: Prepared) -> Outcome:
        status, _, wait = answer
        match status:
            case 201:
                return Sent(Receipt(prepared.token))
            case 401:
                return NotSent("the board refuses the key", account_fault=True)
            case 429:
                return NotSent("too many", SystemClock().now() + timedelta(seconds=wait))
            case _:
                return Unknown(f"the board answered {status}")

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        connection = http.client.HTTPConnection(
            self.server.hostname or "", self.server.port, timeout=self.timeout
        )
        try:
            headers = {"authorization": f"Bearer {self.key}"}
            connection.request(method, path, json.dumps(body).encode(), headers)
            answer = connection.getresponse()
            read: dict[str, Any] = json.loads(answer.read() or b"{}")
            return answer.status, read, int(answer.headers.get("retry-after", 0))
        finally:
            connection.close()


class PostsTwice(Careful):
    def send(self, prepared: Prepared) -> Outcome:
        self.ask("POST", "/notices", dict(prepared.payload))
        return super().send(prepared)


class Raises(Careful):
    def send(self, prepared: Prepared) -> Outcome:
        return self.outcome_of(self.put(prepared), prepared)


class CallsItUnsent(Careful):
    def send(self, prepared: Prepared) -> Outcome:
        outcome = super().send(prepared)
        return NotSent(outcome.detail) if isinstance(outcome, Unknown) else outcome


class GivesUpForGood(Careful):
    def send(self, prepared: Prepared) -> Outcome:
        outcome = super().send(prepared)
        return Rejected(outcome.detail) if isinstance(outcome, Unknown) else outcome


class SeesNothingWhereItCannotLook(Careful):
    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        answer = super().look_up(prepared, attempted_at)
        return Absent() if isinstance(answer, Unclear) else answer


class TakesAnyNoticeForOurs(Careful):
    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        _, answer, _ = self.ask("GET", "/notices")
        notices = answer["notices"]
        return Found(Receipt(notices[-1]["key"])) if notices else Absent()


class Retries(Careful):
    def send(self, prepared: Prepared) -> Outcome:
        outcome = super().send(prepared)
        return super().send(prepared) if isinstance(outcome, Unknown) else outcome


class ChoosesItsKeyWhileSending(Careful):
    def put(self, prepared: Prepared) -> Answer:
        return self.ask("POST", "/notices", dict(prepared.payload))


class RemembersInsteadOfStoring(Careful):
    def prepare(self, content: Content, now: datetime) -> Prepared:
        self.text = content.text
        return Prepared(uuid4().hex, {})

    def put(self, prepared: Prepared) -> Answer:
        return self.ask("PUT", f"/notices/{prepared.token}", {"text": self.text})


class NamesEveryPostAlike(Careful):
    def prepare(self, content: Content, now: datetime) -> Prepared:
        return Prepared("notice", {"text": content.text})


class TidiesTheText(Careful):
    def prepare(self, content: Content, now: datetime) -> Prepared:
        return Prepared(uuid4().hex, {"text": " ".join(content.text.split())})


class WaitsForTheRateLimit(Careful):
    def __init__(self, setup: AccountSetup) -> None:
        super().__init__(setup)
        self.closed = threading.Event()

    def outcome_of(self, answer: Answer, prepared: Prepared) -> Outcome:
        if answer[0] == 429:
            self.closed.wait(answer[2])
        return super().outcome_of(answer, prepared)

    def close(self) -> None:
        self.closed.set()


class NamesNoTime(Careful):
    def outcome_of(self, answer: Answer, prepared: Prepared) -> Outcome:
        return NotSent("too many") if answer[0] == 429 else super().outcome_of(answer, prepared)


class HasNoTimeOut(Careful):
    def __init__(self, setup: AccountSetup) -> None:
        super().__init__(setup)
        self.timeout = None


class FollowsRedirects(Careful):
    def outcome_of(self, answer: Answer, prepared: Prepared) -> Outcome:
        return Sent(Receipt("moved")) if answer[0] == 301 else super().outcome_of(answer, prepared)


class TellsItsSecret(Careful):
    def outcome_of(self, answer: Answer, prepared: Prepared) -> Outcome:
        outcome = super().outcome_of(answer, prepared)
        return Unknown(f"{outcome} for {self.key}") if isinstance(outcome, Unknown) else outcome


class StoresItsSecret(Careful):
    def prepare(self, content: Content, now: datetime) -> Prepared:
        return Prepared(uuid4().hex, {"text": content.text, "key": self.key})


class AsksWhilePreparing(Careful):
    def prepare(self, content: Content, now: datetime) -> Prepared:
        self.ask("GET", "/me")
        return super().prepare(content, now)


class AsksBeforeItIsReady(Careful):
    def ready(self, content: Content) -> NotSent | Rejected | None:
        self.ask("GET", "/me")
        return None


class BlamesThePostForTheKey(Careful):
    def outcome_of(self, answer: Answer, prepared: Prepared) -> Outcome:
        return Rejected("no") if answer[0] == 401 else super().outcome_of(answer, prepared)


class BelievesAnyKey(Careful):
    def verify(self) -> str:
        return "town hall"


class DeletesNothing(Careful):
    def delete(self, receipt: Receipt) -> Removal:
        return Removed()


class CannotDeleteTwice(Careful):
    def delete(self, receipt: Receipt) -> Removal:
        status, _, _ = self.ask("DELETE", f"/notices/{receipt.remote_id}")
        return Removed() if status == 204 else NotRemoved("it is not there")
