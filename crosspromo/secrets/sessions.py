"""Sessions at rest: encrypted in the database, with a key that is not in it."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from crosspromo.domain.errors import ConfigError
from crosspromo.secrets.redaction import Redactor
from crosspromo.secrets.references import look_up
from crosspromo.settings import FILE_NAME, SCHEMES
from crosspromo.store.unit import Store

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY_VARIABLE = "CROSSPROMO_KEY"
KEY_FILE = "session.key"
MAKE_ONE = (
    "make one with: python -c "
    '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SessionCipher:
    """Fernet encryption of sessions, with a key that people keep, or with one that we make.

    A kept key stands in $CROSSPROMO_KEY, or where that variable or `reference` points:
    `keyring:SERVICE/NAME`, `file:PATH` (below `workspace`) or `env:NAME`. Our own key is a file in
    `folder` that only its owner can read.
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    workspace: Path | None = field(default=None, kw_only=True)
    reference: str | None = field(default=None, kw_only=True)

    @property
    def _path(self) -> Path:
        return self.folder / KEY_FILE

    def check(self) -> None:
        """ConfigError where the key that somebody keeps cannot be had, or is none."""
        if self._kept() is not None:
            self._fernet()

    def encrypt(self, text: str) -> str:
        """The text, encrypted."""
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str) -> str | None:
        """What was encrypted; None where it was encrypted with another key: sign in again then."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 (only for accounts with sessions)

        try:
            return self._fernet().decrypt(encrypted.encode()).decode()
        except InvalidToken:
            return None

    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet  # noqa: PLC0415 (as above)

        kept = self._kept()
        place, key = kept or (str(self._path), self._own_key())
        try:
            return Fernet(key)
        except ValueError:
            mend = "remove it, and a new one is made" if kept is None else MAKE_ONE
            raise ConfigError(f"the key in {place} is not a Fernet key; {mend}") from None

    def _kept(self) -> tuple[str, bytes] | None:
        """Where somebody keeps the key, and the key; None where nobody does."""
        given = self.environment.get(KEY_VARIABLE)
        place = KEY_VARIABLE if given else f"{FILE_NAME}, [security] session_key"
        named = given or self.reference
        if not named:
            return None
        if named.startswith(SCHEMES):
            named = look_up(named, place, (self.workspace or self.folder), self.environment)
        return place, named.encode()

    def _own_key(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return self._make_key()

    def _make_key(self) -> bytes:
        """A new key, in place in one step: of two processes that make one, both use the first."""
        from cryptography.fernet import Fernet  # noqa: PLC0415 (as above)

        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(f".{uuid4().hex}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self._path)
        except FileExistsError:
            pass  # the other process was first; its key is as good
        finally:
            draft.unlink()
        return self._path.read_bytes()


@dataclass(frozen=True)
class EncryptedSessions:
    """Session of one account, encrypted in the store. The redactor learns its secret parts."""

    store: Store
    cipher: SessionCipher
    redactor: Redactor
    account: str

    def load(self) -> str | None:
        with self.store.read() as unit:
            encrypted = unit.accounts.session(self.account)
        session = None if encrypted is None else self.cipher.decrypt(encrypted)
        if session is not None:
            self._hide(session)
        elif encrypted is not None:
            log.warning(
                "the session of %s was encrypted with another key; signing in again", self.account
            )
        return session

    def save(self, session: str) -> None:
        self._hide(session)
        encrypted = self.cipher.encrypt(session)
        with self.store.write() as unit:
            unit.accounts.register([self.account])
            unit.accounts.save_session(self.account, encrypted)

    def _hide(self, session: str) -> None:
        """A session is often several parts joined. Tokens are secret; names and addresses are not:
        those have a dot or a colon in them, which a token has only if it is a JWT (`ey…`).
        """
        self.redactor.hide(session)
        for part in session.split(":::"):
            if part.startswith("ey") or not {".", ":"} & set(part):
                self.redactor.hide(part)
