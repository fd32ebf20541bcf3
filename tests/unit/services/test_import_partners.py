"""Partners from spreadsheets: an import changes what its file names, no more, and can be undone."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from time import process_time

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.databases import memory_store
from workbooks import archive as zipped
from workbooks import xlsx

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import (
    ImportFailedError,
    InputError,
    Refused,
    UnmappedError,
    UsageError,
)
from crosspromo.domain.partner_entries import Entry, EntryKind
from crosspromo.domain.partner_rows import NUMBERS, FieldChange, fields_of
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.inputs import HeadingsProposed, NoNameHeading, OlderImportStands
from crosspromo.intake.partner_headings import LISTED
from crosspromo.services.import_partners import PartnerImports
from crosspromo.services.partners import PartnerChanges, PartnerService
from crosspromo.store.partner_imports import MOST_KEPT
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

CSV = b"name,why\nRiver Keepers,They clean it\nFood Bank,They feed us\n"
FULL = Partner(
    slug="river-keepers",
    name="River Keepers",
    kind="organisation",
    tier="influencer",
    why="They clean our river.",
    website="https://keepers.example",
    handles={"x": "keepers", "bluesky": "keepers.example"},
    topics=("Water",),
    tag_ok=True,
    status="c3",
    notes={"Phone": "555 0100"},
)


def archive(*names: str) -> bytes:
    """A ZIP file with empty entries of these names."""
    return zipped(dict.fromkeys(names, ""))


@pytest.fixture
def imports(store: Store) -> PartnerImports:
    return PartnerImports(store, FakeClock(), "ana")


@pytest.fixture
def partners(store: Store) -> PartnerService:
    return PartnerService(store, FakeClock())


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def audit(store: Store) -> list[tuple[str, str, str, str | None]]:
    with store.read() as unit:
        return [(each.who, each.act, each.subject, each.reason) for each in unit.audit.entries()]


class TestImporting:
    def test_a_file_is_imported_and_exported_again(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        assert imports.import_(CSV, "list.csv").imported.changes == {Change.NEW: 2}
        assert imports.import_(CSV, "list.csv").imported.changes == {Change.UNCHANGED: 2}
        exported = partners.export().encode()
        assert imports.import_(exported, "list.csv").imported.changes == {Change.UNCHANGED: 2}

    def test_one_bad_row_and_nothing_is_written_unless_partial(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        bad = CSV + b",nobody\n"
        with pytest.raises(ImportFailedError) as error:
            imports.import_(bad, "list.csv")
        assert [fault.row for fault in error.value.errors] == [4]
        assert partners.list() == []
        result = imports.import_(bad, "list.csv", partial=True)
        assert result.imported.changes == {Change.NEW: 2}
        assert len(result.imported.errors) == 1
        assert sorted(imports.undo().removed) == ["food-bank", "river-keepers"]
        assert partners.list() == []

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            (
                "list.xls",
                b"\xd0\xcf\x11\xe0",
                "is a workbook with a password, or one of",
            ),
            ("list.xlsb", archive("xl/workbook.bin"), "is a binary workbook"),
            ("list.numbers", archive("Index/Document.iwa"), "is a file of Numbers"),
            ("list.docx", archive("word/document.xml"), "is a document"),
            ("list.odt", archive("mimetype", "content.xml"), "is a document"),
            ("list.zip", archive("partners.csv"), "is an archive"),
            ("list.csv", b"%PDF-1.7", "is a document"),
            ("list.csv", b"\n<!DOCTYPE html><table>", "is a web page"),
        ],
    )
    def test_what_is_no_list_gets_a_sentence_of_its_own(
        self, imports: PartnerImports, name: str, data: bytes, words: str
    ) -> None:
        with pytest.raises(UsageError, match=words):
            imports.import_(data, name)

    @pytest.mark.parametrize("name", ["list.csv", "list.xlsx", "LIST.ODS", "list.vcf"])
    def test_what_a_file_is_its_content_tells_and_not_its_name(
        self, imports: PartnerImports, name: str
    ) -> None:
        assert imports.import_(CSV, name).imported.changes == {Change.NEW: 2}

    @pytest.mark.parametrize("data", [b"PK\x03\x04", archive("[Content_Types].xml")])
    def test_a_damaged_workbook_is_told(self, imports: PartnerImports, data: bytes) -> None:
        with pytest.raises(ImportFailedError, match=r"list\.xlsx") as error:
            imports.import_(data, "list.xlsx")
        (fault,) = error.value.errors
        assert "save it" in str(fault.problem)

    def test_who_imported_what_is_in_the_audit_log(
        self, imports: PartnerImports, store: Store
    ) -> None:
        imports.import_(CSV, "folder/list.csv")
        assert audit(store) == [("ana", "import partners", "list.csv", "2 new, 0 updated")]

    def test_a_row_by_slug_alone_changes_a_partner_and_makes_none(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        partners.add(FULL)
        imports.import_(b"slug,tier\nriver-keepers,2\n", "list.csv")
        assert partners.list() == [replace(FULL, tier="2")]
        with pytest.raises(ImportFailedError) as error:
            imports.import_(b"slug,tier\nriver-keepers,3\nnobody,2\n", "list.csv")
        assert [fault.row for fault in error.value.errors] == [3]
        assert partners.list() == [replace(FULL, tier="2")]

    def test_ten_thousand_rows_of_a_workbook_are_imported_in_seconds(
        self, imports: PartnerImports
    ) -> None:
        rows = ((f"Partner {n}", f"p{n}.example", f"@p{n}", "+", n) for n in range(10_000))
        data = xlsx(("name", "website", "x", "support", "Number"), *rows)
        began = process_time()
        assert imports.import_(data, "a.xlsx").imported.changes == {Change.NEW: 10_000}
        assert process_time() - began < 10

    def test_ten_thousand_rows_are_imported_again_and_undone_in_seconds(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        def sheet(why: str) -> bytes:
            rows = (f"Partner {n},p{n}.example,@p{n},{why} {n}\n" for n in range(10_000))
            return "name,website,x,why\n{}".format("".join(rows)).encode()

        began = process_time()
        assert imports.import_(sheet("one"), "a.csv").imported.changes == {Change.NEW: 10_000}
        assert process_time() - began < 10
        assert imports.import_(sheet("two"), "a.csv").imported.changes == {Change.UPDATED: 10_000}
        assert len(imports.undo().restored) == 10_000
        assert partners.get("partner-9999").why == "one 9999"


class TestWhatTheFileDoesNotName:
    def test_a_shorter_sheet_keeps_what_it_has_no_column_for(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        partners.add(FULL)
        result = imports.import_(b"name,why\nRiver Keepers,Else\n", "list.csv")
        assert partners.list() == [replace(FULL, why="Else")]
        (change,) = result.changes
        assert change.fields == (FieldChange("why", "They clean our river.", "Else"),)

    def test_an_empty_cell_clears(self, imports: PartnerImports, partners: PartnerService) -> None:
        partners.add(FULL)
        imports.import_(b"name,x,topics,tag_ok,status,Phone\nRiver Keepers,,,,,\n", "list.csv")
        left = replace(FULL, handles={"bluesky": "keepers.example"}, topics=(), notes={})
        assert partners.list() == [replace(left, tag_ok=False, status="")]

    def test_an_unusable_cell_keeps_the_value_and_is_told(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        partners.add(FULL)
        result = imports.import_(b"name,x,website\nRiver Keepers,a b,landtrust\n", "list.csv")
        assert partners.list() == [FULL]
        assert {(each.row, each.column) for each in result.warnings} == {(2, "x"), (2, "website")}

    def test_a_dry_run_shows_the_same_differences_and_writes_nothing(
        self, imports: PartnerImports, partners: PartnerService, store: Store
    ) -> None:
        partners.add(FULL)
        data = b"name,Twitter\nRiver Keepers,@rk\nFood Bank,\n"
        dry = imports.import_(data, "list.csv", dry_run=True)
        assert (partners.list(), audit(store), dry.number) == ([FULL], [], None)
        done = imports.import_(data, "list.csv", accept=True)
        assert done.changes == dry.changes
        assert dry.changes[0].fields == (FieldChange("handles.x", "keepers", "rk"),)

    def test_an_archived_partner_is_changed_and_stays_archived(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        partners.add(replace(FULL, archived_at=START))
        result = imports.import_(b"name,why\nRiver Keepers,Else\n", "list.csv")
        assert partners.list(archived=True)[0].archived_at == START
        assert [each.row for each in result.warnings] == [2]


class TestMapping:
    def test_unknown_headings_are_proposed_and_nothing_is_written(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        with pytest.raises(UnmappedError) as error:
            imports.import_(b"name,url,Twitter,Phone\nA,a.example,@a,1\n", "list.csv")
        assert error.value.reason == HeadingsProposed(
            "list.csv", (("url", "website"), ("Twitter", "x")), ("Phone",)
        )
        assert partners.list() == []

    def test_what_was_accepted_is_remembered_and_what_is_noted_is_named(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        data = b"name,url,Twitter,Phone\nA,a.example,@a,1\n"
        first = imports.import_(data, "list.csv", accept=True)
        assert first.taken_as == {"url": "website", "Twitter": "x"}
        assert first.noted == ("Phone",)
        again = imports.import_(data.replace(b"Twitter", b"TWITTER"), "other.csv")
        assert again.imported.changes == {Change.UNCHANGED: 1}
        assert partners.get("a").handles == {"x": "a"}

    def test_a_heading_is_mapped_by_hand_noted_or_skipped(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        data = b"Wer,Warum,Twitter,Tel\nA,Because,@a,1\n"
        mapping = {"Wer": "name", "warum": "why", "Twitter": "notes", "Tel": "skip"}
        imports.import_(data, "list.csv", mapping=mapping)
        assert partners.list() == [Partner("a", "A", why="Because", notes={"Twitter": "@a"})]
        assert imports.import_(data, "list.csv").imported.changes == {Change.UNCHANGED: 1}

    def test_a_header_without_a_name_is_quoted_and_a_mapping_proposed(
        self, imports: PartnerImports
    ) -> None:
        with pytest.raises(UnmappedError) as error:
            imports.import_(b"Nr,Wer,Was\n1,River,x\n", "list.csv")
        assert error.value.reason == NoNameHeading("list.csv", ("Nr", "Wer", "Was"), "Wer")

    @pytest.mark.parametrize(
        ("mapping", "code"),
        [({"Nobody": "name"}, "no-such-heading"), ({"name": "phone"}, "no-such-column")],
    )
    def test_a_mapping_of_what_is_not_there_is_refused(
        self, imports: PartnerImports, mapping: Mapping[str, str], code: str
    ) -> None:
        assert code_of(lambda: imports.import_(CSV, "list.csv", mapping=mapping)) == code


class TestLikelyDuplicates:
    def test_a_new_partner_with_a_known_name_website_or_handle_is_told(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        partners.add(replace(FULL, slug="rk"))
        data = (
            b"name,website,x\n"
            b"The River Keepers Inc.,https://www.keepers.example/about,@KEEPERS\n"
            b"River Keeper,,\nRiver  keepers,,\n"
        )
        dry = imports.import_(data, "list.csv", dry_run=True)
        assert dry.duplicates == imports.import_(data, "list.csv").duplicates
        assert dry.duplicates == (
            ("the-river-keepers-inc", "rk", ("name", "website", "x")),
            ("river-keepers", "rk", ("name",)),
            ("river-keepers", "the-river-keepers-inc", ("name",)),
        )

    def test_what_is_known_by_its_slug_and_what_many_share_is_no_duplicate(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        partners.add(FULL)
        rows = "".join(f"P{n},https://shared.example/{n}\n" for n in range(20))
        page = "River Keepers,\nA,https://facebook.com/a\nB,https://facebook.com/b\n"
        done = imports.import_(f"name,website\n{page}{rows}".encode(), "list.csv")
        assert {each.by for each in done.duplicates} == {("website",)}
        assert len(done.duplicates) == 15  # the first six of twenty, and then no more


class TestUndoing:
    def test_old_values_come_back_and_new_partners_go(
        self, imports: PartnerImports, partners: PartnerService, store: Store
    ) -> None:
        partners.add(FULL)
        imports.import_(b"name,x,why\nRiver Keepers,,Else\nNew,@new,x\n", "list.csv")
        undo = imports.undo()
        assert partners.list() == [FULL]
        assert (undo.removed, [each.partner for each in undo.restored]) == (["new"], [FULL.slug])
        assert audit(store)[0] == ("ana", "undo import", "import 1", "list.csv")

    def test_what_was_changed_since_stays_and_is_named(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        partners.add(FULL)
        imports.import_(b"name,why,tier\nRiver Keepers,Else,9\nNew,,\n", "list.csv")
        partners.edit(FULL.slug, PartnerChanges(why="Mine"))
        partners.edit("new", PartnerChanges(why="Mine too"))
        undo = imports.undo()
        assert undo.kept == [("new", "why"), (FULL.slug, "why")]
        assert partners.get(FULL.slug) == replace(FULL, why="Mine")
        assert partners.get("new").why == "Mine too"

    def test_a_dry_run_of_it_writes_nothing(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        imports.import_(CSV, "list.csv")
        assert len(imports.undo(dry_run=True).removed) == 2
        assert len(partners.list()) == 2
        assert len(imports.undo().removed) == 2

    def test_a_new_partner_of_whom_something_is_noted_is_archived(
        self, imports: PartnerImports, store: Store
    ) -> None:
        imports.import_(b"name\nA\nB\n", "a.csv")
        entry = Entry(0, "a", EntryKind.NOTE, "Called.", START.date(), START, "ana")
        with store.write() as unit:
            unit.partner_entries.add(entry)
        undo = imports.undo()
        assert (undo.removed, undo.archived) == (["b"], ["a"])
        with store.read() as unit:
            assert [each.words for each in unit.partner_entries.of("a", 9)] == ["Called."]

    def test_it_is_done_once_and_of_the_newest_first(self, imports: PartnerImports) -> None:
        imports.import_(b"name\nA\n", "a.csv")
        imports.import_(b"name\nB\n", "b.csv")
        imports.import_(b"name\nB\n", "b.csv")  # changes nothing, so there is nothing to undo
        assert imports.undo().removed == ["b"]
        assert code_of(lambda: imports.undo(2)) == "import-undone"
        assert imports.undo(1).removed == ["a"]
        assert code_of(imports.undo) == "import-undone"
        assert code_of(lambda: imports.undo(7)) == "no-such-import"

    def test_an_older_import_is_undone_by_its_number_only(
        self, imports: PartnerImports, partners: PartnerService
    ) -> None:
        assert code_of(imports.undo) == "no-such-import"
        imports.import_(b"name\nA\n", "a.csv")
        imports.import_(b"name\nB\n", "b.csv")
        imports.undo()
        with pytest.raises(InputError) as error:
            imports.undo()
        reason = error.value.reason
        assert isinstance(reason, OlderImportStands)
        assert (reason.number, reason.older, reason.source) == (2, 1, "a.csv")
        assert [each.slug for each in partners.list()] == ["a"]
        imports.import_(b"name\nC\n", "c.csv")
        assert imports.undo().removed == ["c"]  # the last one again

    def test_the_newest_imports_are_kept(self, imports: PartnerImports) -> None:
        for number in range(MOST_KEPT + 2):
            imports.import_(f"name\nP {number}\n".encode(), "a.csv")
        assert code_of(lambda: imports.undo(2)) == "no-such-import"
        assert imports.undo(3).removed == ["p-2"]


WORDS = st.sampled_from(["", "one", "two", "n/a", "a b"])
CELLS = {
    **dict.fromkeys(("kind", "list", "closeness", "tier", "why"), WORDS),
    "website": st.sampled_from(["", "a.example", "https://b.example", "landtrust"]),
    "x": st.sampled_from(["", "@one", "two", "a b", "-"]),
    "mastodon": st.sampled_from(["", "@a@b.example", "river"]),
    "topics": st.sampled_from(["", "One;Two", "Three"]),
    "tag_ok": st.sampled_from(["", "yes", "no"]),
    "status": st.sampled_from(["", "c3", "527"]),
    "Phone": WORDS,
    "owner": WORDS,
    "support": st.sampled_from(["", "+", "0", "-"]),
    **dict.fromkeys(LISTED, st.sampled_from(["", "One; Two", "Three"])),
    **dict.fromkeys(NUMBERS, st.sampled_from(["", "1", "30", "many"])),
}
FIELD_OF = {"x": "handles.x", "mastodon": "handles.mastodon", "Phone": "notes.Phone"}


@pytest.fixture(scope="module")
def shared() -> Iterator[Store]:
    """One store for all examples, each of which has a partner of its own."""
    store = memory_store()
    yield store
    store.close()


numbers = count()


def has_no_half_a_limit(cells: Mapping[str, str]) -> bool:
    return cells["most_posts"].isdecimal() == cells["most_posts_days"].isdecimal()


@settings(max_examples=examples(25), deadline=None)
@given(
    before=st.fixed_dictionaries(CELLS).filter(has_no_half_a_limit),
    after=st.fixed_dictionaries({}, optional=CELLS),
    short=st.integers(0, 3),
)
def test_an_import_never_changes_what_the_file_does_not_name(
    shared: Store, before: dict[str, str], after: dict[str, str], short: int
) -> None:
    """Whatever columns the next file has, wherever its rows end; and undoing takes all back."""
    imports = PartnerImports(shared, FakeClock(), "ana")
    partners = PartnerService(shared, FakeClock())
    slug = f"p{next(numbers)}"
    columns = ["name", *after]
    named = columns[: max(1, len(columns) - short)]
    imports.import_(sheet(["name", *before], [slug, *before.values()]), "a.csv")
    first = partners.get(slug)

    imports.import_(
        sheet(columns, [slug, *after.values()][: len(named)]), "b.csv", accept=True, partial=True
    )

    old, new = fields_of(first), fields_of(partners.get(slug))
    changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    assert changed <= {FIELD_OF.get(column, column) for column in named}
    if changed:
        imports.undo()
    assert partners.get(slug) == first


def sheet(columns: list[str], cells: list[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([columns, cells])
    return out.getvalue().encode()
