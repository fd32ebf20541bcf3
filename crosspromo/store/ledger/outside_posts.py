"""Outside posts in the store: an outside post counts once, however often it is reported.

A reported post is compared with three things of its account: our own deliveries, the outside posts
that count already, and the opening balance. The comparison decides what the report changes.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlalchemy import Row as SqlRow

from crosspromo.domain.changes import Change
from crosspromo.domain.ledger import Origin
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.outside import Objection, OutsidePost, objection_to
from crosspromo.domain.own_posts import PostedDeliveries, PostedDelivery
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons.ledger import InOpeningBalance, MayBeOurs
from crosspromo.domain.states import State
from crosspromo.store.ledger.hours import LedgerHours, Sums
from crosspromo.store.ledger.opening_balances import OpeningBalances
from crosspromo.store.ledger.taking_back import TAKE_BACK
from crosspromo.store.partners import Partners
from crosspromo.store.schema import IS_COUNTED, attempts, deliveries, ledger, partners


@dataclass(frozen=True, slots=True)
class RecordedPost:
    """Ledger effect of a report.

    CANCELLED: the post no longer counts. `was` is the credit before, if the report changed it.
    """

    change: Change
    was: Credit | None = None


_NEW = RecordedPost(Change.NEW)


class _CountedPosts:
    """Outside posts of one account that count already, by ledger row id.

    A post is found by its remote id, or by its content: time, text and URL. A post that a report
    has cancelled stays here with the credit `none`, until the account is read anew.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, int] = {}
        self._by_content: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        self._posts: dict[int, OutsidePost] = {}

    def set(self, row_id: int, post: OutsidePost) -> None:
        """Set the post that the row counts."""
        self._posts[row_id] = post
        self._by_content[_content(post)].append(row_id)
        if post.remote_id is not None:
            self._by_id[post.remote_id] = row_id

    def replace(self, row_id: int, by: int, post: OutsidePost) -> None:
        """Set the post that the row `by` counts in place of the row `row_id`."""
        del self._posts[row_id]
        self.set(by, post)

    def find(self, post: OutsidePost) -> tuple[int, OutsidePost] | None:
        """Row id and counted post for a reported post; None if no row counts the post.

        Posts with equal content are two posts if both have a remote id. Of several that the report
        may mean, it means the one that counts just so, else one with the same remote id or also
        without: a corrected post has a new row, and is found again all the same.
        """
        if post.remote_id in self._by_id:
            row_id = self._by_id[post.remote_id]
            return row_id, self._posts[row_id]
        content = _content(post)
        found = [
            (row_id, counted)
            for row_id in self._by_content.get(content, ())
            if (counted := self._posts.get(row_id)) is not None
            and (post.remote_id is None or counted.remote_id is None)
            and _content(counted) == content
        ]
        return min(found, key=lambda each: _distance(post, each[1]), default=None)


@dataclass(frozen=True, slots=True)
class _AccountPosts:
    """One account's posts, for comparison with reports."""

    counted: _CountedPosts
    own: PostedDeliveries
    opening: OpeningBalance | None


