"""Acts on posts and on several deliveries, texts from files, and what is queued for several."""

from pathlib import Path

import pytest
from end_to_end.shell import WORKSPACE, Shell, installed_command

LATER = ("--at", "2030-05-01T09:00")


@pytest.fixture
def waiting(shell: Shell) -> Shell:
    """A paid spotlight on three networks, for a day in May."""
    shell.ok("queue", "spotlight", "river-keepers", "--to", "all", "--paid", *LATER)
    return shell


def test_one_act_is_done_on_all_accounts_and_said_of_each(waiting: Shell) -> None:
    said = waiting.ok("queue", "move", "--post", "1", "--at", "2030-05-02T09:00").out
    assert [line.split(" to ")[0] for line in said.splitlines()[:3]] == [
        "moved 1 on x-main",
        "moved 2 on bluesky-main",
        "moved 3 on reddit-main",
    ]


def test_what_went_out_is_left_and_named(waiting: Shell) -> None:
    waiting.ok("queue", "cancel", "2")
    said = waiting.ok("queue", "cancel", "--post", "1").out
    assert "2 on bluesky-main is cancelled; left as it is" in said
    assert {each["state"] for each in waiting.deliveries()} == {"cancelled"}


def test_all_are_changed_or_none(waiting: Shell) -> None:
    before = waiting.deliveries()
    error = waiting.refused("queue", "edit", "1", "2", "3", "--text", "a" * 270)
    assert "x-main: the text is too long" in error
    assert "the other 2 were left as before" in error
    waiting.refused("queue", "cancel", "1", "9")
    assert waiting.deliveries() == before


def test_an_act_without_a_subject_says_how_to_name_one(waiting: Shell) -> None:
    assert "--post N" in waiting.refused("queue", "cancel", status=2)
    assert "there is no post 7" in waiting.refused("queue", "cancel", "--post", "7")


def test_the_disclosure_of_a_paid_post_survives_an_edit_and_is_sent(waiting: Shell) -> None:
    said = waiting.ok("queue", "edit", "--post", "1", "--text", "Meet the River Keepers.").out
    assert "put back into 1: the disclosure" in said
    waiting.ok("queue", "move", "1", "--at", "now")
    waiting.ok("run", "--once")
    for delivery in waiting.deliveries():
        assert "Paid partnership" in delivery["text"]


def test_a_text_comes_from_a_file_or_from_another_command(shell: Shell) -> None:
    shell.write("news.txt", "Two lines\nof news.\n")
    shell.ok("queue", "own", "--to", "x-main", "--text-file", "news.txt", *LATER)
    shell.ok("queue", "own", "--to", "x-main", "--text", "-", *LATER, input="From a pipe.\n")
    shell.ok("queue", "own", "--to", "x-main", "--text", "@file a\\nb", *LATER)
    shell.ok("queue", "edit", "2", "--text", "-", input="Edited by a pipe.\n")
    assert [each["text"] for each in shell.deliveries()] == [
        "Two lines\nof news.",
        "Edited by a pipe.",
        "@file a\\nb",
    ]
    shell.refused("queue", "own", "--to", "x-main", "--text-file", "nowhere.txt", status=2)


def test_what_was_written_in_the_editor_is_never_lost(waiting: Shell) -> None:
    before = waiting.deliveries()
    words = "x" * 300
    env = {"EDITOR": f"sed -i s/Meet/{words}/", "VISUAL": ""}
    result = waiting.run("queue", "edit", "--post", "1", env=env)
    assert result.status == 1
    kept = result.err.partition("What you wrote is kept in ")[2].splitlines()[0]
    assert words in Path(kept).read_text(encoding="utf-8")
    Path(kept).unlink()
    assert waiting.deliveries() == before


def test_whoever_edits_last_sees_what_somebody_else_wrote_meanwhile(waiting: Shell) -> None:
    waiting.write("meanwhile.sh", _KIM_EDITS.format(command=installed_command()))
    env = {"EDITOR": f"sh {waiting.folder / 'meanwhile.sh'}", "VISUAL": ""}
    result = waiting.run("queue", "edit", "1", env=env)
    assert result.status == 1
    assert "delivery 1 says something else since you read it" in result.err
    assert "It says now:\n\n    Paid partnership.\n\n    Words of Kim." in result.err
    assert "You wrote:\n\n    Words of Ana." in result.err
    kept = Path(result.err.partition("What you wrote is kept in ")[2].splitlines()[0])
    assert kept.read_text(encoding="utf-8") == "Words of Ana.\n"
    kept.unlink()
    assert "Words of Kim." in waiting.deliveries()[0]["text"]


_KIM_EDITS = """
echo "Words of Ana." > "$1"
{command} queue edit 1 --text "Words of Kim." --as Kim
"""
"""Editor of Ana, in which she writes; meanwhile Kim edits the same delivery."""


def test_signs_that_nobody_sees_are_told_and_not_sent(shell: Shell) -> None:
    hostile = "Our \u202etroper\u202c is\x1b[2J out.\u200b"
    notice = ("queue", "notice", "--to", "x-main", "--text", hostile, "--reason", "an alarm")
    said = shell.ok(*notice, "--dry-run").out
    assert "signs that nobody sees were taken out: U+202E RIGHT-TO-LEFT OVERRIDE" in said
    shell.ok(*notice, "--at", "now")
    shell.ok("run", "--once")
    page = (shell.folder / "sandbox" / "x-main.html").read_text(encoding="utf-8")
    assert "Our troper is[2J out." in page
    assert not {*"\u202e\u202c\u200b\x1b"} & {*page}


