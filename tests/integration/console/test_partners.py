"""Partners in the console: whom we shared longest ago, one partner, and imports of spreadsheets."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

import httpx
import pytest
from browsers import Browser, Office
from signing_off import save_asking
from workbooks import ods, row, xlsx

from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.partner_people import PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.permissions import Scope
from crosspromo.domain.received import ReceivedKind
from crosspromo.domain.requests import Spotlight
from crosspromo.services.partner_people import PersonChanges
from crosspromo.services.partners import PartnerChanges
from crosspromo.services.permissions import NewPermission
from crosspromo.testing.clock import START

EVIL = "</bdi><script>alert(1)</script>"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')
KEPT = re.compile(r'name="kept" value="([^"]*)"')
ROWS = re.compile(r'<th scope="row"><a href="/partners/([a-z-]+)">')


def partner(office: Office, slug: str, name: str = "", **known: object) -> None:
    office.workspace.services.partners.add(Partner(slug, name or slug.title(), **known))  # type: ignore[arg-type]  # fields of a partner


def share(office: Office, slug: str) -> None:
    """Have a post about the partner go out on both accounts."""
    at = office.clock.now() + timedelta(hours=1)
    asked = Spotlight(author="Amira Author", partner=slug, at=at)
    office.workspace.services.queue_post.queue(asked, ["x-main", "bluesky-main"])
    office.clock.advance(timedelta(hours=1))
    office.publish()


def plan(office: Office, slug: str) -> None:
    at = office.clock.now() + timedelta(hours=5)
    asked = Spotlight(author="Amira Author", partner=slug, at=at)
    office.workspace.services.queue_post.queue(asked, ["x-main"])


class TestList:
    def test_those_who_were_shared_longest_ago_come_first(
        self, office: Office, author: Browser
    ) -> None:
        for slug in ("aspen", "birch", "cedar"):
            partner(office, slug)
        share(office, "birch")
        office.clock.advance(timedelta(days=1))
        share(office, "aspen")
        text = author.get("/partners").text
        assert ROWS.findall(text) == ["cedar", "birch", "aspen"]
        assert "<h1>1 of 3 partners were not shared" not in text
        assert "<h1>1 of 3 partners was not shared within 90 days</h1>" in text
        assert "In 90 days they got 2 posts from us." in text

    def test_those_past_due_come_before_them_and_can_be_chosen(self, office: Office) -> None:
        for slug, closeness in (("aspen", ""), ("birch", "close"), ("cedar", "close")):
            office.workspace.services.partners.add(Partner(slug, slug, closeness=closeness))
        share(office, "birch")
        office.clock.advance(timedelta(days=33))
        share(office, "aspen")
        author = office.signed_in(Role.AUTHOR)
        text = author.get("/partners").text
        assert ROWS.findall(text) == ["birch", "cedar", "aspen"]
        assert "<strong>3 days past due</strong>" in text
        assert "Past due 1" in text
        assert '<a href="/suggestions">Suggestions 0</a>' in text
        for show, slugs in (
            ("due", ["birch"]),
            ("close", ["birch", "cedar"]),
            ("never", ["cedar"]),
            ("nonsense", ["birch", "cedar", "aspen"]),
        ):
            assert ROWS.findall(author.get(f"/partners?show={show}").text) == slugs

    def test_what_is_due_stands_on_today_with_a_button(self, office: Office) -> None:
        office.workspace.services.partners.add(Partner("birch", "Birch", closeness="close"))
        share(office, "birch")
        office.clock.advance(timedelta(days=33))
        diary = office.workspace.services.partner_diary("kim")
        diary.follow_up("birch", "call <b>them</b>", office.clock.now().date())
        author, reader = office.signed_in(Role.AUTHOR), office.signed_in(Role.READER)
        today = author.get("/").text
        assert "Partners due" in today
        assert "3 days past due: last shared " in today
        assert "Due today: follow-up, call &lt;b&gt;them&lt;/b&gt;" in today
        assert "/compose?kind=spotlight&amp;partner=birch" in today
        assert "/compose?kind=spotlight&amp;partner=birch" not in reader.get("/").text
        due = author.get("/.json").json()["partners_due"]
        assert [(each["partner"], each["why"], each["over_days"]) for each in due] == [
            ("birch", "cadence", 3),
            ("birch", "follow-up", 0),
        ]

    def test_a_post_on_two_accounts_is_one_share(self, office: Office, reader: Browser) -> None:
        partner(office, "aspen")
        share(office, "aspen")
        (found,) = reader.get("/partners.json").json()["partners"]
        assert (found["slug"], found["given"], found["queued"]) == ("aspen", 1, 0)
        assert found["last_shared_at"] == "2026-04-01T13:00:00Z"

    def test_a_post_made_without_crosspromo_is_a_share_too(
        self, office: Office, reader: Browser
    ) -> None:
        partner(office, "aspen")
        sheet = "account,published_at,credit,partner,url\n"
        sheet += "x-main,2026-04-01 06:00,others,aspen,https://x.example/1\n"
        office.workspace.services.count_outside("kim").import_(sheet.encode(), "posts.csv")
        (found,) = reader.get("/partners.json").json()["partners"]
        assert (found["given"], found["last_shared_at"]) == (1, "2026-04-01T11:00:00Z")

    def test_what_was_deleted_is_no_share(self, office: Office, reader: Browser) -> None:
        partner(office, "aspen")
        share(office, "aspen")
        for number in (1, 2):
            office.workspace.services.act_on_delivery("kim").delete(number)
        (found,) = reader.get("/partners.json").json()["partners"]
        assert (found["given"], found["last_shared_at"]) == (0, None)

    def test_a_share_of_long_ago_is_still_the_last_one(self, office: Office) -> None:
        partner(office, "aspen")
        share(office, "aspen")
        office.clock.advance(timedelta(days=200))
        reader = office.signed_in(Role.READER)
        (found,) = reader.get("/partners.json").json()["partners"]
        assert (found["given"], found["last_shared_at"]) == (0, "2026-04-01T13:00:00Z")

    def test_what_is_queued_is_told_with_its_time(self, office: Office, reader: Browser) -> None:
        partner(office, "aspen")
        plan(office, "aspen")
        assert "<td>12:00</td>" in reader.get("/partners").text

    def test_a_button_leads_to_a_post_about_them(self, office: Office, author: Browser) -> None:
        partner(office, "aspen", "Aspen Alliance")
        path = "/compose?kind=spotlight&amp;partner=aspen"
        assert f'href="{path}"' in author.get("/partners").text
        form = author.get(path.replace("&amp;", "&")).text
        assert 'value="spotlight" checked' in form
        assert 'name="partner" type="text" value="aspen"' in form

    def test_a_reader_has_no_buttons(self, office: Office, reader: Browser) -> None:
        partner(office, "aspen")
        for path in ("/partners", "/partners/aspen"):
            text = reader.get(path).text
            assert "/compose" not in text
            assert "/archive" not in text.replace("show=archived", "")

    def test_without_partners_it_says_how_to_begin(self, author: Browser) -> None:
        text = author.get("/partners").text
        assert "<h1>Begin with somebody else</h1>" in text
        assert 'href="/partners/import"' in text

    def test_a_long_list_is_cut_with_a_word_and_a_way_to_the_rest(
        self, office: Office, reader: Browser
    ) -> None:
        with office.store.write() as unit:
            unit.partners.save_all([Partner(f"p-{n}", f"P {n}") for n in range(120)], [], START)
        assert reader.get("/partners").text.count('<th scope="row">') == 100
        assert 'href="?all=yes"' in reader.get("/partners").text
        assert reader.get("/partners?all=yes").text.count('<th scope="row">') == 120


class TestOne:
    def test_it_says_by_how_much_the_next_share_is_past_due(
        self, office: Office, reader: Browser
    ) -> None:
        partner(office, "aspen", closeness="close")
        share(office, "aspen")
        assert "We last shared them on" in reader.get("/partners/aspen").text
        with office.store.write() as unit:
            unit.partners.save(Partner("aspen", "Aspen", cadence_days=30), START)
        office.clock.advance(timedelta(days=47))
        later = office.signed_in(Role.READER, "Lena Looker").get("/partners/aspen").text
        assert "days past due: we last shared them on" in later
        assert "and mean to every 30 days." in later

    def test_the_page_has_what_was_shared_what_is_queued_and_what_is_known(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "aspen", "Aspen", handles={"x": "aspen"}, why="They plant trees.")
        share(office, "aspen")
        text = author.get("/partners/aspen").text
        assert "We last shared them on Wed 1 Apr. In 90 days they got 1 post from us." in text
        assert "went out" in text
        assert "They plant trees." in text
        assert "@aspen" in text
        assert "Nothing about them is queued." in text

    def test_accounts_whose_states_differ_are_named(self, office: Office, author: Browser) -> None:
        partner(office, "aspen")
        share(office, "aspen")
        office.workspace.services.act_on_delivery("kim").delete(1)
        text = author.get("/partners/aspen").text
        assert "deleted on x-main; went out on bluesky-main" in text

    def test_a_partner_who_wants_to_see_posts_says_so(
        self, office: Office, author: Browser
    ) -> None:
        with office.store.write() as unit:
            save_asking(unit, Partner("aspen", "Aspen"))
        assert "every post about them, before it goes" in author.get("/partners/aspen").text

    def test_people_and_the_diary_are_shown_and_a_follow_up_is_done(
        self, office: Office, author: Browser, reader: Browser
    ) -> None:
        partner(office, "aspen")
        people = office.workspace.services.partner_people("kim")
        people.add("aspen", PersonChanges("Kim Rivera", (PartnerRole.KEY_CONTACT,), phone="555"))
        page = "/partners/aspen"
        fields = {"kind": "follow-up", "words": "Ask for <b>photos</b>", "day": "tomorrow"}
        assert author.send("/partners/aspen/diary", fields, page=page).status_code == 303
        shown = author.open(page).text
        assert "Kim Rivera" in shown
        assert "key contact, 555" in shown
        assert "Ask for &lt;b&gt;photos&lt;/b&gt;" in shown
        assert "/partners/aspen/diary/1/done" in shown
        assert "/diary" not in reader.open(page).text
        assert author.send("/partners/aspen/diary/1/done", page=page).status_code == 303
        assert "Follow-up, done" in author.open(page).text
        found = author.get("/partners/aspen.json").json()
        assert [each["name"] for each in found["people"]] == ["Kim Rivera"]
        assert [each["kind"] for each in found["diary"]] == ["follow-up"]

    def test_a_promise_is_made_and_noted_as_kept_or_not(
        self, office: Office, author: Browser, reader: Browser
    ) -> None:
        partner(office, "aspen")
        page = "/partners/aspen"
        for kind in ("our-promise", "their-promise"):
            fields = {"kind": kind, "words": f"<b>{kind}</b>", "day": "tomorrow"}
            assert author.send(f"{page}/diary", fields, page=page).status_code == 303
        shown = author.open(page).text
        assert "Our promise" in shown
        assert f'action="{page}/diary/1/kept"' in shown
        assert f'formaction="{page}/diary/1/not-kept"' in shown
        assert "/kept" not in reader.open(page).text
        assert reader.send(f"{page}/diary/1/kept", page=page).status_code == 403
        assert author.send(f"{page}/diary/1/kept", page=page).status_code == 303
        assert author.send(f"{page}/diary/2/not-kept", page=page).status_code == 303
        done = author.open(page).text
        assert "Our promise, kept" in done
        assert "Their promise, not kept" in done
        assert "/kept" not in done
        assert author.send(f"{page}/diary/1/kept", page=page).status_code == 409

    def test_the_record_and_the_last_contacts_are_shown_to_staff(
        self, office: Office, author: Browser
    ) -> None:
        partner(
            office,
            "aspen",
            closeness="close",
            owner="Ben",
            support="+",
            needs=("a <b>hall</b>",),
            most_posts=2,
            most_posts_days=7,
            notice_hours=48,
        )
        services = office.workspace.services
        services.partner_diary("kim").note("aspen", "met", None, EntryKind.CONTACT)
        services.receiving("kim").add("aspen", ReceivedKind.SHARE, office.clock.now())
        text = author.get("/partners/aspen").text
        for words in (
            *("every 30 days", "they support us", "2 posts in 7 days", "48 hours", "2026-04-01"),
            *("a &lt;b&gt;hall&lt;/b&gt;", "Last received", "Who keeps up"),
        ):
            assert words in text
        found = author.get("/partners/aspen.json").json()
        assert found["last_received_at"] == "2026-04-01T12:00:00Z"
        assert found["last_noted_contact"] == "2026-04-01"

    def test_a_note_without_words_is_a_sentence(self, office: Office, author: Browser) -> None:
        partner(office, "aspen")
        fields = {"kind": "note", "words": " ", "day": ""}
        answer = author.send("/partners/aspen/diary", fields, page="/partners/aspen")
        assert answer.status_code == 409
        assert "note needs words" in answer.text

    def test_an_unknown_partner_is_a_page_that_says_so(self, reader: Browser) -> None:
        assert reader.get("/partners/nobody").status_code == 404

    def test_archiving_says_what_still_goes_and_is_taken_back(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "aspen")
        plan(office, "aspen")
        done = author.send("/partners/aspen/archive", page="/partners/aspen")
        assert done.headers["location"] == "/partners/aspen"
        text = author.open("/partners/aspen").text
        assert "1 delivery about them still goes out." in text
        assert "/compose?kind=spotlight" not in text
        assert "aspen" not in ROWS.findall(author.get("/partners").text)
        assert ROWS.findall(author.get("/partners?show=archived").text) == ["aspen"]
        author.send("/partners/aspen/unarchive", page="/partners/aspen")
        assert ROWS.findall(author.get("/partners").text) == ["aspen"]


def look(browser: Browser, data: bytes, name: str = "list.csv") -> httpx.Response:
    """Send a spreadsheet to be looked at."""
    files = {"file": (name, data, "text/csv")}
    page = "/partners/import"
    return browser.send(page, {"act": "look"}, page="/me", files=files)


def carry_on(browser: Browser, shown: str, **fields: str | Sequence[str]) -> httpx.Response:
    """Press the button of the page that was shown, with the file that it keeps."""
    seen, kept = SEEN.search(shown), KEPT.search(shown)
    assert kept is not None
    whole = {"kept": kept[1], "kept-name": "list.csv", "seen": seen[1] if seen else ""}
    return browser.send("/partners/import", {"act": "import", **whole, **fields}, page="/me")


SHEET = b"slug,name,why\naspen,Aspen,They plant trees\nbirch,Birch,\n"


class TestImport:
    def test_looking_shows_each_field_and_writes_nothing(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "aspen", "Aspen", why="They plant")
        text = look(author, SHEET).text
        assert "1 new partner, 1 changed." in text
        assert "<del><bdi>They plant</bdi></del>" in text
        assert "<ins><bdi>They plant trees</bdi></ins>" in text
        assert office.workspace.services.partners.get("aspen").why == "They plant"
        assert len(office.workspace.services.partners.list()) == 1

    def test_the_file_is_kept_between_the_steps(self, office: Office, author: Browser) -> None:
        shown = look(author, SHEET).text
        assert carry_on(author, shown).headers["location"] == "/partners/import"
        names = [each.name for each in office.workspace.services.partners.list()]
        assert names == ["Aspen", "Birch"]
        text = author.open("/partners/import").text
        assert "Imported: 2 new partners." in text
        assert "list.csv" in text

    @pytest.mark.parametrize(
        "data",
        [
            xlsx(("name", "website"), ("Aspen", "aspen.example")),
            ods(row("name", "website") + row("Aspen", "aspen.example")),
            b"BEGIN:VCARD\r\nORG:Aspen\r\nURL:https://aspen.example\r\nEND:VCARD\r\n",
        ],
        ids=["xlsx", "ods", "vcard"],
    )
    def test_workbooks_and_address_books_are_shown_and_imported(
        self, office: Office, author: Browser, data: bytes
    ) -> None:
        shown = look(author, data).text
        assert "1 new partner." in shown
        assert carry_on(author, shown).status_code == 303
        found = office.workspace.services.partners.get("aspen")
        assert (found.name, found.website) == ("Aspen", "https://aspen.example")

    def test_a_new_partner_who_is_perhaps_known_is_named(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "aspen", "Aspen", website="https://aspen.example")
        shown = look(author, b"name,website\nAspen Grove,www.aspen.example\n").text
        assert "Perhaps the same" in shown
        assert "aspen-grove (new) and aspen have one website." in shown

    def test_what_was_not_shown_is_not_imported(self, office: Office, author: Browser) -> None:
        shown = look(author, SHEET).text
        partner(office, "aspen", "Aspen", why="Written meanwhile")
        answer = carry_on(author, shown)
        assert answer.status_code == 422
        assert "Something was changed meanwhile" in answer.text
        assert office.workspace.services.partners.get("aspen").why == "Written meanwhile"
        assert carry_on(author, answer.text).status_code == 303

    def test_nothing_is_imported_unseen(self, office: Office, author: Browser) -> None:
        files = {"file": ("list.csv", SHEET, "text/csv")}
        answer = author.send(
            "/partners/import", {"act": "import"}, page="/partners/import", files=files
        )
        assert answer.status_code == 422
        assert not office.workspace.services.partners.list()

    def test_a_proposed_heading_is_accepted_by_importing_and_can_be_chosen_otherwise(
        self, office: Office, author: Browser
    ) -> None:
        sheet = b"Organization,Mission\nAspen,They plant trees\n"
        shown = look(author, sheet).text
        assert "name (proposed)" in shown
        assert "why we share them (proposed)" in shown
        chosen = {"heading": ["Organization", "Mission"], "column": ["", "notes"]}
        again = carry_on(author, shown, act="look", **chosen).text
        assert '<option value="notes" selected>' in again
        assert carry_on(author, again, **chosen).status_code == 303
        found = office.workspace.services.partners.get("aspen")
        assert (found.why, dict(found.notes)) == ("", {"Mission": "They plant trees"})

    def test_without_a_name_it_asks_which_heading_is_the_name(
        self, office: Office, author: Browser
    ) -> None:
        answer = look(author, b"Wer,Was\nAspen,Trees\n")
        assert answer.status_code == 422
        assert 'name="heading" value="Wer"' in answer.text
        chosen = {"heading": ["Wer", "Was"], "column": ["name", ""]}
        shown = carry_on(author, answer.text, act="look", **chosen).text
        assert "1 new partner." in shown
        assert carry_on(author, shown, **chosen).status_code == 303
        assert office.workspace.services.partners.get("aspen").name == "Aspen"

    def test_rows_that_cannot_be_read_are_named_and_the_others_go_on(
        self, office: Office, author: Browser
    ) -> None:
        shown = look(author, b"slug,name\nNo Slug,Bad\naspen,Aspen\n").text
        assert "row 2, column slug" in shown
        assert "Import all but those rows" in shown
        assert carry_on(author, shown).status_code == 303
        assert [each.slug for each in office.workspace.services.partners.list()] == ["aspen"]

    def test_an_import_is_taken_back(self, office: Office, author: Browser) -> None:
        partner(office, "aspen", "Aspen", why="They plant")
        carry_on(author, look(author, SHEET).text)
        asked = author.get("/partners/import/1/undo").text
        assert "1 partner: as before." in asked
        assert "1 new partner: removed." in asked
        assert office.workspace.services.partners.get("aspen").why == "They plant trees"
        done = author.send("/partners/import/1/undo", page="/partners/import/1/undo")
        assert done.status_code == 303
        assert office.workspace.services.partners.get("aspen").why == "They plant"
        assert author.get("/partners/import/1/undo").status_code == 409

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"PK\x03\x04" + b"\0" * 40, "list.csv"),
            (b"%PDF-1.7", "list.csv"),
            (b"", "Choose a file."),
            (b"\xff\xfe\0\0", "list.csv"),
            (b"name,why\n" + b"x" * 1_000_001, "The file list.csv has more than 1 megabyte"),
        ],
    )
    def test_what_is_no_spreadsheet_is_refused(
        self, office: Office, author: Browser, data: bytes, sentence: str
    ) -> None:
        answer = look(author, data)
        assert answer.status_code == 422
        assert sentence in answer.text.partition('role="alert"')[2].partition("</div>")[0]
        assert not office.workspace.services.partners.list()

    def test_more_than_a_form_may_have_is_not_read(self, author: Browser) -> None:
        assert look(author, b"x" * 2_700_000).status_code == 413

    def test_a_kept_file_that_was_tampered_with_is_refused(self, author: Browser) -> None:
        fields = {"act": "look", "kept": "ÿ not base64", "kept-name": "x"}
        answer = author.send("/partners/import", fields, page="/me")
        assert answer.status_code == 422
        assert "is damaged" in answer.text

    def test_hostile_names_and_cells_are_shown_and_never_obeyed(
        self, office: Office, author: Browser
    ) -> None:
        sheet = f'slug,name,why,"{EVIL}"\naspen,"{EVIL}","=cmd|\' /C calc\'!A0","{EVIL}"\n'
        shown = look(author, sheet.encode(), f"{EVIL}.csv").text
        assert "<script>alert" not in shown
        carry_on(author, shown)
        for path in ("/partners", "/partners/aspen", "/partners/import", "/find?q=alert"):
            text = author.open(path).text
            assert "<script>alert" not in text, path
        assert "alert(1)" in author.open("/partners").text
        lines = author.get("/partners.csv").text.splitlines()
        assert "'=cmd|" in lines[1]
        assert not re.search(r'(?:^|,)"?[=+@-]', lines[1].replace(",-", ""))

    def test_a_reader_imports_nothing(self, reader: Browser) -> None:
        assert reader.get("/partners/import").status_code == 403
        assert look(reader, SHEET).status_code == 403


class TestPermissions:
    def test_the_page_of_a_partner_lists_what_they_agreed_to(
        self, office: Office, reader: Browser
    ) -> None:
        partner(office, "aspen")
        assert "They have not agreed to anything yet." in reader.get("/partners/aspen").text
        service = office.workspace.services.permissions("Amira Author")
        day = office.clock.now().date()
        new = NewPermission("aspen", Scope.LOGO, "Ana", day, EVIL, ("bluesky",))
        number = service.add(new).permission.number
        text = reader.get("/partners/aspen").text
        assert "Agreed to have their logo shown, bluesky" in text
        assert EVIL not in text
        service.withdraw(number, "they left")
        assert "Withdrawn by Amira Author: they left" in reader.get("/partners/aspen").text


class TestChangingPermissions:
    HERE = "/partners/aspen/permissions"
    YES: ClassVar[dict[str, str]] = {
        "scope": "logo",
        "networks": "x, bluesky",
        "agreed_by": "Ana <b>Ruiz</b>",
        "day": "today",
        "until": "2026-09-01",
        "evidence": "a mail",
    }

    def test_one_is_recorded_and_withdrawn_with_a_reason(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "aspen")
        assert self.HERE in author.get("/partners/aspen").text
        answer = author.send(self.HERE, self.YES, page=self.HERE)
        assert (answer.status_code, answer.headers["location"]) == (303, self.HERE)
        shown = author.get(self.HERE).text
        assert "Recorded: they agreed" in shown
        assert "Ana &lt;b&gt;Ruiz&lt;/b&gt;" in shown
        (kept,) = author.get(f"{self.HERE}.json").json()["permissions"]
        assert (kept["scope"], kept["networks"]) == ("logo", ["bluesky", "x"])

        blank = author.send(f"{self.HERE}/1/withdraw", {"reason": " "}, page=self.HERE)
        assert blank.status_code == 422
        author.send(f"{self.HERE}/1/withdraw", {"reason": "they left"}, page=self.HERE)
        assert "Withdrawn by Amira Author: they left" in author.get(self.HERE).text

    def test_what_cannot_be_used_is_said_and_what_was_typed_stays(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "aspen")
        for fields, words in (
            ({"evidence": " "}, "say where the answer can be seen"),
            ({"networks": "myspace"}, "nobody knows myspace"),
            ({"day": "soon"}, "soon"),
            ({"until": "2020-01-01"}, "before they agreed"),
        ):
            answer = author.send(self.HERE, {**self.YES, **fields}, page=self.HERE)
            assert answer.status_code == 422
            assert words in answer.text.lower()
            assert 'value="Ana &lt;b&gt;Ruiz&lt;/b&gt;"' in answer.text

    def test_a_reader_changes_nothing(self, office: Office, reader: Browser) -> None:
        partner(office, "aspen")
        assert reader.get(self.HERE).status_code == 403
        assert self.HERE not in reader.get("/partners/aspen").text


def was(fields: dict[str, str]) -> dict[str, str]:
    """Hidden fields of a form that showed these values."""
    return {f"shown-{name}": value for name, value in fields.items()}


class TestEditing:
    HERE = "/partners/aspen/edit"

    def test_what_is_typed_is_kept_and_the_rest_stays(
        self, office: Office, author: Browser
    ) -> None:
        office.workspace.services.partners.add(
            Partner("aspen", "Aspen", topics=("Water", "Trees"), closeness="broad", why="Trees.")
        )
        form = author.get(self.HERE).text
        assert 'value="Water; Trees"' in form
        shown = {"name": "Aspen", "why": "Trees.", "topics": "Water; Trees", "closeness": "broad"}
        typed = {**shown, "closeness": "close", "owner": "Ben", "cadence_days": "20"}
        answer = author.send(self.HERE, {**was(shown), **typed}, page=self.HERE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/partners/aspen")
        kept = office.workspace.services.partners.get("aspen")
        assert (kept.closeness, kept.owner, kept.cadence_days) == ("close", "Ben", 20)
        assert (kept.topics, kept.why) == (("Water", "Trees"), "Trees.")

    def test_what_cannot_be_used_is_said_and_nothing_is_kept(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "aspen")
        for fields, words in (
            ({"name": " "}, "name"),
            ({"name": "Aspen", "cadence_days": "often"}, "is no whole number"),
            ({"name": "Aspen", "most_posts": "3"}, "a limit needs both"),
            ({"name": "Aspen", "status": "friends"}, "friends"),
        ):
            shown = was({"name": "Aspen", "owner": ""} | dict.fromkeys(fields, ""))
            typed = {**shown, "shown-name": "Aspen", **fields, "owner": "Ben"}
            answer = author.send(self.HERE, typed, page=self.HERE)
            assert answer.status_code == 422
            assert words in answer.text.lower()
            assert 'value="Ben"' in answer.text
        assert office.workspace.services.partners.get("aspen").owner == ""

    def test_what_somebody_else_changed_meanwhile_stays(
        self, office: Office, author: Browser
    ) -> None:
        partner(office, "aspen")
        shown = was({"name": "aspen", "owner": "", "why": ""})
        office.workspace.services.partners.edit("aspen", PartnerChanges(owner="Cem", why="Trees."))
        mine = {"name": "aspen", "owner": "Ben", "why": ""}
        refused = author.send(self.HERE, {**shown, **mine}, page=self.HERE)
        assert refused.status_code == 422
        assert "was changed meanwhile, and is &#34;Cem&#34; now" in refused.text
        assert 'value="Ben"' in refused.text
        author.send(self.HERE, {**shown, "name": "Aspen", "owner": "", "why": ""}, page=self.HERE)
        kept = office.workspace.services.partners.get("aspen")
        assert (kept.name, kept.owner, kept.why) == ("Aspen", "Cem", "Trees.")

    def test_a_reader_sees_no_form(self, office: Office, reader: Browser) -> None:
        partner(office, "aspen")
        assert reader.get(self.HERE).status_code == 403
        assert self.HERE not in reader.get("/partners/aspen").text
