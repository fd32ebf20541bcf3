"""Workspace examination: every check that needs no request to a network."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crosspromo.connectors.registry import Registry
from crosspromo.disks import Disk, disk_of, nearly_full
from crosspromo.domain.clock import CLOCKS_AGREE, Clock
from crosspromo.domain.errors import ConfigError, CrosspromoError, InputError, NotFoundError
from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.inputs import NoAccountsYet
from crosspromo.domain.reasons.notes import Note
from crosspromo.domain.states import State
from crosspromo.secrets.redaction import Redactor
from crosspromo.secrets.references import resolve
from crosspromo.settings import Settings

if TYPE_CHECKING:
    from crosspromo.intake.pictures import ImageFolder
    from crosspromo.publishing.networks import Connector
    from crosspromo.services.channels import Channel
    from crosspromo.services.templates import TemplateChecks
    from crosspromo.store.unit import Store, Unit

WAITING = frozenset({State.DRAFT, State.QUEUED, State.UNKNOWN})
"""States of deliveries that may still be sent, and so need their images."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Examined thing with the error found there; None: no error.

    `warnings` are no errors, but people should know of them: notes, each with its account.
    """

    what: str
    error: CrosspromoError | None = None
    warnings: tuple[tuple[str, Note], ...] = ()


@dataclass(frozen=True)
class Examination:
    """Checks for a workspace with readable configuration. Nothing is posted.

    `store` and `templates` raise DatabaseError or ConfigError if the store or the templates are
    unavailable. `connector` builds the connector of an account. `check_session_key` raises
    ConfigError if the key that encrypts sessions is unavailable, `check_observances` if a file of
    observances cannot be used, `check_ladders` if a step has no words. `database_file`: the file
    of a SQLite database, None on PostgreSQL.
    """

    folder: Path
    state_folder: Path
    settings: Settings
    store: "Callable[[], Store]"
    clock: Clock
    registry: Registry
    redactor: Redactor
    connector: "Callable[[str], Connector]"
    check_session_key: Callable[[], None]
    check_observances: Callable[[], object]
    check_ladders: Callable[[], None]
    templates: "Callable[[], TemplateChecks]"
    pictures: "Callable[[], ImageFolder]"
    channels: "Sequence[Channel]"
    database_file: "Callable[[], Path | None]"
    disk_of: Callable[[Path], Disk] = disk_of

    def run(self) -> Iterator[Finding]:
        """Yield one finding per examined thing; a database error is reported once.

        Later checks that meet the same error of the database yield a finding without an error.
        """
        database = _found("database", self.store)
        yield database
        for finding in self._without_database():
            yield Finding(finding.what) if _same(finding.error, database.error) else finding

    def _without_database(self) -> Iterator[Finding]:
        """Yield findings of all remaining checks, some of which read the database, too."""
        yield from self._accounts()
        yield _found("logins", self._check_logins)
        yield _found("session key", self.check_session_key)
        yield _found("observances", self.check_observances)
        yield _found("ladders", self.check_ladders)
        yield from self._channels()
        if self.settings.reports.partners:
            yield _found("mailed reports", self._check_reports)
        yield from self.of_templates()
        yield _found("images", self._check_images)
        yield _found("workspace folder", self._check_folder)
        yield _found("disk", self._check_disks)
        yield _found("file modes", self._check_modes)
        yield self._bursts()
        yield _found("clock", self._check_clock)

    def _accounts(self) -> Iterator[Finding]:
        if not self.settings.accounts:
            yield Finding("accounts", InputError(NoAccountsYet()))
        for name in self.settings.accounts:
            yield _found(f"account {name}", partial(self._check_account, name))

    def of_settings(self) -> Iterator[Finding]:
        """Yield findings of the settings alone: each account with its secrets, the session key.

        Secrets of channels are looked up at each use: a missing one is an error of that telling.
        """
        for name in self.settings.accounts:
            yield _found(f"account {name}", partial(self._check_account, name))
        yield _found("session key", self.check_session_key)

    def _channels(self) -> Iterator[Finding]:
        """Yield a finding about the secrets of each channel that tells people."""
        for channel in self.channels:
            yield _found(f"notify {channel.name}", channel.check)

    def of_templates(self) -> Iterator[Finding]:
        """Yield a finding for each faulty template, or one sound finding for all templates."""
        try:
            checked = self.templates().check()
        except ConfigError:  # an account without a network: reported by _accounts
            return
        faults = [each for each in checked if each.error is not None]
        for each in faults:
            what = (
                f"template for {each.kind} on {each.network}"
                if each.kind and each.network
                else f"templates/{each.name}"
            )
            yield Finding(what, each.error)
        if not faults:
            yield Finding("templates")

    def _check_account(self, name: str) -> None:
        """Check the account's network (installed), keys (known) and secrets (available).

        A secret in clear text in crosspromo.toml is a ConfigError.
        """
        account = self.settings.account(name)
        network = self.registry.get(account.network)
        public = frozenset(network.public_credentials)
        resolve(account, self.folder, self.redactor, public)
        self.connector(name)

    def _check_logins(self) -> None:
        """Check that no two accounts have one login on a network, as far as they have signed in."""
        from crosspromo.publishing.logins import double_login_sentence  # noqa: PLC0415 (rarely used)

        with self.store().read() as unit:
            identities = unit.accounts.identities()
        first: dict[tuple[str, str], str] = {}
        faults = []
        for name, account in self.settings.accounts.items():
            identity = identities.get(name)
            if identity is None:
                continue
            other = first.setdefault((account.network, identity), name)
            if other != name:
                faults.append(double_login_sentence(name, other, account.network))
        if faults:
            raise CrosspromoError(". ".join(faults))

    def _check_reports(self) -> None:
        """Check that the settings name partners whom we have, where they name whose page is mailed.

        A partner that was merged into another is found by the old name, too.
        """
        with self.store().read() as unit:
            wanted = list(self.settings.reports.partners)
            known = unit.partners.statuses(wanted)
            unknown = [slug for slug in wanted if slug not in known and not _is_partner(unit, slug)]
        if unknown:
            names = ", ".join(f'"{slug}"' for slug in unknown)
            raise ConfigError(f"[reports.partners]: there is no partner {names}; mend the name")

    def _check_images(self) -> None:
        """Check that the images of waiting deliveries exist, unchanged since they were queued."""
        from crosspromo.store.queue.listing import Filter  # noqa: PLC0415 (the store loads when used)

        with self.store().read() as unit:
            deliveries = unit.deliveries.matching(Filter(states=WAITING))
        pictures = self.pictures()
        faults = [
            f"{fault} (delivery {delivery.id})"
            for delivery in deliveries
            for image in delivery.content.images
            if (fault := pictures.fault(image)) is not None
        ]
        if faults:
            raise CrosspromoError(
                f"{'; '.join(faults)}; put the file back, or cancel the delivery and queue it again"
            )

    def _check_folder(self) -> None:
        """Check write access to the workspace folder."""
        probe = self.folder / ".crosspromo-probe"
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise CrosspromoError(f"{self.folder} cannot be written: {error.strerror}") from error

    def _check_disks(self) -> None:
        """Check the free space on the disks of the workspace and of a SQLite database."""
        folders = [self.folder]
        with suppress(CrosspromoError):
            file = self.database_file()
            folders += [] if file is None else [file.parent]
        with suppress(OSError):  # no folder: reported by _check_folder
            low = "; ".join(str(disk) for disk in nearly_full(folders, self.disk_of))
            if low:
                raise CrosspromoError(f"{low}; make room there: on a full disk nothing can be sent")

    def _bursts(self) -> Finding:
        """Finding about deliveries that would go at once, by account, as warnings."""
        from crosspromo.publishing.notes import next_burst  # noqa: PLC0415 (rarely used)

        now = self.clock.now()
        try:
            with self.store().read() as unit:
                found = {
                    name: next_burst(unit, name, policy, now)
                    for name, policy in self.settings.policies.items()
                }
        except CrosspromoError as error:
            return Finding("bursts", error)
        warnings = tuple((name, burst) for name, burst in found.items() if burst is not None)
        return Finding("bursts", warnings=warnings)

    def _check_modes(self) -> None:
        """Check that other users of this machine cannot read the database and the state folder.

        Their group may: several people of one group may share a workspace on purpose.
        """
        private = [self.state_folder]
        engine = self.store().engine
        if engine.dialect.name == "sqlite" and engine.url.database is not None:
            private += [Path(f"{engine.url.database}{end}") for end in ("", "-wal", "-shm")]
        open_to_all = [path for path in private if path.exists() and path.stat().st_mode & 0o007]
        if open_to_all and os.name == "posix":
            names = ", ".join(map(str, open_to_all))
            raise CrosspromoError(
                f"any user of this machine can read {names}; take this right away from others "
                "(chmod o-rwx)"
            )

    def _check_clock(self) -> None:
        """Check our clock against the networks' clocks, as they were last heard, and our posts.

        A post dated in the future shows that the clock was set back since, or is behind.
        """
        now = self.clock.now()
        with self.store().read() as unit:
            offsets = unit.accounts.clock_offsets()
            count, latest = unit.dated_ahead.posts(now + CLOCKS_AGREE)
        if latest is not None:
            raise CrosspromoError(
                f"it says {now:%Y-%m-%d %H:%M} UTC, but {plural(count, 'post')} went out later, "
                f"the latest at {latest:%Y-%m-%d %H:%M} UTC; set the clock right"
            )
        wrong = {name: offset for name, offset in offsets.items() if abs(offset) > CLOCKS_AGREE}
        for name in self.settings.accounts:
            if name in wrong:
                raise CrosspromoError(f"{_clock_words(name, wrong[name])}; set the clock right")


def _is_partner(unit: "Unit", slug: str) -> bool:
    """Whether the slug is a partner's, or was that of one who was merged."""
    try:
        unit.partners.get(slug)
    except NotFoundError:
        return False
    return True


def _clock_words(account: str, ahead: timedelta) -> str:
    """Sentence about a network's clock that was ahead of ours, or behind."""
    seconds = round(abs(ahead).total_seconds())
    side = "behind" if ahead > timedelta(0) else "ahead of"
    return f"it was {seconds} seconds {side} the clock of {account}'s network at its last answer"


def _found(what: str, check: Callable[[], object]) -> Finding:
    try:
        check()
    except CrosspromoError as error:
        return Finding(what, error)
    return Finding(what)


def _same(error: CrosspromoError | None, other: CrosspromoError | None) -> bool:
    """Whether both errors have equal type and equal arguments; False without an error."""
    if error is None or other is None:
        return False
    return type(error) is type(other) and error.args == other.args
