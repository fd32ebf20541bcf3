"""Mends of refusals and other errors: acts that make the refused act possible.

They stand apart from the mends of deliveries, which lists need: refusals are many, and rare.
"""

from collections.abc import Mapping
from types import MappingProxyType

from crosspromo.domain.errors import CrosspromoError, Refused, TemplateError
from crosspromo.domain.reasons import (
    database,
    inputs,
    ledger,
    not_found,
    partners,
    people,
    permissions,
    queueing,
    sources,
    state,
)
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.refusals import Refusal
from crosspromo.phrasing.mends import (
    AcceptHeadings,
    ArchivePartner,
    BuildDatabase,
    CancelAndQueueAnew,
    ChangeField,
    CheckDatabase,
    DeleteByHand,
    DumpDatabase,
    Field,
    ListCampaigns,
    ListDeliveries,
    ListEvents,
    ListPartners,
    ListPeople,
    ListPermissions,
    ListPhotoConsents,
    ListSources,
    ListSuggestions,
    MakeWorkspace,
    MapHeading,
    Mend,
    MergeEvents,
    RecordPermission,
    ReportOutside,
    Resolve,
    Resume,
    ResumeAnAccount,
    ResumeInDoubt,
    ReviewEvents,
    RunOnce,
    UnarchivePartner,
    UndoImport,
    UpgradeDatabase,
)


def of_error(error: CrosspromoError) -> Mend | None:
    """Mend of an error; None if its sentence is enough."""
    match error:
        case Refused():
            return of_refusal(error.reason)
        case TemplateError() if error.variable is not None:
            return ChangeField(Field.VARIABLE)
        case _:
            return None


def of_finding(error: CrosspromoError) -> Mend | None:
    """Mend of an error found by an examination, where nobody has filled in a field.

    None instead of a change to a field.
    """
    mend = of_error(error)
    return None if isinstance(mend, ChangeField) else mend


def of_refusal(reason: Refusal) -> Mend | None:  # noqa: C901 (a table)
    """Mend of a refusal; None: nothing makes the act possible."""
    change = _FIELDS.get(type(reason))
    if change is not None:
        return ChangeField(change)
    match reason:
        case inputs.ReasonMissing(act):
            twice = act is Act.ALLOW_DUPLICATE
            return ChangeField(Field.ALLOW_DUPLICATE if twice else Field.REASON)
        case inputs.NotOnSQLite(database_name, file):
            return DumpDatabase(database_name, file)
        case queueing.TextTooLong(may_thread=may_thread):
            return ChangeField(Field.THREAD if may_thread else Field.TEXT)
        case not_found.NoSuchPartner(_, near):
            return None if near else ListPartners()
        case inputs.HeadingsProposed(source):
            return AcceptHeadings(source)
        case inputs.NoNameHeading(source, _, likeliest, proposals):
            return MapHeading(source, likeliest, "name", bool(proposals))
        case inputs.OlderImportStands(older=older):
            return UndoImport(older)
        case inputs.PartnerArchived(partner) | inputs.EventOfArchived(_, partner):
            return UnarchivePartner(partner)
        case inputs.PartnerInUse(partner):
            return ArchivePartner(partner)
        case queueing.NoPermission(_, (lack, *_)):
            return RecordPermission(lack.partner, lack.scope.value)
        case not_found.NoWorkspace(folder):
            return MakeWorkspace(folder)
        case state.OnlyAsItWas(delivery):
            return CancelAndQueueAnew(delivery)
        case queueing.RepostTakesNoText(_, delivery):
            return CancelAndQueueAnew(delivery)
        case state.NotDeleted(delivery, place) | state.CannotDelete(delivery, _, place):
            return DeleteByHand(delivery, place)
        case state.NotPaused(None):
            return ResumeAnAccount()
        case state.NotPaused(by_everything=True):
            return Resume(None)
        case state.PausedJustNow():
            return ResumeInDoubt(None)
        case ledger.MayBeOurs(delivery):
            return Resolve(delivery)
        case sources.EventIsThere(number, event):
            return MergeEvents(number, event)
        case _:
            return _WITHOUT_VALUES.get(type(reason))


