"""Second step of a sign-in: codes of an app by time (TOTP, RFC 6238), by pyotp.

The secret is encrypted at rest with the key of sessions (0009). A code works once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.people import Person

STEP = timedelta(seconds=30)
DRIFT = (0, -1, 1)
"""Time steps whose codes are taken: that of now, and its neighbours for clocks that differ."""


@dataclass(frozen=True)
class SecondSteps:
    """Codes of people's apps. `encrypt` and `decrypt` are those of the cipher of sessions."""

    encrypt: Callable[[str], str]
    decrypt: Callable[[str], str | None]
    organisation: str

    def new_secret(self) -> str:
        """New secret, for a person's app."""
        from pyotp import random_base32  # noqa: PLC0415 (only people with a second step need it)

        return random_base32()

    def address(self, secret: str, person: Person) -> str:
        """Address (`otpauth:`) that an app reads, with the secret."""
        from pyotp import TOTP  # noqa: PLC0415 (as above)

        return TOTP(secret).provisioning_uri(name=person.name, issuer_name=self.organisation)

    def step_of(self, code: str, secret: str, now: datetime) -> int | None:
        """Time step of the code at about `now`; None for a wrong code."""
        from pyotp import TOTP  # noqa: PLC0415 (as above)
        from pyotp.utils import strings_equal  # noqa: PLC0415 (as above)

        totp, digits = TOTP(secret), "".join(code.split())
        for away in DRIFT:
            moment = now + away * STEP
            if strings_equal(digits, totp.at(moment)):
                return int(moment.timestamp() // STEP.total_seconds())
        return None
