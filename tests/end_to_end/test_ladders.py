"""`queue event --series`, as it is typed: looked at, queued, asked for again, and read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from end_to_end.shell import Shell

TODAY = datetime.now(UTC).date()
DAY, HOME = timedelta(days=1), ZoneInfo("America/Chicago")
STANDARD = [
    *("announce", "invite", "two-weeks", "week", "last-days", "tomorrow", "today"),
    *("thanks", "recap"),
]


@pytest.fixture
def cleanup(shell: Shell) -> str:
    """The slug of an event of a partner, in a hundred days."""
    on = TODAY + 100 * DAY
    shell.ok("event", "add", "Big cleanup", "--at", f"{on}T15:00", "--host", "river-keepers")
    return f"big-cleanup-{on}"


def series(cleanup: str, *more: str) -> tuple[str, ...]:
    return ("queue", "event", cleanup, "--to", "x-main", "--series", *more)


def test_a_dry_run_shows_day_words_and_credit_of_each_step(shell: Shell, cleanup: str) -> None:
    said = shell.ok(*series(cleanup, "--dry-run")).out
    lines = said.splitlines()
    assert lines[0] == f"would queue the ladder standard of {cleanup}: 9 posts"
    steps = [line for line in lines[1:] if line[:1] in "-+0" and line.strip()]
    assert [line.split()[1] for line in steps] == STANDARD
    assert steps[0].startswith("-42d announce on x-main, ")
    assert str(TODAY + 58 * DAY) in steps[0]
    assert steps[0].endswith(", queued, counts as others")
    assert steps[1].endswith(", queued, counts as none")
    assert ", pinned, " in steps[6]
    assert ", draft, " in steps[7]
    assert "   You are warmly invited to come along." in lines
    assert shell.ok("queue", "list", "--json").json["deliveries"] == []


def test_it_is_queued_once_and_the_larger_one_adds_what_is_missing(
    shell: Shell, cleanup: str
) -> None:
    queued = shell.ok(*series(cleanup, "small", "--json")).json
    assert [each["step"] for each in queued["deliveries"]] == [
        step for step in STANDARD if step not in {"announce", "last-days"}
    ]
    said = shell.ok(*series(cleanup)).out
    assert said.startswith(f"queued the ladder standard of {cleanup}: 2 posts\n")
    assert "7 posts of it are there already" in said
    said = shell.ok(*series(cleanup)).out
    assert said == f"nothing to add: the accounts have every step of {cleanup} that is to come\n"


def test_a_draft_of_thanks_goes_when_it_is_approved(shell: Shell, cleanup: str) -> None:
    queued = shell.ok(*series(cleanup, "small", "--json")).json["deliveries"]
    (thanks,) = (each for each in queued if each["step"] == "thanks")
    assert thanks["state"] == "draft"
    shell.ok("queue", "approve", str(thanks["id"]), "--as", "Ana")
    listed = shell.ok("queue", "list", "--json").json["deliveries"]
    assert {each["id"]: each["state"] for each in listed}[thanks["id"]] == "queued"


def test_a_ladder_of_ones_own_is_checked_and_used(shell: Shell, cleanup: str) -> None:
    shell.configure(
        (shell.folder / "crosspromo.toml").read_text()
        + '\n[ladders.gala]\nsteps = ["-30d announce", "-5d teaser"]\n'
    )
    assert '"teaser" has no words' in shell.refused(*series(cleanup, "gala"))
    assert '"teaser" has no words' in shell.run("doctor").out
    shell.write("templates/event/teaser.j2", "Soon: {{ event.title }}\n")
    queued = shell.ok(*series(cleanup, "gala", "--json")).json["deliveries"]
    assert [each["step"] for each in queued] == ["announce", "teaser"]
    assert queued[1]["text"] == "Soon: Big cleanup"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("huge",), 'there is no ladder "huge"; there are: small, standard, big'),
        (("--at", "tue 9am"), "--at: each step has a day of its own; leave it out"),
        (("--template", "own/thanks"), "--template: each step has a template of its own"),
    ],
)
def test_what_no_ladder_can_have_is_refused(
    shell: Shell, cleanup: str, more: tuple[str, ...], told: str
) -> None:
    refused = shell.run(*series(cleanup, *more))
    assert refused.status != 0
    assert told in refused.err


def test_an_event_that_moves_names_each_step_with_its_new_time(shell: Shell, cleanup: str) -> None:
    queued = shell.ok(*series(cleanup, "--json")).json["deliveries"]
    steps = {each["id"]: each["step"] for each in queued}
    edit = ("event", "edit", cleanup, "--at", f"{TODAY + 107 * DAY}T15:00")
    would = shell.ok(*edit, "--dry-run").err
    told = shell.ok(*edit).err
    assert would == told.replace("renewed", "would renew")
    after = {each["id"]: each for each in shell.deliveries()}
    for number, step in steps.items():
        at = datetime.fromisoformat(after[number]["due_at"]).astimezone(HOME)
        when = f"{at:%a %Y-%m-%d %H:%M}"
        assert f"renewed delivery {number}: {step} on x-main, now for {when}" in told


def test_an_event_that_moves_onto_a_day_of_mourning_says_what_it_costs(
    shell: Shell, cleanup: str
) -> None:
    shell.ok(*series(cleanup, "small"))
    loss = TODAY + 107 * DAY
    shell.write(
        "observances.toml",
        f'[loss]\nname = "Day of Loss"\ntone = "mourn"\nrule = "{loss:%m-%d}"\n',
    )
    settings = (shell.folder / "crosspromo.toml").read_text()
    shell.configure(f'{settings}\n[observances]\nkeep = ["loss"]\n')
    told = shell.ok("event", "edit", cleanup, "--at", f"{loss}T15:00").err
    lines = told.splitlines()
    (place,) = (n for n, line in enumerate(lines) if "today on x-main" in line)
    assert "at its new time it would be held until it has expired" in lines[place - 1]
    assert "is Day of Loss, a day of mourning that you keep" in lines[place + 1]
    assert told.count("Day of Loss") == 1
    assert "held until it has expired" in shell.run("status").out
