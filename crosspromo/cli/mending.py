"""Mends as commands: the text to type for the act that a sentence asks for."""

from collections.abc import Mapping
from shlex import quote
from types import MappingProxyType

from crosspromo.phrasing import mends
from crosspromo.phrasing.mends import Field, Mend

_OPTIONS = {
    Field.ACCOUNTS: "--to x-main,bluesky-main, or --to all",
    Field.AGREED_ON: "--on DAY",
    Field.ALLOW_DUPLICATE: "--allow-duplicate REASON",
    Field.ALT: "--alt TEXT, one for each --image in order",
    Field.AT: "--at WHEN",
    Field.COUNTS: "--others N --self N",
    Field.EVIDENCE: "--evidence TEXT",
    Field.FORCE: "--force",
    Field.HOST: "--host PARTNER",
    Field.PARTNER: "--partner PARTNER",
    Field.JOINT: "--joint",
    Field.LENGTH: "--for LENGTH",
    Field.MAIL: "--mail ADDRESS",
    Field.NETWORK: "--network NETWORK",
    Field.PERSON: "--as NAME",
    Field.POST: "--post N, or ID…",
    Field.REASON: "--reason TEXT",
    Field.SLUG: "--slug SLUG",
    Field.THREAD: "--thread",
    Field.TITLE: "--title TEXT",
    Field.UNTIL: "--until DAY",
    Field.VARIABLE: "--var NAME=VALUE",
}
"""Option that gives a field.

A field that some commands take as an argument, or under another name, is missing here: its sentence
says enough.
"""


def with_mend(sentence: str, mend: Mend | None) -> str:
    """Sentence followed by its mend: the option of a field, or a whole command."""
    match mend:
        case None:
            return sentence
        case mends.ChangeField(field):
            option = _OPTIONS.get(field)
            return sentence if option is None else f"{sentence} ({option})"
        case _:
            words = instruction(mend)
    if sentence.endswith((".", "?")):
        return f"{sentence} {words[0].upper()}{words[1:]}"
    return f"{sentence}; {words}"


_LISTS: Mapping[type, str] = MappingProxyType(
    {
        mends.ListDeliveries: "queue list",
        mends.ListDrafts: "queue list --state draft",
        mends.ListPartners: "partner list",
        mends.ListCampaigns: "campaign list",
        mends.ListEvents: "event list",
        mends.ListPeople: "user list",
        mends.ListSources: "source list",
        mends.ListSuggestions: "suggestion list",
        mends.ReviewEvents: "event review",
        mends.ListPermissions: "permission list",
        mends.ListPhotoConsents: "permission photos",
    }
)
"""Commands that list what a person chooses from."""


