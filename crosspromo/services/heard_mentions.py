"""Mentions that a network told: each is kept once, and a partner's is received, too."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.approval import OURSELVES
from crosspromo.domain.mentions import RECEIVED, Heard, Mention, kept
from crosspromo.domain.received import Received

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit


def enter(
    unit: "Unit",
    account: str,
    network: str,
    told: Iterable[Heard],
    *,
    oldest: datetime,
    now: datetime,
) -> int:
    """Keep what an account heard on a network since `oldest`; number of mentions that are new."""
    cut = (kept(each, now) for each in told)
    heard = [each for each in cut if each is not None and each.at >= oldest]
    added = unit.mentions.add_new(account, heard, _partners_of(unit, network, heard), now)
    for mention in added:
        _receive(unit, mention, network, now)
    return len(added)


def _partners_of(unit: "Unit", network: str, heard: Iterable[Heard]) -> Mapping[str, str]:
    """Slugs of the partners who are authors of these, by handle in small letters."""
    folded = {each.author.casefold() for each in heard}
    return unit.permissions.with_handles(network, folded) if folded else {}


def _receive(unit: "Unit", mention: Mention, network: str, now: datetime) -> None:
    """Enter a partner's mention among what was received, once for all our accounts."""
    if mention.partner is None:
        return
    heard = mention.heard
    unit.received.add_observed(
        Received(
            number=0,
            partner=mention.partner,
            at=heard.at,
            kind=RECEIVED[heard.kind],
            account=mention.account,
            url=heard.url,
            words="",
            recorded_at=now,
            recorded_by=OURSELVES,
            observed=f"{network} {heard.remote_id}",
        )
    )
