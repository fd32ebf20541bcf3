"""Every reason there is has a sentence and a mend, or is known to have none. No sentence names a
command: how a mend is done there, the command line alone says.
"""

import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import UTC, date, datetime, timedelta
from types import UnionType
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspromo.cli.main import NOUNS
from crosspromo.cli.mending import with_mend
from crosspromo.domain.approval import Approval
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote
from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.pauses import Pause
from crosspromo.domain.people import NameFault
from crosspromo.domain.permissions import Lack, Scope, Why
from crosspromo.domain.photos import PhotoLack, WhyNot
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.reasons import (
    Recorded,
    database,
    faults,
    holds,
    inputs,
    ledger,
    not_found,
    notes,
    partners,
    people,
    permissions,
    queueing,
    refusals,
    sheets,
    sources,
    state,
)
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.states import State
from crosspromo.phrasing import mends, refusal_mends
from crosspromo.phrasing import notes as note_mends
from crosspromo.phrasing.faults import of_fault
from crosspromo.phrasing.holds import of_hold
from crosspromo.phrasing.mends import Field
from crosspromo.phrasing.notes import of_note
from crosspromo.phrasing.refusals import of_refusal
from crosspromo.store.queue.reasons import fault_of, hold_of, reason_text

CHICAGO = ZoneInfo("America/Chicago")
AT = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
EARLIER = EarlierDelivery(delivery=3, account="x-main", due_at=AT, went_out=None)

LACK = Lack(Scope.TAG, "river", "River Keepers", "x", Why.EXPIRED, date(2026, 4, 1))
PHOTO_LACK = PhotoLack("river.jpg", "Sam Lee", "x", WhyNot.REFUSED)

