"""The common jobs take at most half of the commands and keys that they took (12 and 600; 3 and 300;
3 and 120; 2 and 35; 5 and 200).
"""

import pytest
from end_to_end.shell import WORKSPACE, Shell
from end_to_end.typist import Typist

TWELVE = (
    *("river-keepers", "valley-food-bank", "north-side-library", "friends-of-the-bridge"),
    *("tenants-together", "community-garden", "youth-orchestra", "harbour-rowers"),
    *("parents-for-parks", "open-kitchen", "winter-shelter", "bike-kitchen"),
)


@pytest.fixture
def typist(shell: Shell) -> Typist:
    """Somebody whose workspace names the accounts of a post that names none."""
    shell.configure(
        WORKSPACE.replace("[accounts.x-main]", '[defaults]\nto = "all"\n\n[accounts.x-main]')
    )
    return Typist(shell)


def at_most(typist: Typist, commands: int, keys: int) -> None:
    told = "\n".join([*typist.transcript, f"{typist.commands} commands, {typist.keys} keys"])
    assert typist.commands <= commands, told
    assert typist.keys <= keys, told


def told(typist: Typist, field: str) -> list[object]:
    return [each[field] for each in typist.shell.deliveries()]


def test_twelve_spotlights(typist: Typist) -> None:
    names = "slug,name,why\n" + "".join(f"{s},{s.title()},They {s}.\n" for s in TWELVE)
    typist.shell.write("more.csv", names)
    typist.shell.ok("partner", "import", "more.csv")

    typist.types(
        "crosspromo queue sp\triv\tvalley-f\tnorth\tfri\tten\tcommunity-g\tyouth-o\thar\tpar\t"
        "open\twin\tbi\t"
    )

    assert len(typist.shell.deliveries()) == 36
    assert {each["partners"][0] for each in typist.shell.deliveries()} == set(TWELVE)
    at_most(typist, commands=6, keys=300)


def test_a_slip_on_three_networks(typist: Typist) -> None:
    typist.shell.ok("queue", "own", "--text", "We are teh best.", "--at", "+2d")

    typist.types("crosspromo queue edit --post 1", editor=":%s/teh/the/g\nZZ")

    assert {str(each).partition("\n")[0] for each in told(typist, "text")} == {"We are the best."}
    assert "River Valley Alliance: We are the best." in told(typist, "title")
    at_most(typist, commands=1, keys=150)


def test_another_time_on_three_networks(typist: Typist) -> None:
    typist.shell.ok("queue", "own", "--text", "Hello.", "--at", "2030-05-01T09:00")

    typist.types("crosspromo queue move --post 1 --at 2030-05-02T09:00")

    assert {str(each)[:10] for each in told(typist, "due_at")} == {"2030-05-02"}
    at_most(typist, commands=1, keys=60)


def test_why_is_this_held(typist: Typist) -> None:
    typist.shell.ok("queue", "own", "--to", "x-main", "--text", "Hello.")
    typist.shell.ok("run", "--once")

    said = typist.types("crosspromo ex\t").out

    assert "What would release it" in said
    at_most(typist, commands=1, keys=17)


def test_a_text_before_it_is_queued(typist: Typist) -> None:
    said = typist.types("crosspromo queue sp\triv\t--dry-run").out

    assert said.count("River Keepers") >= 1
    assert "We are proud to work beside them." in said
    assert told(typist, "id") == []
    at_most(typist, commands=2, keys=100)