def test_a_text_that_the_account_has_already_is_no_edit(shell: Shell) -> None:
    shell.ok("queue", "own", "--to", "x-main", "--text", "Our report is out.", *LATER)
    shell.ok("queue", "own", "--to", "x-main", "--text", "We meet on Monday.", *LATER)
    again = ("queue", "edit", "2", "--text", "our report is OUT")
    error = shell.refused(*again)
    assert "delivery 1 says the same" in error
    assert "--allow-duplicate REASON" in error
    shell.ok(*again, "--allow-duplicate", "for those who missed it")


def test_an_editor_that_changes_nothing_changes_nothing(waiting: Shell) -> None:
    result = waiting.run("queue", "edit", "--post", "1", env={"EDITOR": "true", "VISUAL": ""})
    assert result.out.startswith("nothing was changed")


def test_what_is_rejected_says_why(waiting: Shell) -> None:
    waiting.ok("queue", "reject", "1", "--reason", "the date is wrong")
    shown = waiting.delivery(1)
    assert shown["state"] == "cancelled"
    assert shown["error"]["message"] == "tester rejected it: the date is wrong"
    waiting.refused("queue", "reject", "2", "--reason", " ", status=2)


def test_previews_of_several_and_of_a_post(waiting: Shell) -> None:
    said = waiting.ok("queue", "preview", "1", "3").out
    assert said.startswith("delivery 1\nx-main, ")
    assert "\n\ndelivery 3\nreddit-main, " in said
    previews = waiting.ok("queue", "preview", "--post", "1", "--json").json["previews"]
    assert [each["id"] for each in previews] == [1, 2, 3]
    assert "text" in waiting.ok("queue", "preview", "1", "--json").json


def test_several_partners_are_queued_together_or_not_at_all(shell: Shell) -> None:
    shell.write("list.txt", "# spring\nriver-keepers\n\nvalley-food-bank  # twice a year\n")
    shell.ok("queue", "spotlight", "--from-file", "list.txt", "--to", "x-main", *LATER)
    assert [each["partners"] for each in shell.deliveries()] == [
        ["river-keepers"],
        ["valley-food-bank"],
    ]
    again = ("spokes-coalition", "river-keepers")
    error = shell.refused("queue", "spotlight", *again, "--to", "x-main", *LATER)
    assert "river-keepers: x-main: delivery 1 says the same" in error
    assert len(shell.deliveries()) == 2
    assert "name the partners" in shell.refused("queue", "spotlight", "--to", "x-main", status=2)
    assert "nobody" in shell.refused("queue", "spotlight", "nobody", "--to", "x-main")


def test_partners_of_a_topic(shell: Shell) -> None:
    said = shell.ok("queue", "spotlight", "--topic", "cleanwater", "--to", "x-main", "--dry-run")
    assert "RVKeep" in said.out or "River Keepers" in said.out
    assert "no partner has the topic" in shell.refused(
        "queue", "spotlight", "--topic", "chess", "--to", "x-main"
    )


def test_accounts_have_a_default(shell: Shell) -> None:
    assert "name the accounts" in shell.refused("queue", "own", "--text", "Hello", status=2)
    shell.configure(f'{WORKSPACE}\n[defaults]\nto = "x-main, reddit-main"\n')
    shell.ok("queue", "own", "--text", "Hello", *LATER)
    shell.ok("queue", "own", "--text", "Hi", "--to", "bluesky-main", *LATER)
    accounts = [each["account"] for each in shell.deliveries()]
    assert accounts == ["x-main", "reddit-main", "bluesky-main"]
    shell.configure(f'{WORKSPACE}\n[defaults]\nto = "x-mian"\n')
    assert 'there is no account "x-mian"; did you mean x-main?' in shell.refused("queue", "list")


def test_a_dry_run_shows_the_texts(shell: Shell) -> None:
    said = shell.ok("queue", "own", "--to", "all", "--text", "Our news.", "--dry-run").out
    assert said.count("   Our news.") == 3
    assert "   River Valley Alliance: Our news." in said
    assert shell.deliveries() == []


def test_an_event_has_an_image(shell: Shell) -> None:
    from PIL import Image  # noqa: PLC0415 (this test alone makes one)

    Image.new("RGB", (8, 8)).save(shell.folder / "river.png")
    image = ("--image", "river.png", "--alt", "Gloves and bags.")
    shell.ok("queue", "event", "spring-river-cleanup-2030-04-20", "--to", "x-main", *image)
    preview = shell.ok("queue", "preview", "1", "--json").json
    assert [each["alt"] for each in preview["images"]] == ["Gloves and bags."]
    shell.ok("queue", "edit", "1", "--alt", "Gloves, bags and a boat.")
    assert "Gloves, bags and a boat." in shell.ok("queue", "preview", "1").out
    shell.refused("queue", "edit", "1", "--alt", " ")
    shell.ok("queue", "edit", "1", "--no-image")
    assert shell.ok("queue", "preview", "1", "--json").json["images"] == []


@pytest.mark.parametrize(
    "line",
    [
        ("queue", "own", "--to", "x-main", "--text", "Hello", "--link"),
        ("partner", "add", "Us", "--website"),
        ("event", "add", "Walk", "--at", "2030-05-01T09:00", "--url"),
    ],
)
def test_an_address_is_made_whole_or_refused(shell: Shell, line: tuple[str, ...]) -> None:
    said = shell.ok(*line, "www.us.example/x", "--json").out
    assert '"https://www.us.example/x"' in said
    error = shell.refused(*line, "javascript:alert(1)", status=2)
    assert "is no web address; write it whole, such as https://river.example" in error
