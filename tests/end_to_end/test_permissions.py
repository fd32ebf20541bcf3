"""What partners, and people on images, agreed to: recorded, needed, and withdrawn."""

from io import BytesIO

import PIL.Image
from end_to_end.shell import Shell

YES = ("--agreed-by", "Ana Ruiz", "--on", "2026-01-01", "--evidence", "mail")
CONSEQUENCES = {"drafts", "in_flight", "stands"}
LOGO = ("queue", "own", "--to", "bluesky-main", "--text", "Together", "--shows")


def test_a_post_that_lacks_a_permission_says_which_command_records_it(shell: Shell) -> None:
    said = shell.refused(*LOGO, "logo:river-keepers")
    assert "has not agreed to have their logo shown" in said
    assert "crosspromo permission add river-keepers --scope logo --agreed-by NAME" in said

    shell.ok("permission", "add", "river-keepers", "--scope", "logo", *YES)
    shell.ok(*LOGO, "logo:river-keepers")
    assert "logo:PARTNER or photo:PARTNER" in shell.refused(*LOGO, "river-keepers", status=2)


def test_a_withdrawal_makes_drafts_and_says_so(shell: Shell) -> None:
    added = shell.ok("permission", "add", "river-keepers", "--scope", "logo", *YES, "--json").json
    number = str(added["permission"]["number"])
    shell.ok(*LOGO, "logo:river-keepers")
    done = shell.ok("permission", "withdraw", number, "--reason", "they left", "--json").json
    assert done.keys() == {"permission", *CONSEQUENCES}
    assert done["drafts"] == [1]
    assert done["permission"]["withdrawn_why"] == "they left"
    assert shell.delivery(1)["state"] == "draft"
    told = shell.run("status", "--json").json["needs_person"]
    assert [each["code"] for each in told] == ["permission-withdrawn"]
    assert "withdrawn: they left" in shell.ok("permission", "list", "river-keepers").out


def test_a_no_of_somebody_on_an_image_makes_drafts(shell: Shell) -> None:
    file = BytesIO()
    PIL.Image.new("RGB", (60, 40), "teal").save(file, "PNG")
    (shell.folder / "river.png").write_bytes(file.getvalue())
    image = ("--image", "river.png", "--alt", "The river at dawn")
    shell.ok("queue", "own", "--to", "bluesky-main", "--text", "Dawn", *image)
    answer = ("--person", "Sam Lee", "--given-by", "Sam Lee", "--evidence", "mail")
    no = shell.ok("permission", "photo", "river.png", *answer, "--consent", "no", "--json").json
    assert no.keys() == {"photo_consent", *CONSEQUENCES}
    assert no["drafts"] == [1]
    assert "Sam Lee" in shell.ok("permission", "photos").out
    assert shell.ok("permission", "photos", "--json").json == {
        "photo_consents": [no["photo_consent"]]
    }
    number = str(no["photo_consent"]["number"])
    done = shell.ok("permission", "withdraw-photo", number, "--reason", "a mistake", "--json").json
    assert done["photo_consent"]["withdrawn_why"] == "a mistake"
