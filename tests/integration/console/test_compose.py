"""A post while it is written: previews, drafts, pictures, and queueing by the services."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import PIL.Image
import pytest
from browsers import SETTINGS, Browser, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.requests import Spotlight

ACTION = re.compile(r'action="(/compose/[A-Za-z0-9_-]{12})"')
PRIVATE_PLACE = {34853: {1: "N", 2: (44.0, 58.0, 40.0)}}

X_TWICE = """[accounts.x-other]
network = "sandbox"
imitates = "x"

"""

Fields = Mapping[str, str | Sequence[str]]


def form_of(browser: Browser, path: str = "/compose") -> str:
    """The address to which the form of this page is sent."""
    found = ACTION.search(browser.open(path).text)
    assert found is not None
    return found[1]


def send(
    browser: Browser, draft: str, fields: Fields, act: str = "", **more: Any
) -> httpx.Response:
    """Press a button of the form; its own answer."""
    whole: dict[str, str | Sequence[str]] = {"kind": "own", "when": "slot", "act": act, **fields}
    return browser.send(draft, whole, page="/compose", **more)


def deliveries(browser: Browser, post: int = 1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get(f"/posts/{post}.json").json()["deliveries"]
    return found


def shown(browser: Browser, draft: str) -> str:
    return browser.get(draft).text


def partner(office: Office, slug: str = "river-keepers", name: str = "River Keepers") -> None:
    office.workspace.services.partners.add(Partner(slug=slug, name=name))


def picture(**saving: Any) -> bytes:
    file = BytesIO()
    PIL.Image.new("RGB", (640, 360), "teal").save(file, saving.pop("format", "JPEG"), **saving)
    return file.getvalue()


def upload(data: bytes, name: str = "river.jpg", media_type: str = "image/jpeg") -> dict[str, Any]:
    return {"files": [("files", (name, data, media_type))]}


def kept(text: str) -> list[str]:
    return re.findall(r'name="picture" value="media/([^"]*)"', text)


class TestWithoutScripts:
    def test_a_post_is_previewed_on_each_account_then_queued_there(self, author: Browser) -> None:
        draft = form_of(author)
        typed = {
            "text": "Annual report, https://us.example/report",
            "accounts": ["x-main", "bluesky-main"],
            "when": "at",
            "at": "fri 9:00",
        }
        answer = send(author, draft, typed, "preview")
        assert (answer.status_code, answer.headers["location"]) == (303, draft)
        text = shown(author, draft)
        assert 'class="card" aria-label="x-main"' in text
        assert 'class="card" aria-label="bluesky-main"' in text
        assert "of 280" in text
        assert "of 300" in text
        assert "<u>https://us.example/report</u>" in text
        answer = send(author, draft, typed, "queue")
        assert answer.headers["location"] == "/posts/1"
        assert "Queued on 2 accounts." in author.open("/posts/1").text
        queued = deliveries(author)
        assert {each["account"] for each in queued} == {"x-main", "bluesky-main"}
        assert {each["due_at"] for each in queued} == {"2026-04-03T14:00:00Z"}

    def test_what_is_queued_is_what_the_command_line_would_queue(
        self, office: Office, author: Browser
    ) -> None:
        partner(office)
        asked = Spotlight(author="Amira Author", partner="river-keepers", link="us.example/a")
        (wanted,) = office.workspace.services.queue_post.queue(asked, ["x-main"], dry_run=True)
        typed = {
            "kind": "spotlight",
            "partner": "river-keepers",
            "link": "us.example/a",
            "accounts": "x-main",
        }
        send(author, form_of(author), typed, "queue")
        (queued,) = deliveries(author)
        assert queued["text"] == wanted.view.delivery.content.text
        assert queued["credit"] == "others"

    def test_the_account_says_what_the_post_does_to_its_balance(self, author: Browser) -> None:
        draft = form_of(author)
        send(author, draft, {"text": "Our annual report", "accounts": ["x-main"]}, "preview")
        text = shown(author, draft)
        assert "It would wait." in text
        assert "x-main keeps 3\u202f:\u202f1, so 3 more partner posts must go before it." in text
        assert "It does not go in the next 4 weeks as planned." in text
        assert "0\u202f:\u202f0 at its time, and 0\u202f:\u202f1 if it went then" in text
        assert 'href="/compose?kind=spotlight&amp;to=x-main"' in text

    def test_a_partner_post_goes_at_its_time(self, office: Office, author: Browser) -> None:
        partner(office)
        draft = form_of(author)
        typed = {
            "kind": "spotlight",
            "partner": "river-keepers",
            "accounts": ["x-main"],
            "when": "at",
            "at": "fri 9:00",
        }
        send(author, draft, typed, "preview")
        text = shown(author, draft)
        assert "It would go Fri 3 Apr 09:00." in text
        assert "0\u202f:\u202f0 by then → 1\u202f:\u202f0 with this post" in text

    def test_looking_at_a_draft_queues_nothing(self, office: Office, author: Browser) -> None:
        draft = form_of(author)
        send(author, draft, {"text": "Report", "accounts": ["x-main"]}, "preview")
        for _ in range(3):
            shown(author, draft)
        assert author.get("/queue.json").json()["deliveries"] == []

    def test_enter_in_a_field_shows_the_preview_and_queues_nothing(self, author: Browser) -> None:
        text = author.open("/compose").text
        buttons = re.findall(r'<button[^>]*name="act" value="(\w+)"', text)
        assert buttons[0] == "preview"  # a browser presses the first one

    def test_a_link_begins_the_form(self, office: Office, author: Browser) -> None:
        partner(office)
        text = author.open("/compose?kind=spotlight&partner=river-keepers&to=x-main").text
        assert 'id="kind-spotlight" value="spotlight" checked' in text
        assert 'value="x-main" checked' in text
        assert 'class="card" aria-label="x-main"' in text

    def test_a_template_of_the_workspace_may_write_the_text(
        self, office: Office, author: Browser
    ) -> None:
        for name in ("own/thanks.j2", "own/_signature.j2", "spotlight/x.j2"):
            file = office.folder / "templates" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("Thank you, {{ guest }}!", encoding="utf-8")
        draft = form_of(author)
        page = author.open("/compose").text
        (choice,) = re.findall(r'<select[^>]* name="template".*?</select>', page, re.DOTALL)
        assert re.findall(r'<option value="([^"]+)"', choice) == ["own/thanks"]
        typed = {"template": "own/thanks", "accounts": ["x-main"]}
        assert '<a href="#variables">' in send(author, draft, typed, "queue").text
        send(author, draft, {**typed, "variables": "guest=Ana"}, "queue")
        assert [each["text"] for each in deliveries(author)] == ["Thank you, Ana!"]

    def test_two_accounts_that_may_not_say_the_same_are_told_so(self, tmp_path: Path) -> None:
        settings = SETTINGS.replace("[accounts.bluesky-main]", X_TWICE + "[accounts.bluesky-main]")
        with Office(tmp_path, settings) as office:
            author = office.signed_in(Role.AUTHOR)
            typed = {"text": "The very same", "accounts": ["x-main", "x-other"]}
            answer = send(author, form_of(author), typed, "queue")
        assert answer.status_code == 422
        assert "x-other" in answer.text.partition('role="alert"')[2].partition("</div>")[0]


class TestNames:
    def test_a_partner_and_an_event_are_found_by_name_or_by_a_part_that_only_one_has(
        self, office: Office, author: Browser
    ) -> None:
        partner(office)
        partner(office, "creek-keepers", "Creek Keepers")
        draft = form_of(author)
        fields = {"kind": "spotlight", "accounts": ["bluesky-main"]}
        for typed in ("River Keepers", "river  keepers", "iver ke"):
            send(author, draft, {**fields, "partner": typed}, "preview")
            assert "River Keepers" in shown(author, draft).partition('class="card"')[2]
        send(author, draft, {**fields, "partner": "keepers"}, "preview")
        assert "There is no partner" in shown(author, draft)


class TestDrafts:
    def test_a_draft_is_found_again_with_everything_that_was_typed(self, author: Browser) -> None:
        draft = form_of(author)
        typed = {
            "kind": "notice",
            "text": "Boil water\r\ntoday",
            "reason": "county notice",
            "link": "us.example",
            "title": "Water",
            "allow_duplicate": "again",
            "thread": "yes",
            "markdown": "yes",
            "partner": "river",
            "when": "at",
            "at": "some time",
            "accounts": ["bluesky-main"],
        }
        answer = send(author, draft, typed, "keep")
        assert answer.headers["location"] == draft
        text = author.open(draft).text
        assert "Kept as a draft." in text
        assert "Draft saved 07:00" in text
        for value in ("Boil water\ntoday", "county notice", 'value="some time"', 'value="river"'):
            assert value in text
        assert 'id="kind-notice" value="notice" checked' in text
        assert f'href="{draft}"' in author.open("/compose").text

    def test_drafts_beyond_those_shown_are_counted(self, author: Browser) -> None:
        for number in range(21):
            send(author, form_of(author), {"text": f"Draft {number}"}, act="preview")
        text = author.get("/compose").text
        assert "the latest 20 of 21" in text
        assert text.count('class="next"') == 20

    def test_a_draft_is_nobody_elses(self, office: Office, author: Browser) -> None:
        draft = form_of(author)
        send(author, draft, {"text": "Mine"}, "keep")
        other = office.signed_in(Role.ADMIN)
        assert other.get(draft).status_code == 404
        assert send(other, draft, {"text": "Theirs"}, "keep").status_code == 404
        assert other.send(f"{draft}/preview", {"text": "Theirs"}).status_code == 404
        other.send(f"{draft}/throw-away")
        assert "Mine" in shown(author, draft)

    def test_a_draft_is_queued_once_however_often_the_button_is_pressed(
        self, author: Browser
    ) -> None:
        draft = form_of(author)
        typed = {"text": "Once", "accounts": ["x-main"], "allow_duplicate": "we mean it"}
        first = send(author, draft, typed, "queue")
        second = send(author, draft, typed, "queue")
        assert first.headers["location"] == second.headers["location"] == "/posts/1"
        assert len(author.get("/queue.json").json()["deliveries"]) == 1
        assert author.get(draft).headers["location"] == "/posts/1"
        assert author.send(f"{draft}/preview", {"text": "More"}).status_code == 409

    def test_other_words_in_the_form_of_a_queued_draft_are_kept_as_a_new_one(
        self, author: Browser
    ) -> None:
        draft = form_of(author)
        send(author, draft, {"text": "Once", "accounts": ["x-main"]}, "queue")
        other = {"text": "Twice, in other words", "accounts": ["x-main"]}
        answers = [send(author, draft, other, "queue") for _ in range(2)]
        anew = answers[0].headers["location"]
        assert anew == answers[1].headers["location"] != draft
        page = author.open(anew).text
        assert "The draft was queued before, as post 1" in page
        assert "Twice, in other words</textarea>" in page
        assert len(author.get("/queue.json").json()["deliveries"]) == 1

    def test_a_queue_that_fails_is_tried_again_from_the_same_draft(self, author: Browser) -> None:
        draft = form_of(author)
        for _ in range(2):
            refused = send(author, draft, {"text": "No account"}, "queue")
            assert refused.status_code == 422
            assert f'action="{draft}"' in refused.text
        assert author.get("/compose").text.count("No account") == 1

    def test_two_presses_at_the_same_moment_make_one_post(self, author: Browser) -> None:
        draft = form_of(author)
        typed = {
            "kind": "own",
            "text": "Once",
            "accounts": ["x-main", "bluesky-main"],
            "allow_duplicate": "we mean it",
            "act": "queue",
            "form-token": author.form_token(),
        }
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: author.client.post(draft, data=typed), range(8)))
        assert {each.headers["location"] for each in answers} == {"/posts/1"}
        assert len(author.get("/queue.json").json()["deliveries"]) == 2

    def test_a_draft_that_is_thrown_away_is_gone(self, author: Browser) -> None:
        draft = form_of(author)
        send(author, draft, {"text": "Never mind"}, "keep")
        assert author.send(f"{draft}/throw-away").headers["location"] == "/compose"
        assert author.get(draft).status_code == 404

    def test_a_token_that_the_console_does_not_make_is_refused(self, author: Browser) -> None:
        assert send(author, "/compose/short", {"text": "x"}, "keep").status_code == 404

    def test_a_text_longer_than_any_network_takes_is_refused_and_stays(
        self, author: Browser
    ) -> None:
        answer = send(author, form_of(author), {"text": "a" * 100_001}, "keep")
        assert answer.status_code == 422
        assert "write less" in answer.text
        assert "a" * 100_001 in answer.text


class TestFaults:
    def test_a_fault_stands_at_the_top_with_a_link_and_beside_its_field(
        self, author: Browser
    ) -> None:
        typed = {"text": "Stay", "accounts": ["x-main"], "when": "at", "at": "soon or later"}
        answer = send(author, form_of(author), typed, "queue")
        assert answer.status_code == 422
        summary = answer.text.partition('role="alert"')[2].partition("</div>")[0]
        assert '<a href="#at">' in summary
        assert 'id="at-error"' in answer.text
        assert 'aria-describedby="at-hint at-error"' in answer.text
        assert "Stay" in answer.text
        assert 'value="soon or later"' in answer.text
        assert author.get("/queue.json").json()["deliveries"] == []

    @pytest.mark.parametrize(
        ("typed", "field", "sentence"),
        [
            ({"text": "Hi"}, "accounts", "Choose an account."),
            ({"kind": "spotlight", "accounts": "x-main"}, "partner", "Choose a partner."),
            ({"kind": "event", "accounts": "x-main"}, "event", "Choose an event."),
            ({"text": " ", "accounts": "x-main"}, "text", "nothing to say"),
            ({"text": "a" * 400, "accounts": "x-main"}, "text", "too long by 120"),
            ({"kind": "notice", "text": "a", "accounts": "x-main"}, "reason", "needs a reason"),
            (
                {"kind": "spotlight", "partner": "rivr", "accounts": "x-main"},
                "partner",
                "no partner “rivr”",
            ),
            ({"text": "a", "accounts": "y-main"}, "accounts", "no account"),
            ({"text": "a", "link": "no link", "accounts": "x-main"}, "url", "no link"),
            (
                {"text": "a", "when": "at", "at": "2020-01-01 9:00", "accounts": "x-main"},
                "at",
                "has passed",
            ),
            ({"text": "a", "template": "own/x", "accounts": "x-main"}, "text", "not by both"),
            ({"text": "a", "variables": "none", "accounts": "x-main"}, "variables", "none"),
        ],
    )
    def test_what_is_missing_is_said_at_its_field(
        self, author: Browser, typed: Fields, field: str, sentence: str
    ) -> None:
        answer = send(author, form_of(author), typed, "queue")
        assert answer.status_code == 422
        found = re.search(rf'<a href="#{field}"><bdi>(.*?)</bdi>', answer.text)
        assert found is not None
        assert sentence in found[1].replace("&#34;", "“", 1).replace("&#34;", "”")
        assert author.get("/queue.json").json()["deliveries"] == []

    def test_an_account_that_cannot_have_it_does_not_hide_the_others(self, author: Browser) -> None:
        draft = form_of(author)
        typed = {"text": "word " * 58, "accounts": ["x-main", "bluesky-main"]}
        send(author, draft, typed, "preview")
        text = shown(author, draft)
        assert 'class="card" aria-label="bluesky-main"' in text
        assert 'class="card" aria-label="x-main"' not in text
        assert "x-main: the text is too long" in text

    def test_the_same_said_again_is_refused_until_somebody_says_why(
        self, office: Office, author: Browser
    ) -> None:
        office.queue("The same words")
        draft = form_of(author)
        typed = {"text": "The same words", "accounts": ["x-main"]}
        assert '<a href="#allow_duplicate">' in send(author, draft, typed, "queue").text
        again = {**typed, "allow_duplicate": "they asked for it"}
        assert send(author, draft, again, "queue").status_code == 303


class TestParts:
    """What a script asks for while somebody writes."""

    def test_the_preview_saves_and_comes_without_a_frame(self, author: Browser) -> None:
        draft = form_of(author)
        typed = {"kind": "own", "text": "Live", "accounts": ["x-main"]}
        text = author.send(f"{draft}/preview", typed).text
        assert "<html" not in text
        assert 'id="saved">Draft saved 07:00' in text
        assert 'id="previews"' in text
        assert "4 of 280" in text
        assert "Queue on 1 account" in text
        assert ">\nLive</textarea>" in shown(author, draft)

    def test_the_forecast_follows_by_itself(self, author: Browser) -> None:
        draft = form_of(author)
        typed = {"kind": "own", "text": "Live", "accounts": ["x-main"]}
        text = author.send(f"{draft}/forecast", typed).text
        assert "It would wait." in text
        assert 'id="previews"' not in text
        assert author.get(draft).status_code == 404  # nothing was saved by it

    def test_a_half_written_post_is_saved_with_what_is_wrong(self, author: Browser) -> None:
        draft = form_of(author)
        typed = {"text": "Live", "accounts": ["x-main"], "when": "at", "at": "tue 9:0"}
        answer = author.send(f"{draft}/preview", typed)
        assert answer.status_code == 200
        assert 'role="alert"' not in answer.text  # nobody is interrupted while they write
        assert '<a href="#at">' in answer.text
        assert 'class="card" aria-label="x-main"' in answer.text  # it is shown all the same
        assert 'value="tue 9:0"' in shown(author, draft)
        assert "It would" not in author.send(f"{draft}/forecast", typed).text


class TestPictures:
    def test_a_picture_comes_back_with_a_field_for_its_alt_text_and_goes_with_the_post(
        self, office: Office, author: Browser
    ) -> None:
        draft = form_of(author)
        typed = {"text": "Look", "accounts": ["x-main"]}
        send(author, draft, typed, "preview", **upload(picture()))
        text = shown(author, draft)
        (name,) = kept(text)
        assert "river.jpg" in text
        assert '<label for="alt-1">' in text
        assert author.get(f"/media/{name}").headers["content-type"] == "image/jpeg"
        described = {
            **typed,
            "picture": f"media/{name}",
            "file-name": "river.jpg",
            "alt": "A teal river",
        }
        assert send(author, draft, described, "queue").status_code == 303
        queued = office.workspace.services.deliveries.get(1).delivery.content
        assert [(each.path, each.alt) for each in queued.images] == [
            (f"media/{name}", "A teal river")
        ]
        assert f'<img src="/media/{name}"' in author.open("/posts/1").text  # who approves sees it

    def test_a_picture_without_an_alt_text_is_refused_by_its_own_name(
        self, author: Browser
    ) -> None:
        draft = form_of(author)
        answer = send(
            author, draft, {"text": "Look", "accounts": ["x-main"]}, "queue", **upload(picture())
        )
        assert answer.status_code == 422
        assert '<a href="#pictures">' in answer.text
        summary = answer.text.partition('role="alert"')[2].partition("</div>")[0]
        assert "river.jpg has no alt text" in summary
        assert "edia/" not in summary
        assert len(kept(answer.text)) == 1

    def test_place_and_camera_stay_here(self, office: Office, author: Browser) -> None:
        exif = PIL.Image.Exif()
        exif.update(PRIVATE_PLACE)
        draft = form_of(author)
        send(author, draft, {}, "keep", **upload(picture(exif=exif)))
        (name,) = kept(shown(author, draft))
        sent = PIL.Image.open(BytesIO(author.get(f"/media/{name}").content))
        assert not sent.getexif()

    def test_a_picture_can_be_taken_out(self, author: Browser) -> None:
        draft = form_of(author)
        send(author, draft, {}, "keep", **upload(picture()))
        path = f"media/{kept(shown(author, draft))[0]}"
        fields = {"picture": path, "file-name": "river.jpg", "alt": "", "take-out": path}
        send(author, draft, fields, "preview")
        assert kept(shown(author, draft)) == []

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "is no picture"),
            (b"<script>alert(1)</script>", "is no picture"),
            (b"GIF89a<script>alert(1)</script>", "picture"),
            (picture()[:400], "damaged"),
            (b"%PDF-1.7", "is no picture"),
        ],
    )
    def test_what_is_no_picture_is_refused_and_the_rest_is_kept(
        self, office: Office, author: Browser, data: bytes, sentence: str
    ) -> None:
        draft = form_of(author)
        answer = send(author, draft, {"text": "Kept"}, "queue", **upload(data))
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "alert(1)" not in answer.text
        assert "Kept" in shown(author, draft)
        assert not (office.folder / "media").exists()

    def test_a_bomb_is_not_decoded(self, author: Browser) -> None:
        file = BytesIO()
        PIL.Image.new("1", (20_000, 20_000)).save(file, "PNG")
        answer = send(author, form_of(author), {}, "keep", **upload(file.getvalue(), "bomb.png"))
        assert answer.status_code == 422
        assert "bomb.png has more than 25 million pixels" in answer.text

    def test_more_than_a_form_may_have_is_not_read(self, author: Browser) -> None:
        answer = send(author, form_of(author), {}, "keep", **upload(b"\0" * 24_100_000))
        assert answer.status_code == 413

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("../../crosspromo.toml", "crosspromo.toml"),
            ("..\\..\\x.jpg", "x.jpg"),
            ("/etc/passwd", "passwd"),
            ("<img src=x onerror=alert(1)>.jpg", "&lt;img src=x onerror=alert(1)&gt;.jpg"),
            ("\u202egpj.exe", "gpj.exe"),
            ("a" * 300 + ".jpg", "a" * 76 + ".jpg"),
        ],
    )
    def test_the_name_of_a_file_is_only_shown(
        self, office: Office, author: Browser, name: str, told: str
    ) -> None:
        settings = (office.folder / "crosspromo.toml").read_text(encoding="utf-8")
        draft = form_of(author)
        send(author, draft, {}, "keep", **upload(picture(), name))
        text = shown(author, draft)
        assert f"<bdi>{told}</bdi>" in text
        assert "\u202e" not in text
        names = [each.name for each in (office.folder / "media").iterdir()]
        assert names == kept(text)
        assert (office.folder / "crosspromo.toml").read_text(encoding="utf-8") == settings

    @pytest.mark.parametrize(
        "path", ["/etc/passwd", "crosspromo.toml", "media/../store.db", "media/x.png", ""]
    )
    def test_no_other_file_can_be_named_as_a_picture(self, author: Browser, path: str) -> None:
        fields = {"text": "x", "accounts": "x-main", "picture": path, "file-name": "a", "alt": "b"}
        answer = send(author, form_of(author), fields, "queue")
        assert answer.status_code == 422
        assert "send the picture again" in answer.text

    @pytest.mark.parametrize(
        "name", ["crosspromo.toml", "..%2fcrosspromo.toml", f"{'0' * 64}.png", "x.svg"]
    )
    def test_only_kept_pictures_are_shown(self, reader: Browser, name: str) -> None:
        assert reader.get(f"/media/{name}").status_code == 404


class TestHostileTexts:
    def test_a_text_is_shown_and_never_obeyed(self, author: Browser) -> None:
        draft = form_of(author)
        hostile = '</textarea><script>alert(1)</script>"><img src=x onerror=alert(2)>'
        fields = {
            **dict.fromkeys(("text", "link", "title", "partner", "event", "at", "url"), hostile),
            "accounts": ["x-main", hostile],
            "when": "at",
        }
        for act in ("queue", "keep"):
            assert "<script>alert" not in send(author, draft, fields, act).text
        assert "<script>alert" not in shown(author, draft)
        assert "<img src=x" not in shown(author, draft)
        assert "<script>alert" not in author.send(f"{draft}/preview", fields).text
        assert "<script>alert" not in author.open("/compose").text

    def test_a_partner_with_a_hostile_name_is_a_choice_like_any(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "evil", "</option><script>alert(1)</script>")
        assert "<script>alert" not in author.open("/compose").text


class TestRoles:
    def test_a_reader_writes_nothing(self, office: Office, reader: Browser) -> None:
        assert reader.get("/compose").status_code == 403
        assert send(reader, "/compose/" + "x" * 12, {"text": "x"}, "queue").status_code == 403
        assert 'href="/compose"' not in reader.get("/").text

    def test_a_post_is_in_the_name_of_who_is_signed_in(self, tmp_path: Path) -> None:
        settings = SETTINGS.replace('imitates = "x"', 'imitates = "x"\napproval = "one"')
        with Office(tmp_path, settings) as office:
            approver = office.signed_in(Role.APPROVER)
            fields = {"text": "Mine", "accounts": ["x-main"], "author": "Somebody Else"}
            send(approver, form_of(approver), fields, "queue")
            assert office.workspace.services.deliveries.get(1).delivery.author == "Dan Okafor"
            refused = approver.send("/deliveries/1/approve", page="/posts/1")
            assert refused.status_code == 409

    def test_the_form_needs_its_token(self, author: Browser) -> None:
        draft = form_of(author)
        data = {"kind": "own", "text": "x", "accounts": "x-main", "act": "queue"}
        assert author.client.post(draft, data=data).status_code == 403
        assert author.get(draft).status_code == 404


class TestTimes:
    def test_a_self_post_may_wait_until_it_is_allowed(self, author: Browser) -> None:
        fields = {"text": "Later", "accounts": ["x-main"], "when": "allowed"}
        send(author, form_of(author), fields, "queue")
        assert "Queued on x-main once it is allowed." in author.open("/posts/1").text

    def test_a_typed_time_that_is_not_chosen_is_asked_about(self, author: Browser) -> None:
        draft = form_of(author)
        fields = {"text": "Hello", "accounts": ["bluesky-main"], "when": "slot", "at": "tue 9:00"}
        refused = send(author, draft, fields, "queue")
        assert refused.status_code == 422
        assert "You typed a time." in refused.text
        assert author.get("/posts/1.json").status_code == 404

    def test_what_is_queued_before_counts(self, office: Office, author: Browser) -> None:
        for number in range(3):
            partner(office, f"partner-{number}", f"Partner {number}")
            asked = Spotlight(
                author="Amira Author",
                partner=f"partner-{number}",
                at=office.clock.now() + timedelta(hours=number + 1),
            )
            office.workspace.services.queue_post.queue(asked, ["x-main"])
        draft = form_of(author)
        typed = {"text": "Report", "accounts": ["x-main"], "when": "at", "at": "fri 9:00"}
        send(author, draft, typed, "preview")
        text = shown(author, draft)
        assert "It would go Fri 3 Apr 09:00." in text
        assert "3\u202f:\u202f0 by then → 3\u202f:\u202f1 with this post" in text