_FIELDS: Mapping[type, Field] = MappingProxyType(
    {
        sources.SuggestionOfNobody: Field.PARTNER,
        inputs.PastMoment: Field.AT,
        inputs.FutureMoment: Field.AT,
        inputs.NothingCounted: Field.COUNTS,
        inputs.TooManyCounted: Field.COUNTS,
        inputs.BalanceOverlaps: Field.AT,
        inputs.PartnerExists: Field.SLUG,
        inputs.CampaignExists: Field.NAME,
        inputs.CampaignEndsFirst: Field.LENGTH,
        inputs.BadSlug: Field.SLUG,
        inputs.NameMakesNoSlug: Field.SLUG,
        inputs.NameMissing: Field.NAME,
        inputs.PersonUnnamed: Field.PERSON,
        inputs.BadVariable: Field.VARIABLE,
        inputs.NothingToChange: Field.TEXT,
        inputs.AltTextsMismatch: Field.ALT,
        inputs.NothingNamed: Field.POST,
        inputs.EndsBeforeStart: Field.LENGTH,
        inputs.BadHandle: Field.HANDLE,
        inputs.BadAddress: Field.URL,
        partners.ReceivedAhead: Field.AT,
        permissions.EvidenceMissing: Field.EVIDENCE,
        permissions.AgreedLater: Field.AGREED_ON,
        permissions.EndsBeforeAgreed: Field.UNTIL,
        permissions.UnknownNetworks: Field.NETWORK,
        people.BadPersonName: Field.NAME,
        people.PersonExists: Field.NAME,
        people.MailTaken: Field.MAIL,
        people.WrongCode: Field.CODE,
        people.PasswordTooShort: Field.PASSWORD,
        people.PasswordTooLong: Field.PASSWORD,
        people.PasswordIsName: Field.PASSWORD,
        inputs.FileExists: Field.FILE,
        inputs.NoAccountNamed: Field.ACCOUNTS,
        inputs.WordsAndTemplate: Field.TEXT,
        inputs.WordsWanted: Field.TEXT,
        inputs.NoFreeSlot: Field.AT,
        inputs.JointWithoutHost: Field.HOST,
        inputs.LeadWithoutJoint: Field.JOINT,
        database.NotABackup: Field.FILE,
        database.WouldReplace: Field.FORCE,
        database.WrongPassphrase: Field.PASSPHRASE,
        queueing.AllowedAnyway: Field.AT,
        queueing.NothingToSay: Field.TEXT,
        queueing.TitleMissing: Field.TITLE,
        queueing.TitleTooLong: Field.TITLE,
        queueing.TooManyImages: Field.IMAGE,
        queueing.AltTextMissing: Field.ALT,
        queueing.AltTextIsFileName: Field.ALT,
        queueing.AltTextTooLong: Field.ALT,
        queueing.ImageMustBeAlone: Field.IMAGE,
        queueing.DuplicateText: Field.ALLOW_DUPLICATE,
        queueing.AfterEventStart: Field.AT,
        queueing.NoPhotoConsent: Field.IMAGE,
    }
)
"""Refusals mended by another value of one field."""

_WITHOUT_VALUES: Mapping[type, Mend] = MappingProxyType(
    {
        not_found.NoSuchDelivery: ListDeliveries(),
        not_found.NoSuchPost: ListDeliveries(),
        state.DraftIsQueued: ListDeliveries(),
        not_found.NoSuchEvent: ListEvents(),
        not_found.NoSuchCampaign: ListCampaigns(),
        sources.NoSuchSource: ListSources(),
        sources.NoSuchSuggestion: ListSuggestions(),
        sources.SuggestionDecided: ListSuggestions(),
        sources.NothingToReview: ReviewEvents(),
        sources.EventReviewed: ReviewEvents(),
        sources.EventIsNew: ReviewEvents(),
        sources.EventIsGone: ReviewEvents(),
        sources.EventsAreOne: ReviewEvents(),
        sources.SourcesNotNamed: ListSources(),
        not_found.NoSuchTopic: ListPartners(),
        inputs.NoPartnerChosen: ListPartners(),
        inputs.NoEventChosen: ListEvents(),
        people.NoSuchPerson: ListPeople(),
        not_found.NoSuchPermission: ListPermissions(),
        not_found.NoSuchPhotoConsent: ListPhotoConsents(),
        inputs.BalanceExists: ReportOutside(),
        database.DatabaseMissing: BuildDatabase(),
        database.DatabaseEmpty: BuildDatabase(),
        database.DatabaseOutdated: UpgradeDatabase(),
        database.SendsUnsettled: RunOnce(),
        database.DatabaseUnsound: CheckDatabase(),
    }
)
