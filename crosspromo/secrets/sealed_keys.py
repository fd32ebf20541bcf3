"""The session key in a backup, encrypted with a passphrase (Scrypt and Fernet)."""

import base64
import os
from typing import Any

from crosspromo.domain.errors import DatabaseStateError
from crosspromo.domain.reasons.database import WrongPassphrase

KIND = "scrypt-17-8-1+fernet"
"""Derivation (Scrypt: n = 2^17, r = 8, p = 1: 128 MB and half a second) and cipher."""


def encrypt_key(key: bytes, passphrase: str) -> dict[str, str]:
    """Document with the encrypted key."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 (backups with keys are rare)

    salt = os.urandom(16)
    token = Fernet(_derived(passphrase, salt)).encrypt(key)
    return {"kind": KIND, "salt": base64.b64encode(salt).decode(), "session_key": token.decode()}


def decrypt_key(document: Any, passphrase: str) -> bytes:
    """Key in the document; DatabaseStateError if the passphrase does not open it."""
    from cryptography.fernet import Fernet, InvalidToken  # noqa: PLC0415 (as above)

    try:
        if document["kind"] != KIND:
            raise DatabaseStateError(WrongPassphrase())
        salt = base64.b64decode(document["salt"], validate=True)
        return Fernet(_derived(passphrase, salt)).decrypt(document["session_key"].encode())
    except (InvalidToken, KeyError, TypeError, ValueError, AttributeError):
        raise DatabaseStateError(WrongPassphrase()) from None


def _derived(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 (as above)

    kdf = Scrypt(salt=salt, length=32, n=1 << 17, r=8, p=1)
    return base64.urlsafe_b64encode(kdf.derive(passphrase.encode()))
