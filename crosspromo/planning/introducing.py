"""Introductions in a plan: each before all other shares of its partner on the account, or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosspromo.planning.occasions import Introduction
from crosspromo.planning.values import Candidate, Line


def too_late(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the keys of introductions that stand after another share of their partner."""
    first = _first_shares(lines)
    for line in lines:
        if isinstance(line.candidate.occasion, Introduction):
            about = line.account, line.candidate.occasion.partner
            if about in first and first[about] < line.at:
                yield line.candidate.key


def before_others(candidate: Candidate, standing: Sequence[Line]) -> Candidate:
    """Candidate; an introduction may only go before what stands about its partner on an account."""
    if not isinstance(candidate.occasion, Introduction):
        return candidate
    first, partner = _first_shares(standing), candidate.occasion.partner
    ends = [first[name, partner] for name in candidate.credits if (name, partner) in first]
    if candidate.latest is not None:
        ends.append(candidate.latest)
    return replace(candidate, latest=min(ends, default=None))


def _first_shares(lines: Sequence[Line]) -> Mapping[tuple[str, str], datetime]:
    """Time of the first share by account and partner, introductions aside."""
    found: dict[tuple[str, str], datetime] = {}
    for line in lines:
        if line.credit.counts_others and not isinstance(line.candidate.occasion, Introduction):
            for partner in line.candidate.partners:
                about = line.account, partner
                found[about] = min(line.at, found.get(about, line.at))
    return found
