"""Partners, added, changed and imported as a page would: what is kept, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crosspromo.domain.errors import Refused
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.inputs import BadHandle
from crosspromo.domain.reasons.not_found import NoSuchPartner
from crosspromo.domain.reasons.partners import UnknownChoice
from crosspromo.services.partner_fields import MOST_IN_FOCUS
from crosspromo.services.partners import PartnerChanges, PartnerService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

KEEPERS = Partner(slug="", name="River Keepers", why="They clean our river.", tag_ok=True)


@pytest.fixture
def partners(store: Store) -> PartnerService:
    return PartnerService(store, FakeClock())


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def test_a_slug_is_made_from_the_name(partners: PartnerService) -> None:
    assert partners.add(KEEPERS) == replace(KEEPERS, slug="river-keepers")
    assert partners.get("river-keepers").why == "They clean our river."


def test_a_new_partner_never_takes_the_place_of_another(partners: PartnerService) -> None:
    partners.add(KEEPERS)
    assert code_of(lambda: partners.add(replace(KEEPERS, why="Else"))) == "partner-exists"
    assert partners.get("river-keepers").why == "They clean our river."


@pytest.mark.parametrize(
    ("partner", "code"),
    [
        (Partner(slug="", name=" "), "name-missing"),
        (Partner(slug="", name="河"), "name-makes-no-slug"),
        (Partner(slug="River Keepers", name="River Keepers"), "bad-slug"),
        (Partner(slug="x", name="X", handles={"x": "not a handle"}), "bad-handle"),
    ],
)
def test_what_cannot_be_a_partner_is_refused(
    partners: PartnerService, partner: Partner, code: str
) -> None:
    assert code_of(lambda: partners.add(partner)) == code
    assert partners.list() == []


def test_handles_are_kept_bare(partners: PartnerService) -> None:
    added = partners.add(replace(KEEPERS, handles={"x": "@keepers", "elsewhere": "@us"}))
    assert added.handles == {"x": "keepers", "elsewhere": "us"}


def test_an_edit_keeps_what_it_does_not_name(partners: PartnerService) -> None:
    partners.add(replace(KEEPERS, handles={"x": "keepers"}, topics=("Water",)))
    edited = partners.edit(
        "river-keepers", PartnerChanges(handles={"bluesky": "keepers.example"}, tag_ok=False)
    ).partner
    assert edited.handles == {"x": "keepers", "bluesky": "keepers.example"}
    assert (edited.topics, edited.tag_ok, edited.why) == (("Water",), False, KEEPERS.why)
    assert partners.get("river-keepers") == edited


def test_an_edit_that_cannot_be_changes_nothing(partners: PartnerService) -> None:
    partners.add(KEEPERS)
    before = partners.get("river-keepers")
    for changes, code in (
        (PartnerChanges(name=""), "name-missing"),
        (PartnerChanges(handles={"reddit": "https://example.org/x"}), "bad-handle"),
    ):
        assert code_of(lambda changes=changes: partners.edit("river-keepers", changes)) == code  # type: ignore[misc]  # bound now
    assert partners.get("river-keepers") == before


def test_who_is_not_there_is_named_with_those_who_resemble_them(partners: PartnerService) -> None:
    partners.add(KEEPERS)
    with pytest.raises(Refused) as error:
        partners.get("river-keeper")
    assert error.value.reason == NoSuchPartner("river-keeper", ("river-keepers",))
    assert code_of(lambda: partners.edit("nobody", PartnerChanges())) == "no-such-partner"


def test_a_bad_handle_says_why(partners: PartnerService) -> None:
    with pytest.raises(Refused) as error:
        partners.add(replace(KEEPERS, handles={"x": "a b"}))
    assert isinstance(error.value.reason, BadHandle)
    assert error.value.reason[:2] == ("x", "a b")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "company"}, "kind"),
        ({"list": "best friends"}, "list"),
        ({"closeness": "near"}, "closeness"),
        ({"tier": "boss"}, "tier"),
        ({"support": "5"}, "support"),
        ({"status": "charity"}, "legal status"),
        ({"goals": ("learn", "earn")}, "goal"),
    ],
)
def test_a_typed_value_is_one_of_the_choices(
    partners: PartnerService, given: dict[str, Any], field: str
) -> None:
    partners.add(KEEPERS)
    with pytest.raises(Refused) as error:
        partners.edit("river-keepers", PartnerChanges(**given))
    assert isinstance(error.value.reason, UnknownChoice)
    assert error.value.reason.field == field
    other = replace(KEEPERS, slug="other", **given)
    assert code_of(lambda: partners.add(other)) == "unknown-choice"


def test_choices_are_kept_as_we_write_them_and_numbers_may_be_taken_away(
    partners: PartnerService,
) -> None:
    partners.add(KEEPERS)
    changes = PartnerChanges(support="\u2212", list="Focus", status="501(c)(3)", cadence_days=14)
    changed = partners.edit("river-keepers", changes).partner
    assert (changed.support, changed.list, changed.status) == ("-", "focus", "c3")
    cleared = PartnerChanges(list="", cadence_days=0)
    after = partners.edit("river-keepers", cleared).partner
    assert (after.list, after.cadence_days) == ("", None)


def test_what_an_import_has_brought_stays_where_an_edit_does_not_name_it(
    partners: PartnerService, store: Store
) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("bank", "Food Bank", closeness="near", tier="1"), START)
    after = partners.edit("bank", PartnerChanges(owner="Ana")).partner
    assert (after.closeness, after.tier, after.owner) == ("near", "1", "Ana")


def test_a_limit_has_its_posts_and_its_days(partners: PartnerService) -> None:
    partners.add(KEEPERS)
    half = PartnerChanges(most_posts=3)
    assert code_of(lambda: partners.edit("river-keepers", half)) == "half-a-limit"
    partners.edit("river-keepers", PartnerChanges(most_posts=3, most_posts_days=30))
    after = partners.edit("river-keepers", PartnerChanges(most_posts=0)).partner
    assert (after.most_posts, after.most_posts_days) == (None, None)
    far = PartnerChanges(cadence_days=99_999)
    assert code_of(lambda: partners.edit("river-keepers", far)) == "out-of-range"


def test_partners_are_listed_by_what_they_have(partners: PartnerService) -> None:
    partners.add(replace(KEEPERS, list="focus", owner="Ana", topics=("Water",)))
    partners.add(Partner("", "Food Bank", list="extended", owner="Ana"))
    assert [each.slug for each in partners.list(having={"owner": "ana"})] == [
        "food-bank",
        "river-keepers",
    ]
    water = {"owner": "Ana", "topics": "water"}
    assert [each.slug for each in partners.list(having=water)] == ["river-keepers"]


def test_more_than_ten_on_the_focus_list_are_many(partners: PartnerService) -> None:
    for number in range(MOST_IN_FOCUS):
        partners.add(Partner("", f"P {number}", list="focus"))
    assert partners.crowded_focus() is None
    partners.add(Partner("", "One More", list="focus"))
    assert partners.crowded_focus() == MOST_IN_FOCUS + 1
