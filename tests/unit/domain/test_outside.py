"""A correction of an outside post never allows more self posts, now or later."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.outside import Objection, OutsidePost, objection_to
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Counted, Tally, Target, tally
from crosspromo.domain.reasons.ledger import AllowsMoreAtThatTime, AllowsMoreSelfPosts, SelfStays
from crosspromo.testing.clock import START

WINDOW_DAYS = 28

moments = st.integers(0, 60).map(lambda days: START + timedelta(days=days))
posts = st.builds(
    OutsidePost,
    account=st.just("account"),
    published_at=moments,
    credit=st.sampled_from(Credit),
    remote_id=st.just("1"),
)
standings = st.builds(Tally, st.integers(0, 20), st.integers(0, 20))
targets = st.builds(Target, st.integers(1, 9), st.integers(1, 9))


def headroom(post: OutsidePost, others: Tally, target: Target, now: datetime) -> int:
    """Room for us by the window's count: the post, where it is in it, and what else is there."""
    counted = []
    if post.published_at > now - timedelta(days=WINDOW_DAYS):
        counted = [Counted(post.published_at, post.counts.others, post.counts.self_)]
    of_post = tally(counted)
    whole = Tally(others.others + of_post.others, others.self_ + of_post.self_)
    return whole.headroom(target)


@given(
    known=posts,
    correction=posts,
    others=standings,
    target=targets,
    since=st.integers(0, 60).map(lambda days: timedelta(days=days)),
)
def test_a_correction_that_is_taken_opens_no_room_at_any_time(
    known: OutsidePost,
    correction: OutsidePost,
    others: Tally,
    target: Target,
    since: timedelta,
) -> None:
    now = max(known.published_at, correction.published_at) + since
    if objection_to(correction, known) is None:
        after = headroom(correction, others, target, now)
        assert after <= headroom(known, others, target, now)


@given(known=posts)
def test_saying_the_same_again_is_never_objected_to(known: OutsidePost) -> None:
    assert objection_to(known, known) is None


def test_what_counts_less_for_us_is_taken() -> None:
    shared = OutsidePost("account", START, Credit.OTHERS, remote_id="1")
    ours = OutsidePost("account", START, Credit.SELF, remote_id="1")
    assert objection_to(ours, shared) is None
    objection = objection_to(shared, ours)
    assert objection == Objection("credit", SelfStays("self"))
    assert isinstance(objection.reason, SelfStays)


def test_what_counted_for_nobody_does_not_come_to_count_for_others() -> None:
    notice = OutsidePost("account", START, Credit.NONE, remote_id="1")
    shared = OutsidePost("account", START, Credit.OTHERS, remote_id="1")
    objection = objection_to(shared, notice)
    assert objection == Objection("credit", AllowsMoreSelfPosts("none", "others"))
    assert isinstance(objection.reason, AllowsMoreSelfPosts)


def test_another_time_that_opens_room_is_objected_to_with_the_time_that_counts() -> None:
    ours = OutsidePost("account", START, Credit.SELF, remote_id="1")
    earlier = OutsidePost("account", START - timedelta(days=1), Credit.SELF, remote_id="1")
    objection = objection_to(earlier, ours)
    assert objection == Objection("published_at", AllowsMoreAtThatTime(START))
    assert isinstance(objection.reason, AllowsMoreAtThatTime)
