"""A partner signs off by a link, without an account; staff make the link and read the answer."""

import json
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from browsers import Browser, Office
from partners_asked import KEEPERS, TEXT, VERSION, answer, asked_post, link_to, states

from crosspromo.domain.people import Role
from crosspromo.domain.posts import Image
from crosspromo.services.edited_content import Changes
from crosspromo.services.tries import MOST_OF_ADDRESS

HOSTILE = "<script>alert(1)</script>\u202e<b>Keepers</b>"


@pytest.fixture
def post(office: Office) -> int:
    return asked_post(office)


@pytest.fixture
def path(office: Office, post: int) -> str:
    return link_to(office, post)


@pytest.fixture
def partner(office: Office) -> Browser:
    """A browser of somebody without an account."""
    return office.browser()


def edit(office: Office, text: str, delivery: int = 1) -> None:
    office.workspace.services.act_on_delivery("Amira Author").edit(delivery, Changes(text=text))


def needs(office: Office) -> list[tuple[str, str]]:
    matters = office.workspace.services.attention(office.workspace.worker_lock()).matters()
    return [(each.code, getattr(each.detail, "words", "")) for each in matters]


def audit(office: Office) -> list[tuple[str, str, str, str | None]]:
    with office.store.read() as unit:
        return [(each.who, each.act, each.subject, each.reason) for each in unit.audit.entries()]