HOLDS: Mapping[type, holds.HoldReason] = {
    type(reason): reason
    for reason in (
        holds.Paused(Pause("x-main", "kim", AT, "storm")),
        holds.AccountAtFault("the password was changed"),
        holds.ApprovalMissing(Approval(needed=1, author="ana", partners_asked=("river",))),
        holds.Blackout(date(2026, 5, 1), date(2026, 5, 2), "river", "mourning"),
        holds.Mourning(date(2026, 9, 11), date(2026, 9, 11), "Patriot Day"),
        holds.CapReached(most=4, days=1),
        holds.GapTooShort(AT, timedelta(minutes=90)),
        holds.InQuietHours("21:00-07:00"),
        holds.OverBudget(cost=0.2, left=0.1, most=20.0),
        holds.RateLimited(),
        holds.BelowRatio(
            whole=False, others=4, self_=2, target="3:1", window="28d", joint=False, needed=5
        ),
        holds.WaitsForTurn(timedelta(minutes=5)),
        holds.PermissionLacking((LACK,)),
        holds.PhotoConsentLacking((PHOTO_LACK,)),
        holds.PartnerLimitReached("River Keepers", 2, 30),
        holds.PartnerNoticeRuns("River Keepers", 48),
    )
}
FAULTS: Mapping[type, faults.FaultReason] = {
    type(reason): reason
    for reason in (
        faults.NotSent("the server cannot be reached"),
        faults.Rejected("too-long", "the server finds this too large"),
        faults.InDoubt("the server did not answer in time"),
        faults.ByHand("waits for a person to post it"),
        faults.Expired(AT),
        faults.Missed(AT, timedelta(minutes=61), timedelta(minutes=60)),
        faults.LegallyBarred(("Kim for Mayor",)),
        faults.SameTextSent(EARLIER),
        faults.TurnedDown("kim", "the date is wrong"),
        faults.EventCancelled("cleanup"),
        faults.EventMoved("cleanup", AT, AT + timedelta(hours=1)),
        faults.CorrectionOutdated("cleanup"),
        faults.StepPassed("cleanup", "week", date(2026, 4, 15)),
        faults.EventChanged(
            "cleanup",
            (faults.Part.PLACE, faults.Part.START),
            faults.WhyDraft.BY_HAND,
            would_say="Clean-up\nNew Park",
        ),
        faults.PermissionWithdrawn(Scope.TAG, "River Keepers", "ana", "they left X"),
        faults.PhotoConsentWithdrawn("river.jpg", "Sam Lee", "ana", "his mother called"),
    )
}
REFUSALS: Mapping[type, refusals.Refusal] = {
    type(reason): reason
    for reason in (
        not_found.NoSuchDelivery(7),
        not_found.NoSuchPost(7),
        not_found.NoSuchPartner("river"),
        not_found.NoSuchTopic("Water"),
        not_found.NoSuchEvent("cleanup"),
        not_found.NoSuchLadder("huge", ("small",)),
        not_found.NoSuchCampaign("spring"),
        not_found.NoSuchImport(None),
        not_found.NoSuchPartnerPerson(7),
        not_found.NoSuchIntroduction(7),
        partners.IntroducedToThemselves("river"),
        partners.NotIntroduced(7, "river"),
        partners.IntroductionDeclined(7, "river"),
        partners.IntroductionNotAgreed(7),
        not_found.NoSuchAccount("x", ("x-main",)),
        not_found.NoWorkspace("here"),
        not_found.NoSuchDraft("a" * 12),
        not_found.NoSuchPermission(7),
        not_found.NoSuchPhotoConsent(7),
        permissions.EvidenceMissing(),
        permissions.AgreedLater(date(2026, 5, 1)),
        permissions.EndsBeforeAgreed(date(2026, 5, 2), date(2026, 5, 1)),
        permissions.UnknownNetworks(("myspace",), ("bluesky", "x")),
        permissions.WithdrawnAlready(7, AT),
        queueing.NoPermission("x-main", (LACK,)),
        queueing.NoPhotoConsent("x-main", (PHOTO_LACK,)),
        sources.NoSuchSource(3),
        sources.SourceExists("https://river.example/feed", 3),
        sources.NoSuchSuggestion(7),
        sources.SuggestionDecided(7, "ana"),
        sources.SuggestionOfNobody(7),
        sources.NothingToShare(7),
        sources.NothingToReview(7),
        sources.EventReviewed(7, "ana"),
        sources.EventIsNew(7),
        sources.EventIsGone(7),
        sources.EventIsThere(7, "river-cleanup-2030-04-22"),
        sources.EventsAreOne(60, 68),
        sources.NothingToRead("https://river.example/", "what is there is a web page, not a feed"),
        sources.AddressHasLogin("river.example"),
        sources.SourcesNotNamed(),
        sources.NoWebsite("river"),
        sources.WebsiteUnreadable("river", "river.example answers 404 Not Found"),
        inputs.ReasonMissing(Act.RELEASE),
        inputs.PastMoment(AT),
        inputs.FutureMoment(AT),
        inputs.NothingCounted(),
        inputs.TooManyCounted(100_000),
        inputs.BalanceExists("x-main", 12, 3, AT, "by hand"),
        inputs.BalanceOverlaps("x-main", 2, AT),
        inputs.PartnerExists("river"),
        inputs.CampaignExists("spring"),
        sheets.ChangedSince(7, "Hello", "Hi"),
        sheets.NotChangedBySheet("x-main"),
        sheets.NamedTwice(7, 2),
        sheets.VersionUnread(7),
        sheets.RowsDisagree(2),
        sheets.NoTimeOfDay(),
        sheets.LinkInText(),
        sheets.NoWordsInRow(),
        sheets.NoAccountInRow(),
        sheets.TooManyNewRows(1_000),
        sheets.PictureNotKept("river.png"),
        inputs.CampaignEndsFirst(),
        inputs.PartnerArchived("river"),
        inputs.EventOfArchived("cleanup", "river"),
        inputs.LadderIsOver("cleanup", "small"),
        inputs.PartnerInUse("river", 2, 1, 0, 0, 0, in_settings=True),
        inputs.HeadingsProposed("list.csv", (("Twitter", "x"),), ("Phone",)),
        inputs.NoNameHeading("list.csv", ("Wer", "Was"), "Wer"),
        inputs.NoSuchHeading("Twiter", ("Twitter",)),
        inputs.NoSuchColumn("y", ("x",)),
        inputs.ImportUndone(3, AT),
        inputs.OlderImportStands(3, AT, 2, AT, "ana", "list.csv"),
        inputs.BadSlug("River!"),
        inputs.NameMissing("event"),
        inputs.NameMakesNoSlug("Ключ"),
        inputs.PersonUnnamed(),
        inputs.BadVariable("a b"),
        inputs.NobodyToAsk("cleanup", "river-keepers"),
        inputs.NothingToChange(),
        inputs.AltTextsMismatch(7, 1, 2),
        inputs.NothingNamed(),
        inputs.EndsBeforeStart(),
        inputs.BadHandle("x", "a b", "holds a space"),
        inputs.BadAddress("river"),
        inputs.RenameTaken("x-new"),
        inputs.RenameAbroad("x-new", "x", "bluesky"),
        state.AccountIsSending("x-main"),
        inputs.NoAccountsYet(),
        inputs.NoAccountNamed(),
        inputs.NoPartnerChosen(),
        inputs.NoEventChosen(),
        inputs.WordsAndTemplate(),
        inputs.NoFreeSlot(),
        inputs.JointWithoutHost(),
        inputs.LeadWithoutJoint(),
        inputs.OwnWork(7, "ana"),
        inputs.OwnEdit(7, "dan"),
        inputs.SignOffNotAsked(7, "river"),
        inputs.ApprovedAlready(7, "kim"),
        inputs.WorkspaceExists("here/crosspromo.toml"),
        inputs.FileExists("backup.db"),
        inputs.NotOnSQLite("crosspromo", "backup.db"),
        inputs.NotProposed(),
        inputs.NotInThatSlot(),
        inputs.WordsWanted(),
        state.WrongState(7, State.PUBLISHED, Act.CANCEL),
        state.CannotBecome(7, State.PUBLISHED, State.QUEUED),
        state.MayHaveGoneOut(7, State.UNKNOWN),
        state.OnlyAsItWas(7),
        state.EditedMeanwhile(7, None, "Meet them."),
        state.UndoIsOver(),
        state.NobodyAsked(7),
        state.ReleasedAlready(7, "Dan Okafor", None),
        state.NotDeleted(7, "https://x.example/7", "not today"),
        state.CannotDelete(7, "x-main", "https://x.example/7"),
        state.NotPaused("x-main", by_everything=True),
        state.PausedJustNow("the database was copied here"),
        state.DraftIsQueued(7),
        queueing.NothingToSay("x-main"),
        queueing.TextTooLong("x-main", 9, 289, 280, (("Well.", 5),)),
        queueing.RepostTakesNoText("x-main", 7),
        queueing.TitleMissing("reddit-main"),
        queueing.TitleTooLong("reddit-main", 1, 301, 300),
        queueing.NoTitlesThere("x-main"),
        queueing.TooManyImages("x-main", 4, 5),
        queueing.AltTextMissing("river.png"),
        queueing.AltTextIsFileName("river.png", "IMG_2034.jpg"),
        queueing.AltTextTooLong("x-main", "river.png", 1_001, 1_000),
        queueing.ImageMustBeAlone("x-main", "wave.gif"),
        queueing.ImageUnusable("x-main", "river.png is empty"),
        queueing.DuplicateText("x-main", EARLIER),
        queueing.DuplicateTextElsewhere("x-second", EARLIER),
        queueing.SameOnTwoAccounts("x-main", "x-second"),
        queueing.BarredByLaw(("Kim for Mayor",)),
        queueing.EventIsCancelled("cleanup"),
        queueing.AllowedAnyway("x"),
        queueing.EventHasBegun("cleanup"),
        queueing.AfterEventStart("x-main", AT, AT),
        database.DatabaseMissing(),
        database.DatabaseEmpty(),
        database.DatabaseOutdated("0004", "0005"),
        database.DatabaseTooNew("0009", "0005"),
        database.SendsUnsettled((7, 8)),
        database.DatabaseUnsound("a sum is wrong"),
        database.NotABackup("backup.zip", "it is damaged"),
        database.WouldReplace(7),
        database.WrongPassphrase(),
        ledger.MayBeOurs(7),
        ledger.InOpeningBalance("x-main", AT),
        ledger.SelfStays("self"),
        ledger.AllowsMoreSelfPosts("self", "others"),
        ledger.AllowsMoreAtThatTime(AT),
        people.NoSuchPerson("Kim", ("Ana",)),
        people.PersonExists("Kim"),
        people.MailTaken("kim@rva.example"),
        people.BadPersonName("", NameFault.BLANK),
        people.LastAdmin("Kim"),
        people.WrongSignIn(),
        people.WrongCode(),
        people.TooManyTries(AT),
        people.LinkIsOver(),
        people.PasswordTooShort(10),
        people.PasswordTooLong(200),
        people.PasswordIsName(),
        people.SignInToApprove(7, "x-main"),
        people.SignOffLinkOver(known=False),
        people.TooLateToAsk(7, AT),
        people.NoOpenLink(7, "river"),
        people.SayWhatToChange(),
        people.HasLeft(7, "Kim", AT),
        people.IsKeptAway("Kim"),
        people.NothingHeld("Kim"),
        people.StillToBeSaid("Kim", (("delivery", "7"),)),
        not_found.NoSuchEntry(3),
        partners.UnknownChoice("tier", "boss", ("influencer",)),
        partners.OutOfRange("a cadence in days", 9_999, 1, 3_650),
        partners.WordsTooLong("a note", 2_000),
        partners.HalfALimit(),
        partners.WordsMissing(EntryKind.PROMISE),
        partners.ContactAhead(date(2026, 5, 1)),
        partners.DaysReversed(date(2026, 5, 2), date(2026, 5, 1)),
        partners.OtherKind(3, EntryKind.NOTE, EntryKind.FOLLOW_UP),
        partners.ClosedAlready(3, AT, "ana"),
        partners.ReceivedAhead(AT),
        partners.PartnerMerged("river", "river-keepers"),
        partners.MergeWithItself("river"),
        partners.MergeInSettings("river", "river-keepers"),
        partners.MergeIntoOwnGroup("river", "river-keepers"),
    )
}
BLACKOUT = holds.Blackout(date(2026, 5, 1), date(2026, 5, 2), None, "mourning")
NOTES: Mapping[type, notes.Note] = {
    type(note): note
    for note in (
        notes.WaitsForGap(7, AT, False, timedelta(minutes=30), AT, to_slot=True),
        notes.DelaysAnother(7, AT, timedelta(minutes=30), AT, to_slot=False),
        notes.DayFull(date(2026, 5, 1), 4, AT),
        notes.WeekFull(AT, 9),
        notes.InQuietHours("21:00-07:00", AT),
        notes.InBlackout(BLACKOUT, AT),
        notes.OnDayOfMourning(
            holds.Mourning(date(2026, 9, 11), date(2026, 9, 11), "Patriot Day"), AT
        ),
        notes.Burst(9, AT),
        notes.TitleNotShown(),
        notes.HostArchived("river"),
        notes.PartnerIsMerged("river", "river-keepers"),
        notes.HashtagInOneCase("#riverkeepers", "#RiverKeepers", 7),
        notes.RunOfEmoji("🎉🎉🎉", "🎉", 7),
        notes.StyledLetters("𝐛𝐨𝐥𝐝", "bold", 7),
        notes.TextInImage(1, 60, 12, 7),
        notes.SharedWithoutAlt(2, 7),
        notes.RelationUntold("From our own group", 7),
        notes.SignsTakenOut(("\u202e",)),
    )
}
UNMENDABLE = frozenset(
    {
        *sheets.CODES,  # a person mends the sheet, as the sentence says
        sources.SourceExists,
        sources.NothingToRead,
        sources.AddressHasLogin,
        sources.NoWebsite,
        sources.NothingToShare,
        sources.WebsiteUnreadable,
        not_found.NoSuchAccount,
        not_found.NoSuchLadder,  # the sentence names all there are
        inputs.LadderIsOver,
        inputs.NobodyToAsk,
        inputs.NotProposed,  # the plan itself shows what there is
        inputs.NotInThatSlot,
        not_found.NoSuchImport,
        not_found.NoSuchPartnerPerson,
        not_found.NoSuchIntroduction,
        partners.IntroducedToThemselves,
        partners.NotIntroduced,
        partners.IntroductionDeclined,
        partners.IntroductionNotAgreed,
        people.HasLeft,
        people.IsKeptAway,
        people.NothingHeld,
        people.StillToBeSaid,
        inputs.NoSuchHeading,
        inputs.NoSuchColumn,
        inputs.ImportUndone,
        inputs.RenameTaken,
        inputs.RenameAbroad,
        state.AccountIsSending,
        not_found.NoSuchDraft,
        inputs.NoAccountsYet,
        inputs.OwnWork,
        inputs.OwnEdit,
        inputs.SignOffNotAsked,
        inputs.ApprovedAlready,
        inputs.WorkspaceExists,
        state.WrongState,
        state.EditedMeanwhile,
        state.CannotBecome,
        state.MayHaveGoneOut,
        state.UndoIsOver,
        state.NobodyAsked,
        state.ReleasedAlready,
        queueing.ImageUnusable,
        queueing.DuplicateTextElsewhere,
        queueing.SameOnTwoAccounts,
        queueing.NoTitlesThere,
        queueing.BarredByLaw,
        queueing.EventIsCancelled,
        queueing.EventHasBegun,
        database.DatabaseTooNew,
        permissions.WithdrawnAlready,
        ledger.InOpeningBalance,
        ledger.SelfStays,
        ledger.AllowsMoreSelfPosts,
        ledger.AllowsMoreAtThatTime,
        people.LastAdmin,
        people.WrongSignIn,
        people.TooManyTries,
        people.LinkIsOver,
        people.SignInToApprove,
        people.SignOffLinkOver,
        people.TooLateToAsk,
        people.NoOpenLink,
        people.SayWhatToChange,
        not_found.NoSuchEntry,
        *partners.CODES,
    }
    - {partners.ReceivedAhead}
)
"""Refusals that no single act mends: their sentence says all there is to say."""

