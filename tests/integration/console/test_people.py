"""The pages about people: admins look after them, and everybody after themselves."""

import re

import pyotp
from browsers import NAMES, PASSWORD, Browser, Office

from crosspromo.domain.people import Role


def test_an_admin_invites_somebody_whose_link_is_shown_once(office: Office, admin: Browser) -> None:
    fields = {"name": "Dan / Okafor", "role": "approver", "mail": "dan@rva.example"}
    answer = admin.send("/people", fields, page="/people")
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")

    shown = admin.get("/people").text
    link = re.search(r"/invited/[\w-]{43}", shown)
    assert link is not None
    assert f"{office.address}{link[0]}" in shown
    assert "/invited/" not in admin.get("/people").text

    invited = office.browser()
    invited.send(link[0], {"password": PASSWORD, "again": PASSWORD}, page=link[0])
    assert "Dan / Okafor" in invited.get("/").text


def test_what_was_typed_stays_where_a_name_is_taken(office: Office, admin: Browser) -> None:
    office.person(Role.READER)
    fields = {"name": NAMES[Role.READER].lower(), "role": "author", "mail": "rita@rva.example"}
    answer = admin.send("/people", fields, page="/people")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="rita@rva.example"' in answer.text


def test_no_person_has_the_name_of_a_partner_in_the_audit_log(admin: Browser) -> None:
    for name in ("River Keepers, by link", "River Keepers , By  LINK", "partner:river-keepers"):
        answer = admin.send("/people", {"name": name, "role": "author"}, page="/people")
        assert answer.status_code == 422, name
        assert "stands for a partner" in answer.text


def test_a_role_is_given_and_an_only_admin_stays_one(office: Office, admin: Browser) -> None:
    office.person(Role.READER)
    name = NAMES[Role.READER]
    admin.send("/people/role", {"person": name, "role": "author"}, page="/people")
    roles = {each["name"]: each["role"] for each in admin.get("/people.json").json()["people"]}
    assert roles[name] == "author"

    own = {"person": NAMES[Role.ADMIN], "role": "reader"}
    answer = admin.send("/people/role", own, page="/people")
    assert answer.status_code == 409
    assert "is the only admin" in answer.text


def test_a_removed_person_is_out_and_the_name_stays_taken(office: Office, admin: Browser) -> None:
    reader = office.signed_in(Role.READER)
    admin.send("/people/remove", {"person": NAMES[Role.READER]}, page="/people")
    assert reader.get("/").status_code == 303
    again = admin.send("/people", {"name": NAMES[Role.READER], "role": "reader"}, page="/people")
    assert "for one person for good" in again.text
    assert "stands for one person for good" in again.text


def test_everybody_sees_their_sessions_and_ends_the_others(office: Office) -> None:
    one = office.signed_in(Role.READER)
    other = office.browser(**{"User-Agent": "Lynx <b>2.9</b>"})
    other.sign_in(NAMES[Role.READER])
    assert "Lynx &lt;b&gt;2.9&lt;/b&gt;" in one.get("/me").text

    one.send("/me/sessions/end", page="/me")
    assert other.get("/").status_code == 303
    assert one.get("/me").status_code == 200


def test_a_new_password_asks_for_the_old_one(office: Office, reader: Browser) -> None:
    new = "seven quiet otters swim"
    fields = {"old": "a wrong password", "new": new, "again": new}
    assert reader.send("/me/password", fields, page="/me").status_code == 422
    fields["old"] = PASSWORD
    assert reader.send("/me/password", fields, page="/me").status_code == 303
    assert office.browser().sign_in(NAMES[Role.READER], new).status_code == 303


def test_a_second_step_is_set_up_with_a_code_of_the_app(office: Office, reader: Browser) -> None:
    page = reader.get("/me/second-step").text
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)
    assert secret is not None
    wrong = {"secret": secret[1], "code": "000000"}
    assert reader.send("/me/second-step", wrong, page="/me").status_code == 422
    right = {"secret": secret[1], "code": pyotp.TOTP(secret[1]).at(office.clock.now())}
    assert reader.send("/me/second-step", right, page="/me").status_code == 303
    assert office.browser().sign_in(NAMES[Role.READER]).status_code == 401
    content = b"".join(file.read_bytes() for file in office.folder.glob("store.db*"))
    assert secret[1].encode() not in content


def test_a_theme_is_kept_by_the_browser(reader: Browser) -> None:
    assert "data-theme" not in reader.get("/").text
    reader.send("/me/theme", {"theme": "dark"}, page="/me")
    assert '<html lang="en" data-theme="dark">' in reader.get("/").text
    reader.send("/me/theme", {"theme": "<b>"}, page="/me")
    assert "data-theme" not in reader.get("/").text


def test_the_strip_can_be_had_alone_and_leaves_what_was_told(
    office: Office, admin: Browser
) -> None:
    admin.send("/pause", {"account": "", "reason": "storm"})
    strip = admin.get("/strip").text
    assert "Paused since" in strip
    assert "<html" not in strip
    assert "Everything is paused." in admin.get("/").text
    assert office.browser().get("/strip").status_code == 303
