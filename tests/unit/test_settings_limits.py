"""crosspromo.toml: the limits of an account, and what is said when one cannot be used."""

from datetime import time, timedelta

import pytest

from crosspromo.domain.errors import ConfigError
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.policy import Policy
from crosspromo.settings import LARGEST_FILE, parse

START = '[organisation]\nname = "River Valley Alliance"\n[accounts.one]\nnetwork = "sandbox"\n'


def policy(text: str) -> Policy:
    return parse(START + text, "crosspromo.toml").accounts["one"].policy


def on(network: str, text: str = "", defaults: str = "") -> Policy:
    """The policy of an account on this network, with these keys."""
    head = '[organisation]\nname = "River Valley Alliance"\n'
    account = f'[accounts.one]\nnetwork = "{network}"\n{text}\n'
    return parse(f"{head}{defaults}\n{account}", "crosspromo.toml").accounts["one"].policy


@pytest.mark.parametrize(
    ("network", "minutes", "most"),
    [("x", 10, 25), ("bluesky", 10, 25), ("reddit", 15, 10), ("mastodon", 10, 25)],
)
def test_a_silent_account_keeps_the_gap_and_the_cap_of_its_network(
    network: str, minutes: int, most: int
) -> None:
    silent = on(network)
    assert (silent.min_gap, silent.max_per_day) == (timedelta(minutes=minutes), most)
    assert silent.presets == {"min_gap", "max_per_day"}


@pytest.mark.parametrize("network", ["sandbox", "manual"])
@pytest.mark.parametrize("text", ["", 'imitates = "reddit"'])
def test_what_nobody_or_a_person_posts_has_no_gap_and_no_cap_but_those_it_is_given(
    network: str, text: str
) -> None:
    plain = on(network, text)
    assert (plain.min_gap, plain.max_per_day, plain.presets) == (None, None, frozenset())
    given = on(network, f'{text}\nmin_gap = "90m"')
    assert (given.min_gap, given.presets) == (timedelta(minutes=90), frozenset())


def test_what_a_person_writes_is_no_preset() -> None:
    mixed = on("x", 'min_gap = "10m"')
    assert (mixed.min_gap, mixed.max_per_day) == (timedelta(minutes=10), 25)
    assert mixed.presets == {"max_per_day"}


@pytest.mark.parametrize("gap", ["0m", "0s", "none"])
def test_presets_are_switched_off_in_so_many_words(gap: str) -> None:
    words = f'min_gap = "{gap}"\nmax_per_day = "none"'
    for off in (on("x", words), on("x", defaults=f"[defaults]\n{words}")):
        assert (off.min_gap, off.max_per_day, off.presets) == (None, None, frozenset())


def test_an_account_switches_off_what_the_defaults_say() -> None:
    defaults = '[defaults]\nmin_gap = "2h"\nmax_per_day = 4\nmax_per_week = 9'
    text = 'min_gap = "none"\nmax_per_day = "none"\nmax_per_week = "none"'
    off = on("x", text, defaults)
    assert (off.min_gap, off.max_per_day, off.max_per_week) == (None, None, None)


def test_an_account_has_no_limits_of_its_own_making() -> None:
    plain = policy("")
    assert (plain.max_per_day, plain.max_per_week, plain.min_gap) == (None, None, None)
    assert (plain.quiet, plain.monthly_budget) == (None, None)


def test_every_limit_is_read() -> None:
    limited = policy(
        'max_per_day = 4\nmax_per_week = 20\nmin_gap = "90m"\nquiet = "21:00-07:00"\n'
        "monthly_budget = 20.00\n"
    )
    assert (limited.max_per_day, limited.max_per_week) == (4, 20)
    assert limited.min_gap == timedelta(minutes=90)
    assert limited.quiet == QuietHours(time(21), time(7))
    assert limited.monthly_budget == 20.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("max_per_day = 0", 'max_per_day: write how many posts may go out, such as 4, or "none"'),
        (
            "max_per_week = -1",
            'max_per_week: write how many posts may go out, such as 4, or "none"',
        ),
        ("monthly_budget = -1.0", "monthly_budget: write US dollars, such as 20.00"),
        (
            "max_per_day = 1" + "0" * 30,
            'max_per_day: write how many posts may go out, such as 4, or "none"',
        ),
        (
            "max_per_week = 10001",
            'max_per_week: write how many posts may go out, such as 4, or "none"',
        ),
        (
            'max_per_day = "few"',
            'max_per_day: write how many posts may go out, such as 4, or "none"',
        ),
        ("max_per_day = 4.5", "max_per_day: write a whole number, without quotes"),
        ("monthly_budget = inf", "monthly_budget: write US dollars, such as 20.00"),
        (
            "monthly_budget = 1" + "0" * 400,
            "monthly_budget: this number is far too large; write a smaller one",
        ),
        ('quota = 10001\nratio = "none"', "quota: write how many partner posts a week, such as 2"),
        (
            'min_gap = "9999999w"',
            'min_gap: "9999999w" is longer than a year; write 30s, 90m, 2h or 3d',
        ),
        ('timeout = "2h"', 'timeout: "2h" is longer than an hour; write 30s'),
        ('server = "https://a:99999"', 'server: "https://a:99999" is not an address'),
        ("monthly_budget = nan", "monthly_budget: write US dollars, such as 20.00"),
        (
            'min_gap = "soon"',
            'min_gap: "soon" is not a length of time; write 30s, 90m, 2h or 3d',
        ),
        (
            'quiet = "at night"',
            'quiet: "at night" are not quiet hours; write them as "21:00-07:00"',
        ),
    ],
)
def test_a_limit_that_is_none_is_refused_with_the_mend(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        policy(text)
    assert str(error.value) == f"crosspromo.toml, [accounts.one] {sentence}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = " + "[" * 5_000, " has brackets inside brackets without end; correct it"),
        ("a = " + "{b = " * 5_000, " has brackets inside brackets without end; correct it"),
        ("a = " + "9" * 5_000, " is not valid TOML: Exceeds the limit (4300 digits)"),
        ("a = 2026-02-30", " is not valid TOML: Invalid date or datetime"),
        ("#" * (LARGEST_FILE + 1), " is larger than 200,000 bytes, which no settings need"),
        (START + "[blackouts]\n'9999-12-31' = 'x'", ', [blackouts]: "9999-12-31" is outside the '),
    ],
)
def test_a_file_that_no_person_would_write_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(text, "crosspromo.toml")
    assert str(error.value).startswith(f"crosspromo.toml{sentence}")
