"""crosspromo.toml: what it means, and what it says when it cannot be used."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.errors import ConfigError
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.timing import Slot
from crosspromo.resources import SHIPPED
from crosspromo.settings import Account, Settings, load, parse

ORGANISATION = '[organisation]\nname = "River Valley Alliance"\n'


def settings(text: str = "") -> Settings:
    return parse(ORGANISATION + text, "crosspromo.toml")


def account(text: str, defaults: str = "") -> Account:
    return settings(f"{defaults}\n[accounts.one]\n{text}").accounts["one"]


def fault(text: str) -> str:
    with pytest.raises(ConfigError) as error:
        parse(text, "crosspromo.toml")
    return str(error.value)


# What is wrong, where, and the mend


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "[organisation]: this is missing and has no default; write it"),
        ("[organisation]", "[organisation] name: this is missing and has no default; write it"),
        ("organisation = 3", "[organisation]: write a table of keys and values"),
        ("[organisation]\nname = 3", '[organisation] name: write text in quotes: "…"'),
    ],
)
def test_an_organisation_needs_its_name(text: str, sentence: str) -> None:
    assert fault(text) == f"crosspromo.toml, {sentence}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        # ladders: each fault names its ladder
        ('[ladders.gala]\nsteps = "x"', '[ladders.gala] steps: write a list: ["…", "…"]'),
        ("[ladders.gala]\nsteps = [5]", '[ladders.gala] steps: write text in quotes: "…"'),
        ("[ladders]\ngala = 5", "[ladders.gala]: write a table of keys and values"),
        (
            "[ladders.gala]\nstepz = []",
            "[ladders.gala] stepz: there is no such key; did you mean steps?",
        ),
        # unknown keys and tables
        ('tmezone = "UTC"', "[organisation] tmezone: there is no such key; did you mean timezone?"),
        ("[acounts.one]", "[acounts]: there is no such key; did you mean accounts?"),
        ("[floor]\nwindow = 3", "[floor] window: there is no such key"),
        ('[database]\nuri = "x"', "[database] uri: there is no such key; did you mean url?"),
        (
            '[defaults]\nwindwo = "7d"',
            "[defaults] windwo: there is no such key; did you mean window?",
        ),
        (
            '[accounts.one]\nnetwork = "x"\nslotz = ["Mon 09:00"]',
            "[accounts.one] slotz: there is no such key; did you mean slots?",
        ),
        # the organisation
        ('status = "c5"', '[organisation] status: "c5" is none of c3, c4, 527, candidate'),
        ('own_group = "us"', '[organisation] own_group: write a list: ["…", "…"]'),
        ("own_group = [1]", '[organisation] own_group: write text in quotes: "…"'),
        # the floor and the defaults
        ("[floor]\nratio = 1", '[floor] ratio: write text in quotes: "…"'),
        (
            '[floor]\nratio = "half"',
            '[floor] ratio: "half" is not a ratio; write others:self, such as "3:1"',
        ),
        ("[defaults]\nwindow = 28", '[defaults] window: write text in quotes: "…"'),
        (
            '[defaults]\nwindow = "28"',
            '[defaults] window: "28" is not a window; write "28d" or "20 posts"',
        ),
        (
            '[defaults]\nlate_after = "an hour"\n[accounts.one]\nnetwork = "x"',
            '[defaults] late_after: "an hour" is not a length of time; write 30s, 90m, 2h or 3d',
        ),
    ],
)
def test_a_fault_names_its_place_and_the_mend(text: str, sentence: str) -> None:
    assert fault(ORGANISATION + text) == f"crosspromo.toml, {sentence}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('ratio = "3:1"', " network: this is missing and has no default; write it"),
        ("network = 3", ' network: write text in quotes: "…"'),
        ('network = "x"\nratio = "3:1"\nquota = 2', ": choose ratio or quota, not both"),
        (
            'network = "x"\nratio = "0:1"',
            " ratio: a ratio needs two whole numbers above 0, not 0:1",
        ),
        (
            'network = "x"\nquota = 0',
            " quota: write how many partner posts a week, such as 2",
        ),
        ('network = "x"\nquota = "2"', " quota: write a whole number, without quotes"),
        ('network = "x"\nslots = "Mon 09:00"', ' slots: write a list: ["…", "…"]'),
        (
            'network = "x"\nslots = ["Mon 09:00", "Mon"]',
            ' slots: "Mon" is not a slot; write days and a time: "Mon-Fri 09:00"',
        ),
        (
            'network = "x"\nslots = ["Mo-Fri 09:00"]',
            ' slots: "Mo-Fri" in "Mo-Fri 09:00" are not days; write Mon, Mon-Fri, Sat,Sun or daily',
        ),
        ('network = "x"\nmonthly_budget = "20"', " monthly_budget: write a number, without quotes"),
        (
            'network = "x"\ntimeout = "30"',
            ' timeout: "30" is not a length of time; write 30s, 90m, 2h or 3d',
        ),
        ('network = "x"\ntimeout = "0s"', ' timeout: "0s" leaves no time at all; write 30s'),
        (
            'network = "x"\nlook_up_after = []',
            ' look_up_after: write at least one wait: ["20s", "5m"]',
        ),
        (
            'network = "x"\nlook_up_after = ["5"]',
            ' look_up_after: "5" is not a length of time; write 30s, 90m, 2h or 3d',
        ),
        ('network = "x"\ncredentials = { a = 3 }', ' credentials: write text in quotes: "…"'),
        (
            'network = "x"\nserver = "https://[bad"',
            ' server: "https://[bad" is not an address',
        ),
    ],
)
def test_a_fault_of_an_account_names_the_account(text: str, sentence: str) -> None:
    shown = fault(f"{ORGANISATION}[accounts.one]\n{text}")
    assert shown == f"crosspromo.toml, [accounts.one]{sentence}"


def test_a_file_that_is_not_toml_names_the_line() -> None:
    shown = fault(ORGANISATION + "timezone = America/Chicago\n")
    assert shown.startswith("crosspromo.toml is not valid TOML: ")
    assert "(at line 3, column 12)" in shown


@pytest.mark.parametrize("name", ["all", "a b", "-x", "x.main", ""])
def test_an_account_has_a_name_that_fits_a_comma_list(name: str) -> None:
    shown = fault(f'{ORGANISATION}[accounts."{name}"]\nnetwork = "x"')
    assert shown == (
        f"crosspromo.toml, [accounts.{name}]: an account's name has letters, digits, - and _ only, "
        'and is not "all"'
    )


@pytest.mark.parametrize(
    "server",
    [
        "http://bsky.social",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://10.0.0.1:9001",
        "ftp://127.0.0.1",
        "bsky.social",
        "https://",
        "",
    ],
)
def test_credentials_travel_over_https(server: str) -> None:
    assert fault(f'{ORGANISATION}[accounts.one]\nnetwork = "x"\nserver = "{server}"') == (
        f'crosspromo.toml, [accounts.one] server: "{server}" must be an https address '
        "(http only to this machine itself)"
    )


@pytest.mark.parametrize(
    ("server", "kept"),
    [
        ("https://bsky.social/", "https://bsky.social"),
        ("http://127.0.0.1:9001", "http://127.0.0.1:9001"),
        ("http://[::1]:9001/", "http://[::1]:9001"),
        ("http://localhost:9001", "http://localhost:9001"),
    ],
)
def test_http_is_for_this_machine_alone(server: str, kept: str) -> None:
    assert account(f'network = "x"\nserver = "{server}"').server == kept


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    shown = fault(
        f'{ORGANISATION}[accounts.one]\nnetwork = "x"\nserver = "https://us:hunter22@bsky.social"'
    )
    assert shown == (
        "crosspromo.toml, [accounts.one] server: an address holds no user name and no password; "
        "write them under credentials"
    )


@pytest.mark.parametrize("zone", ["Amerika/Chicago", "America", "../../etc/localtime", ""])
def test_a_zone_that_is_none_is_refused_with_an_example(zone: str) -> None:
    assert fault(f'{ORGANISATION}timezone = "{zone}"') == (
        f'crosspromo.toml, [organisation] timezone: "{zone}" is not a time zone; '
        'write one such as "America/Chicago"'
    )


# The file itself


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "crosspromo.toml"
    with pytest.raises(ConfigError) as error:
        load(path)
    assert str(error.value) == f"{path} cannot be read: No such file or directory"


def test_a_file_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "crosspromo.toml"
    path.write_bytes('[organisation]\nname = "Café"'.encode("latin-1"))
    with pytest.raises(ConfigError) as error:
        load(path)
    assert str(error.value) == f"{path} is not UTF-8 text; save it as UTF-8"


def test_the_mark_that_some_editors_put_in_front_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "crosspromo.toml"
    path.write_text(ORGANISATION, encoding="utf-8-sig")
    assert load(path).organisation.name == "River Valley Alliance"


def test_the_sample_that_init_copies_is_without_fault() -> None:
    sample = load(SHIPPED / "config" / "crosspromo.toml")
    assert sample.accounts["trial"].text_network == "bluesky"
    assert sample.organisation.zone == ZoneInfo("America/Chicago")


# Presets


@pytest.mark.parametrize(
    ("network", "kind", "target", "quota"),
    [
        ("x", "ratio", Target(3, 1), None),
        ("reddit", "ratio", Target(9, 1), None),
        ("facebook", "quota", None, 2),
        ("bluesky", "ratio", Target(1, 1), None),
        ("mastodon", "ratio", Target(1, 1), None),
        ("somebody-elses", "ratio", Target(1, 1), None),
    ],
)
def test_a_network_has_the_ratio_that_practice_asks_for(
    network: str, kind: str, target: Target | None, quota: int | None
) -> None:
    policy = account(f'network = "{network}"').policy
    assert (policy.kind, policy.target, policy.quota) == (kind, target, quota)


def test_an_account_that_imitates_a_network_has_its_preset() -> None:
    by_hand = account('network = "manual"\nimitates = "reddit"')
    assert by_hand.text_network == "reddit"
    assert by_hand.policy.target == Target(9, 1)


@pytest.mark.parametrize(
    ("text", "kind", "target", "quota"),
    [
        ('ratio = "2:1"', "ratio", Target(2, 1), None),
        ("quota = 4", "quota", None, 4),
        ('ratio = "none"', "none", None, None),
        ('ratio = "none"\nquota = 4', "quota", None, 4),
    ],
)
@pytest.mark.parametrize("network", ["x", "facebook", "bluesky"])
def test_what_an_account_says_replaces_the_preset(
    network: str, text: str, kind: str, target: Target | None, quota: int | None
) -> None:
    policy = account(f'network = "{network}"\n{text}').policy
    assert (policy.kind, policy.target, policy.quota) == (kind, target, quota)


# Defaults


def test_what_nobody_says_has_a_default() -> None:
    silent = settings('[accounts.one]\nnetwork = "x"')
    assert silent.organisation.zone == ZoneInfo("UTC")
    assert silent.database_url == "sqlite:///crosspromo.db"
    assert silent.floor == Target(1, 1)
    assert silent.window == Window(days=28)
    one = silent.accounts["one"]
    assert one.policy.window == Window(days=28)
    assert one.policy.late_after == timedelta(minutes=60)
    assert one.policy.slots == ()
    assert one.timeout == timedelta(seconds=30)
    assert one.look_up_after == (timedelta(seconds=20), timedelta(minutes=5))


DEFAULTS = '[defaults]\nwindow = "7d"\nlate_after = "2h"\nslots = ["daily 09:00"]\nratio = "2:1"'


def test_an_account_takes_what_it_does_not_say_from_the_defaults() -> None:
    policy = account('network = "x"\nlate_after = "5m"', DEFAULTS).policy
    assert policy.window == Window(days=7)
    assert policy.late_after == timedelta(minutes=5)
    assert policy.slots == (Slot.parse("daily 09:00"),)
    assert policy.target == Target(2, 1)


def test_the_window_of_the_defaults_is_that_of_the_floor() -> None:
    assert settings(DEFAULTS).window == Window(days=7)


@pytest.mark.parametrize(
    ("text", "kind"), [("quota = 3", "quota"), ('ratio = "none"', "none"), ("", "ratio")]
)
def test_a_quota_of_ones_own_does_not_quarrel_with_a_default_ratio(text: str, kind: str) -> None:
    assert account(f'network = "x"\n{text}', DEFAULTS).policy.kind == kind


def test_a_floor_can_be_turned_off() -> None:
    assert settings('[floor]\nratio = "none"').floor is None


def test_an_account_keeps_its_connectors_own_keys_and_its_references() -> None:
    one = account(
        'network = "reddit"\nsubreddit = "rivervalley"\ncredentials = { password = "env:P" }'
    )
    assert dict(one.options) == {"subreddit": "rivervalley"}
    assert dict(one.credentials) == {"password": "env:P"}


def test_the_organisation_is_read_whole() -> None:
    organisation = settings(
        'timezone = "Europe/Berlin"\nstatus = "c3"\nown_group = ["rva-action", "rva-fund"]'
    ).organisation
    assert organisation.zone == ZoneInfo("Europe/Berlin")
    assert organisation.status == "c3"
    assert organisation.own_group == {"rva-action", "rva-fund"}


@pytest.mark.parametrize("reference", ["env:KEY", "file:our.key", "keyring:crosspromo/session"])
def test_the_session_key_is_named_and_never_stands_there(reference: str) -> None:
    assert settings(f'[security]\nsession_key = "{reference}"').session_key == reference
    assert settings("").session_key is None
    with pytest.raises(ConfigError) as error:
        settings('[security]\nsession_key = "b2Zjb3Vyc2VpdGlz"')
    assert "[security] session_key: a secret must not stand in crosspromo.toml" in str(error.value)
    assert "b2Zj" not in str(error.value)


# Whom to tell

SMTP = '[smtp]\nserver = "smtps://mail.example.org"\nfrom = "River <news@example.org>"\n'


def test_who_is_told_and_by_which_server() -> None:
    found = settings(
        SMTP
        + 'credentials = { username = "news", password = "env:SMTP" }\n'
        + '[notify]\nmail = ["Ana <ana@example.org>"]\nwebhook = "env:HOOK"\n'
        + 'webhook_secret = "file:secret"\nquiet = "21:00-07:00"\n'
    )
    assert found.smtp is not None
    assert (str(found.smtp.server), found.smtp.password) == (
        "mail.example.org, port 465",
        "env:SMTP",
    )
    assert [str(address) for address in found.notify.mail] == ["Ana <ana@example.org>"]
    assert (found.notify.webhook, found.notify.webhook_secret) == ("env:HOOK", "file:secret")
    assert str(found.notify.quiet) == "21:00-07:00"


def test_nobody_is_told_where_nothing_is_said_of_it() -> None:
    assert settings().smtp is None
    assert settings().notify.mail == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[smtp]\n", "[smtp] server: this is missing and has no default; write it"),
        (
            '[smtp]\nserver = "smtps://mail.example.org"\n',
            "[smtp] from: this is missing and has no default; write it",
        ),
        (SMTP + 'sender = "x"\n', "[smtp] sender: there is no such key; did you mean server?"),
        (
            SMTP + 'credentials = { user = "x" }\n',
            "[smtp] credentials user: there is no such key; did you mean username?",
        ),
        (
            SMTP + 'credentials = { username = "x", password = "horse" }\n',
            "[smtp] credentials, password: a secret must not stand in crosspromo.toml",
        ),
        (
            SMTP.replace("smtps", "https"),
            '[smtp] server: "https://mail.example.org" is not a mail server; write "smtps://',
        ),
        (
            SMTP.replace("River <", "River\\nBcc: <"),
            '[smtp] from: "River Bcc: <news@example.org>" is not a mail address; write "ana@',
        ),
        (
            '[notify]\nmail = ["ana@example.org"]\n',
            "[notify] mail: mail needs a server; write [smtp] server and from",
        ),
        (
            SMTP + '[notify]\nmail = ["ana"]\n',
            '[notify] mail: "ana" is not a mail address; write "ana@example.org"',
        ),
        (
            '[notify]\nmails = ["a@b.c"]\n',
            "[notify] mails: there is no such key; did you mean mail?",
        ),
        (
            '[notify]\nwebhook = "https://hooks.example.org/T0KEN"\n',
            "[notify] webhook: a secret must not stand in crosspromo.toml",
        ),
        (
            '[notify]\nwebhook_secret = "env:X"\n',
            "[notify] webhook_secret: there is no webhook to sign for; write webhook",
        ),
        (
            '[notify]\nquiet = "at night"\n',
            '[notify] quiet: "at night" are not quiet hours; write them as "21:00-07:00"',
        ),
    ],
)
def test_what_is_wrong_about_telling_is_said(text: str, sentence: str) -> None:
    said = fault(ORGANISATION + text)
    assert said.startswith(f"crosspromo.toml, {sentence}")
    assert "horse" not in said
    assert "T0KEN" not in said
