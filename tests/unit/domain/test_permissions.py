"""Which permissions cover a need, and why one does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.partner_limits import PartnerLimits, Shared, limit_wait, notice_wait
from crosspromo.domain.permissions import Lack, Need, NeedsAsked, Permission, Scope, Why, lacking
from crosspromo.domain.photos import PhotoConsent, WhyNot, photos_lacking

NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
TODAY = date(2026, 4, 22)
TAG = Need(Scope.TAG, "river")
GIVEN = Permission(
    number=1,
    partner="river",
    scope=Scope.TAG,
    networks=(),
    agreed_by="Ana Ruiz",
    agreed_on=date(2026, 3, 1),
    until=None,
    evidence="mail",
    recorded_at=NOW,
    recorded_by="dan",
)
WITHDRAWN = replace(GIVEN, withdrawn_at=NOW, withdrawn_by="dan", withdrawn_why="they left")


def lacks(*permissions: Permission, network: str = "x", day: date = TODAY) -> tuple[Lack, ...]:
    return lacking([NeedsAsked(TAG, "River Keepers", permissions)], network, day)


def test_a_permission_for_all_networks_covers_each() -> None:
    assert lacks(GIVEN) == ()


def test_a_permission_lasts_to_the_end_of_its_last_day() -> None:
    ends = replace(GIVEN, until=TODAY)
    assert lacks(ends) == ()
    (lack,) = lacks(ends, day=TODAY + timedelta(days=1))
    assert (lack.why, lack.day) == (Why.EXPIRED, TODAY)


@pytest.mark.parametrize(
    ("permissions", "why"),
    [
        ((), Why.MISSING),
        ((WITHDRAWN,), Why.WITHDRAWN),
        ((replace(GIVEN, networks=("bluesky",)),), Why.OTHER_NETWORK),
        ((replace(GIVEN, until=date(2026, 4, 1)),), Why.EXPIRED),
        ((replace(WITHDRAWN, networks=("bluesky",)),), Why.MISSING),
    ],
)
def test_what_is_not_there_says_why(permissions: tuple[Permission, ...], why: Why) -> None:
    (lack,) = lacks(*permissions)
    assert lack.why is why


def test_one_that_stands_is_enough_beside_those_that_do_not() -> None:
    assert lacks(WITHDRAWN, replace(GIVEN, networks=("bluesky",)), GIVEN) == ()


PERMISSIONS = st.builds(
    replace,
    st.just(GIVEN),
    networks=st.sampled_from([(), ("x",), ("bluesky",)]),
    until=st.none() | st.dates(date(2026, 4, 20), date(2026, 4, 24)),
    withdrawn_at=st.none() | st.just(NOW),
)


@given(st.lists(PERMISSIONS, max_size=5), st.sampled_from(["x", "bluesky"]))
def test_a_need_is_lacking_exactly_where_no_permission_covers_it(
    permissions: list[Permission], network: str
) -> None:
    stands = any(
        each.withdrawn_at is None
        and (not each.networks or network in each.networks)
        and (each.until is None or each.until >= TODAY)
        for each in permissions
    )
    assert bool(lacks(*permissions, network=network)) is not stands


SAM = PhotoConsent(
    number=1,
    hash="a" * 64,
    image="river.jpg",
    person="Sam Lee",
    minor=False,
    consent=True,
    networks=(),
    given_by="Sam Lee",
    until=None,
    evidence="form",
    recorded_at=NOW,
    recorded_by="dan",
)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (SAM, None),
        (replace(SAM, consent=False), WhyNot.REFUSED),
        (replace(SAM, until=date(2026, 4, 1)), WhyNot.EXPIRED),
        (replace(SAM, networks=("bluesky",)), WhyNot.OTHER_NETWORK),
        (replace(SAM, minor=True), WhyNot.NO_GUARDIAN),
        (replace(SAM, minor=True, given_by="Kim Lee"), None),
        (replace(SAM, withdrawn_at=NOW), WhyNot.WITHDRAWN),
    ],
)
def test_a_person_on_an_image_has_to_agree(record: PhotoConsent, why: WhyNot | None) -> None:
    assert [each.why for each in photos_lacking([record], "x", TODAY)] == ([why] if why else [])


def test_the_last_answer_of_a_person_counts() -> None:
    no = replace(SAM, number=2, person="sam  lee", consent=False)
    assert photos_lacking([no, SAM], "x", TODAY)
    assert photos_lacking([SAM, no, replace(SAM, number=3)], "x", TODAY) == ()


def test_a_no_that_was_withdrawn_is_no_answer() -> None:
    no = replace(SAM, number=2, consent=False, withdrawn_at=NOW)
    assert photos_lacking([no], "x", TODAY) == ()
    assert photos_lacking([replace(SAM, minor=True), no], "x", TODAY)


LIMITS = PartnerLimits("river", "River Keepers", most=2, days=7, notice=timedelta(hours=48))


def test_a_third_post_waits_until_the_first_leaves_the_window() -> None:
    sent = [Shared(1, NOW - timedelta(days=5)), Shared(2, NOW - timedelta(days=2))]
    wait = limit_wait(LIMITS, sent, post=3)
    assert wait is not None
    assert wait.until == NOW + timedelta(days=2)
    assert limit_wait(LIMITS, sent[:1], post=3) is None


def test_a_post_on_several_accounts_is_one_post() -> None:
    sent = [Shared(1, NOW - timedelta(days=5)), Shared(2, NOW)]
    assert limit_wait(LIMITS, sent, post=2) is None


def test_notice_runs_from_queueing() -> None:
    wait = notice_wait(LIMITS, NOW - timedelta(hours=1), NOW)
    assert wait is not None
    assert wait.until == NOW + timedelta(hours=47)
    assert notice_wait(LIMITS, NOW - timedelta(hours=48), NOW) is None
