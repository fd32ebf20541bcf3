"""How fast an account posts: presets by network, bursts that are told of, and times too close."""

import re

import pytest
from end_to_end.shell import WORKSPACE, Shell

DAY = "2030-05-01"  # a Wednesday
REAL = """
[accounts.x-real]
network = "x"
ratio = "none"
[accounts.x-real.credentials]
consumer_key = "env:X"
consumer_secret = "env:X"
access_token = "env:X"
access_token_secret = "env:X"

[accounts.fast]
network = "bluesky"
min_gap = "0m"
max_per_day = "none"
credentials = { identifier = "us.example", password = "env:B" }

[accounts.by-hand]
network = "manual"
imitates = "reddit"
subreddit = "rivervalley"
min_gap = "90m"
"""
SLOTTED = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[floor]
ratio = "none"

[accounts.sb]
network = "sandbox"
ratio = "none"
slots = ["Wed 09:00", "Wed 10:00"]
min_gap = "30m"
"""


def own(shell: Shell, text: str, *options: str, to: str = "sb") -> str:
    return shell.ok("queue", "own", "--to", to, "--text", text, *options).out


def test_the_list_of_accounts_shows_gap_and_cap_and_which_are_presets(empty: Shell) -> None:
    empty.configure(WORKSPACE + REAL)
    lines = {line.split()[0]: line for line in empty.ok("account", "list").out.splitlines()[2:]}
    assert re.search(r"28d +10m \(preset\) +25 \(preset\)", lines["x-real"])
    assert re.search(r"28d +none +none", lines["fast"])
    assert re.search(r"28d +90m +none", lines["by-hand"])
    assert re.search(r"28d +none +none", lines["x-main"])

    accounts = {
        each["account"]: (each["min_gap"], each["max_per_day"], each["presets"])
        for each in empty.ok("account", "list", "--json").json["accounts"]
    }
    assert accounts == {
        **dict.fromkeys(("x-main", "bluesky-main", "reddit-main"), (None, None, [])),
        "x-real": ("10m", 25, ["max_per_day", "min_gap"]),
        "fast": (None, None, []),
        "by-hand": ("90m", None, []),
    }


def test_who_queues_on_a_network_hears_what_the_preset_will_hold(empty: Shell) -> None:
    empty.configure(SLOTTED + REAL)
    notes = [own(empty, f"News {number}", to="x-real") for number in range(4)]
    assert "min_gap" not in notes[0]
    assert all("min_gap is 10 minutes, so this one will be held until" in n for n in notes[1:])
    at_once = [own(empty, f"News {number}", to="fast") for number in range(4)]
    assert ["at once" in note for note in at_once] == [False, False, True, True]
    assert "min_gap is" not in "".join(at_once)


@pytest.fixture
def seven_drafts(shell: Shell) -> Shell:
    """Seven posts on a sandbox account, which has no gap, that wait for approval."""
    shell.configure(WORKSPACE + '\n[floor]\nratio = "none"\n[defaults]\napproval = "one"\n')
    for number in range(7):
        said = shell.ok(
            "queue", "notice", "--to", "x-main", "--reason", "drill", "--text", f"No {number}"
        )
        assert "at once" not in said.out
    return shell


def test_who_approves_seven_posts_hears_that_they_would_go_at_once(seven_drafts: Shell) -> None:
    numbers = [str(number) for number in range(1, 8)]
    said = seven_drafts.ok("queue", "approve", *numbers, "--as", "kim").out
    told = [line for line in said.splitlines() if "at once" in line]
    assert len(told) == 1
    assert told[0] == (
        "   x-main: 7 posts would go at once; to spread them, give the account slots or min_gap in "
        "crosspromo.toml"
    )

    doctor = seven_drafts.ok("doctor")
    assert "\nwarn bursts: x-main: 7 posts would go at once" in doctor.out
    checks = seven_drafts.ok("doctor", "--json").json
    assert checks["ok"] is True
    (bursts,) = [each for each in checks["checks"] if each["what"] == "bursts"]
    assert bursts["fault"] is None
    assert [warning["code"] for warning in bursts["warnings"]] == ["burst"]


def test_slots_or_a_gap_in_the_settings_end_the_warning(seven_drafts: Shell) -> None:
    seven_drafts.ok("queue", "approve", *(str(n) for n in range(1, 8)), "--as", "kim")
    seven_drafts.configure(WORKSPACE + '\n[floor]\nratio = "none"\n[defaults]\nmin_gap = "5m"\n')
    assert "\nok   bursts\n" in seven_drafts.ok("doctor").out


def test_queueing_says_how_many_would_go_at_once_in_words_and_in_json(empty: Shell) -> None:
    empty.configure(SLOTTED.replace('min_gap = "30m"\n', "").replace("slots", "# slots"))
    for number in range(8):
        own(empty, f"News {number}", "--at", f"{DAY}T09:00")
    words = own(empty, "More", "--at", f"{DAY}T09:00", "--dry-run")
    assert "9 posts would go at once, at Wed 2030-05-01 09:00;" in words
    told = empty.ok(
        *("queue", "own", "--to", "sb", "--text", "More", "--at", f"{DAY}T09:00", "--json")
    ).json
    (delivery,) = told["deliveries"]
    (note,) = delivery["notes"]
    assert (note["code"], note["mend"]) == ("burst", None)
    assert note["reason"].startswith("sb: 9 posts would go at once")


@pytest.fixture
def slotted(empty: Shell) -> Shell:
    """One account with slots at 9:00 and 10:00, a gap of half an hour, and a post at 9:02."""
    empty.configure(SLOTTED)
    assert "held" not in own(empty, "Pinned", "--at", f"{DAY}T09:02")
    return empty


def test_a_pinned_time_that_the_gap_will_hold_says_so_when_queued(slotted: Shell) -> None:
    said = own(slotted, "Soon after", "--at", f"{DAY}T09:05")
    assert (
        "   sb: delivery 1 is due at Wed 2030-05-01 09:02 and min_gap is 30 minutes, so this one "
        "will be held until Wed 2030-05-01 09:32 and then wait for a free slot (--at WHEN)"
    ) in said.splitlines()
    told = slotted.ok(
        *("queue", "own", "--to", "sb", "--text", "Before", "--at", f"{DAY}T08:40"), "--json"
    ).json
    (note,) = told["deliveries"][0]["notes"]
    assert note["code"] == "delays-another"
    assert note["mend"] == {"act": "change", "field": "at"}


def test_a_moved_post_says_so_as_well(slotted: Shell) -> None:
    own(slotted, "Far away", "--at", "2030-06-01T09:00")
    said = slotted.ok("queue", "move", "2", "--at", f"{DAY}T09:05").out
    assert "delivery 1 is due at Wed 2030-05-01 09:02 and min_gap is 30 minutes" in said
    assert "min_gap" not in slotted.ok("queue", "move", "2", "--at", f"{DAY}T09:32").out


def test_the_next_free_slot_is_not_near_a_pinned_post(empty: Shell) -> None:
    """Of this week's and the next weeks' slots those are free that no pinned post is near."""
    empty.configure(SLOTTED)
    own(empty, "In a slot")
    first = empty.delivery(1)["due_at"]
    empty.ok("queue", "cancel", "1")
    own(empty, "Pinned", "--at", first.replace(":00:00Z", ":02:00Z"))
    own(empty, "In another slot")
    second = empty.delivery(3)["due_at"]
    assert second > first
    assert "min_gap" not in own(empty, "In the third")


def test_a_time_in_quiet_hours_or_on_a_full_day_or_a_day_of_silence_says_so(empty: Shell) -> None:
    quiet = 'quiet = "21:00-08:00"\nmax_per_day = 1\n'
    empty.configure(SLOTTED + quiet + f'[blackouts]\n"{DAY}" = "Labour Day"\n')
    said = own(empty, "Silence", "--at", f"{DAY}T07:00")
    assert "nothing goes out on 2030-05-01 (Labour Day), so this one will be held" in said
    assert "it is quiet from 21:00-08:00, so this one will be held" in said
    own(empty, "One", "--at", "2030-05-02T09:00")
    said = own(empty, "Two", "--at", "2030-05-02T19:00")
    assert "there is 1 other post on Thu 2030-05-02 and max_per_day is 1" in said
