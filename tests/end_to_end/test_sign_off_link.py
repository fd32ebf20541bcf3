"""A link for a partner from the command line, and what `status` says of the answer."""

import re
from datetime import datetime

from end_to_end.shell import WORKSPACE, Shell

from crosspromo.domain.sign_off import ENDS_BEFORE, Answer
from crosspromo.services.tries import Tries
from crosspromo.workspace import Workspace

LINK = ("queue", "sign-off-link", "1", "--partner", "river-keepers")


def asking(shell: Shell) -> None:
    """Have the partner want to sign off, and queue a post about them."""
    shell.ok("partner", "export", "partners.csv")
    header, *rows = (shell.folder / "partners.csv").read_text(encoding="utf-8").splitlines()
    (row,) = [row for row in rows if row.startswith("river-keepers,")]
    shell.write("asking.csv", f"{header},sign_off\n{row},yes\n")
    shell.ok("partner", "import", "asking.csv")
    spotlight = ("queue", "spotlight", "river-keepers", "--to", "x-main,bluesky-main")
    shell.ok(*spotlight, "--at", "+5d")


def answer(shell: Shell, address: str, given: Answer, words: str = "") -> None:
    """Answer by the link, as the console does."""
    workspace = Workspace.open(shell.folder)
    offs = workspace.services.sign_offs(Tries())
    token = address.rpartition("/a/")[2]
    offs.answer(token, "tests", offs.open(token, "tests").version, given, words)
    workspace.close()


def test_it_prints_a_link_that_is_nowhere_else(shell: Shell) -> None:
    asking(shell)
    printed = shell.ok(*LINK)
    said = printed.out.splitlines()
    assert "the address of crosspromo serve without --host and --port" in printed.err
    assert said[0].startswith("Send this link to river-keepers; it shows post 1 and ends at ")
    assert re.fullmatch(r"http://127\.0\.0\.1:8017/a/[\w-]{43}", said[1])
    assert said[1].rpartition("/")[2] not in shell.ok("audit", "list", "--json").out


def test_its_json_has_the_link_and_its_end(shell: Shell) -> None:
    asking(shell)
    made = shell.ok(*LINK, "--json").json
    assert (made["post"], made["partner"]) == (1, "river-keepers")
    assert re.fullmatch(r"http://127\.0\.0\.1:8017/a/[\w-]{43}", made["link"])
    due = shell.delivery(1)["due_at"]
    assert datetime.fromisoformat(due) - datetime.fromisoformat(made["ends_at"]) == ENDS_BEFORE
    called_back = shell.ok(*LINK, "--call-back", "--json").json
    assert called_back == {"post": 1, "partner": "river-keepers", "link": None, "ends_at": None}


def test_a_link_stands_below_the_address_of_the_settings(shell: Shell) -> None:
    asking(shell)
    shell.configure(WORKSPACE + '\n[serve]\npublic_url = "https://posts.rva.example"\n')
    printed = shell.ok(*LINK)
    assert "\nhttps://posts.rva.example/a/" in printed.out
    assert "without --host" not in printed.err


def test_status_tells_what_a_partner_wishes_and_how_to_settle_it(shell: Shell) -> None:
    asking(shell)
    address = shell.ok(*LINK).out.split()[-1]
    answer(shell, address, Answer.CHANGE, "Say Sunday.")

    said = shell.run("status").out
    assert "River Keepers asks for a change of 1 on x-main: Say Sunday; to change it:" in said
    assert f"crosspromo {' '.join(LINK)} --call-back" in said
    (matter,) = shell.run("status", "--json").json["needs_person"]
    assert matter["code"] == "change-asked"
    assert matter["mend"] == {"act": "revise", "delivery": 1, "partner": "river-keepers"}

    shell.ok("queue", "edit", "1", "--text", "River Keepers meet on Sunday.")
    assert shell.ok("status", "--json").json["needs_person"] == []


def test_status_tells_of_a_no_until_somebody_takes_note(shell: Shell) -> None:
    asking(shell)
    answer(shell, shell.ok(*LINK).out.split()[-1], Answer.NO, "We are not ready.")
    assert {each["state"] for each in shell.deliveries()} == {"cancelled"}
    said = shell.run("status").out
    assert "River Keepers said no to 1 on x-main, so it is cancelled: We are not ready." in said
    shell.ok(*LINK, "--call-back")
    assert shell.ok("status", "--json").json["needs_person"] == []
    assert "has no open link" in shell.refused(*LINK, "--call-back")


def test_it_is_refused_where_nobody_asks(shell: Shell) -> None:
    shell.ok("queue", "own", "--text", "Hello.", "--to", "bluesky-main")
    assert "is not about a partner river-keepers who asked to sign off" in shell.refused(
        *LINK, status=2
    )
    assert "there is no delivery 9" in shell.refused(*LINK[:2], "9", *LINK[3:])