MENDS: Mapping[type, mends.Mend] = {
    type(mend): mend
    for mend in (
        mends.ChangeField(Field.TEXT),
        mends.Resume("x-main"),
        mends.ResumeAnAccount(),
        mends.ResumeInDoubt(None),
        mends.SayWhyPaused("x-main"),
        mends.VerifyAccount("x-main"),
        mends.Approve(7, ("river",)),
        mends.Move(7),
        mends.Retry(7),
        mends.Dismiss(7),
        mends.ReviseForPartner(7, "river"),
        mends.AskPartner(7, "river"),
        mends.SayAsked("cleanup", "river"),
        mends.CallBackLink(7, "river"),
        mends.RenameAccount("x-old"),
        mends.StartDaemon(),
        mends.ReadSource(3),
        mends.AcceptGone(3),
        mends.MarkPosted(7),
        mends.Resolve(7),
        mends.DeleteByHand(7, "https://x.example/7"),
        mends.CancelAndQueueAnew(7),
        mends.RepairText(7),
        mends.DescribeImage(7, 1),
        mends.QueueEvent("cleanup"),
        mends.QueueLadder("cleanup", "small"),
        mends.ShareOthers("x-main"),
        mends.AcceptHeadings("list.csv"),
        mends.MapHeading("list.csv", "Wer", "name"),
        mends.ArchivePartner("river"),
        mends.UnarchivePartner("river"),
        mends.UndoImport(2),
        mends.ListDeliveries(),
        mends.ListDrafts(),
        mends.ListPartners(),
        mends.ListCampaigns(),
        mends.ListEvents(),
        mends.ListPeople(),
        mends.ListSources(),
        mends.ListSuggestions(),
        mends.ReviewEvents(),
        mends.MergeEvents(7, "river-cleanup-2030-04-22"),
        mends.ReportOutside(),
        mends.RecordPermission("river", "tag"),
        mends.RecordPhotoConsent("river.jpg", "Sam Lee"),
        mends.ListPermissions(),
        mends.ListPhotoConsents(),
        mends.Revise(7),
        mends.TakeDown(7),
        mends.MakeWorkspace("here"),
        mends.BuildDatabase(),
        mends.UpgradeDatabase(),
        mends.DumpDatabase("crosspromo", "backup.db"),
        mends.CheckDatabase(),
        mends.RunOnce(),
    )
}


