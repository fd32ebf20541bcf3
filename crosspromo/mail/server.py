"""Mail servers and mail addresses, as crosspromo.toml names them.

Nothing here imports the libraries for mail: every command reads the settings.
"""

import re
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import urlsplit

from crosspromo.domain.errors import UsageError
from crosspromo.domain.values import Value

CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""Control characters and line ends, which no header field may hold."""

_PORTS: Final = {"smtps": 465, "smtp": 587}
_ATOM: Final = r"[^\s@<>,;:.\"()\[\]\\]{1,63}"
_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,63}"
_SPEC: Final = rf"{_LOCAL}(?:\.{_LOCAL})*@{_ATOM}(?:\.{_ATOM})*"
_ADDRESS: Final = re.compile(rf'(?:(?P<name>"[^"\\]*"|[^"<>@,;\\]*?)\s*<({_SPEC})>|({_SPEC}))')


class MailServer(Value, frozen=True):
    """Mail server. `smtps` encrypts from the start, `smtp` by STARTTLS.

    Without STARTTLS only a server on this machine itself is used. `given_port` None: 465 or 587.
    """

    scheme: str
    host: str
    given_port: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse an address such as `smtps://mail.example.org`; UsageError for other text."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if "@" in parts.netloc:
            raise UsageError(
                "an address holds no user name and no password; write them under credentials"
            )
        rest = parts.path.strip("/") or parts.query or parts.fragment
        if parts.scheme not in _PORTS or not parts.hostname or rest:
            raise UsageError(
                f'"{text}" is not a mail server; write "smtps://mail.example.org", or '
                '"smtp://mail.example.org:587" for a server with STARTTLS'
            )
        return cls(parts.scheme, parts.hostname, port)

    @property
    def port(self) -> int:
        """Port number."""
        return self.given_port or _PORTS[self.scheme]

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine: nobody else sees what is said to it."""
        return is_loopback(self.host)

    def __str__(self) -> str:
        return f"{self.host}, port {self.port}"


class MailAddress(Value, frozen=True):
    """Mail address (`spec`, in ASCII) with the name of its owner, or an empty name."""

    name: str
    spec: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `ana@example.org` or `Ana Ruiz <ana@example.org>`; UsageError for other text.

        The domain may be in any script; what stands before the @ is ASCII, as servers want it.
        """
        found = None if CONTROLS.search(text) else _ADDRESS.fullmatch(text.strip())
        spec = "" if found is None else _in_ascii(found[2] or found[3])
        if found is None or not spec:
            shown = CONTROLS.sub(" ", text)
            raise UsageError(
                f'"{shown}" is not a mail address; write "ana@example.org", or with a name '
                '"Ana Ruiz <ana@example.org>"'
            )
        return cls((found["name"] or "").strip('" '), spec)

    @property
    def domain(self) -> str:
        """Part after the @."""
        return self.spec.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.spec}>" if self.name else self.spec


def _in_ascii(spec: str) -> str:
    """Address with its domain as name servers know it; empty where the domain can be none."""
    local, _, domain = spec.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a host name or an address means this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
