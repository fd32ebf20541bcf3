"""What people do on the pages: by the services of the command line, in their own names."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browsers import NAMES, SETTINGS, Browser, Office
from httpx import Response

from crosspromo.domain.people import Role

BY_HAND = """
[floor]
ratio = "none"

[accounts.free]
network = "sandbox"
imitates = "bluesky"
ratio = "none"

[accounts.hand]
network = "manual"
imitates = "reddit"
subreddit = "river"
ratio = "none"
"""
ASKING = SETTINGS.replace('imitates = "x"', 'imitates = "x"\napproval = "one"')


def state(browser: Browser, number: int = 1) -> str:
    post = browser.get(f"/posts/{number}.json").json()
    return ", ".join(each["state"] for each in post["deliveries"])


def told(browser: Browser, path: str = "/posts/1") -> str:
    text = browser.open(path).text
    return text.partition('class="told"')[2].partition("</div>")[0]


def fields_in(page: str) -> dict[str, str]:
    """Values of the fields of the form that edits."""
    found = dict(re.findall(r'<input [^>]*name="([a-z-]+)"[^>]* value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea [^>]*name="([a-z-]+)"[^>]*>\n([^<]*)</textarea>', page))
    del found["form-token"]
    return {name: unescape(value) for name, value in found.items()}


def fields_of(browser: Browser, path: str) -> dict[str, str]:
    return fields_in(browser.get(path).text)


def daemon_runs(office: Office) -> None:
    """Have the database know of a daemon on another machine."""
    with office.store.write() as unit:
        unit.workers.start("elsewhere-17", office.clock.now())


class TestToday:
    def test_the_first_day_says_with_whom_to_begin(self, reader: Browser, office: Office) -> None:
        assert "<h1>Begin with somebody else</h1>" in reader.get("/").text
        assert 'href="/partners/import"' not in reader.get("/").text
        assert 'href="/partners/import"' in office.signed_in(Role.AUTHOR).get("/").text

    def test_an_empty_day_says_what_is_good_about_it(self, reader: Browser, office: Office) -> None:
        office.queue("Hello")
        office.publish()
        text = reader.get("/").text
        assert "<h1>Nothing needs a person</h1>" in text
        assert "<title>Today · River Valley Alliance</title>" in text

    def test_what_needs_a_person_is_counted_and_has_one_button(self, tmp_path: Path) -> None:
        with Office(tmp_path, ASKING) as office:
            office.queue("Year-end appeal", at=office.clock.now() + timedelta(days=3))
            text = office.signed_in(Role.APPROVER).get("/").text
        assert "<h1>One thing needs a person</h1>" in text
        assert "<title>(1) Today" in text
        assert "“Year-end appeal” by Amira Author" in text
        assert text.count('href="/deliveries/1"') == 1

    def test_a_balance_is_a_sentence_with_marks(self, reader: Browser) -> None:
        text = reader.get("/").text
        assert "0 partner posts, 0 self posts." in text
        assert "<strong>3 more partner posts</strong> are needed for the next self post" in text
        assert text.count("<i class='needed'></i>") == 4  # three for X, one for Bluesky

    def test_what_goes_next_stands_by_day_once_for_all_accounts(
        self, office: Office, reader: Browser
    ) -> None:
        at = office.clock.now() + timedelta(days=1)
        office.queue("Volunteer evening", ("x-main", "bluesky-main"), at=at)
        text = reader.get("/").text
        assert text.count('href="/posts/1"') == 1
        assert '<abbr class="tag" title="bluesky-main">' in text
        assert "Thu 2 Apr" in text

    def test_the_lead_counts_apart_what_goes_what_waits_and_what_a_person_posts(
        self, tmp_path: Path
    ) -> None:
        with Office(tmp_path, SETTINGS + BY_HAND) as office:
            daemon_runs(office)
            at = office.clock.now() + timedelta(hours=3)
            office.queue("Held then", ["x-main"], at=at)
            office.queue("Goes", ["free"], at=at)
            office.queue("By hand", ["hand"], at=at)
            text = office.signed_in(Role.READER).get("/").text
        assert (
            "1 delivery goes by itself until the day after tomorrow. "
            "1 delivery is or would be held. 1 delivery is for a person to post."
        ) in text
        row = text.partition("Held then")[2].partition("</li>")[0]
        assert "Would wait" in row
        assert "3 partner posts short" in row
        assert text.count("Would wait") == 1

    def test_a_post_that_is_held_past_its_time_comes_first(
        self, office: Office, reader: Browser
    ) -> None:
        office.queue("Held")
        office.queue("Tomorrow", at=office.clock.now() + timedelta(days=1))
        office.hold()
        office.clock.advance(timedelta(minutes=5))
        text = reader.get("/").text
        assert 0 < text.find(">Held<") < text.find(">Tomorrow<")
        assert "2 deliveries are or would be held." in text

    def test_nothing_goes_while_no_daemon_runs(self, tmp_path: Path) -> None:
        with Office(tmp_path, SETTINGS + BY_HAND) as office:
            at = office.clock.now() + timedelta(hours=3)
            office.queue("Goes", ["free"], at=at)
            text = office.signed_in(Role.READER).get("/").text
        assert (
            "Nothing goes while no daemon runs. "
            "1 delivery would go by itself until the day after tomorrow."
        ) in text

    def test_a_paused_account_says_who_paused_it_and_is_not_next(self, tmp_path: Path) -> None:
        with Office(tmp_path, SETTINGS + BY_HAND) as office:
            daemon_runs(office)
            now = office.clock.now()
            office.queue("Waits", ["free"], at=now + timedelta(hours=3))
            office.queue("By hand", ["hand"], at=now + timedelta(hours=4))
            admin = office.signed_in(Role.ADMIN)
            admin.send("/pause", {"account": "free", "reason": "storm"})
            text = admin.get("/").text
            next_at = (now + timedelta(hours=4)).astimezone(ZoneInfo("America/Chicago"))
        row = text.partition(">Waits<")[2].partition("</li>")[0]
        assert "Free is paused since" in row
        assert "by Maria Alvarez: “storm”." in row
        assert "Nothing goes by itself until the day after tomorrow. 1 delivery is or" in text
        assert f"next post {next_at:%H:%M}." in text

    def test_nothing_queued_is_not_said_to_be_more_than_nothing(self, tmp_path: Path) -> None:
        with Office(tmp_path, SETTINGS + BY_HAND) as office:
            office.queue("Hello", ["free"])
            office.publish()
            office.clock.advance(timedelta(minutes=1))
            text = office.signed_in(Role.READER).get("/").text
        assert "Nothing is queued until the day after tomorrow." in text

    def test_the_strip_says_that_no_daemon_runs(self, office: Office, reader: Browser) -> None:
        office.queue("Late", at=office.clock.now() + timedelta(minutes=1))
        office.clock.advance(timedelta(hours=1))
        text = reader.get("/").text
        assert "Not sending." in text
        assert "No daemon runs. 1 post is past due." in text


class TestApproving:
    def test_a_draft_is_approved_in_the_name_of_who_is_signed_in(self, tmp_path: Path) -> None:
        settings = ASKING + '[defaults]\napproval_names = "signed-in"\n'
        with Office(tmp_path, settings) as office:
            office.queue()
            approver = office.signed_in(Role.APPROVER)
            assert state(approver) == "draft"
            approver.send("/deliveries/1/approve", page="/posts/1")
            assert state(approver) == "queued"
            history = approver.get("/posts/1.json").json()["history"]
        assert [(each["who"], each["act"]) for each in history] == [
            (NAMES[Role.APPROVER], "approve")
        ]

    def test_an_author_does_not_approve_their_own_post(self, tmp_path: Path) -> None:
        with Office(tmp_path, ASKING) as office:
            office.queue(author=NAMES[Role.APPROVER])
            approver = office.signed_in(Role.APPROVER)
            page = approver.get("/posts/1").text
            assert 'action="/deliveries/1/approve"' not in page
            assert "You wrote it, so somebody else approves it." in page
            answer = approver.send("/deliveries/1/approve")
            assert answer.status_code == 409
            assert state(approver) == "draft"

    def test_a_rejection_asks_for_its_reason(self, tmp_path: Path) -> None:
        with Office(tmp_path, ASKING) as office:
            office.queue()
            approver = office.signed_in(Role.APPROVER)
            answer = approver.send("/deliveries/1/reject", {"reason": " "})
            assert answer.status_code == 422
            assert "what should be changed?" in answer.text.lower()
            approver.send("/deliveries/1/reject", {"reason": "the date is wrong"})
            assert state(approver) == "cancelled"
            assert "the date is wrong" in approver.get("/posts/1").text


class TestChanging:
    def test_the_reason_of_a_rejection_that_came_too_late_is_shown_to_be_copied(
        self, office: Office, author: Browser
    ) -> None:
        office.queue(at=office.clock.now() + timedelta(days=1))
        author.send("/deliveries/1/cancel")
        late = office.signed_in(Role.APPROVER).send(
            "/deliveries/1/reject", {"reason": "The date is wrong"}
        )
        assert late.status_code == 409
        assert "The date is wrong" in late.text

    def test_keys_edit_and_move_a_post_on_one_account(
        self, office: Office, author: Browser
    ) -> None:
        at = office.clock.now() + timedelta(days=1)
        office.queue("One", at=at)
        office.queue("Two", ("x-main", "bluesky-main"), at=at)
        one, two = author.get("/posts/1").text, author.get("/posts/2").text
        assert '/edit" data-key="e"' in one
        assert '/move" data-key="m"' in one
        assert 'data-key="e"' not in two

    def test_a_post_is_moved_as_people_say_times(self, office: Office, author: Browser) -> None:
        office.queue("Hello", ("x-main", "bluesky-main"))
        answer = author.send("/posts/1/move", {"at": "dec 3 9am"}, page="/posts/1/move")
        assert answer.status_code == 303
        assert "Moved on x-main, bluesky-main to Thu 3 Dec 09:00." in told(author)
        post = author.get("/posts/1.json").json()
        assert {each["due_at"] for each in post["deliveries"]} == {"2026-12-03T15:00:00Z"}

    def test_a_time_that_means_two_is_asked_about_and_stays_typed(
        self, office: Office, author: Browser
    ) -> None:
        office.queue()
        answer = author.send("/deliveries/1/move", {"at": "12/1"}, page="/deliveries/1/move")
        assert answer.status_code == 422
        assert 'value="12/1"' in answer.text
        assert 'aria-describedby="at-hint at-error"' in answer.text

    def test_a_post_is_cancelled(self, office: Office, author: Browser) -> None:
        office.queue("Hello", ("x-main", "bluesky-main"))
        author.send("/posts/1/cancel")
        assert state(author) == "cancelled, cancelled"
        assert "Cancelled on x-main, bluesky-main." in told(author)

    def test_a_text_is_edited_and_the_difference_is_nobodys_loss(
        self, office: Office, author: Browser
    ) -> None:
        office.queue("Meet us at the boathouse")
        form = author.get("/deliveries/1/edit").text
        version = form.partition('name="version" value="')[2].partition('"')[0]

        other = office.signed_in(Role.APPROVER)
        theirs = {"text": "Meet us at the old boathouse", "version": version}
        assert other.send("/deliveries/1/edit", theirs).status_code == 303

        mine = {"text": "Meet us at the pier", "version": version}
        answer = author.send("/deliveries/1/edit", mine)
        assert answer.status_code == 409
        assert "Dan Okafor changed this text at" in answer.text
        assert "<del>old boathouse</del><ins>pier</ins>" in answer.text
        assert "Meet us at the pier</textarea>" in answer.text
        post = author.get("/posts/1.json").json()
        assert post["deliveries"][0]["text"] == "Meet us at the old boathouse"

        newer = answer.text.partition('name="version" value="')[2].partition('"')[0]
        again = {"text": "Meet us at the pier", "version": newer}
        assert author.send("/deliveries/1/edit", again).status_code == 303

    def test_fields_that_nobody_touched_in_the_form_stay_as_somebody_else_made_them(
        self, tmp_path: Path
    ) -> None:
        with_titles = SETTINGS + '[accounts.forum]\nnetwork = "sandbox"\nimitates = "reddit"\n'
        with Office(tmp_path, with_titles) as office:
            office.queue("Meet us", ("forum",), title="A walk")
            author, other = office.signed_in(Role.AUTHOR), office.signed_in(Role.APPROVER)
            mine = fields_of(author, "/deliveries/1/edit") | {"text": "Meet us soon"}
            theirs = fields_of(other, "/deliveries/1/edit") | {"title": "A walk together"}
            assert other.send("/deliveries/1/edit", theirs).status_code == 303

            answer = author.send("/deliveries/1/edit", mine)
            assert answer.status_code == 409
            assert "Meet us<ins> soon</ins>" in answer.text
            assert "A walk<ins> together</ins>" in answer.text
            again = fields_in(answer.text)
            assert again["title"] == "A walk together"
            assert author.send("/deliveries/1/edit", again).status_code == 303
            with office.store.read() as unit:
                content = unit.deliveries.get(1).content
        assert (content.title, content.text) == ("A walk together", "Meet us soon")

    def test_a_text_that_is_too_long_is_refused_and_stays_typed(
        self, office: Office, author: Browser
    ) -> None:
        office.queue()
        answer = author.send("/deliveries/1/edit", {"text": "word " * 80})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert "word word" in answer.text

    def test_a_text_that_the_account_has_already_asks_for_a_reason(
        self, office: Office, author: Browser
    ) -> None:
        office.queue("Our report is out")
        office.queue("Meet us at the pier")
        mine = {"text": "Our report is out"}
        refused = author.send("/deliveries/2/edit", mine)
        assert refused.status_code == 422
        assert "Our report is out</textarea>" in refused.text
        assert 'name="allow_duplicate"' in refused.text

        with_reason = {**mine, "allow_duplicate": "the first was late"}
        assert author.send("/deliveries/2/edit", with_reason).status_code == 303
        assert author.get("/posts/2.json").json()["deliveries"][0]["text"] == "Our report is out"

    def test_signs_that_nobody_sees_are_taken_out_with_a_word(
        self, office: Office, author: Browser
    ) -> None:
        office.queue()
        author.send("/deliveries/1/edit", {"text": "Meet us\u202e at the pier"})
        assert "Signs that nobody sees were taken out" in told(author)

    def test_a_held_post_says_why_and_is_released_with_a_reason(
        self, office: Office, approver: Browser
    ) -> None:
        office.queue()
        page = approver.get("/posts/1").text
        assert "0 partner posts &lt; 3 × (0 self posts + this one) = 3" in page
        office.hold()
        page = approver.get("/posts/1").text
        assert 'href="/deliveries/1/release"' in page
        asked = approver.get("/deliveries/1/release").text
        assert "6 more partner posts are needed before the next self post" in asked
        approver.send("/deliveries/1/release", {"reason": "the room changed"})
        assert "the room changed" in approver.get("/audit").text

    def test_a_second_release_is_refused_and_the_first_reason_stays(
        self, office: Office, approver: Browser
    ) -> None:
        office.queue()
        office.hold()
        approver.send("/deliveries/1/release", {"reason": "Board asked"})
        assert 'href="/deliveries/1/release"' not in approver.get("/posts/1").text
        again = approver.send("/deliveries/1/release", {"reason": "again"})
        form = approver.get("/deliveries/1/release")
        for refused in (again, form):
            assert refused.status_code == 409
            assert (
                "Delivery 1 was released already, by Dan Okafor at Wed 2026-04-01" in refused.text
            )
            assert 'name="reason"' not in refused.text
        with office.store.read() as unit:
            override = unit.deliveries.get(1).override
        assert override is not None
        assert override.reason == "Board asked"

    @pytest.mark.parametrize(
        "act", ["edit", "move", "release", "resolve", "by-hand", "reject", "dismiss"]
    )
    def test_a_form_for_what_can_no_longer_be_done_is_a_sentence(
        self, tmp_path: Path, act: str
    ) -> None:
        ungated = SETTINGS + '[floor]\nratio = "none"\n[defaults]\nratio = "none"\n'
        with Office(tmp_path, ungated) as office:
            office.queue()
            office.hold()
            approver = office.signed_in(Role.APPROVER)
            assert state(approver) == "published"
            answer = approver.get(f"/deliveries/1/{act}")
            assert answer.status_code == 409
            assert "Delivery 1 is published" in answer.text
            assert "<textarea" not in answer.text

    def test_nothing_is_deleted_that_never_went_out(
        self, office: Office, approver: Browser
    ) -> None:
        office.queue()
        assert approver.get("/deliveries/1/delete").status_code == 409
        assert approver.send("/deliveries/1/delete").status_code == 409


class TestWhatOnlyAPersonKnows:
    def test_a_post_by_hand_is_copied_and_recorded(self, tmp_path: Path) -> None:
        with Office(tmp_path, SETTINGS + BY_HAND) as office:
            office.queue("Copy <me>", ("hand",), title="A title")
            office.publish()
            approver = office.signed_in(Role.APPROVER)
            page = approver.get("/").text
            assert 'href="/deliveries/1/by-hand"' in page
            assert "Copy &lt;me&gt;</textarea>" in approver.get("/deliveries/1/by-hand").text
            bad = approver.send("/deliveries/1/by-hand", {"url": "javascript:alert(1)"})
            assert bad.status_code == 422
            approver.send("/deliveries/1/by-hand", {"url": "https://reddit.example/1"})
            assert state(approver) == "published"
            assert 'href="https://reddit.example/1"' in approver.get("/posts/1").text


class TestPausing:
    def test_an_admin_pauses_everything_and_everybody_reads_why(
        self, office: Office, admin: Browser
    ) -> None:
        admin.send("/pause", {"account": "", "reason": "flood warning, wait"})
        page = office.signed_in(Role.READER).get("/queue").text
        assert "by Maria Alvarez: “flood warning, wait”." in page
        admin.send("/resume", {"account": ""})
        assert "Paused" not in admin.open("/queue").text

    def test_the_end_of_a_pause_says_why_an_overdue_post_still_waits(
        self, office: Office, admin: Browser
    ) -> None:
        office.queue("Hello")
        office.hold()
        office.clock.advance(timedelta(minutes=1))
        admin.send("/pause", {"account": "", "reason": "storm"})
        admin.send("/resume", {"account": ""})
        assert "“Hello” on x-main: it waits. x-main shared others 0 times" in told(admin, "/")

    def test_before_its_end_what_came_due_is_moved_or_cancelled(
        self, office: Office, admin: Browser
    ) -> None:
        office.queue("Too late now", ["bluesky-main"])
        office.queue("Tomorrow", at=office.clock.now() + timedelta(days=1))
        admin.send("/pause", {"account": "", "reason": "storm"})
        office.clock.advance(timedelta(minutes=1))
        text = admin.get("/resume").text
        assert "Too late now" in text
        assert "Tomorrow" not in text
        assert 'href="/deliveries/1/move"' in text
        assert 'action="/deliveries/1/cancel"' in text

    def test_one_account_is_paused(self, office: Office, admin: Browser) -> None:
        admin.send("/pause", {"account": "x-main", "reason": "storm"})
        assert "X-main is paused" in admin.get("/accounts/x-main").text
        assert admin.get("/accounts.json").json()["accounts"][0]["paused"] is not None


class TestHostileTexts:
    TEXT = "</textarea><script>alert(1)</script> \u202eabc {{ 7 * 7 }}"

    @pytest.mark.parametrize("path", ["/", "/posts/1", "/queue", "/deliveries/1/edit"])
    def test_a_hostile_text_is_shown_as_it_is(
        self, office: Office, approver: Browser, path: str
    ) -> None:
        office.queue(self.TEXT, at=office.clock.now() + timedelta(hours=1))
        text = approver.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text
        assert "49" not in text.partition("&lt;script&gt;")[2][:80]

    def test_a_hostile_query_leads_nowhere(self, office: Office, approver: Browser) -> None:
        office.queue()
        for path in ("/posts/1?account=<script>", "/queue?account='--", "/queue?state=<b>"):
            answer = approver.get(path)
            assert answer.status_code in {200, 404}
            assert "<script>alert" not in answer.text
            assert "<b>" not in answer.text


class TestUndoing:
    """For ten minutes, by who did it, and not where anything else has happened since."""

    def test_a_cancelled_post_comes_back_on_all_its_accounts(
        self, office: Office, author: Browser
    ) -> None:
        at = office.clock.now() + timedelta(days=1)
        office.queue("Hello", ("x-main", "bluesky-main"), at=at)
        before = author.get("/posts/1.json").json()["deliveries"]
        author.send("/posts/1/cancel")
        assert "You cancelled 2 deliveries at" in author.get("/").text

        answer = undo(author)
        assert answer.status_code == 303
        assert author.get("/posts/1.json").json()["deliveries"] == before
        page = author.get("/").text
        assert "You cancelled" not in page
        assert "Cancelling undone" in author.get("/posts/1").text

    def test_a_draft_comes_back_as_a_draft_with_its_approvals(self, tmp_path: Path) -> None:
        two = ASKING.replace('approval = "one"', 'approval = "two"')
        with Office(tmp_path, two) as office:
            office.queue(at=office.clock.now() + timedelta(days=1))
            approver = office.signed_in(Role.APPROVER)
            approver.send("/deliveries/1/approve")
            approver.send("/deliveries/1/cancel")
            undo(approver)
            assert state(approver) == "draft"
            assert "Dan Okafor approved it" in approver.get("/posts/1").text

    def test_a_move_is_taken_back(self, office: Office, author: Browser) -> None:
        office.queue(at=office.clock.now() + timedelta(days=1))
        before = author.get("/posts/1.json").json()["deliveries"]
        author.send("/deliveries/1/move", {"at": "+3h"})
        undo(author)
        assert author.get("/posts/1.json").json()["deliveries"] == before

    @pytest.mark.parametrize("at", [timedelta(hours=20), None], ids=["pinned", "in a slot"])
    def test_a_post_told_to_wait_until_it_is_allowed_goes_back_to_its_time(
        self, tmp_path: Path, at: timedelta | None
    ) -> None:
        slots = SETTINGS.replace('imitates = "x"', 'imitates = "x"\nslots = ["Mon-Sun 13:00"]')
        with Office(tmp_path, slots) as office:
            time = None if at is None else office.clock.now() + at
            number, services = office.queue(at=time), office.workspace.services
            before = services.deliveries.get(number).delivery
            services.act_on_delivery("Amira Author").move(number, None)
            assert services.deliveries.get(number).delivery.when_allowed
            undo = services.undo("Amira Author")
            undo.undo(undo.offered()[0].group)
            after = services.deliveries.get(number).delivery
        assert (after.due_at, after.pinned, after.when_allowed) == (
            before.due_at,
            before.pinned,
            False,
        )

    def test_a_time_that_has_passed_becomes_the_next_free_slot(self, tmp_path: Path) -> None:
        slots = SETTINGS.replace('imitates = "x"', 'imitates = "x"\nslots = ["Mon-Sun 13:00"]')
        with Office(tmp_path, slots) as office:
            office.queue(at=office.clock.now() + timedelta(minutes=5))
            author = office.signed_in(Role.AUTHOR)
            author.send("/deliveries/1/cancel")
            office.clock.advance(timedelta(minutes=8))
            undo(author)
            (delivery,) = author.get("/posts/1.json").json()["deliveries"]
        assert delivery["due_at"] == "2026-04-01T18:00:00Z"

    def test_a_dismissal_is_taken_back(self, office: Office, approver: Browser) -> None:
        office.queue(at=office.clock.now() + timedelta(minutes=1))
        office.clock.advance(timedelta(hours=3))
        office.publish()
        assert state(approver) == "missed"
        approver.send("/deliveries/1/dismiss", {"reason": "too late now"})
        assert approver.get("/.json").json()["needs_person"] == []
        undo(approver)
        (matter,) = approver.get("/.json").json()["needs_person"]
        assert matter["code"] == "missed"

    def test_after_ten_minutes_it_is_over(self, office: Office, author: Browser) -> None:
        office.queue(at=office.clock.now() + timedelta(days=1))
        author.send("/deliveries/1/cancel")
        group = group_on(author.get("/").text)
        office.clock.advance(timedelta(minutes=10))
        assert group_on(author.get("/").text) == ""
        answer = author.send("/undo", {"group": group})
        assert answer.status_code == 409
        assert "ten minutes have passed" in answer.text
        assert state(author) == "cancelled"

    def test_nobody_takes_back_what_another_did(self, office: Office, author: Browser) -> None:
        office.queue(at=office.clock.now() + timedelta(days=1))
        author.send("/deliveries/1/cancel")
        group = group_on(author.get("/").text)
        other = office.signed_in(Role.APPROVER)
        assert other.send("/undo", {"group": group}).status_code == 409
        assert state(author) == "cancelled"

    def test_what_was_changed_since_is_left_alone(self, office: Office, author: Browser) -> None:
        office.queue(at=office.clock.now() + timedelta(days=1))
        author.send("/deliveries/1/move", {"at": "+3h"})
        group = group_on(author.get("/").text)
        other = office.signed_in(Role.APPROVER)
        other.send("/deliveries/1/move", {"at": "+5h"})
        assert author.send("/undo", {"group": group}).status_code == 409
        due_at = author.get("/posts/1.json").json()["deliveries"][0]["due_at"]
        assert due_at == "2026-04-01T17:00:00Z"

    def test_what_has_gone_out_is_not_offered_for_undo(self, tmp_path: Path) -> None:
        with Office(tmp_path, SETTINGS + BY_HAND) as office:
            office.queue("Hello", ["free"], at=office.clock.now() + timedelta(days=1))
            author = office.signed_in(Role.AUTHOR)
            author.send("/deliveries/1/move", {"at": "now"})
            assert group_on(author.get("/").text) != ""
            office.publish()
            assert state(author) == "published"
            assert group_on(author.get("/").text) == ""

    def test_a_rejection_is_not_taken_back(self, office: Office, approver: Browser) -> None:
        office.queue(at=office.clock.now() + timedelta(days=1))
        approver.send("/deliveries/1/reject", {"reason": "the date is wrong"})
        assert group_on(approver.get("/").text) == ""


def group_on(page: str) -> str:
    """The order that a page offers to undo; empty: none."""
    return page.partition('name="group" value="')[2].partition('"')[0]


def undo(browser: Browser) -> Response:
    """Press Undo on Today."""
    group = group_on(browser.get("/").text)
    assert group, "there is nothing to undo"
    return browser.send("/undo", {"group": group})
