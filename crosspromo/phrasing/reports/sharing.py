"""Shares of partners as acts of a report: each is one that works."""

from collections.abc import Iterable, Sequence
from itertools import islice

from crosspromo.domain.duplicates import DUPLICATE_WINDOW
from crosspromo.domain.next_shares import NextShare
from crosspromo.reports.page import Doing, NextAct
from crosspromo.reports.sharing import Sharing

AGAIN = (
    f"They were shared in the last {DUPLICATE_WINDOW.days} days, and an account does not say the "
    "same twice in that time: the plan proposes what else there is to say."
)


def acts_of_sharing(
    partners: Iterable[tuple[str, str, str]], sharing: Sharing, most: int
) -> Sequence[NextAct]:
    """The first `most` shares; each of `partners` is a slug, a name and the reason.

    Partners with something queued are left out.
    """
    wanted = (each for each in partners if sharing.way(each[0]) is not NextShare.PLANNED)
    return [_act(*each, sharing) for each in islice(wanted, most)]


def _act(slug: str, name: str, why: str, sharing: Sharing) -> NextAct:
    if sharing.way(slug) is NextShare.SOMETHING_NEW:
        return NextAct(Doing.SAY_NEW, f"Share {name} with something new", f"{why} {AGAIN}", slug)
    return NextAct(Doing.SHARE, f"Share {name}", why, slug)