def delivery(state_: State, *, fault: faults.FaultReason | None = None) -> Delivery:
    return Delivery(
        id=7,
        post=1,
        account="x-main",
        network="x",
        kind=Kind.OWN,
        state=state_,
        credit=Credit.SELF,
        content=Content("Hello"),
        due_at=AT,
        pinned=False,
        fault=None if fault is None else Fault(fault),
        needs_person=state_ is State.UNKNOWN,
    )


def check_sentence(sentence: str) -> None:
    """It says something, whole, and no command or option."""
    assert len(sentence.split()) >= 2
    assert "None" not in sentence
    assert not re.search(rf"\bcrosspromo ({'|'.join(NOUNS)})\b|(?<!\w)--\w", sentence), sentence


class TestTheTables:
    def test_there_is_an_example_of_every_reason_and_mend(self) -> None:
        assert HOLDS.keys() == holds.CODES.keys()
        assert FAULTS.keys() == faults.CODES.keys()
        assert REFUSALS.keys() == refusals.CODES.keys()
        assert NOTES.keys() == notes.CODES.keys()
        assert MENDS.keys() == mends.ACTS.keys()

    @pytest.mark.parametrize(
        ("union", "table", "besides"),
        [
            (holds.HoldReason, holds.CODES, {Recorded}),
            (faults.FaultReason, faults.CODES, {Recorded}),
            (refusals.Refusal, refusals.CODES, set()),
            (notes.Note, notes.CODES, set()),
            (mends.Mend, mends.ACTS, set()),
        ],
    )
    def test_the_unions_are_closed_over_their_tables(
        self, union: UnionType, table: Mapping[type, str], besides: set[type]
    ) -> None:
        assert set(get_args(union)) - besides == table.keys()

    @pytest.mark.parametrize(
        "table", [holds.CODES, faults.CODES, refusals.CODES, notes.CODES, mends.ACTS]
    )
    def test_no_two_have_one_code(self, table: Mapping[type, str]) -> None:
        assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("reason", HOLDS.values(), ids=holds.code_of)