class OutsidePosts:
    """Ledger rows of outside posts, which people report."""

    def __init__(self, connection: Connection, hours: LedgerHours) -> None:
        self._connection = connection
        self._hours = hours

    def record(self, posts: Sequence[OutsidePost], now: datetime) -> list[RecordedPost | Objection]:
        """Record these posts at `now`; returns for each post the effect, or the objection to it.

        The posts must differ from each other, and their partners must exist. Reports of our own
        posts are UNCHANGED: those posts count already.
        """
        accounts = {name: self._account_posts(name) for name in sorted({p.account for p in posts})}
        outcomes: list[RecordedPost | Objection] = []
        new: list[OutsidePost] = []
        for post in posts:
            outcome = self._record(post, accounts[post.account], now)
            outcomes.append(outcome)
            if outcome == _NEW:
                new.append(post)
        if new:
            self._connection.execute(ledger.insert(), self._values(new, now))
            for post in new:
                self._hours.add(post.account, post.published_at, _sums(post))
        return outcomes

    def _record(
        self, post: OutsidePost, account: _AccountPosts, now: datetime
    ) -> RecordedPost | Objection:
        if account.own.include(post):
            return RecordedPost(Change.UNCHANGED)
        found = account.counted.find(post)
        if found is None and post.credit is Credit.NONE:
            return RecordedPost(Change.UNCHANGED)
        if found is None:
            return _objection_to_new(post, account) or _NEW
        row_id, before = found
        after = replace(post, remote_id=post.remote_id or before.remote_id)
        if after == before:
            return RecordedPost(Change.UNCHANGED)
        objection = objection_to(after, before)
        if objection is not None:
            return objection
        account.counted.replace(row_id, self._correct(row_id, before, after, now), after)
        if after.credit is Credit.NONE:
            return RecordedPost(Change.CANCELLED, was=before.credit)
        was = None if after.credit is before.credit else before.credit
        return RecordedPost(Change.UPDATED, was)

    def _correct(self, row_id: int, before: OutsidePost, after: OutsidePost, now: datetime) -> int:
        """Take the row back, and add one for the corrected post; returns the id of the last row."""
        if before.credit is not Credit.NONE:
            self._hours.subtract(before.account, before.published_at, _sums(before))
            TAKE_BACK.run(self._connection, [{"row": row_id, "now": now}])
        if after.credit is Credit.NONE:
            return row_id
        self._hours.add(after.account, after.published_at, _sums(after))
        (values,) = self._values([after], now)
        key = self._connection.execute(ledger.insert().values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def _account_posts(self, name: str) -> _AccountPosts:
        opening = OpeningBalances(self._connection, self._hours).find(name)
        return _AccountPosts(self._counted_posts(name), self._own_posts(name), opening)

    def _counted_posts(self, account: str) -> _CountedPosts:
        counted = _CountedPosts()
        query = (
            select(ledger, partners.c.slug.label("partner"))
            .outerjoin(partners, partners.c.id == ledger.c.partner_id)
            .where(ledger.c.account == account, ledger.c.origin == Origin.OUTSIDE, IS_COUNTED)
            .order_by(ledger.c.id)
        )
        for row in self._connection.execute(query):
            counted.set(row.id, _post(row))
        return counted

    def _own_posts(self, account: str) -> PostedDeliveries:
        """Our deliveries on the account: published, deleted, sending and unknown ones."""
        first_sent = (
            select(func.min(attempts.c.started_at))
            .where(attempts.c.delivery_id == deliveries.c.id)
            .scalar_subquery()
        )
        query = (
            select(
                deliveries.c.id,
                deliveries.c.text,
                first_sent,
                deliveries.c.published_at,
                deliveries.c.url,
                deliveries.c.remote_id,
            )
            .where(
                deliveries.c.account == account,
                or_(
                    deliveries.c.published_at.is_not(None),
                    deliveries.c.state.in_((State.SENDING, State.UNKNOWN)),
                ),
            )
            .order_by(deliveries.c.id)
        )
        return PostedDeliveries(PostedDelivery(*row) for row in self._connection.execute(query))

    def _values(self, posts: Sequence[OutsidePost], now: datetime) -> list[dict[str, Any]]:
        slugs = sorted({post.partner for post in posts if post.partner is not None})
        ids = dict(zip(slugs, Partners(self._connection).ids(slugs), strict=True))
        return [
            {
                "account": post.account,
                "at": post.published_at,
                "others": post.counts.others,
                "self": post.counts.self_,
                "origin": Origin.OUTSIDE,
                "why": f"posted outside crosspromo, credit {post.credit.value}",
                "partner_id": None if post.partner is None else ids[post.partner],
                "text": post.text,
                "url": post.url,
                "remote_id": post.remote_id,
                "recorded_at": now,
            }
            for post in posts
        ]


def _sums(post: OutsidePost) -> Sums:
    return Sums(post.counts.others, post.counts.self_)


def _content(post: OutsidePost) -> tuple[object, ...]:
    return post.published_at, post.text, post.url


def _distance(post: OutsidePost, counted: OutsidePost) -> tuple[bool, bool]:
    """Distance between a reported and a counted post of equal content, for a sort."""
    as_reported = replace(post, remote_id=post.remote_id or counted.remote_id)
    return as_reported != counted, post.remote_id != counted.remote_id


def _objection_to_new(post: OutsidePost, account: _AccountPosts) -> Objection | None:
    perhaps = account.own.perhaps(post)
    if perhaps is not None:
        return Objection("published_at", MayBeOurs(perhaps.delivery))
    opening = account.opening
    if opening is not None and post.published_at <= opening.at:
        return Objection("published_at", InOpeningBalance(post.account, opening.at))
    return None


def _post(row: SqlRow[Any]) -> OutsidePost:
    return OutsidePost(
        account=row.account,
        published_at=row.at,
        credit=_CREDITS[row.others, row.self],
        partner=row.partner,
        text=row.text,
        url=row.url,
        remote_id=row.remote_id,
    )


_CREDITS = {(1, 0): Credit.OTHERS, (0, 1): Credit.SELF, (1, 1): Credit.BOTH}
