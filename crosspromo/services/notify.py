"""Telling people, without being asked, what newly needs a person.

Each matter is told once by each channel. A telling is claimed in the database before it is told, so
that two daemons tell once. A daemon that dies between the two is taken over, and then people may
hear of a matter twice: rather that than never.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.notices import Digest, Notice, Telling, failures
from crosspromo.domain.pacing import QuietHours
from crosspromo.services.channels import Channel

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

log = logging.getLogger(__name__)

BETWEEN_DIGESTS = timedelta(minutes=5)
"""Least time between two messages by one channel: what comes meanwhile is told together."""

FORGOTTEN_AFTER = timedelta(minutes=2)
"""Age of a claim before which its matter is not taken for ended.

Another daemon may have seen the matter a moment after we looked.
"""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Failure of one channel: its error, and the matters that it has not told.

    `since` is the time of the first failure. `keys` are those of the notices.
    """

    channel: str
    target: str
    since: datetime
    error: str
    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a test of one channel, mail or webhook; `error` None: it was told."""

    channel: str
    target: str
    error: str | None


@dataclass(frozen=True)
class Notifier:
    """Tells notices by the channels of the settings.

    `notices` reads what needs a person now. `digest` makes one message of some of them. `worker`
    names this process in each claim. `redact` hides secrets in the errors that are stored. Nothing
    is told within the hours `quiet` on the wall clock of `zone`; it is told when they end.
    """

    store: "Store"
    clock: Clock
    channels: Sequence[Channel]
    notices: Callable[[], Sequence[Notice]]
    digest: Callable[[Sequence[Notice]], Digest]
    worker: str
    redact: Callable[[str], str]
    zone: ZoneInfo
    quiet: QuietHours | None = None

    def tell(self) -> None:
        """Tell what was not told yet, and forget what has ended. Slow: servers are asked."""
        if not self.channels:
            self._forget_all()
            return
        looked_at = self.clock.now()
        notices = self.notices()
        with self.store.read() as unit:
            known = {(each.channel, each.key): each for each in unit.tellings.all()}
            running = {worker.name for worker in unit.workers.running()}
        ended = [
            each
            for each in known.values()
            if self._has_ended(each, notices, looked_at)
            and (each.claimed_by in {None, self.worker} or each.claimed_by not in running)
        ]
        if ended:
            with self.store.write() as unit:
                for each in ended:
                    unit.tellings.forget(each)
        if self.quiet is not None and self.quiet.include(looked_at, self.zone):
            return
        for channel in self.channels:
            others = [notice for notice in notices if notice.silent_channel != channel.name]
            self._tell_by(channel, others, [t for t in known.values() if t.channel == channel.name])

    def tell_unclaimed(self, notice: Notice) -> bool:
        """Tell the notice by every channel, since the database cannot hold a claim.

        Two daemons both tell it. False within quiet hours, where nothing is told, and where no
        channel told it.
        """
        if self.quiet is not None and self.quiet.include(self.clock.now(), self.zone):
            return False
        digest = self.digest([notice])
        errors = [self._send(channel, digest) for channel in self.channels]
        return None in errors

    def undelivered(self) -> list[Undelivered]:
        """Failures of the channels, one entry for each channel and error."""
        with self.store.read() as unit:
            failed = failures(unit.tellings.all())
        targets = {channel.name: channel.target for channel in self.channels}
        return [
            Undelivered(
                channel=name,
                target=targets[name],
                since=min(each.since for each in same),
                error=error,
                keys=[each.key for each in same],
            )
            for (name, error), same in failed.items()
            if name in targets
        ]

    def try_out(self, digest: Digest) -> list[Trial]:
        """Send this digest by every channel, whatever the hour, and say what came of each."""
        return [
            Trial(channel.name.partition(":")[0], channel.target, self._send(channel, digest))
            for channel in self.channels
        ]

    def _forget_all(self) -> None:
        """Forget what was told or not, since no channel is left."""
        with self.store.read() as unit:
            known = unit.tellings.all()
        if known:
            with self.store.write() as unit:
                for each in known:
                    unit.tellings.forget(each)

    def _has_ended(self, telling: Telling, notices: Iterable[Notice], looked_at: datetime) -> bool:
        """Whether the matter had ended when the notices were read, or its channel is gone."""
        if telling.channel not in {channel.name for channel in self.channels}:
            return True
        # A claim from the future is old, too: the clock was set back.
        is_old = abs(looked_at - telling.claimed_at) >= FORGOTTEN_AFTER
        return is_old and telling.key not in {notice.key for notice in notices}

    def _tell_by(
        self, channel: Channel, notices: Sequence[Notice], known: Sequence[Telling]
    ) -> None:
        """Claim what is to be told by the channel now, tell it, and record what came of it."""
        claimed = self._claim(channel, notices, known)
        if not claimed:
            return
        error = self._send(channel, self.digest([each for each in notices if each.key in claimed]))
        now = self.clock.now()
        with self.store.write() as unit:
            for each in claimed.values():
                if error is None:
                    ended = replace(each, told_at=now, error=None)
                else:
                    ended = replace(each, claimed_by=None, error=error)
                unit.tellings.end(each, ended)

    def _claim(
        self, channel: Channel, notices: Sequence[Notice], known: Sequence[Telling]
    ) -> dict[str, Telling]:
        """Tellings that this worker has claimed, by key. In the order of keys: no deadlock."""
        now = self.clock.now()
        last = {telling.key: telling for telling in known}
        told = [each.told_at for each in known if each.told_at is not None]
        if told and now - BETWEEN_DIGESTS < max(told) <= now:
            return {}
        wanted = [
            (key, last.get(key))
            for key in sorted({notice.key for notice in notices})
            if key not in last or last[key].may_be_claimed(now)
        ]
        claimed = {}
        if wanted:
            with self.store.write() as unit:
                for key, before in wanted:
                    since = now if before is None else before.since
                    telling = Telling(channel.name, key, since, self.worker, now)
                    if unit.tellings.claim(telling, before):
                        claimed[key] = telling
        return claimed

    def _send(self, channel: Channel, digest: Digest) -> str | None:
        """Send the digest by the channel; the words of an error, None where it was told."""
        try:
            channel.tell(digest)
        except CrosspromoError as error:
            words = self.redact(str(error))
            log.warning("nobody could be told by %s: %s", channel.name, words)
            return words
        except Exception as error:  # whatever it is, it must not keep the other channel silent
            log.exception("telling by %s failed on a fault of our own", channel.name)
            return f"a fault of our own: {type(error).__name__}"
        log.info("told by %s: %s", channel.name, digest.subject)
        return None
