"""What an import leaves out: a sentence for each reason, with a few names."""

from crosspromo.domain.left_out import LeftOut, Why
from crosspromo.phrasing.left_out import of_left_out


def test_every_reason_has_a_sentence() -> None:
    for why in Why:
        (sentence,) = of_left_out([LeftOut(1, '"Walk" of 2030-04-01', why)])
        assert sentence.startswith('"Walk" of 2030-04-01: ')


def test_many_are_counted_and_a_file_has_no_name() -> None:
    many = [LeftOut(row, f"event {row}", Why.NO_DATE) for row in range(1, 6)]
    sentences = of_left_out(
        [LeftOut(9, "a", Why.SAME_UID, "b"), *many, LeftOut(0, "", Why.NO_EVENTS)]
    )
    assert sentences == [
        "there is no event in the file; tasks and busy times are not announced",
        "event 1; event 2; event 3; and 2 more: no date from today on, or none that is near enough",
        "a (kept: b): another event in the file has the same UID",
    ]
