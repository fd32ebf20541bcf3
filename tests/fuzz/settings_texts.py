"""Texts of crosspromo.toml: every key, with values that no person would write."""

from hypothesis import strategies as st

ACCOUNT_KEYS = (
    *("network", "ratio", "quota", "window", "late_after", "slots", "approval", "max_per_day"),
    *("max_per_week", "min_gap", "quiet", "monthly_budget", "imitates", "server", "timeout"),
    *("look_up_after", "credentials", "subreddit", "no-such-key", '""', '"a.b"', '"`$[0]"'),
)
PLACES = (
    *(
        "organisation.name",
        "organisation.timezone",
        "organisation.status",
        "organisation.own_group",
    ),
    *("database.url", "defaults", "floor.ratio", "security.session_key", "blackouts", "accounts"),
    *("organisation", "accounts.one", "blackouts.partners", "blackouts.'2026-05-01'"),
    *("blackouts.'9999-12-31'", "blackouts.'0001-01-01..9999-12-31'", "accounts.''", "'a`b.$[x]'"),
    *(f"accounts.one.{key}" for key in ACCOUNT_KEYS),
    *(f"defaults.{key}" for key in ACCOUNT_KEYS),
)
WORDS = (
    *("", "none", "3:1", "999999:999999", "0:1", "28d", "99999d", "99999 posts", "0d", "60m", "0s"),
    *(
        "99999999999999999999w",
        "9" * 400 + "d",
        "1e5d",
        "-1d",
        "Mon-Fri 09:00",
        "daily 24:00",
        "all",
    ),
    *("21:00-07:00", "00:00-00:00", "UTC", "../../etc/passwd", "America", "/etc/passwd", "\\u0000"),
    *("https://a:99999", "http://[::1", "https://a\\u202eb", "http://localhost:0", "env:", "file:"),
    *(
        "file:/dev/zero",
        "keyring:",
        "\\u202e",
        "\\ud7ff",
        "2026-05-01",
        "9999-12-31",
        "sqlite:///x",
    ),
    "x" * 5_000,
)
words = st.sampled_from(WORDS).map(lambda word: f'"{word}"')
numbers = st.sampled_from(
    [
        *("nan", "inf", "-inf", "1e400", "0", "-1", "1", "1.5", "9223372036854775808", "1e308"),
        *("1" + "0" * 400, "9" * 5_000, "0x" + "f" * 300, "true", "1979-05-27", "24:00:00"),
        *("0001-01-01T00:00:00+23:59", "07:32:00", "2026-02-30"),
    ]
) | st.integers().map(str)
values = st.recursive(
    words | numbers,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(["a", "key", "partners", "'2026-05-01'"]), inner, max_size=3
        ).map(lambda table: "{" + ", ".join(f"{key} = {item}" for key, item in table.items()) + "}")
    ),
    max_leaves=5,
)
lines = st.tuples(st.sampled_from(PLACES), values).map(lambda pair: f"{pair[0]} = {pair[1]}")


def _text(given: list[str]) -> str:
    """The given lines, and those without which no settings are read, where they are not given."""
    places = [line.partition(" = ")[0] for line in given]
    needed = {
        "organisation.name": 'organisation.name = "River"',
        "accounts.one.network": 'accounts.one.network = "sandbox"',
    }
    missing = [
        line
        for place, line in needed.items()
        if not any(f"{place}.".startswith(f"{each}.") for each in places)
    ]
    return "\n".join([*missing, *given])


settings_texts = st.lists(lines, min_size=1, max_size=4).map(_text)