def instruction(mend: Mend) -> str:  # noqa: C901 (a table)
    """Instruction for a mend: a few words and a command."""
    match mend:
        case mends.ChangeField(field):
            return _OPTIONS.get(field, "")
        case mends.Resume(None):
            return "to go on: crosspromo resume"
        case mends.Resume(account):
            return f"to go on: crosspromo resume {account}"
        case mends.ResumeInDoubt(account):
            resume = "crosspromo resume" if account is None else f"crosspromo resume {account}"
            return f"first see what was sent: crosspromo db look-up; then go on: {resume}"
        case mends.ResumeAnAccount():
            return "for one account: crosspromo resume ACCOUNT"
        case mends.SayWhyPaused(account):
            paused = "" if account is None else f" {account}"
            return f"say why: crosspromo pause{paused} --reason TEXT"
        case mends.VerifyAccount(account):
            return f"when it is mended: crosspromo account verify {account}"
        case mends.Approve(delivery, partners):
            signing = "".join(f", or for them: --as partner:{slug}" for slug in partners)
            return f"to let it go: crosspromo queue approve {delivery}{signing}"
        case mends.Move(delivery):
            return f"for a new time: crosspromo queue move {delivery} --at WHEN"
        case mends.Retry(delivery):
            return f"when it is mended: crosspromo queue retry {delivery}"
        case mends.Dismiss(delivery):
            return f"to take note of it: crosspromo queue dismiss {delivery} --reason TEXT"
        case mends.ReviseForPartner(delivery, partner):
            return (
                f"to change it: crosspromo queue edit {delivery}; to leave it: crosspromo queue "
                f"sign-off-link {delivery} --partner {partner} --call-back"
            )
        case mends.AskPartner(delivery, partner):
            return (
                f"to ask them: crosspromo queue sign-off-link {delivery} --partner {partner}; if "
                f"they agreed already: crosspromo queue approve {delivery} --as partner:{partner}"
            )
        case mends.CallBackLink(delivery, partner):
            return (
                f"to take note of it: crosspromo queue sign-off-link {delivery} "
                f"--partner {partner} --call-back"
            )
        case mends.RenameAccount(account):
            return (
                f"if it has another name now: crosspromo account rename {account} NEW; else put it "
                "back, or cancel what waits"
            )
        case mends.StartDaemon():
            return "start it with: crosspromo run"
        case mends.ReadSource(source):
            return (
                f"try it with: crosspromo source sync {source}; or leave it out with: "
                f"crosspromo source remove {source}"
            )
        case mends.AcceptGone(source):
            return f"if it is right: crosspromo source sync {source} --accept"
        case mends.MergeEvents(number, event):
            return f"to make them one: crosspromo event review --merge {number} {event}"
        case mends.MarkPosted(delivery):
            return f"then: crosspromo queue mark-posted {delivery}"
        case mends.Resolve(delivery):
            return (
                f"look there and say: crosspromo queue resolve {delivery} --posted, or --not-posted"
            )
        case mends.DeleteByHand(delivery, place):
            return (
                f"delete it at {place}, then say so: crosspromo queue delete {delivery} --by-hand"
            )
        case mends.CancelAndQueueAnew(delivery):
            return f"to take it out: crosspromo queue cancel {delivery}"
        case mends.RepairText(delivery):
            return f"to have it so: crosspromo queue edit {delivery} --repair"
        case mends.DescribeImage(delivery):
            return f"to say it: crosspromo queue edit {delivery} --alt TEXT"
        case mends.QueueEvent(event):
            return f"say so anew: crosspromo queue event {event} --to all"
        case mends.QueueLadder(event, ladder):
            return f"say so anew: crosspromo queue event {event} --to all --series {ladder}"
        case mends.SayAsked(event, partner):
            return f"then: crosspromo event asked {event} {partner}"
        case mends.ShareOthers(account):
            return f"to share a partner: crosspromo queue spotlight PARTNER --to {account or 'all'}"
        case mends.AcceptHeadings(source):
            return (
                f"to import it so: crosspromo partner import {quote(source)} --accept-mapping; to "
                'correct it: --map "HEADING=COLUMN"'
            )
        case mends.MapHeading(source, heading, column, accept):
            return (
                f"then: crosspromo partner import {quote(source)} "
                f"{'--accept-mapping ' if accept else ''}--map {quote(f'{heading}={column}')}"
            )
        case mends.ArchivePartner(partner):
            return f"to offer it no more: crosspromo partner archive {partner}"
        case mends.UnarchivePartner(partner):
            return f"to offer it again: crosspromo partner unarchive {partner}"
        case mends.UndoImport(number):
            return f"to take that one back, too: crosspromo partner undo-import {number}"
        case mends.RecordPermission() | mends.RecordPhotoConsent():
            return _of_answer(mend)
        case mends.Revise() | mends.TakeDown():
            return _of_gone(mend)
        case (
            mends.ListDeliveries()
            | mends.ListDrafts()
            | mends.ListPartners()
            | mends.ListCampaigns()
            | mends.ListEvents()
            | mends.ListPeople()
            | mends.ListSources()
            | mends.ListSuggestions()
            | mends.ReviewEvents()
            | mends.ListPermissions()
            | mends.ListPhotoConsents()
        ):
            return f"see: crosspromo {_LISTS[type(mend)]}"
        case mends.ReportOutside():
            return (
                "what was posted outside since then is counted with: crosspromo ledger import FILE"
            )
        case mends.MakeWorkspace(None):
            return "make a workspace with: crosspromo init"
        case mends.MakeWorkspace(folder):
            return f"make one with: crosspromo init {folder}"
        case mends.BuildDatabase():
            return "make it with: crosspromo db upgrade"
        case mends.UpgradeDatabase():
            return "upgrade it with: crosspromo db upgrade"
        case mends.CheckDatabase():
            return "see: crosspromo db check"
        case mends.RunOnce():
            return "settle it with: crosspromo run --once"
        case mends.DumpDatabase(database, file):
            return f"back it up with: pg_dump --format=custom --file={file} {database}"


def _of_answer(mend: mends.RecordPermission | mends.RecordPhotoConsent) -> str:
    match mend:
        case mends.RecordPermission(partner, scope):
            return (
                f"when they agree: crosspromo permission add {partner} --scope {scope} "
                "--agreed-by NAME --on DAY --evidence TEXT"
            )
        case mends.RecordPhotoConsent(image, person):
            return (
                f"when they agree: crosspromo permission photo {quote(image)} "
                f"--person {quote(person)} --consent yes --given-by NAME --evidence TEXT"
            )


def _of_gone(mend: mends.Revise | mends.TakeDown) -> str:
    match mend:
        case mends.Revise(delivery):
            return (
                f"to change it: crosspromo queue edit {delivery}; to take it out: crosspromo queue "
                f"cancel {delivery}"
            )
        case mends.TakeDown(delivery):
            return (
                f"to remove it there: crosspromo queue delete {delivery}; to leave it: crosspromo "
                f"queue dismiss {delivery} --reason TEXT"
            )
