"""Sessions at rest: encrypted in the database, with a key outside the database."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from crosspromo.domain.errors import ConfigError
from crosspromo.private_folders import make_private_folder
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
    """Fernet encryption of sessions, with the user's key or with a key made here.

    The user's key stands in $CROSSPROMO_KEY, or where that variable or `reference` points:
    `keyring:SERVICE/NAME`, `file:PATH` (below `workspace`) or `env:NAME`. The key made here is a
    file in `folder` that only its owner can read.
    """

    folder: Path
    environment: Mapping[str, str] | None = None
    workspace: Path | None = field(default=None, kw_only=True)
    reference: str | None = field(default=None, kw_only=True)

    @property
    def _environment(self) -> Mapping[str, str]:
        return os.environ if self.environment is None else self.environment

    @property
    def _path(self) -> Path:
        return self.folder / KEY_FILE

    def check(self) -> None:
        """Raise ConfigError where the user's key cannot be read or is no Fernet key."""
        if self._users_key() is not None:
            self._fernet()

    def encrypt(self, text: str) -> str:
        """Encrypt the text."""
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str) -> str | None:
        """Decrypt a text; None where another key encrypted it.

        The account then has to sign in again.
        """
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 (only for accounts with sessions)

        try:
            return self._fernet().decrypt(encrypted.encode()).decode()
        except InvalidToken:
            return None

    def key(self) -> bytes:
        """Key in use, for a backup; a key is made where there is none."""
        users_key = self._users_key()
        return self._own_key() if users_key is None else users_key[1]

    def restore_key(self, key: bytes, aside: Path) -> bool:
        """Put the key of a backup in place of the key made here, which is moved to `aside`.

        False if the user gave a key, which stays: the restored key is not written then.
        """
        if self._users_key() is not None:
            return False
        if self._path.exists() and self._path.read_bytes() != key:
            make_private_folder(aside.parent)
            self._path.replace(aside)
        if not self._path.exists():
            self._keep(key)
        return True

    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet  # noqa: PLC0415 (as above)

        users_key = self._users_key()
        place, key = users_key or (str(self._path), self._own_key())
        try:
            return Fernet(key)
        except ValueError:
            mend = "remove it, and a new one is made" if users_key is None else MAKE_ONE
            raise ConfigError(f"the key in {place} is not a Fernet key; {mend}") from None

    def _users_key(self) -> tuple[str, bytes] | None:
        """Place and bytes of the user's key; None where the user gave no key."""
        given = self._environment.get(KEY_VARIABLE)
        place = KEY_VARIABLE if given else f"{FILE_NAME}, [security] session_key"
        named = given or self.reference
        if not named:
            return None
        if named.startswith(SCHEMES):
            named = look_up(named, place, (self.workspace or self.folder), self._environment)
        return place, named.encode()

    def _own_key(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return self._make_key()

    def _make_key(self) -> bytes:
        """Make the key file atomically; of two processes that make one, both use the first."""
        from cryptography.fernet import Fernet  # noqa: PLC0415 (as above)

        return self._keep(Fernet.generate_key())

    def _keep(self, key: bytes) -> bytes:
        """Write the key file, unless there is one; returns the key in the file."""
        make_private_folder(self._path.parent)
        draft = self._path.with_suffix(f".{uuid4().hex}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self._path)
        except FileExistsError:
            pass  # another process made the key first: use that key
        finally:
            draft.unlink()
        return self._path.read_bytes()


@dataclass(frozen=True)
class EncryptedSessions:
    """Session of one account, encrypted in the store; the redactor gets its secret parts."""

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
        """Pass the session and its secret parts to the redactor.

        A session is often several parts joined. Tokens are secret; names and addresses are not.
        Names and addresses contain a dot or a colon, which a token contains only if it is a JWT
        (`ey…`).
        """
        self.redactor.hide(session)
        for part in session.split(":::"):
            if part.startswith("ey") or not {".", ":"} & set(part):
                self.redactor.hide(part)
