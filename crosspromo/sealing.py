"""Sessions at rest: encrypted in the database, with a key that is not in it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from crosspromo.domain.errors import ConfigError
from crosspromo.redaction import Redactor
from crosspromo.store.unit import Store

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY_VARIABLE = "CROSSPROMO_KEY"
KEY_FILE = "session.key"


class Seal:
    """Fernet with the key from the environment, else from a file that only we can read."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._path = folder / KEY_FILE
        self._given = environment.get(KEY_VARIABLE)

    def close(self, text: str) -> str:
        """The text, sealed."""
        return self._fernet().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; None where it was sealed with another key: sign in again then."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 (only for accounts with sessions)

        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet  # noqa: PLC0415 (as above)

        try:
            return Fernet(self._key())
        except ValueError:
            raise ConfigError(
                f"the key in {KEY_VARIABLE} or {self._path} is not a Fernet key; remove it, and "
                "a new one is made"
            ) from None

    def _key(self) -> bytes:
        if self._given:
            return self._given.encode()
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


class SealedSessions:
    """An account's session, sealed in the store. Its parts are told to the redactor."""

    def __init__(self, store: Store, seal: Seal, redactor: Redactor, account: str) -> None:
        self._store = store
        self._seal = seal
        self._redactor = redactor
        self._account = account

    def load(self) -> str | None:
        with self._store.read() as unit:
            sealed = unit.accounts.session(self._account)
        session = None if sealed is None else self._seal.open(sealed)
        if session is not None:
            self._hide(session)
        return session

    def save(self, session: str) -> None:
        self._hide(session)
        sealed = self._seal.close(session)
        with self._store.write() as unit:
            unit.accounts.register([self._account])
            unit.accounts.save_session(self._account, sealed)

    def _hide(self, session: str) -> None:
        """A session is often several parts joined. Tokens are secret; names and addresses are not:
        those have a dot or a colon in them, which a token has only if it is a JWT (`ey…`).
        """
        self._redactor.hide(session)
        for part in session.split(":::"):
            if part.startswith("ey") or not {".", ":"} & set(part):
                self._redactor.hide(part)
