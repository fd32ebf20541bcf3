"""What differs between two settings, in the words of the file."""

import pytest

from crosspromo.services.settings_changes import SettingsChange, change_between
from crosspromo.settings import Settings, parse

HEAD = '[organisation]\nname = "River Valley Alliance"\n'
TWO = """
[accounts.x-main]
network = "sandbox"
imitates = "x"

[accounts.b]
network = "bluesky"
credentials = { identifier = "river.example.org", password = "env:B" }
"""


def settings(more: str = "", accounts: str = TWO) -> Settings:
    return parse(HEAD + more + accounts, "crosspromo.toml")


def changed(after: Settings) -> SettingsChange:
    return change_between(settings(), after)


def test_nothing_differs() -> None:
    assert changed(settings("# a comment\n")) == SettingsChange([])


@pytest.mark.parametrize(
    ("more", "places"),
    [
        ('timezone = "America/Chicago"\n', ["[organisation] timezone"]),
        ('[floor]\nratio = "2:1"\n', ["[floor] ratio"]),
        ('[blackouts]\n"2026-04-22" = "silence"\n', ["[blackouts]"]),
        ('[observances]\nkeep = ["september-11"]\n', ["[observances] keep"]),
    ],
)
def test_rules_of_the_organisation_concern_every_account(more: str, places: list[str]) -> None:
    assert changed(settings(more)) == SettingsChange(places, None)


@pytest.mark.parametrize(
    ("more", "places"),
    [
        ('[security]\nsession_key = "env:KEY"\n', ["[security] session_key"]),
        ('[notify]\nwebhook = "env:HOOK"\n', ["[notify]"]),
        ('[smtp]\nserver = "smtps://mail.example.org"\nfrom = "a@example.org"\n', ["[smtp]"]),
        ('[database]\nurl = "sqlite:///other.db"\n', ["[database] url"]),
    ],
)
def test_other_tables_concern_no_account(more: str, places: list[str]) -> None:
    assert changed(settings(more)) == SettingsChange(places)


def test_keys_of_an_account_are_named_and_concern_it_alone() -> None:
    keys = 'imitates = "x"\nratio = "1:1"\nmin_gap = "2h"\nslots = ["daily 18:00"]\n'
    after = settings(accounts=TWO.replace('imitates = "x"\n', keys))
    wanted = ["[accounts.x-main] ratio, slots, min_gap"]
    assert changed(after) == SettingsChange(wanted, frozenset({"x-main"}))


def test_keys_of_a_network_and_references_are_named() -> None:
    after = settings(accounts=TWO.replace('"env:B" }', '"env:C" }\ncards = "off"'))
    assert changed(after).places == ["[accounts.b] credentials, cards"]


def test_accounts_come_and_go() -> None:
    after = settings(accounts=TWO.replace("accounts.b", "accounts.new"))
    wanted = ["[accounts.b] (removed)", "[accounts.new] (new)"]
    assert changed(after) == SettingsChange(wanted, frozenset({"b", "new"}))


def test_defaults_that_change_an_account_are_named_there() -> None:
    after = settings('[defaults]\nquiet = "21:00-07:00"\n')
    assert changed(after).places == ["[accounts.x-main] quiet", "[accounts.b] quiet"]
