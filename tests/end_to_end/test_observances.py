"""`observance list` and `partner suggest`, as they are typed."""

import pytest
from end_to_end.shell import Shell


def add_settings(shell: Shell, text: str) -> None:
    """Add these lines to crosspromo.toml."""
    file = shell.folder / "crosspromo.toml"
    file.write_text(f"{file.read_text()}\n{text}")


def test_what_is_coming_is_listed_with_partners_for_it(shell: Shell) -> None:
    shell.ok("partner", "edit", "river-keepers", "--topic", "Clean water")
    said = shell.ok("observance", "list", "--weeks", "52").out
    (water,) = (line for line in said.splitlines() if line.startswith("world-water-day "))
    assert "confirmed by nobody?" in water
    assert "River Keepers (never shared)" in water


def test_a_theme_finds_partners_and_the_command_that_shares_them(shell: Shell) -> None:
    shell.ok("partner", "edit", "river-keepers", "--topic", "Clean water")
    for theme in ("world-water-day", "water"):
        said = shell.ok("partner", "suggest", "--theme", theme).out
        assert "crosspromo queue spotlight river-keepers" in said
    assert (
        'no partner has a topic of "chess"'
        in shell.ok("partner", "suggest", "--theme", "chess").out
    )


def test_only_kept_ones_are_asked_for(shell: Shell) -> None:
    add_settings(shell, '[observances]\nkeep = ["earth-day"]\n')
    said = shell.ok("observance", "list", "--weeks", "52", "--kept", "--json").json
    assert {each["observance"] for each in said["observances"]} == {"earth-day"}
    assert said["unknown"] == []


def test_the_workspace_adds_its_own(shell: Shell) -> None:
    shell.write(
        "observances.toml",
        '[our-birthday]\nname = "Our birthday"\ntone = "celebrate"\nrule = "05-14"\n',
    )
    assert "our-birthday" in shell.ok("observance", "list", "--weeks", "52").out


def test_what_cannot_be_used_is_a_sentence_also_in_doctor(shell: Shell) -> None:
    add_settings(shell, '[observances]\nkeep = ["earth-dy"]\n')
    assert "did you mean earth-day?" in shell.refused("observance", "list")
    assert "did you mean earth-day?" in shell.run("doctor").out


def test_a_number_of_weeks_out_of_range_is_refused(shell: Shell) -> None:
    told = shell.run("observance", "list", "--weeks", "0")
    assert told.status == 2
    assert "0 weeks: write a number from 1 to 104" in told.err


MOURNING = """
[our-day-of-loss]
name = "Our Day of Loss"
tone = "mourn"
rule = "05-14"
"""


def test_on_a_kept_day_of_mourning_self_posts_and_celebrations_wait(shell: Shell) -> None:
    (shell.folder / "observances.toml").write_text(MOURNING)
    add_settings(shell, '[observances]\nkeep = ["our-day-of-loss"]\n')
    day = ("--to", "bluesky-main", "--at")
    ours = shell.ok("queue", "own", "--text", "We grew.", *day, "2030-05-14T09:00").out
    assert "is Our Day of Loss, a day of mourning that you keep" in ours
    partner = ("queue", "spotlight", "river-keepers", *day)
    assert "a day of mourning" in shell.ok(*partner, "2030-05-14T12:00").out
    told = shell.ok("queue", "edit", "2", "--tone", "solemn").out
    assert told == "2 on bluesky-main: tone solemn\n"
    tones = {each["id"]: each["tone"] for each in shell.deliveries()}
    assert tones == {1: "neutral", 2: "solemn"}
    again = "--allow-duplicate", "a test"
    quiet = shell.ok(*partner, "2030-05-14T15:00", "--tone", "solemn", *again).out
    assert "a day of mourning" not in quiet


@pytest.mark.parametrize(
    ("text", "keep", "says"),
    [
        (MOURNING, "our-day-of-los", "no file has it; perhaps you mean our-day-of-loss"),
        ("[our-day", "our-day-of-loss", "observances.toml is not valid TOML"),
    ],
    ids=["kept and not known", "no TOML"],
)
def test_what_no_one_can_know_is_said_and_holds_only_what_may_be_wrong(
    shell: Shell, text: str, keep: str, says: str
) -> None:
    (shell.folder / "observances.toml").write_text(text)
    add_settings(shell, f'[observances]\nkeep = ["{keep}"]\n')
    at = ("--to", "bluesky-main", "--at", "2030-05-13T09:00")
    assert "which cannot be read" in shell.ok("queue", "own", "--text", "We grew.", *at).out
    solemn = "queue", "spotlight", "river-keepers", *at[:2], "--tone", "solemn", "--json"
    assert [each["state"] for each in shell.ok(*solemn).json["deliveries"]] == ["queued"]
    assert shell.ok("queue", "list").out
    shell.ok("run", "--once")
    status = shell.run("status").out
    assert says in status
    assert "posts about yourselves, and posts that celebrate or ask, are held" in status
    assert "FAIL observances: " in shell.run("doctor").out
    shell.refused("observance", "list")
    shell.refused("plan")


@pytest.mark.parametrize(("tone", "holds"), [("mourn", True), ("celebrate", False)])
def test_a_kept_one_that_cannot_be_read_is_said_and_holds_only_what_may_be_wrong(
    shell: Shell, tone: str, holds: bool
) -> None:
    text = MOURNING.replace('"mourn"', f'"{tone}"').replace("05-14", "02-29")
    (shell.folder / "observances.toml").write_text(text)
    add_settings(shell, '[observances]\nkeep = ["our-day-of-loss"]\n')
    at = ("--to", "bluesky-main", "--at", "2030-05-13T09:00")
    ours = shell.ok("queue", "own", "--text", "We grew.", *at).out
    assert ("perhaps our-day-of-loss, which cannot be read" in ours) is holds
    solemn = (
        "queue",
        "spotlight",
        "river-keepers",
        *at[:3],
        "2030-05-13T15:00",
        "--tone",
        "solemn",
    )
    assert "cannot be read" not in shell.ok(*solemn).out
    assert shell.ok("queue", "list").out
    assert ("perhaps our-day-of-loss" in shell.ok("explain", "1").out) is holds
    shell.ok("run", "--once")
    for told in (shell.run("status").out, shell.run("doctor").out):
        assert "most years have no 29 February" in told
    assert ("any day may be its day of mourning" in shell.run("status").out) is holds
    assert "29 February" in shell.refused("observance", "list")