@pytest.mark.parametrize("until", [None, AT])
def test_every_hold_has_a_sentence(reason: holds.HoldReason, until: datetime | None) -> None:
    check_sentence(of_hold(reason, until, "x-main", CHICAGO))


MENDED_HOLDS = {
    holds.Paused: mends.Resume("x-main"),
    holds.AccountAtFault: mends.VerifyAccount("x-main"),
    holds.ApprovalMissing: mends.Approve(7, ("river",)),
    holds.BelowRatio: mends.ShareOthers("x-main"),
    holds.PermissionLacking: mends.RecordPermission("river", "tag"),
    holds.PhotoConsentLacking: mends.Revise(7),
}


@pytest.mark.parametrize("reason", HOLDS.values(), ids=holds.code_of)
def test_a_hold_that_does_not_end_by_itself_has_a_mend(reason: holds.HoldReason) -> None:
    assert mends.of_hold(reason, delivery(State.QUEUED)) == MENDED_HOLDS.get(type(reason))


@pytest.mark.parametrize("reason", FAULTS.values(), ids=faults.code_of)
def test_every_fault_has_a_sentence(reason: faults.FaultReason) -> None:
    check_sentence(of_fault(reason, "x-main", CHICAGO))


ENDED = {faults.InDoubt: State.UNKNOWN, faults.ByHand: State.UNKNOWN, faults.Missed: State.MISSED}
MENDED_FAULTS = {
    faults.Rejected: mends.Retry(7),
    faults.InDoubt: mends.Resolve(7),
    faults.ByHand: mends.MarkPosted(7),
    faults.Missed: mends.Move(7),
    faults.EventMoved: mends.QueueEvent("cleanup"),
    faults.PermissionWithdrawn: mends.Revise(7),
    faults.PhotoConsentWithdrawn: mends.Revise(7),
}


