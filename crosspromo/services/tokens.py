"""Tokens: random secrets of 256 bits in cookies and links, of which the database has the hash."""

import hashlib
import secrets


def new_token() -> str:
    """New token, fit for an address and a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Hash under which a token is stored. A token is random, so that a plain hash suffices."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
