"""Partners who are no longer offered: archived with their history, removed without any."""

from collections.abc import Callable

import pytest

from crosspromo.domain.errors import Refused
from crosspromo.domain.introductions import Introduction
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import Scope
from crosspromo.domain.posts import Kind
from crosspromo.domain.reasons.inputs import PartnerInUse
from crosspromo.services.archive_partners import PartnerArchive
from crosspromo.services.import_partners import PartnerImports
from crosspromo.services.partners import PartnerService
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START, FakeClock


@pytest.fixture
def partners(store: Store) -> PartnerService:
    service = PartnerService(store, FakeClock())
    for slug in ("bank", "keepers", "ours"):
        service.add(Partner(slug, slug.title()))
    return service


@pytest.fixture
def archive(store: Store, partners: PartnerService) -> PartnerArchive:
    return PartnerArchive(store, FakeClock(), "ana", frozenset({"ours"}))


def refusal(act: Callable[[], object]) -> object:
    with pytest.raises(Refused) as error:
        act()
    return error.value.reason


def post_about(store: Store, slug: str) -> None:
    with store.write() as unit:
        unit.posts.add(
            kind=Kind.SPOTLIGHT,
            partners=(slug,),
            event=None,
            template=None,
            reason=None,
            author="ana",
            now=START,
        )


def test_an_archived_partner_is_listed_apart_and_may_come_back(
    archive: PartnerArchive, partners: PartnerService, store: Store
) -> None:
    (done,) = archive.archive(["keepers"])
    assert (done.partner, done.changed, done.waiting) == ("keepers", True, ())
    assert [each.slug for each in partners.list()] == ["bank", "ours"]
    assert [each.slug for each in partners.list(archived=True)] == ["keepers"]
    assert "keepers,Keepers" in partners.export()
    assert not archive.archive(["keepers"])[0].changed
    archive.unarchive(["keepers"])
    assert [each.slug for each in partners.list()] == ["bank", "keepers", "ours"]
    with store.read() as unit:
        acts = [(each.who, each.act, each.subject) for each in unit.audit.entries()]
    assert acts == [("ana", "unarchive partner", "keepers"), ("ana", "archive partner", "keepers")]


def test_an_archived_partner_is_not_suggested(archive: PartnerArchive, store: Store) -> None:
    archive.archive(["keepers"])
    with store.read() as unit:
        assert [slug for slug, _ in unit.partners.ready("x-main", START, (), 9)] == ["bank", "ours"]


def test_only_a_partner_to_whom_nothing_refers_is_removed(
    archive: PartnerArchive, partners: PartnerService, store: Store
) -> None:
    post_about(store, "keepers")
    assert refusal(lambda: archive.remove(["bank", "keepers"])) == PartnerInUse(
        "keepers", 1, 0, 0, 0, 0, in_settings=False
    )
    assert len(partners.list()) == 3, "all or none"
    assert refusal(lambda: archive.remove(["ours"])) == PartnerInUse(
        "ours", 0, 0, 0, 0, 0, in_settings=True
    )
    archive.remove(["bank"])
    assert [each.slug for each in partners.list()] == ["keepers", "ours"]


def test_an_import_that_is_undone_archives_new_partners_that_have_posts(
    partners: PartnerService, store: Store
) -> None:
    imports = PartnerImports(store, FakeClock(), "ana")
    imports.import_(b"name\nNew One\nNew Two\n", "list.csv")
    post_about(store, "new-one")
    undo = imports.undo()
    assert (undo.archived, undo.removed) == (["new-one"], ["new-two"])
    assert [each.slug for each in partners.list(archived=True)] == ["new-one"]


def _person(unit: Unit) -> None:
    new = PartnerPerson(0, "new-one", "Kim Rivera", (PartnerRole.KEY_CONTACT,), START, "ana")
    unit.partner_people.add(new)


def _permission(unit: Unit) -> None:
    unit.permissions.add("new-one", Scope.LOGO, evidence="mail", now=START, who="ana")


def _introduction(unit: Unit) -> None:
    unit.introductions.add(Introduction(0, "bank", "new-one", "a van", "a van", START, "ana"))


@pytest.mark.parametrize("add", [_person, _permission, _introduction])
def test_a_partner_of_whom_something_was_added_by_hand_is_never_deleted(
    archive: PartnerArchive,
    partners: PartnerService,
    store: Store,
    add: Callable[[Unit], object],
) -> None:
    imports = PartnerImports(store, FakeClock(), "ana")
    imports.import_(b"name,tag_ok,sign_off\nNew One,yes,Dan Okafor\nNew Two,yes,yes\n", "l.csv")
    with store.write() as unit:
        add(unit)
    reason = refusal(lambda: archive.remove(["new-one"]))
    assert isinstance(reason, PartnerInUse)
    assert reason.kept_up == 1
    undo = imports.undo()
    assert (undo.archived, undo.removed) == (["new-one"], ["new-two"])
    assert [each.slug for each in partners.list(archived=True)] == ["new-one"]