@pytest.mark.parametrize("reason", FAULTS.values(), ids=faults.code_of)
def test_a_fault_that_somebody_can_mend_has_a_mend(reason: faults.FaultReason) -> None:
    befallen = delivery(ENDED.get(type(reason), State.FAILED), fault=reason)
    assert mends.of_fault(reason, befallen) == MENDED_FAULTS.get(type(reason))


@pytest.mark.parametrize("reason", REFUSALS.values(), ids=refusals.code_of)
def test_every_refusal_has_a_sentence(reason: refusals.Refusal) -> None:
    check_sentence(of_refusal(reason, CHICAGO))


@pytest.mark.parametrize("reason", REFUSALS.values(), ids=refusals.code_of)
def test_every_refusal_has_a_mend_or_is_known_to_have_none(reason: refusals.Refusal) -> None:
    unmendable = type(reason) in UNMENDABLE
    assert (refusal_mends.of_refusal(reason) is None) is unmendable


@pytest.mark.parametrize("note", NOTES.values(), ids=notes.code_of)
def test_every_note_has_a_sentence_and_most_ask_for_a_repair_or_another_time(
    note: notes.Note,
) -> None:
    check_sentence(of_note(note, "x-main", CHICAGO))
    mended = {
        notes.Burst: None,
        notes.TitleNotShown: None,
        notes.HostArchived: None,
        notes.PartnerIsMerged: None,
        notes.SignsTakenOut: None,
        notes.HashtagInOneCase: mends.RepairText(7),
        notes.RunOfEmoji: mends.RepairText(7),
        notes.StyledLetters: mends.RepairText(7),
        notes.RelationUntold: mends.RepairText(7),
        notes.TextInImage: mends.DescribeImage(7, 1),
        notes.SharedWithoutAlt: mends.CancelAndQueueAnew(7),
    }
    assert note_mends.mend_of(note) == mended.get(type(note), mends.ChangeField(Field.AT))


