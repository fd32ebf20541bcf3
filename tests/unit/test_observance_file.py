"""Files of observances: the shipped one against the facts, and the workspace's own over it."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from crosspromo.domain.date_rules import Days
from crosspromo.domain.errors import ConfigError
from crosspromo.domain.observances import Unreadable
from crosspromo.observance_file import FILE_NAME, check_kept, read_observances, usable_observances

BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "data"
FACTS = Path(os.environ.get("CROSSPROMO_CORPUS", BESIDE_THE_REPOSITORY)) / "observances.tsv"

TRAPS = {
    "national-voter-registration-day": Days(date(2026, 9, 15), date(2026, 9, 15)),
    "vote-early-day": None,  # two lists disagree: a person has to ask
    "national-public-health-week": Days(date(2026, 4, 6), date(2026, 4, 12)),
    "national-volunteer-week": Days(date(2026, 4, 19), date(2026, 4, 25)),
    "national-public-lands-day": Days(date(2026, 9, 26), date(2026, 9, 26)),
    "national-night-out": Days(date(2026, 8, 4), date(2026, 8, 4)),
    "national-night-out-texas": Days(date(2026, 10, 6), date(2026, 10, 6)),
    "international-day-for-biological-diversity": Days(date(2026, 5, 22), date(2026, 5, 22)),
    "international-day-of-cooperatives": Days(date(2026, 7, 4), date(2026, 7, 4)),
}


@pytest.mark.skipif(not FACTS.is_file(), reason=f"the facts of observances are not at {FACTS}")
def test_the_rules_give_the_dates_of_the_facts(tmp_path: Path) -> None:
    known = {each.name: each for each in read_observances(tmp_path).values()}
    with FACTS.open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file, delimiter="\t"))
    ruled = [row for row in facts if not row["rule"].startswith("announced")]
    assert len(ruled) > 100
    for row in ruled:
        observance = next(
            known[name] for name in (row["name"], _short(row["name"])) if name in known
        )
        for year in (2026, 2027):
            days = observance.in_year(year)
            assert days is not None
            first, _, last = row[f"date_{year}"].partition("..")
            assert days == Days(date.fromisoformat(first), date.fromisoformat(last or first)), row


def _short(name: str) -> str:
    return name.partition(" (")[0]


@pytest.mark.parametrize("slug", TRAPS)
def test_traps(slug: str, tmp_path: Path) -> None:
    assert read_observances(tmp_path)[slug].in_year(2026) == TRAPS[slug]


def test_a_day_that_is_announced_each_year_is_never_worked_out(tmp_path: Path) -> None:
    known = read_observances(tmp_path)
    assert known["national-voter-registration-day"].in_year(2027) is None


def test_each_says_where_its_days_are_from(tmp_path: Path) -> None:
    assert [slug for slug, each in read_observances(tmp_path).items() if not each.source] == []


class TestTheWorkspacesOwnFile:
    def test_adds_and_confirms_and_announces(self, tmp_path: Path) -> None:
        (tmp_path / FILE_NAME).write_text(
            "[earth-day]\n"
            'confirmed = "Ana, 2026-11-01"\n'
            "[national-voter-registration-day]\n"
            'announced = { 2027 = "2027-09-21" }\n'
            "[our-birthday]\n"
            'name = "Our birthday"\n'
            'tone = "celebrate"\n'
            'rule = "05-14"\n'
        )
        known = read_observances(tmp_path)
        assert known["earth-day"].confirmed == "Ana, 2026-11-01"
        assert known["earth-day"].topics == ("environment", "climate", "conservation")
        voters = known["national-voter-registration-day"]
        assert voters.in_year(2026) == Days(date(2026, 9, 15), date(2026, 9, 15))
        assert voters.in_year(2027) == Days(date(2027, 9, 21), date(2027, 9, 21))
        assert known["our-birthday"].in_year(2026) == Days(date(2026, 5, 14), date(2026, 5, 14))

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("[x", "is not valid TOML"),
            ('[us]\ntone = "celebrate"', "missing required field `name`"),
            ('[Us]\nname = "Us"\ntone = "celebrate"', "[Us]"),
            ('[us]\nname = "Us"\ntone = "glad"', "[us]"),
            ('[us]\nname = ""\ntone = "mourn"', "[us] name"),
            ('[us]\nname = "Us"\ntone = "mourn"\nrule = "04-31"', '"04-31" is no rule'),
            ('[us]\nname = "Us"\ntone = "mourn"\nusually = "5"', "[us] usually"),
            ('[us]\nname = "Us"\ntone = "mourn"\ncolour = "red"', "colour"),
            ('[us]\nname = "Us"\ntone = "mourn"\nannounced = { 2027 = "soon" }', '"soon"'),
            ('[us]\nname = "Us"\ntone = "mourn"\nannounced = { 2027 = "2026-01-02" }', "in 2027"),
            (
                '[us]\nname = ""\ntone = "mourn"\nannounced = { 2027 = "2027-02-02..2027-02-01" }',
                "ends before it begins",
            ),
            ("us = 3", "[us]"),
        ],
    )
    def test_a_fault_is_a_sentence_with_its_place(
        self, text: str, says: str, tmp_path: Path
    ) -> None:
        (tmp_path / FILE_NAME).write_text(text)
        with pytest.raises(ConfigError) as error:
            read_observances(tmp_path)
        assert says in str(error.value)
        assert FILE_NAME in str(error.value)


def test_an_unknown_observance_that_is_kept_is_named_with_its_neighbours(tmp_path: Path) -> None:
    known = read_observances(tmp_path)
    check_kept(frozenset({"earth-day"}), known)
    with pytest.raises(ConfigError) as error:
        check_kept(frozenset({"earth-dy"}), known)
    assert 'there is no observance "earth-dy"; did you mean earth-day?' in str(error.value)


@pytest.mark.parametrize(
    ("keys", "may_mourn"),
    [
        ('name = "Us"\ntone = "mourn"\nrule = "02-29"', True),
        ('name = "Us"\ntone = "mourne"\nrule = "02-28"', True),
        ('name = "Us"\nrule = "02-28"', True),
        ('name = "Us"\ntone = "celebrate"\nrule = "02-29"', False),
    ],
)
def test_one_that_cannot_be_read_costs_no_other(keys: str, may_mourn: bool, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(f'[us]\n{keys}\n[earth-day]\nconfirmed = "Ana"\n')
    known, unreadable = usable_observances(tmp_path, frozenset({"earth-day", "us"}))
    assert known["earth-day"].confirmed == "Ana"
    assert "us" not in known
    assert [(each.slug, each.may_mourn) for each in unreadable] == [("us", may_mourn)]
    assert usable_observances(tmp_path, frozenset({"earth-day"}))[1] == []


def test_a_kept_one_that_no_file_has_may_be_any_day_and_costs_no_other(tmp_path: Path) -> None:
    known, unreadable = usable_observances(tmp_path, frozenset({"earth-dy", "september-11"}))
    assert "september-11" in known
    assert unreadable == [
        Unreadable(
            "earth-dy",
            "no file has it; perhaps you mean earth-day; "
            "correct [observances] keep in crosspromo.toml",
            may_mourn=True,
        )
    ]


@pytest.mark.parametrize("data", [b"[x", b"\xff\xfe", b"x = 1 #" + b" " * 2**20])
def test_a_file_that_cannot_be_read_is_one_fault_and_costs_no_shipped_one(
    data: bytes, tmp_path: Path
) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    known, unreadable = usable_observances(tmp_path, frozenset({"earth-day", "our-own"}))
    assert "earth-day" in known
    assert [(each.slug, each.may_mourn) for each in unreadable] == [(None, True)]
    assert FILE_NAME in unreadable[0].words
    assert usable_observances(tmp_path, frozenset())[1] == [], (
        "nothing is kept: nothing is in doubt"
    )
