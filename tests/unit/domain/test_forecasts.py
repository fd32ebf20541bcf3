"""What in a play is certain: doubts spread to what depends on them, and to nothing else."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.forecasts import (
    HangsOn,
    Outcome,
    PlayedStep,
    Uncertainty,
    certainty,
    races,
)
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target
from crosspromo.testing.clock import START

HOUR = timedelta(hours=1)
DRAFT = Uncertainty(HangsOn.APPROVAL)
LAST = START + 28 * 24 * HOUR


def step(delivery: int, hours: int, account: str = "x", credit: Credit = Credit.SELF) -> PlayedStep:
    return PlayedStep(START + hours * HOUR, delivery, account, credit, Outcome.SENT)


def kinds(
    steps: list[PlayedStep], own: dict[int, Uncertainty], *, has_floor: bool = True
) -> list[HangsOn | None]:
    found = certainty(steps, own, [], has_floor=has_floor, certain_until=LAST)
    return [None if doubt is None else doubt.on for doubt in found]


def test_without_people_and_networks_everything_is_certain() -> None:
    assert kinds([step(1, 1), step(2, 2, "y"), step(3, 3)], {}) == [None, None, None]


def test_what_comes_before_a_draft_does_not_hang_on_it() -> None:
    assert kinds([step(1, 1), step(2, 2)], {2: DRAFT}) == [None, HangsOn.APPROVAL]


def test_later_posts_of_the_account_hang_on_a_draft() -> None:
    steps = [step(1, 1), step(2, 2, credit=Credit.OTHERS)]
    (_, later) = certainty(steps, {1: DRAFT}, [], has_floor=False, certain_until=LAST)
    assert later == Uncertainty(HangsOn.OTHER, 1, "x")


def test_self_posts_elsewhere_hang_on_a_draft_under_a_floor_only() -> None:
    steps = [step(1, 1), step(2, 2, "y"), step(3, 3, "z", Credit.OTHERS)]
    assert kinds(steps, {1: DRAFT}) == [HangsOn.APPROVAL, HangsOn.OTHER, None]
    assert kinds(steps, {1: DRAFT}, has_floor=False) == [HangsOn.APPROVAL, None, None]


def test_what_comes_at_the_same_moment_hangs_on_a_draft_whatever_the_order() -> None:
    steps = [step(1, 1), step(2, 1, "y")]
    assert kinds(steps, {2: DRAFT}) == [HangsOn.OTHER, HangsOn.APPROVAL]


def test_what_is_open_from_the_beginning_makes_its_account_uncertain() -> None:
    doubt = Uncertainty(HangsOn.DOUBT, 9, "x")
    steps = [step(1, 1, credit=Credit.OTHERS), step(2, 2, "y", Credit.OTHERS)]
    found = certainty(steps, {}, [("x", doubt)], has_floor=True, certain_until=LAST)
    assert found == [doubt, None]


def test_nothing_is_certain_beyond_the_horizon() -> None:
    far = step(1, 28 * 24 + 1)
    assert kinds([far], {}) == [HangsOn.BEYOND]


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from("xyz"), st.sampled_from(Credit)), max_size=8
    ),
    st.sets(st.integers(0, 7)),
    st.sets(st.integers(0, 7)),
)
def test_more_doubts_never_make_anything_more_certain(
    drawn: list[tuple[int, str, Credit]], few: set[int], more: set[int]
) -> None:
    ordered = sorted(drawn, key=lambda each: each[0])
    steps = [step(number, *each) for number, each in enumerate(ordered)]
    less = kinds(steps, dict.fromkeys(few, DRAFT))
    rest = kinds(steps, dict.fromkeys(few | more, DRAFT))
    assert all(after is not None for before, after in zip(less, rest, strict=True) if before)


def with_rivals(
    steps: list[PlayedStep], own: dict[int, Uncertainty], *rivals: int
) -> list[Uncertainty | None]:
    pairs = {each: [other for other in rivals if other != each] for each in rivals}
    return certainty(steps, own, [], has_floor=False, certain_until=LAST, rivals=pairs)


def test_of_two_posts_with_one_text_the_later_hangs_on_a_doubt_about_the_earlier() -> None:
    steps = [step(1, 1), step(2, 2, "y"), step(3, 3, "z")]
    assert with_rivals(steps, {1: DRAFT}, 1, 2) == [
        DRAFT,
        Uncertainty(HangsOn.OTHER, 1, "x"),
        None,
    ]


def test_an_earlier_post_with_the_same_text_does_not_hang_on_the_later() -> None:
    assert with_rivals([step(1, 1), step(2, 2, "y")], {2: DRAFT}, 1, 2) == [None, DRAFT]


def test_a_post_hangs_on_one_with_its_text_that_a_person_may_let_go_at_any_time() -> None:
    paused = Uncertainty(HangsOn.PAUSE, account="x")
    assert with_rivals([step(2, 2, "y")], {1: paused}, 1, 2) == [Uncertainty(HangsOn.OTHER, 1, "x")]


def test_of_two_posts_with_one_text_at_one_moment_chance_takes_one() -> None:
    race = Uncertainty(HangsOn.RACE)
    assert with_rivals([step(1, 1), step(2, 1, "y")], {}, 1, 2) == [race, race]


def test_two_accounts_race_for_the_last_headroom_of_the_organisation() -> None:
    one, two = step(1, 1), step(2, 1, "y")
    held = two._replace(outcome=Outcome.HELD)
    assert races(Tally(1, 0), Target(1, 1), [one], [one, held]) == {2}
    assert races(Tally(1, 0), Target(1, 1), [one, two], [one, two]) == {1, 2}
    assert races(Tally(5, 0), Target(1, 1), [one, two], [one, two]) == set()
