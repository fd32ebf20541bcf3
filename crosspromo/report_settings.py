"""`[reports]` of crosspromo.toml: to whom reports are mailed each month."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from crosspromo.domain.errors import ConfigError
from crosspromo.domain.values import Value
from crosspromo.mail.server import MailAddress

MOST_ADDRESSES = 50
MOST_PARTNERS = 500

ReadAddress = Callable[[str, str], MailAddress]
"""Reading of an address at a place in the file; ConfigError for what is none."""


class MailedReports(Value, frozen=True):
    """Addresses that get the report of each month, and by slug those that get a partner's page."""

    monthly: tuple[MailAddress, ...] = ()
    partners: Mapping[str, tuple[MailAddress, ...]] = msgspec.field(
        default_factory=lambda: MappingProxyType({})
    )


class Reports(msgspec.Struct, forbid_unknown_fields=True):
    """Section as it is written."""

    monthly: list[str] = []
    partners: dict[str, list[str]] = {}


def mailed_reports(raw: Reports, read: ReadAddress, *, has_server: bool) -> MailedReports:
    """Settings of the section; ConfigError names what is wrong. `has_server`: mail can be sent."""
    if (raw.monthly or raw.partners) and not has_server:
        raise ConfigError("[reports]: mail needs a server; write [smtp] server and from")
    if len(raw.partners) > MOST_PARTNERS:
        raise ConfigError(f"[reports.partners]: write at most {MOST_PARTNERS} partners")

    def addresses(texts: Sequence[str], place: str) -> tuple[MailAddress, ...]:
        if len(texts) > MOST_ADDRESSES:
            raise ConfigError(f"{place}: write at most {MOST_ADDRESSES} addresses")
        found = (read(text, place) for text in texts)
        return tuple({each.spec: each for each in found}.values())

    return MailedReports(
        addresses(raw.monthly, "[reports] monthly"),
        MappingProxyType(
            {
                slug: addresses(texts, f"[reports.partners] {slug}")
                for slug, texts in raw.partners.items()
            }
        ),
    )