@pytest.mark.parametrize("note", NOTES.values(), ids=notes.code_of)
def test_a_note_on_a_delivery_that_is_not_kept_names_none(note: notes.Note) -> None:
    if not isinstance(note, notes.AccessibilityNote):
        return
    assert note_mends.mend_of(note._replace(delivery=None)) is None


@pytest.mark.parametrize("act", Act)
def test_every_act_that_needs_a_reason_asks_for_it(act: Act) -> None:
    check_sentence(of_refusal(inputs.ReasonMissing(act), CHICAGO))
    check_sentence(of_refusal(state.WrongState(7, State.FAILED, act), CHICAGO))


COMMANDS = {kind: mend for kind, mend in MENDS.items() if kind is not mends.ChangeField}


@pytest.mark.parametrize("mend", COMMANDS.values(), ids=lambda mend: mends.ACTS[type(mend)])
def test_every_mend_that_is_no_field_is_a_command(mend: mends.Mend) -> None:
    assert re.search(r"crosspromo [a-z]|pg_dump", with_mend("It waits.", mend))


WITHOUT_OPTION = {
    *(Field.FILE, Field.HANDLE, Field.IMAGE, Field.NAME, Field.PASSPHRASE, Field.TEXT, Field.URL),
    *(Field.CODE, Field.PASSWORD),
}
"""Fields that some commands take as an argument, or under another name."""


