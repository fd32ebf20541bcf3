"""Reddit's tokens: who may have one, which are good (documented: Reddit's wiki, OAuth2)."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass

from servers.simulators.reddit_refusals import plain

from crosspromo.testing.simulator.messages import Answer, Request, json_answer

_LIFETIME_SECONDS = 86_400  # documented since 2021; the recordings of 2016 to 2020 say 3600


@dataclass(frozen=True, slots=True)
class RedditCredentials:
    """A script app and the account it acts for."""

    client_id: str
    client_secret: str
    username: str
    password: str
    refresh_token: str


class TokenOffice:
    """Hands out access tokens. Not thread-safe: the simulator holds its lock around it."""

    def __init__(self, credentials: RedditCredentials, *, rotate: bool = False) -> None:
        self.credentials = credentials
        self.refresh_token = credentials.refresh_token
        self._rotate = rotate
        self._issued = 0
        self._good: set[str] = set()

    def revoke_all(self) -> None:
        """Every access token handed out so far stops working."""
        self._good.clear()

    def issue(self, request: Request) -> Answer:
        """POST /api/v1/access_token"""
        if not self._is_app(request.headers.get("authorization", "")):
            return plain(401)
        form = request.form()
        match form.get("grant_type"):
            case "password":
                return self._for_password(form)
            case "refresh_token":
                return self._for_refresh(form)
            case _:
                # recorded nowhere; praw's own documentation shows this body with status 200
                return json_answer(200, {"error": "unsupported_grant_type"}, accepted=False)

    def is_good(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and token in self._good

    def _for_password(self, form: dict[str, str]) -> Answer:
        expected = self.credentials
        right = (form.get("username"), form.get("password")) == (
            expected.username,
            expected.password,
        )
        if not right:  # observed: a wrong password is answered with status 200
            return json_answer(200, {"error": "invalid_grant"}, accepted=False)
        return json_answer(200, self._grant())

    def _for_refresh(self, form: dict[str, str]) -> Answer:
        if form.get("refresh_token") != self.refresh_token:  # observed
            return plain(400)
        if self._rotate:
            self.refresh_token = f"{self.credentials.refresh_token}-{self._issued + 1}"
        return json_answer(200, {**self._grant(), "refresh_token": self.refresh_token})

    def _grant(self) -> dict[str, object]:
        self._issued += 1
        token = f"reddit-access-token-{self._issued}"
        self._good.add(token)
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": _LIFETIME_SECONDS,
            "scope": "*",
        }

    def _is_app(self, authorization: str) -> bool:
        scheme, _, coded = authorization.partition(" ")
        try:
            given = base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            return False
        expected = f"{self.credentials.client_id}:{self.credentials.client_secret}".encode()
        return scheme.lower() == "basic" and hmac.compare_digest(given, expected)
