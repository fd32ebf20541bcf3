"""Days of silence and what the law forbids: the reasons, and when a silence ends."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.errors import ConfigError, UsageError
from crosspromo.domain.gate import decide, legally_barred
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.states import State
from crosspromo.domain.tones import Tone
from crosspromo.domain.verdicts import Allow, Candidate, Facts, Hold, Override, Refuse, Standing
from crosspromo.settings import parse

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
PLENTY = Standing(Tally(100, 0))
FACTS = Facts(policy=Policy(), account=PLENTY, organisation=PLENTY, floor=None, zone=CHICAGO)
POST = Candidate(account="x-main", credit=Credit.OTHERS, due_at=NOW, pinned=False)
EARTH_DAY = Blackout.parse("2026-04-22", reason="Earth Day silence")


def hold(*blackouts: Blackout, now: datetime = NOW) -> Hold:
    decision = decide(replace(FACTS, blackouts=blackouts), POST, now)
    assert isinstance(decision, Hold)
    return decision


def test_a_day_of_silence_holds_until_the_day_after() -> None:
    held = hold(EARTH_DAY)
    assert held.code == "blackout"
    assert held.reason == holds.Blackout(
        date(2026, 4, 22), date(2026, 4, 22), partner=None, why="Earth Day silence"
    )
    assert held.until == datetime(2026, 4, 23, 5, 0, tzinfo=UTC)


def test_a_partners_days_hold_what_is_about_it_until_the_last_is_over() -> None:
    held = hold(Blackout.parse("2026-04-20..2026-04-25", partner="river-keepers"))
    assert held.code == "blackout"
    assert held.reason == holds.Blackout(
        date(2026, 4, 20), date(2026, 4, 25), partner="river-keepers", why=None
    )
    assert held.until == datetime(2026, 4, 26, 5, 0, tzinfo=UTC)


def test_of_two_silences_the_longer_counts() -> None:
    both = (EARTH_DAY, Blackout.parse("2026-04-21..2026-04-30", partner="river-keepers"))
    assert hold(*both).until == datetime(2026, 5, 1, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "silent"),
    [
        (datetime(2026, 4, 22, 4, 59, tzinfo=UTC), False),  # Tuesday, 23:59
        (datetime(2026, 4, 22, 5, 0, tzinfo=UTC), True),
        (datetime(2026, 4, 23, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 23, 5, 0, tzinfo=UTC), False),
    ],
)
def test_a_day_is_one_where_we_are(moment: datetime, silent: bool) -> None:
    decision = decide(replace(FACTS, blackouts=(EARTH_DAY,)), POST, moment)
    assert isinstance(decision, Allow) is not silent


def test_a_silence_concerns_everybody_or_its_partner() -> None:
    theirs = replace(EARTH_DAY, partner="river-keepers")
    assert EARTH_DAY.concerns([], Credit.OTHERS, Tone.NEUTRAL)
    assert theirs.concerns(["town-library", "river-keepers"], Credit.OTHERS, Tone.NEUTRAL)
    assert not theirs.concerns(["town-library"], Credit.OTHERS, Tone.NEUTRAL)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("soon", '"soon" is not a day; write 2026-05-01, or 2026-05-03..2026-05-09'),
        ("2026-02-30", '"2026-02-30" is not a day; write 2026-05-01, or 2026-05-03..2026-05-09'),
        ("2026-05-02..2026-05-01", '"2026-05-02..2026-05-01" ends before it begins'),
    ],
)
def test_what_is_no_day_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        Blackout.parse(text)
    assert str(error.value) == sentence


def test_the_days_stand_in_the_settings() -> None:
    text = """
[organisation]
name = "River Valley Alliance"
[blackouts]
"2026-04-22" = "Earth Day silence"
[blackouts.partners]
river-keepers = ["2026-05-01", "2026-05-03..2026-05-09"]
"""
    assert parse(text, "crosspromo.toml").blackouts == (
        EARTH_DAY,
        Blackout(date(2026, 5, 1), date(2026, 5, 1), None, "river-keepers"),
        Blackout(date(2026, 5, 3), date(2026, 5, 9), None, "river-keepers"),
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            'someday = "why"',
            '[blackouts]: "someday" is not a day; write 2026-05-01, or 2026-05-03..2026-05-09',
        ),
        (
            'partner = { river-keepers = ["2026-05-01"] }',
            (
                '[blackouts] partner: write a day and why: "2026-04-22" = "a day of silence"; '
                "those of partners stand under [blackouts.partners]"
            ),
        ),
        (
            'partners = { river-keepers = ["May"] }',
            (
                '[blackouts.partners] river-keepers: "May" is not a day; '
                "write 2026-05-01, or 2026-05-03..2026-05-09"
            ),
        ),
    ],
)
def test_days_that_cannot_be_read_are_named(line: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(f'[organisation]\nname = "RVA"\n[blackouts]\n{line}\n', "crosspromo.toml")
    assert str(error.value) == f"crosspromo.toml, {sentence}"


# The law


@pytest.mark.parametrize("status", ["candidate", "527", " Candidate "])
def test_a_c3_never_shares_a_candidate_or_a_527(status: str) -> None:
    assert legally_barred("c3", {"Votes Now": status}) == ("Votes Now",)


def test_all_of_them_are_named() -> None:
    partners = {"Votes Now": "527", "River Keepers": "c3", "A. Candidate": "candidate"}
    assert legally_barred("c3", partners) == ("A. Candidate", "Votes Now")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("c3", "c3"), ("c3", ""), ("c4", "527"), ("527", "candidate"), (None, "527")],
)
def test_others_may(ours: str | None, theirs: str) -> None:
    assert legally_barred(ours, {"Votes Now": theirs}) == ()


def test_the_gate_refuses_for_good_whatever_anybody_says() -> None:
    insistent = replace(POST, override=Override("chair", "please"))
    decision = decide(replace(FACTS, legally_barred=("Votes Now",)), insistent, NOW)
    assert isinstance(decision, Refuse)
    assert (decision.code, decision.into) == ("legal", State.FAILED)
    assert decision.reason == faults.LegallyBarred(("Votes Now",))
