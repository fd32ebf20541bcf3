"""Recorded decisions: what the gate said of a send, as its attempt keeps it.

The sentences of the checks would be two thirds of the attempt. Most sends share most of them, so
those that are usual stand here, in editions, and a record names its edition and has only the
sentences that differ. An edition never changes: what was recorded is told for ever in the words of
its day. If gate.py words a usual sentence anew, or has another check, a new edition is due (a test
says so); until then the records are longer, and as true.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from crosspromo.domain.attempts import Json
from crosspromo.domain.verdicts import Passed

EDITIONS: Mapping[int, Mapping[str, str]] = MappingProxyType(
    {
        1: MappingProxyType(
            {
                "paused": "{account} is not paused.",
                "approval": "Nobody has to approve it.",
                "expired": "It does not expire.",
                "missed": "It is not bound to a moment.",
                "blackout": "It is no day of silence.",
                "permission": "Every permission that it needs is there.",
                "photo-consent": "Nobody on its images is known to say no.",
                "legal": "No law keeps us from sharing it.",
                "partner-notice": "Its partners had the notice they want.",
                "partner-limit": "Its partners are within their limits.",
                "duplicate": "{account} has not said this in 30 days.",
                "cap": "{account} is within its caps.",
                "gap": "{account} has kept its gap.",
                "quiet": "{account} is not in its quiet hours.",
                "budget": "{account} is within its budget.",
                "rate-limit": "{account} is within its network's limits.",
                "ratio": "{account}: the ratio holds only posts about ourselves.",
                "floor": "The organisation: the ratio holds only posts about ourselves.",
                "slot": "{account} has no slots.",
            }
        ),
    }
)
"""Sentences of passed checks, by check, in the order of the checks; by edition."""

LATEST = max(EDITIONS)


def record_of(trail: Sequence[Passed], account: str) -> dict[str, Json]:
    """The passed checks of a decision about a delivery of this account, as JSON.

    `edition` and `checks`: the sentences that differ. Without an edition, `checks` are all of them.
    """
    usual = _sentences(LATEST, account)
    if len(trail) != len(usual):
        return {"checks": dict(trail)}
    differing: dict[str, Json] = {}
    for passed, (name, sentence) in zip(trail, usual, strict=True):
        if passed[0] != name:
            return {"checks": dict(trail)}
        if passed[1] != sentence:
            differing[name] = passed[1]
    return {"edition": LATEST, "checks": differing}


def checks_of(record: Mapping[str, Json], account: str) -> Mapping[str, str]:
    """Sentences of all passed checks of a record, by check, in the order of the checks.

    Records of before editions have all their sentences.
    """
    edition, told = record.get("edition"), record["checks"]
    assert isinstance(told, Mapping)
    usual = dict(_sentences(edition, account)) if isinstance(edition, int) else {}
    return usual | {name: str(sentence) for name, sentence in told.items()}


@lru_cache(maxsize=1024)
def _sentences(edition: int, account: str) -> tuple[Passed, ...]:
    told = EDITIONS[edition]
    return tuple((name, text.replace("{account}", account)) for name, text in told.items())
