"""Address books as phones and mail programs write them."""

from crosspromo.domain.partners import Partner
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake.partners import PartnerRows, open_partners, read_rows
from crosspromo.phrasing.errors import of_row
from crosspromo.testing.clock import START

PHONE = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mu=C3=B1oz;Rosa;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Rosa=20Mu=C3=B1oz
ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Caf=C3=A9=20=
Rivi=C3=A8re
TEL;CELL:+1 555 0100
TEL;WORK:555 0101
EMAIL;HOME:rosa@riviere.example
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoH
 BwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/

END:VCARD
"""
MAC = """BEGIN:VCARD
VERSION:3.0
N:;;;;
FN:River Keepers
ORG:River Keepers;Water Office
X-ABShowAs:COMPANY
item1.URL;type=pref:https://riverkeepers.example/a?b=1\\,2
item1.X-ABLabel:_$!<HomePage>!$_
URL:https://twitter.com/RvKeepers_ex
URL:https://shop.riverkeepers.example
X-SOCIALPROFILE;type=mastodon:https://social.example/@river
X-SOCIALPROFILE;type=facebook:http://www.facebook.com/rk.example
X-SOCIALPROFILE;type=Bluesky;x-user=rk:x-apple:riverkeepers.bsky.social
CATEGORIES:Water,Rivers,501c3
NOTE:They meet on Tuesdays.\\nBring
  boots\\; it is wet.
ADR;type=WORK:;;1 River Road;Dubuque;IA;52001;USA
END:VCARD
"""


def read(text: str) -> PartnerRows:
    return read_rows(open_partners(text.replace("\n", "\r\n").encode()))


def partners(text: str) -> list[Partner]:
    rows = read(text)
    assert rows.errors == ()
    return [row.applied_to(None, START) for row in rows.items]


def told(text: str) -> list[str]:
    return [of_row(each, UTC_ZONE) for each in read(text).warnings]


def test_a_card_of_a_phone_is_its_organisation_and_the_person_is_a_note() -> None:
    assert partners(PHONE) == [
        Partner(
            "cafe-riviere",
            "Café Rivière",
            notes={
                "Contact": "Rosa Muñoz",
                "Email": "rosa@riviere.example",
                "Phone": "+1 555 0100; 555 0101",
            },
        )
    ]


def test_addresses_and_profiles_are_sorted_into_website_handles_and_notes() -> None:
    assert partners(MAC) == [
        Partner(
            "river-keepers",
            "River Keepers",
            website="https://riverkeepers.example/a?b=1,2",
            handles={
                "bluesky": "riverkeepers.bsky.social",
                "x": "RvKeepers_ex",
                "mastodon": "river@social.example",
            },
            topics=("Water", "Rivers"),
            status="c3",
            notes={
                "Address": "1 River Road, Dubuque, IA, 52001, USA",
                "Social media": "facebook: http://www.facebook.com/rk.example",
                "Further addresses": "https://shop.riverkeepers.example",
                "Note": "They meet on Tuesdays.\nBring boots; it is wet.",
            },
        )
    ]


def test_a_card_without_an_organisation_is_a_person() -> None:
    (partner,) = partners("BEGIN:VCARD\nN:Meyer;Rosa;;Dr.;\nEND:VCARD\n")
    assert (partner.name, partner.kind) == ("Dr. Rosa Meyer", "individual")


def test_cards_of_one_organisation_are_one_partner() -> None:
    cards = "".join(
        f"BEGIN:VCARD\nFN:{name}\nORG:Food Bank\nURL:https://{name}.example\nEND:VCARD\n"
        for name in ("ana", "ben")
    )
    (partner,) = partners(cards)
    assert partner.website == "https://ana.example"
    assert partner.notes == {"Contact": "ana; ben", "website (2)": "https://ben.example"}
    assert told(cards) == [
        'row 2: is about "food-bank" like row 1, and what it says more was added to that'
    ]


def test_what_a_card_does_not_say_stays_as_it_is() -> None:
    (row,) = read("BEGIN:VCARD\nORG:A\nNOTE:b\nEND:VCARD\n").items
    assert (row.texts, row.handles, row.lists) == ({"name": "A"}, {}, {})
    assert row.notes == {"Note": "b"}


def test_a_card_without_a_name_and_one_inside_another_are_left_out() -> None:
    inner = "BEGIN:VCARD\nFN:Assistant\nEND:VCARD\n"
    cards = f"BEGIN:VCARD\nTEL:1\nEND:VCARD\nBEGIN:VCARD\nORG:A\nAGENT:\n{inner}END:VCARD\n"
    assert [each.slug for each in partners(cards)] == ["a"]
    assert told(cards) == ["file: 1 card has no name and was left out"]


def test_an_address_book_that_ends_early_is_read_so_far() -> None:
    assert [
        each.slug for each in partners("BEGIN:VCARD\nORG:A\nEND:VCARD\nBEGIN:VCARD\nORG:B")
    ] == [
        "a",
        "b",
    ]
