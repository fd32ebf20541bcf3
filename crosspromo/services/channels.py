"""Channels by which people are told: mail to one address, and a webhook that takes Slack's JSON.

Each address is a channel of its own: one that the mail server refuses is tried again alone. Secrets
are looked up at each use, so that one that is missing is an error of that telling.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from crosspromo.domain.clock import Clock
from crosspromo.domain.notices import Digest
from crosspromo.mail.server import MailAddress
from crosspromo.secrets.redaction import Redactor
from crosspromo.secrets.references import look_up
from crosspromo.settings import Settings, Smtp

LONGEST_TEXT = 10_000
"""Characters of a webhook's text; Slack itself cuts at 40,000."""


class Channel(Protocol):
    """Channel to people. `name` is a single word without a space."""

    @property
    def name(self) -> str: ...

    @property
    def target(self) -> str:
        """Whom it reaches, for people; holds no secret."""
        ...

    def tell(self, digest: Digest) -> None:
        """Send the digest; CrosspromoError where it was not taken."""
        ...

    def check(self) -> None:
        """Look the secrets up; ConfigError where one is missing. Nothing is sent."""
        ...


@dataclass(frozen=True)
class SecretSource:
    """Looks up referenced secrets, each hidden from then on."""

    workspace: Path
    redactor: Redactor
    environment: Mapping[str, str]

    def get(self, reference: str, place: str) -> str:
        """Secret behind the reference; ConfigError names `place` and the mend."""
        value = look_up(reference, place, self.workspace, self.environment)
        self.redactor.hide(value)
        return value


@dataclass(frozen=True)
class MailChannel:
    """Mail to one address, by the mail server of the settings."""

    smtp: Smtp
    to: MailAddress
    secrets: SecretSource
    clock: Clock

    @property
    def name(self) -> str:
        return f"mail:{self.to.spec}"

    @property
    def target(self) -> str:
        return self.to.spec

    def check(self) -> None:
        self._password()

    def tell(self, digest: Digest) -> None:
        from crosspromo.mail.client import Mailer  # noqa: PLC0415 (loaded when something is told)
        from crosspromo.mail.message import attach_page, plain_message  # noqa: PLC0415 (as above)

        message = plain_message(
            sender=self.smtp.sender,
            to=[self.to],
            subject=digest.subject,
            text=digest.text,
            now=self.clock.now(),
        )
        if digest.attached is not None:
            attach_page(message, *digest.attached)
        password = self._password()
        Mailer(self.smtp.server, self.smtp.username, password).send(message)

    def _password(self) -> str | None:
        if self.smtp.password is None:
            return None
        password = self.secrets.get(self.smtp.password, "[smtp] credentials, password")
        # As it travels: a server may repeat what it was sent.
        plain = f"\0{self.smtp.username}\0{password}"
        self.secrets.redactor.hide(_base64(password), _base64(plain))
        return password


@dataclass(frozen=True)
class WebhookChannel:
    """Webhook: a POST of `{"text": …}`, signed where there is a secret for it."""

    address: str
    secret: str | None
    secrets: SecretSource
    name: str = "webhook"

    @property
    def target(self) -> str:
        return self.address  # the reference, not what is behind it

    def check(self) -> None:
        self._address_and_secret()

    def tell(self, digest: Digest) -> None:
        from crosspromo.http.webhooks import post_json  # noqa: PLC0415 (loaded when something is told)

        address, secret = self._address_and_secret()
        text = f"{digest.subject}\n{digest.text}"[:LONGEST_TEXT]
        post_json(address, {"text": for_slack(text)}, secret=secret)

    def _address_and_secret(self) -> tuple[str, str | None]:
        address = self.secrets.get(self.address, "[notify] webhook")
        if self.secret is None:
            return address, None
        return address, self.secrets.get(self.secret, "[notify] webhook_secret")


def for_slack(text: str) -> str:
    """Text with Slack's three special characters escaped: `<!channel>` in it calls nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def channels(
    settings: Settings,
    workspace: Path,
    redactor: Redactor,
    clock: Clock,
    environment: Mapping[str, str] = os.environ,
) -> list[Channel]:
    """Channels of the settings."""
    secrets = SecretSource(workspace, redactor, environment)
    notify = settings.notify
    found: list[Channel] = []
    if settings.smtp is not None:
        people = {address.spec: address for address in notify.mail}
        found += [MailChannel(settings.smtp, each, secrets, clock) for each in people.values()]
    if notify.webhook is not None:
        found.append(WebhookChannel(notify.webhook, notify.webhook_secret, secrets))
    return found


def mail_channel(
    settings: Settings, to: MailAddress, workspace: Path, redactor: Redactor, clock: Clock
) -> MailChannel | None:
    """Channel to one person by mail; None where the settings name no mail server."""
    if settings.smtp is None:
        return None
    return MailChannel(settings.smtp, to, SecretSource(workspace, redactor, os.environ), clock)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