@pytest.mark.parametrize("field", Field)
def test_every_field_has_its_option_or_is_known_to_have_none(field: Field) -> None:
    told = with_mend("It waits.", mends.ChangeField(field))
    assert (told == "It waits.") is (field in WITHOUT_OPTION)
    assert told == "It waits." or re.fullmatch(r"It waits\. \(--[a-z].*\)", told)


ALONE: Mapping[object, st.SearchStrategy[Any]] = {
    datetime: st.datetimes(timezones=st.just(UTC)),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(-(2**63), 2**63 - 1),
}
"""Values of types of which a reason cannot have all that Python has."""


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of the type that a reason, or a record in it, may have."""
    if hint in ALONE:
        return ALONE[hint]
    if isinstance(hint, UnionType):
        return st.one_of([values_of(each) for each in get_args(hint)])
    if is_dataclass(hint) or hint in holds.CODES or hint in faults.CODES or hint is Recorded:
        fields = {name: values_of(each) for name, each in get_type_hints(hint).items()}
        return st.builds(hint, **fields)
    return st.from_type(hint)


UNTIMED = settings(deadline=None)
"""Of a fresh checkout the first example pays for Hypothesis building its table of characters."""


class TestInTheDatabase:
    @pytest.mark.parametrize("kind", [*holds.CODES, Recorded])
    @UNTIMED
    @given(data=st.data())
    def test_whatever_a_hold_says_is_read_as_it_was_reason_text(
        self, kind: type, data: st.DataObject
    ) -> None:
        reason = data.draw(values_of(kind))
        found = hold_of(reason_text(reason))
        assert (type(found), found) == (kind, reason)
        assert holds.code_of(found) == holds.code_of(reason)

    @pytest.mark.parametrize("kind", [*faults.CODES, Recorded])
    @UNTIMED
    @given(data=st.data())
    def test_whatever_a_fault_says_is_read_as_it_was_reason_text(
        self, kind: type, data: st.DataObject
    ) -> None:
        reason = data.draw(values_of(kind))
        found = fault_of(reason_text(reason))
        assert (type(found), found) == (kind, reason)
        assert faults.code_of(found) == faults.code_of(reason)

    @pytest.mark.parametrize("reason", HOLDS.values(), ids=holds.code_of)
    def test_every_hold_is_read_as_it_was_reason_text(self, reason: holds.HoldReason) -> None:
        found = hold_of(reason_text(reason))
        assert (type(found), found) == (type(reason), reason)
        assert HoldNote(found).code == HoldNote(reason).code

    @pytest.mark.parametrize("reason", FAULTS.values(), ids=faults.code_of)
    def test_every_fault_is_read_as_it_was_reason_text(self, reason: faults.FaultReason) -> None:
        found = fault_of(reason_text(reason))
        assert (type(found), found) == (type(reason), reason)
        assert Fault(found).code == Fault(reason).code

    @given(code=st.text(), sentence=st.text())
    def test_whatever_was_recorded_is_kept(self, code: str, sentence: str) -> None:
        recorded = Recorded(code, sentence)
        assert hold_of(reason_text(recorded)) == fault_of(reason_text(recorded)) == recorded

    @given(words=st.text(st.characters(), min_size=0), code=st.text())
    def test_whatever_a_network_says_is_kept(self, words: str, code: str) -> None:
        for reason in (faults.NotSent(words), faults.InDoubt(words), faults.Rejected(code, words)):
            assert fault_of(reason_text(reason)) == reason

    @given(
        last=st.datetimes(timezones=st.just(UTC)),
        least=st.timedeltas(timedelta(0), timedelta(days=3650)),
        cost=st.floats(0, 1e6),
    )
    def test_moments_lengths_and_amounts_are_kept(
        self, last: datetime, least: timedelta, cost: float
    ) -> None:
        for reason in (holds.GapTooShort(last, least), holds.OverBudget(cost, cost, cost)):
            assert hold_of(reason_text(reason)) == reason
