"""Partners, added, changed and imported as a page would: what is kept, and what is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from crosspromo.domain.errors import Refused
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.inputs import BadHandle
from crosspromo.domain.reasons.not_found import NoSuchPartner
from crosspromo.services.partners import PartnerChanges, PartnerService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

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