class TestThePage:
    def test_shows_exactly_what_goes_where_and_when_and_who_asks(
        self, partner: Browser, path: str
    ) -> None:
        text = partner.get(path).text
        assert "For <bdi>River Keepers</bdi>" in text
        assert (
            "Maria Alvarez of River Valley Alliance would like to post it on X and Bluesky on "
            in text
        )
        assert re.search(r"\w{3} \d+ \w{3} 20\d\d, \d\d:\d\d \(Chicago\)", text)
        assert text.count(TEXT) == 2
        assert "On X" in text
        assert "On Bluesky: the same text" in text

    def test_has_no_navigation_no_cookie_and_leaves_no_trace(
        self, partner: Browser, path: str
    ) -> None:
        shown = partner.get(path)
        assert "<nav" not in shown.text
        assert "set-cookie" not in shown.headers
        assert shown.headers["referrer-policy"] == "no-referrer"
        assert shown.headers["x-robots-tag"] == "noindex"
        assert shown.headers["cache-control"] == "no-store"

    def test_is_the_same_for_staff_who_are_signed_in(self, office: Office, path: str) -> None:
        shown = office.signed_in(Role.ADMIN).get(path)
        assert "<nav" not in shown.text
        assert "Maria Alvarez of River" in shown.text
        assert "set-cookie" not in shown.headers

    def test_looking_decides_nothing(self, office: Office, partner: Browser, path: str) -> None:
        for _ in range(3):
            assert partner.get(path).status_code == 200
            assert partner.client.head(path).status_code == 200
        assert partner.get(f"{path}?answer=yes").status_code == 200
        assert states(office) == ["draft", "draft"]

    def test_escapes_what_others_wrote_and_ends_its_direction(self, tmp_path: Path) -> None:
        with Office(tmp_path) as office:
            asked_post(office, "<i>Bank</i> & river", name=HOSTILE)
            path = link_to(office)
            page = office.browser().get(path).text
            answer(office.browser(), path, "change", f"{HOSTILE} please")
            staff = office.signed_in(Role.AUTHOR)
            shown = [page, *(staff.get(each).text for each in ("/", "/posts/1", "/audit", path))]
        for each in shown:
            assert "<script>alert" not in each
            assert "<b>Keepers" not in each
            assert "<i>Bank" not in each
        assert "<bdi>&lt;script&gt;" in page
        for each in shown:
            assert "\u202e" not in re.sub(r"<bdi>.*?</bdi>", "", each, flags=re.DOTALL)

    def test_serves_pictures_for_its_token_alone(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        picture = office.folder / "bank.png"
        picture.write_bytes(_png())
        kept = office.workspace.pictures().taken_in(picture.read_bytes(), "bank.png")
        acts = office.workspace.services.act_on_delivery("Amira Author")
        acts.edit(1, Changes(images=(Image(kept.path, "The bank at dawn"),)))

        page = partner.get(path).text
        assert 'alt="The bank at dawn"' in page
        assert "“The bank at dawn”" in page
        assert partner.get(f"{path}/pictures/1/0").headers["content-type"] == "image/png"
        for missing in (f"{path}/pictures/1/1", f"{path}/pictures/2/0"):
            assert partner.get(missing).status_code == 404
            assert "has ended" not in partner.get(missing).text
        assert partner.get(f"/a/{'x' * 43}/pictures/1/0").status_code == 404
        assert partner.get(f"/media/{kept.path.rpartition('/')[2]}").status_code == 303

    def test_names_places_that_are_posted_to_by_hand_as_staff_call_them(
        self, tmp_path: Path
    ) -> None:
        settings = (
            Office.settings
            + """
[accounts.facebook]
network = "manual"

[accounts.main-letter]
network = "manual"
"""
        )
        with Office(tmp_path, settings) as office:
            asked_post(office, to=["facebook", "main-letter"])
            page = office.browser().get(link_to(office)).text
            queue = office.signed_in(Role.READER).get("/queue").text
        assert "would like to post it on Facebook and main-letter on " in page
        assert "Manual" not in page
        tags = re.findall(r'class="tag" title="([^"]*)">(\w+)<', queue)
        assert tags == [("facebook", "Fb"), ("main-letter", "Mi")]


class TestAnswers:
    def test_yes_signs_on_every_account_and_the_post_goes(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        given = answer(partner, path, "yes")
        assert given.status_code == 303
        assert given.headers["location"] == path
        assert states(office) == ["queued", "queued"]
        shown = partner.get(path).text
        assert "<h1>You said yes</h1>" in shown
        assert ("River Keepers, by link", "approve", "delivery 2", None) in audit(office)
        assert needs(office) == []

    def test_yes_counts_where_names_on_trust_do_not(self, tmp_path: Path) -> None:
        settings = Office.settings + 'approval_names = "signed-in"\n'
        with Office(tmp_path, settings) as office:
            asked_post(office, to=["bluesky-main"])
            answer(office.browser(), link_to(office), "yes")
            assert states(office) == ["queued"]

    def test_yes_stands_beside_the_approval_of_staff(self, tmp_path: Path) -> None:
        settings = Office.settings + 'approval = "one"\n'
        with Office(tmp_path, settings) as office:
            asked_post(office, to=["bluesky-main"])
            answer(office.browser(), link_to(office), "yes")
            assert states(office) == ["draft"]
            assert office.signed_in(Role.APPROVER).send("/deliveries/1/approve").status_code == 303
            assert states(office) == ["queued"]

    def test_a_wish_for_a_change_reaches_staff_and_ends_with_the_change(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "change", "Say Sunday, not Saturday.")
        assert states(office) == ["draft", "draft"]
        assert needs(office) == [("change-asked", "Say Sunday, not Saturday.")]
        today = office.signed_in(Role.AUTHOR).get("/").text
        assert "River Keepers asks for a change of" in today
        assert "“Say Sunday, not Saturday.”" in today
        assert 'href="/deliveries/1"' in today
        edit(office, TEXT.replace("Saturday", "Sunday"))
        assert needs(office) == []
        shown = partner.get(path).text
        assert "Changed since you answered" in shown
        assert "<del>Saturday.</del><ins>Sunday.</ins>" in shown

    def test_a_wish_for_a_change_needs_words(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        refused = answer(partner, path, "change", " \u200b")
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
        assert needs(office) == []

    def test_no_cancels_everywhere_and_reaches_staff_until_somebody_takes_note(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "no", "We are not ready.")
        assert states(office) == ["cancelled", "cancelled"]
        assert needs(office) == [("partner-refused", "We are not ready.")]
        shown = partner.get(path).text
        assert "<h1>You said no</h1>" in shown
        assert "<button" not in shown
        author = office.signed_in(Role.AUTHOR)
        assert "River Keepers said no to" in author.get("/").text
        assert "We are not ready." in author.get("/posts/1").text
        assert author.send(f"/posts/1/sign-off/{KEEPERS}/call-back").status_code == 303
        assert needs(office) == []

    def test_many_words_are_shortened_on_today_and_whole_on_the_post(
        self, office: Office, reader: Browser, path: str
    ) -> None:
        said = "Say Sunday. " + "It matters. " * 150 + "Thank you."
        answer(office.browser(), path, "change", said)
        today = reader.get("/").text
        assert "“Say Sunday. It matters." in today
        assert "Thank you." not in today
        assert said in reader.get("/posts/1").text

    def test_no_needs_no_words(self, office: Office, partner: Browser, path: str) -> None:
        answer(partner, path, "no")
        assert states(office) == ["cancelled", "cancelled"]
        assert "They gave no reason." in office.signed_in(Role.READER).get("/").text

    def test_the_same_answer_again_changes_nothing(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        version = VERSION.search(partner.get(path).text)
        assert version is not None
        answer(partner, path, "yes", version=version[1])
        before = audit(office)
        for _ in range(2):
            assert answer(partner, path, "yes", version=version[1]).status_code == 303
        assert audit(office) == before

    def test_a_partner_may_change_their_mind(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "yes")
        answer(partner, path, "change", "Wait, the name is wrong.")
        assert states(office) == ["draft", "draft"]
        office.clock.advance(timedelta(days=3))
        office.publish()
        assert "published" not in states(office)

    def test_a_no_holds_for_what_staff_put_back_afterwards(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "yes")
        author = office.signed_in(Role.AUTHOR)
        author.send("/deliveries/1/cancel")
        answer(partner, path, "no", "Please do not.")
        group = author.get("/").text.partition('name="group" value="')[2].partition('"')[0]
        assert author.send("/undo", {"group": group}).status_code == 303
        office.clock.advance(timedelta(days=3))
        office.publish()
        assert states(office) == ["queued", "cancelled"]

    def test_after_a_no_there_is_nothing_more_to_say(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        version = VERSION.search(partner.get(path).text)
        assert version is not None
        answer(partner, path, "no", version=version[1])
        answer(partner, path, "yes", version=version[1])
        assert states(office) == ["cancelled", "cancelled"]
        assert "<h1>You said no</h1>" in partner.get(path).text

    def test_an_answer_that_is_none_of_the_three_does_nothing(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        assert answer(partner, path, "maybe").status_code == 200
        assert states(office) == ["draft", "draft"]


class TestSilence:
    def test_a_day_before_the_post_staff_are_told_that_an_answer_lacks(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        office.clock.advance(timedelta(days=1, hours=23))
        assert needs(office) == []
        office.clock.advance(timedelta(hours=2))
        assert [code for code, _ in needs(office)] == ["sign-off-lacks"]
        today = office.signed_in(Role.READER).get("/").text
        assert "River Keepers has not answered about" in today
        answer(partner, path, "yes")
        assert needs(office) == []

    @pytest.mark.parametrize("called_back", [False, True])
    def test_a_day_before_the_post_staff_are_told_that_nobody_was_asked(
        self, office: Office, post: int, called_back: bool
    ) -> None:
        if called_back:
            link_to(office)
            office.workspace.services.sign_off_links("Amira").call_back(1, KEEPERS)
        office.clock.advance(timedelta(days=2, hours=1))
        assert [code for code, _ in needs(office)] == ["sign-off-lacks"]
        today = office.signed_in(Role.AUTHOR).get("/").text
        assert "River Keepers has not been asked about" in today
        assert re.search(r'href="/deliveries/1"[^>]*>Make a link…', today)
        assert today.count('href="/deliveries/') == 1
        assert "<h1>One thing needs a person</h1>" in today

    def test_a_draft_that_waits_for_staff_too_is_for_both(self, tmp_path: Path) -> None:
        settings = Office.settings + 'approval = "one"\n'
        with Office(tmp_path, settings) as office:
            asked_post(office, to=["bluesky-main"])
            reader = office.signed_in(Role.READER)
            assert reader.get("/.json").json()["to_approve"] == [1]
            office.clock.advance(timedelta(days=2, hours=1))
            link_to(office)
            assert [code for code, _ in needs(office)] == ["sign-off-lacks"]
            answer(office.browser(), link_to(office), "yes")
            assert states(office) == ["draft"]
            assert needs(office) == []
            assert reader.get("/.json").json()["to_approve"] == [1]

    def test_a_yes_to_an_earlier_text_is_no_answer(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "yes")
        edit(office, TEXT.replace("twelve", "thirteen"))
        office.clock.advance(timedelta(days=2, hours=1))
        assert [code for code, _ in needs(office)] == ["sign-off-lacks"]

    def test_silence_is_not_consent(self, office: Office, path: str) -> None:
        office.clock.advance(timedelta(days=3))
        office.publish()
        assert states(office) == ["draft", "draft"]
        assert [code for code, _ in needs(office)] == ["approval", "approval"]


class TestEdits:
    def test_an_answer_to_an_earlier_text_is_refused_with_the_difference(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        version = VERSION.search(partner.get(path).text)
        assert version is not None
        edit(office, TEXT.replace("twelve", "thirteen"))
        refused = answer(partner, path, "yes", "Fine.", version=version[1])
        assert refused.status_code == 409
        assert "after <del>twelve</del><ins>thirteen</ins> miles" in refused.text
        assert "your answer was not taken" in refused.text
        assert "Fine." in refused.text
        assert states(office) == ["draft", "draft"]
        assert answer(partner, path, "yes").status_code == 303
        assert states(office) == ["queued", "queued"]

    def test_an_edit_voids_a_yes_and_the_same_link_asks_again(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "yes")
        edit(office, TEXT.replace("twelve", "thirteen"))
        assert states(office) == ["draft", "queued"]
        shown = partner.get(path).text
        assert "<h1>May we post this about you?</h1>" in shown
        assert "Changed since you answered" in shown
        answer(partner, path, "yes")
        assert states(office) == ["queued", "queued"]

    def test_a_yes_holds_for_what_is_left_when_the_rest_is_sent_or_taken_out(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "yes")
        office.workspace.services.act_on_delivery("Amira").cancel(2)
        shown = partner.get(path).text
        assert "<h1>You said yes</h1>" in shown
        assert "On Bluesky it was cancelled and is not posted." in shown
        assert "Changed since" not in shown
        (asked,) = office.signed_in(Role.READER).get("/posts/1.json").json()["sign_offs"]
        assert asked["link"]["current"] is True

    def test_another_time_is_told_and_not_asked(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "yes")
        acts = office.workspace.services.act_on_posts("Amira Author")
        acts.acts.move(1, office.clock.now() + timedelta(days=4))
        assert states(office) == ["queued", "queued"]
        shown = partner.get(path).text
        assert "<h1>You said yes</h1>" in shown
        assert "The time is another than before" in shown


class TestTheEnd:
    @pytest.fixture
    def over(self, partner: Browser) -> str:
        return partner.get(f"/a/{'x' * 43}").text

    def test_an_unknown_link_says_whom_to_write_to_and_nothing_else(
        self, partner: Browser, post: int, over: str
    ) -> None:
        assert partner.get(f"/a/{'y' * 43}").status_code == 404
        assert "<h1>This link has ended</h1>" in over
        assert "River Valley Alliance" in over
        assert "Keepers" not in over
        assert "/sign-in" not in over

    def test_a_link_that_was_called_back_shows_the_same_page(
        self, office: Office, partner: Browser, path: str, over: str
    ) -> None:
        office.workspace.services.sign_off_links("Amira").call_back(1, KEEPERS)
        for answered in (partner.get(path), answer(partner, path, "yes", version="0" * 64)):
            assert answered.status_code == 410
            assert answered.text == over
        assert states(office) == ["draft", "draft"]

    def test_a_new_link_ends_the_one_before(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        newer = link_to(office)
        assert partner.get(path).status_code == 410
        assert partner.get(newer).status_code == 200

    def test_a_link_ends_an_hour_before_the_post_is_due(
        self, office: Office, partner: Browser, path: str, over: str
    ) -> None:
        office.clock.advance(timedelta(days=2, hours=22, minutes=59))
        assert partner.get(path).status_code == 200
        office.clock.advance(timedelta(minutes=1))
        ended = answer(partner, path, "yes", version="0" * 64)
        assert (ended.status_code, ended.text) == (410, over)

    def test_a_post_that_was_sent_or_taken_out_says_so(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        answer(partner, path, "yes")
        office.workspace.services.act_on_delivery("Amira").cancel(2)
        office.clock.advance(timedelta(days=3))
        office.publish()
        assert states(office) == ["published", "cancelled"]
        shown = partner.get(path).text
        assert "On X it was posted on " in shown
        assert "On Bluesky it was cancelled and is not posted." in shown
        assert "<button" not in shown

    def test_too_many_links_that_never_were_are_refused_without_a_look(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        for number in range(MOST_OF_ADDRESS):
            assert partner.get(f"/a/{number:043}").status_code == 404
        assert partner.get(f"/a/{'z' * 43}").status_code == 429
        assert partner.get(path).status_code == 429
        assert office.signed_in(Role.READER).get("/").status_code == 200
        assert office.browser().sign_in("Rita Reader").status_code == 303
        office.clock.advance(timedelta(minutes=16))
        assert partner.get(path).status_code == 200


class TestTheSecret:
    def test_a_form_of_another_site_is_refused(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        version = VERSION.search(partner.get(path).text)
        assert version is not None
        fields = {"answer": "no", "version": version[1]}
        for headers in (
            {"origin": "https://evil.example"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "cross-site", "origin": "null"},
        ):
            answered = partner.client.post(path, data=fields, headers=headers)
            assert answered.status_code == 403, headers
            assert answered.headers["referrer-policy"] == "no-referrer"
        assert states(office) == ["draft", "draft"]

    def test_a_browser_that_sends_no_referrer_has_the_origin_null(
        self, office: Office, partner: Browser, path: str
    ) -> None:
        version = VERSION.search(partner.get(path).text)
        assert version is not None
        fields = {"answer": "yes", "version": version[1]}
        answered = partner.client.post(path, data=fields, headers={"origin": "null"})
        assert answered.status_code == 303

    def test_the_token_is_nowhere_in_the_database_and_in_no_log(
        self, office: Office, partner: Browser, path: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        token = path.removeprefix("/a/")
        with caplog.at_level(logging.DEBUG):
            partner.get(path)
            answer(partner, path, "change", "Please wait.")
            answer(partner, path, "no", "No.")
            office.workspace.services.sign_off_links("Amira").call_back(1, KEEPERS)
            partner.get(path)
        logged = [r.getMessage() for r in caplog.records if not r.name.startswith("http")]
        assert token not in json.dumps(logged)
        for suffix in ("", "-wal"):
            assert token.encode() not in (office.folder / f"store.db{suffix}").read_bytes()

    def test_a_fault_of_ours_is_logged_without_the_token(
        self,
        office: Office,
        partner: Browser,
        path: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        with office.store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE sign_off_links SET said = 'no JSON'")
        assert partner.get(path).status_code == 500
        told = "".join(each.getMessage() for each in caplog.records if "crosspromo" in each.name)
        assert "page /a/… could not be made" in told
        assert path not in told

    def test_only_the_hash_finds_a_link(self, office: Office, partner: Browser, path: str) -> None:
        with office.store.engine.connect() as connection:
            stored = connection.exec_driver_sql("SELECT token FROM sign_off_links").scalar_one()
        assert partner.get(f"/a/{stored}").status_code == 404
        for odd in ("%00", "%2e%2e", "a" * 5_000, "%F0%9F%8C%8A", "' OR 1=1 --"):
            assert partner.get(f"/a/{odd}").status_code == 404


class TestStaff:
    def test_an_author_makes_a_link_and_sees_it_once(
        self, office: Office, author: Browser, post: int
    ) -> None:
        before = author.get("/posts/1").text
        assert "wants to sign off, and has no link yet." in before
        assert "Make a link for River Keepers" in before
        made = author.send(f"/posts/1/sign-off/{KEEPERS}", page="/posts/1")
        assert made.status_code == 303
        shown = author.get("/posts/1").text
        found = re.search(r'<input readonly value="([^"]*/a/[\w-]{43})"', shown)
        assert found is not None
        assert found[1].startswith(f"{office.address}/a/")
        assert office.browser().get(found[1].removeprefix(office.address)).status_code == 200
        again = author.get("/posts/1").text
        assert "/a/" not in again
        assert "has not answered. The link, made by Amira Author, ends" in again
        assert "Make a new link for River Keepers" in again

    def test_the_answer_stands_on_the_page_and_in_its_document(
        self, office: Office, reader: Browser, path: str
    ) -> None:
        answer(office.browser(), path, "yes", "With pleasure.")
        text = reader.get("/posts/1").text
        assert "said yes" in text
        assert "With pleasure." in text
        assert "<form" not in text.partition("Sign-off")[2].partition("History")[0]
        (asked,) = reader.get("/posts/1.json").json()["sign_offs"]
        assert asked["signed"] is True
        assert asked["link"]["answer"] == "yes"
        assert asked["link"]["current"] is True
        assert "token" not in asked["link"]

    def test_a_yes_stands_when_an_account_is_cancelled_and_the_link_called_back(
        self, office: Office, reader: Browser, path: str
    ) -> None:
        office.workspace.services.act_on_delivery("Amira").cancel(1)
        answer(office.browser(), path, "yes")
        office.workspace.services.sign_off_links("Amira").call_back(1, KEEPERS)
        text = reader.get("/posts/1").text
        assert "agrees to exactly this." in text
        assert "has no link yet" not in text

    def test_a_yes_stands_when_a_new_link_is_made(
        self, office: Office, reader: Browser, path: str
    ) -> None:
        answer(office.browser(), path, "yes")
        link_to(office)
        text = reader.get("/posts/1").text
        assert "agrees to exactly this. The link, made by Maria Alvarez, ends" in text
        assert "has not answered" not in text

    def test_the_history_has_links_and_answers(
        self, office: Office, reader: Browser, path: str
    ) -> None:
        answer(office.browser(), path, "change", "Sunday, please.")
        text = reader.get("/posts/1").text
        assert "Made a link to sign off" in text
        assert "River Keepers, by link" in text
        assert "Sunday, please." in text

    def test_it_is_refused_where_no_link_would_help(
        self, office: Office, author: Browser, post: int
    ) -> None:
        assert author.send("/posts/1/sign-off/nobody", page="/queue").status_code == 404
        own = office.queue("Ours alone")
        with office.store.read() as unit:
            ours = unit.deliveries.get(own).post
        assert author.send(f"/posts/{ours}/sign-off/{KEEPERS}", page="/queue").status_code == 409
        assert author.send(f"/posts/1/sign-off/{KEEPERS}/call-back").status_code == 409
        office.clock.advance(timedelta(days=2, hours=23, minutes=30))
        assert author.send(f"/posts/1/sign-off/{KEEPERS}", page="/queue").status_code == 409
        assert "There is no time for a link" in author.get("/posts/1").text


def _png() -> bytes:
    from io import BytesIO  # noqa: PLC0415

    from PIL import Image as Pillow  # noqa: PLC0415

    file = BytesIO()
    Pillow.new("RGB", (40, 30), "#0072b2").save(file, "PNG")
    return file.getvalue()
