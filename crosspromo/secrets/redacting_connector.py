"""Redaction of connector answers: a network may echo a secret."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crosspromo.connectors.http_outcomes import REDACT, Redact
from crosspromo.domain.attempts import Prepared
from crosspromo.domain.errors import AccountError
from crosspromo.domain.outcomes import (
    Absent,
    Begun,
    Found,
    LookUp,
    NotRemoved,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.domain.posts import Content
from crosspromo.publishing.networks import (
    Clocked,
    Connector,
    Deletes,
    Finds,
    Identified,
    SeesShared,
)
from crosspromo.publishing.reading_back import (
    HeardPage,
    Listens,
    Measured,
    Measures,
    NotRead,
)
from crosspromo.secrets.redaction import Redactor


class redacting:  # noqa: N801 (used as `contextlib.suppress` is)
    """Block in which `one_line` redacts the words of networks that are quoted."""

    def __init__(self, redact: Redact) -> None:
        self._redact = redact

    def __enter__(self) -> None:
        self._token = REDACT.set(self._redact)

    def __exit__(self, *_: object) -> None:
        REDACT.reset(self._token)


class RedactingConnector:
    """Wrapper that removes secrets from every text of a connector, whatever the network echoed."""

    def __init__(self, connector: Connector, redactor: Redactor) -> None:
        self._connector = connector
        self._redact = redactor.redact

    @property
    def clock_offset(self) -> timedelta | None:
        return self._connector.clock_offset if isinstance(self._connector, Clocked) else None

    @property
    def identity(self) -> str | None:
        return self._connector.identity if isinstance(self._connector, Identified) else None

    def ready(self, content: Content) -> NotSent | Rejected | None:
        with redacting(self._redact):
            obstacle = self._connector.ready(content)
        return None if obstacle is None else self._redacted(obstacle)

    def prepare(self, content: Content, now: datetime) -> Prepared:
        with redacting(self._redact):
            return self._connector.prepare(content, now)

    def send(self, prepared: Prepared) -> Outcome:
        with redacting(self._redact):
            outcome = self._connector.send(prepared)
        match outcome:
            case Sent(receipt):
                redacted = self._redacted_receipt(receipt)
                return outcome if redacted is receipt else Sent(redacted)
            case Unknown(detail, needs_person, retry_at):
                return Unknown(self._redact(detail), needs_person, retry_at)
            case NotSent() | Rejected():
                return self._redacted(outcome)

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        with redacting(self._redact):
            return self._redacted_look_up(self._connector.look_up(prepared, attempted_at))

    def find(self, content: Content, since: datetime, known: Collection[str] = ()) -> LookUp:
        if not isinstance(self._connector, Finds):
            return Unclear("its connector cannot look for posts by their text")
        with redacting(self._redact):
            return self._redacted_look_up(self._connector.find(content, since, known))

    def images_without_alt(self, address: str) -> int | None:
        if not isinstance(self._connector, SeesShared):
            return None
        with redacting(self._redact):
            return self._connector.images_without_alt(address)

    def delete(self, receipt: Receipt) -> Removal:
        if not isinstance(self._connector, Deletes):
            return NotRemoved("its connector cannot delete")
        with redacting(self._redact):
            removal = self._connector.delete(receipt)
        match removal:
            case Removed():
                return removal
            case NotRemoved(reason):
                return NotRemoved(self._redact(reason))

    def measure(self, remote_ids: Sequence[str]) -> Measured | NotRead:
        if not isinstance(self._connector, Measures):
            return NotRead("its connector reads no figures")
        with redacting(self._redact):
            answer = self._connector.measure(remote_ids)
        return self._redacted_failure(answer) if isinstance(answer, NotRead) else answer

    def followers(self) -> int | NotRead | None:
        if not isinstance(self._connector, Measures):
            return NotRead("its connector reads no figures")
        with redacting(self._redact):
            answer = self._connector.followers()
        return self._redacted_failure(answer) if isinstance(answer, NotRead) else answer

    def listen(self, cursor: str | None, most: int) -> HeardPage | NotRead:
        if not isinstance(self._connector, Listens):
            return NotRead("its connector reads no mentions")
        with redacting(self._redact):
            answer = self._connector.listen(cursor, most)
        if isinstance(answer, NotRead):
            return self._redacted_failure(answer)
        mentions = [
            replace(each, url=self._redact(each.url), text=self._redact(each.text))
            for each in answer.mentions
        ]
        return replace(answer, mentions=mentions)

    def verify(self) -> str:
        try:
            with redacting(self._redact):
                return self._redact(self._connector.verify())
        except AccountError as error:
            raise AccountError(self._redact(str(error))) from None

    def close(self) -> None:
        self._connector.close()

    def _redacted_failure(self, failure: NotRead) -> NotRead:
        return replace(failure, reason=self._redact(failure.reason))

    def _redacted_look_up(self, answer: LookUp) -> LookUp:
        match answer:
            case Unclear(detail):
                return Unclear(self._redact(detail))
            case Found(receipt):
                return Found(self._redacted_receipt(receipt))
            case Absent() | Begun():
                return answer

    def _redacted(self, obstacle: NotSent | Rejected) -> NotSent | Rejected:
        match obstacle:
            case NotSent(reason, retry_at, account_fault):
                return NotSent(self._redact(reason), retry_at, account_fault)
            case Rejected(reason, code):
                return Rejected(self._redact(reason), code)

    def _redacted_receipt(self, receipt: Receipt) -> Receipt:
        """Receipt whose address, which people see, holds no secret. The id is the network's."""
        url = receipt.url
        shown = None if url is None else self._redact(url)
        return receipt if shown == url else replace(receipt, url=shown)
