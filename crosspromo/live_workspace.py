"""Live workspace: the workspace of a daemon, which follows changes of its settings and templates.

A changed crosspromo.toml is read and checked as a whole. Either a new workspace takes the place of
the old one, or the old one stays and the reason is kept as a trouble. Whoever uses the workspace
decides when it may change: the daemon does so between two cycles.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic as machine_monotonic

from crosspromo.disks import Stamp, Stamps, stamp_of, stamps_of, stamps_within
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.workers import Trouble, TroubleKind
from crosspromo.observance_file import FILE_NAME as OBSERVANCES
from crosspromo.phrasing.errors import of_error
from crosspromo.secrets.references import UnsetVariableError, files_of
from crosspromo.services.examine import Finding
from crosspromo.services.settings_changes import SettingsChange, change_between
from crosspromo.settings import FILE_NAME, Settings
from crosspromo.workspace import Workspace

log = logging.getLogger(__name__)

SETTLED = 0.5
"""Seconds between two looks at the files that must be alike: nobody is writing them any more."""

MOST_LOOKS = 6
"""Looks at files that keep changing, before they are left for later."""

REFUSED_FOR = 60.0
"""Seconds after which refused settings are checked again: a keyring that was locked is no file."""

MOST_NAMED = 6
"""Changed places that one line of the log names."""


@dataclass(frozen=True, slots=True)
class _Files:
    """Stamps of the files that a daemon depends on."""

    settings: Stamp | None
    observances: Stamp | None
    secrets: Stamps
    templates: Stamps


class LiveWorkspace:
    """Current workspace of a daemon, with its troubles: settings refused, templates with faults.

    `wait` waits for so many seconds, less if the daemon is to end.
    """

    def __init__(
        self,
        workspace: Workspace,
        wait: Callable[[float], object],
        monotonic: Callable[[], float] = machine_monotonic,
    ) -> None:
        self.workspace = workspace
        self._wait = wait
        self._monotonic = monotonic
        self._file = workspace.folder / FILE_NAME
        self._read: Settings = workspace.settings
        """Settings that were read last, applied or refused: their secrets are watched, too."""
        self._troubles: dict[TroubleKind, Trouble] = {}
        self._refused_at = 0.0
        now = self._look()
        self._known = replace(now, settings=workspace.settings_stamp)

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Present troubles, the settings first."""
        return tuple(self._troubles[kind] for kind in TroubleKind if kind in self._troubles)

    def has_changed(self) -> bool:
        """Whether a file differs from the last look, or refused settings are to be checked again.

        Cheap: files are not read.
        """
        is_refused = TroubleKind.SETTINGS in self._troubles
        if is_refused and self._monotonic() - self._refused_at >= REFUSED_FOR:
            return True
        return self._look() != self._known

    def follow(self) -> SettingsChange | None:
        """Apply what has changed, if all of it can be used; None where nothing was applied.

        Files that are still being written are left for later. The connectors of the old workspace
        are closed.
        """
        seen = self._settled()
        if seen is None:
            return None
        before, self._known = self._known, seen
        rereads = (
            replace(seen, templates=before.templates) != before
            or TroubleKind.SETTINGS in self._troubles
        )
        change = self._follow_settings(before) if rereads else None
        if seen.templates != before.templates or (change is not None and change.places):
            self._check_templates()
        return change

    def close(self) -> None:
        """Close the connectors of the current workspace."""
        self.workspace.close_connectors()

    # -- looking -------------------------------------------------------------------------------

    def _look(self) -> _Files:
        return _Files(
            settings=stamp_of(self._file),
            observances=stamp_of(self.workspace.folder / OBSERVANCES),
            secrets=stamps_of(self._secret_files()),
            templates=stamps_within(self.workspace.template_folder),
        )

    def _secret_files(self) -> set[Path]:
        """Files of secrets that the settings name, those in force and those read last."""
        named = {*_references(self.workspace.settings), *_references(self._read)}
        return files_of(named, self.workspace.folder)

    def _settled(self) -> _Files | None:
        """Files that were alike in two looks; None where they keep changing."""
        before = self._look()
        for _ in range(MOST_LOOKS):
            self._wait(SETTLED)
            now = self._look()
            if now == before:
                return now
            before = now
        return None

    # -- settings ------------------------------------------------------------------------------

    def _follow_settings(self, before: _Files) -> SettingsChange | None:
        try:
            successor = self.workspace.successor()
        except CrosspromoError as error:
            self._refuse(self._words(error))
            return None
        self._read = successor.settings
        # Other secrets may be named. Their stamps are from before they are read.
        self._known = replace(self._look(), settings=successor.settings_stamp)
        faults = self._faults(successor)
        if stamp_of(self._file) != successor.settings_stamp:  # written while it was read
            successor.close()
            return None
        if faults:
            successor.close()
            self._refuse("; ".join(faults))
            return None
        return self._apply(successor, before)

    def _faults(self, successor: Workspace) -> list[str]:
        """Sentences about what keeps the new settings from being used."""
        try:
            return list(self._new_faults(successor))
        except CrosspromoError as error:
            return [self._words(error)]
        except Exception as error:  # of a connector, say: it must not end the daemon
            log.exception("checking the new settings failed on a fault of our own")
            return [f"a fault of our own: {type(error).__name__}"]

    def _apply(self, successor: Workspace, before: _Files) -> SettingsChange | None:
        change = change_between(self.workspace.settings, successor.settings)
        was_refused = self._troubles.pop(TroubleKind.SETTINGS, None) is not None
        secrets = _differing(before.secrets, self._known.secrets)
        if not change.places and self.workspace.silences != successor.silences:
            change = SettingsChange([OBSERVANCES], None)
        if not change.places and not secrets:  # a comment, or what was there before
            successor.close()
            if was_refused:
                log.info("the settings are in order again")
            return None
        change = SettingsChange(
            [*change.places, *(f"the secret in {name}" for name in secrets)], change.accounts
        )
        self.workspace.close_connectors()
        self.workspace = successor
        successor.record_policies()
        kept = {path: self._known.secrets.get(path) for path in self._secret_files()}
        self._known = replace(self._known, secrets=kept)
        log.info("new settings applied: %s", _few(change.places))
        return change

    def _new_faults(self, successor: Workspace) -> Iterator[str]:
        """Yield what cannot be used, as sentences, without what could not be used before either."""
        _ = successor.rules  # the networks, with the keys of every account
        if successor.settings.kept_observances:
            _ = successor.observances  # the old ones stay while one of them cannot be read
        for finding in successor.services.examination.of_settings():
            if finding.error is not None and not self._failed_before(finding):
                yield self._words(finding.error)

    def _failed_before(self, finding: Finding) -> bool:
        """Whether the same account, with its settings of before, cannot be set up either."""
        _, _, name = finding.what.partition("account ")
        if name not in self.workspace.settings.accounts:
            return False
        try:
            self.workspace.connector(name)
        except CrosspromoError as error:
            return str(error) == str(finding.error)
        return False

    def _refuse(self, words: str) -> None:
        self._refused_at = self._monotonic()
        if self._report(TroubleKind.SETTINGS, words):
            log.warning("the old settings stay, since the new ones cannot be used: %s", words)

    def _words(self, error: CrosspromoError) -> str:
        zone = self.workspace.settings.organisation.zone
        words = self.workspace.redactor.redact(of_error(error, zone))
        if isinstance(error, UnsetVariableError):
            return f"{words}; a running daemon keeps its environment: end it, and start it anew"
        return words

    # -- templates -----------------------------------------------------------------------------

    def _check_templates(self) -> None:
        """Check the templates for those who queue; the daemon sends what was rendered before."""
        self.workspace.forget_templates()
        try:
            findings = self.workspace.services.examination.of_templates()
            faults = [self._words(each.error) for each in findings if each.error is not None]
        except Exception as error:  # as above
            log.exception("checking the templates failed on a fault of our own")
            faults = [f"a fault of our own: {type(error).__name__}"]
        if not faults:
            if self._troubles.pop(TroubleKind.TEMPLATES, None) is not None:
                log.info("the templates are in order again")
            return
        words = _few(list(dict.fromkeys(faults)))
        if self._report(TroubleKind.TEMPLATES, words):
            log.warning("templates have faults: %s", words)

    def _report(self, kind: TroubleKind, words: str) -> bool:
        """Keep a trouble, since its beginning; False where it stands in the same words."""
        before = self._troubles.get(kind)
        if before is not None and before.words == words:
            return False
        since = self.workspace.clock.now() if before is None else before.since
        self._troubles[kind] = Trouble(kind, words, since)
        return True


def _references(settings: Settings) -> Iterator[str | None]:
    """Yield the references whose secrets a daemon keeps; others are looked up at each use."""
    yield settings.session_key
    yield settings.database_url
    for account in settings.accounts.values():
        yield from account.credentials.values()


def _differing(before: Stamps, after: Stamps) -> list[str]:
    """Names of the files whose stamp differs, of those that were watched before and after."""
    both = before.keys() & after.keys()
    return sorted(str(path) for path in both if before[path] != after[path])


def _few(sentences: Sequence[str]) -> str:
    """The first sentences, and the number of the others."""
    more = len(sentences) - MOST_NAMED
    named = "; ".join(sentences[:MOST_NAMED])
    return f"{named}; and {more} more" if more > 0 else named
