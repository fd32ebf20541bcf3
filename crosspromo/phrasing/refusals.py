"""Sentences of refusals: why a person's act was not done."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons import (
    database,
    inputs,
    ledger,
    not_found,
    partners,
    people,
    permissions,
    queueing,
    sheets,
    sources,
    state,
)
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.database import DatabaseRefusal
from crosspromo.domain.reasons.inputs import InputRefusal
from crosspromo.domain.reasons.ledger import LedgerRefusal
from crosspromo.domain.reasons.not_found import NotFound
from crosspromo.domain.reasons.queueing import QueueingRefusal
from crosspromo.domain.reasons.refusals import Refusal
from crosspromo.domain.reasons.state import StateRefusal
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.faults import duplicate_elsewhere, duplicate_here, of_barred
from crosspromo.phrasing.partners import of_partners
from crosspromo.phrasing.people import of_people
from crosspromo.phrasing.permissions import of_lacks, of_permission, of_photo_lacks
from crosspromo.phrasing.sheets import of_sheet
from crosspromo.phrasing.sources import of_source

_SETTINGS = "crosspromo.toml"

MOST_NAMES = 10
"""Most names that a sentence lists."""


def of_refusal(reason: Refusal, zone: ZoneInfo) -> str:
    """Refusal sentence, without a full stop, times in `zone`."""
    kind = type(reason)
    return next(of_kind(reason, zone) for codes, of_kind in _KINDS if kind in codes)


def _of_not_found(reason: NotFound) -> str:  # noqa: C901 (a table)
    match reason:
        case not_found.NoSuchDelivery(delivery):
            return f"there is no delivery {delivery}"
        case not_found.NoSuchPost(post):
            return f"there is no post {post}"
        case not_found.NoSuchPartner(partner, near):
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            return f'there is no partner "{partner}"{hint}'
        case not_found.NoSuchTopic(topic):
            return f'no partner has the topic "{topic}"'
        case not_found.NoSuchEvent(event):
            return f'there is no event "{event}"'
        case not_found.NoSuchCampaign(campaign, known):
            names = f"; there are: {', '.join(known[:MOST_NAMES])}" if known else ""
            return f'there is no campaign "{campaign[:60]}"{names}'
        case not_found.NoSuchLadder(ladder, known):
            names = ", ".join(known[:MOST_NAMES])
            return f'there is no ladder "{ladder[:60]}"; there are: {names}'
        case not_found.NoSuchImport(None):
            return "there is no import of partners that could be undone"
        case not_found.NoSuchImport(number):
            return f"there is no import {number} of partners, or it is too old to be undone"
        case not_found.NoSuchEntry(number):
            return f"there is no entry {number} in the diary of a partner"
        case not_found.NoSuchPartnerPerson(number):
            return f"there is no person {number} at a partner"
        case not_found.NoSuchIntroduction(number):
            return f"there is no introduction {number}"
        case not_found.NoSuchAccount(account, known):
            names = ", ".join(known) or "none yet"
            return f'there is no account "{account}" in {_SETTINGS}; there are: {names}'
        case not_found.NoWorkspace(None):
            return f"there is no {_SETTINGS} here or above"
        case not_found.NoWorkspace(folder):
            return f"{folder} has no {_SETTINGS}"
        case not_found.NoSuchDraft():
            return "there is no such draft of yours; it may have been thrown away"
        case not_found.NoSuchPermission(number):
            return f"there is no permission {number}"
        case not_found.NoSuchPhotoConsent(number):
            return f"there is no consent {number} on an image"
        case _:
            assert_never(reason)


_REASONS_WANTED = {
    Act.NOTICE: "a notice needs a reason why it does not count",
    Act.WITHDRAW: "a withdrawal needs a reason",
    Act.OPEN_LEDGER: "an opening balance needs a reason: where do the numbers come from?",
    Act.REJECT: "a rejection needs a reason: what should be changed?",
    Act.RELEASE: "a release needs a reason why the ratio shall not count this once",
    Act.ALLOW_DUPLICATE: "saying the same again needs a reason",
}


def _of_plan(
    reason: inputs.NotProposed | inputs.NotInThatSlot | inputs.WordsWanted,
) -> str:
    match reason:
        case inputs.NotProposed():
            return "the plan does not propose this any more; look at the plan again"
        case inputs.NotInThatSlot():
            return "the post would not go in that slot; choose another one"
        case inputs.WordsWanted():
            return "nothing new is there to say about the partner; write the words of the post"
        case _:
            assert_never(reason)


def _of_input(reason: InputRefusal, zone: ZoneInfo) -> str:  # noqa: C901, PLR0915 (a table)
    match reason:
        case inputs.ReasonMissing(act):
            return _REASONS_WANTED.get(act, f"to {act.value} it, give a reason")
        case inputs.PastMoment(moment):
            return f"{wall_clock(moment, zone)} has passed; name a later time"
        case inputs.FutureMoment(moment):
            when = wall_clock(moment, zone)
            return f"{when} lies ahead; a balance is of what has been posted"
        case inputs.NothingCounted():
            return "an opening balance counts something: others or self above 0"
        case inputs.TooManyCounted(most):
            return f"an opening balance counts at most {most:,} posts on either side"
        case inputs.BalanceExists(account, others, self_, at, why):
            return (
                f"{account} has an opening balance already: {others} others, {self_} self, at "
                f"{wall_clock(at, zone)}, {why}; it stays as it is"
            )
        case inputs.BalanceOverlaps(account, posts, first):
            return (
                f"{account} counts {plural(posts, 'outside post')} up to that moment, which the "
                f"balance would count again; name a moment before {wall_clock(first, zone)}, the "
                "first of them"
            )
        case inputs.PartnerExists(partner):
            return f'there is a partner "{partner}" already; choose another slug'
        case inputs.CampaignExists(campaign):
            return f'there is a campaign "{campaign}" already; choose another name'
        case inputs.CampaignEndsFirst():
            return "a campaign ends on its first day or later"
        case inputs.PartnerArchived(partner):
            return f"{partner} is archived, so nothing new is posted about it"
        case inputs.EventOfArchived(event, partner):
            return f"{partner}, who holds {event}, is archived, so nothing new is posted about it"
        case inputs.LadderIsOver(event, ladder):
            return (
                f"all steps of the ladder {ladder} for {event} are over; queue a post with words "
                "of your own instead"
            )
        case inputs.PartnerInUse(partner):
            return f"{partner} cannot be removed: {_uses(reason)}"
        case (
            inputs.HeadingsProposed()
            | inputs.NoNameHeading()
            | inputs.NoSuchHeading()
            | inputs.NoSuchColumn()
        ):
            return _of_headings(reason)
        case inputs.ImportUndone(number, at):
            return f"import {number} was undone already, at {wall_clock(at, zone)}"
        case inputs.OlderImportStands(number, at, older, imported_at, who, source):
            return (
                f"the last import, {number}, was undone already, at {wall_clock(at, zone)}; the "
                f"one before it that stands is import {older}: {source}, by {who} at "
                f"{wall_clock(imported_at, zone)}"
            )
        case inputs.BadSlug(text):
            return (
                f'"{text}" cannot be a slug; use lower-case letters, digits and single hyphens, '
                'such as "river-keepers"'
            )
        case inputs.NameMissing(what):
            return "an event needs a title" if what == "event" else f"a {what} needs a name"
        case inputs.NameMakesNoSlug(name):
            return (
                f'"{name[:60]}" makes no slug, which has Latin letters and digits; give one, such '
                'as "river-keepers"'
            )
        case inputs.PersonUnnamed():
            return "the name of the person who does it is missing"
        case inputs.BadVariable(name):
            return f'"{name}" cannot be the name of a variable; use letters, digits and underscores'
        case inputs.NobodyToAsk(event, partner):
            return f"nobody at {partner} is to be asked about {event} now"
        case inputs.NothingToChange():
            return "nothing is to be changed; say what is to be different"
        case inputs.AltTextsMismatch(delivery, images, alts):
            return (
                f"delivery {delivery} has {plural(images, 'image')}, not {alts}: every image needs "
                "one alt text, in order"
            )
        case inputs.NothingNamed():
            return "name what to act on: ids of deliveries, or a post"
        case inputs.EndsBeforeStart():
            return "an event has to end after it starts"
        case inputs.BadHandle(network, handle, words):
            return f"{network}={handle}: {words}"
        case inputs.BadAddress(text):
            return f'"{text[:60]}" is no web address; write it whole, such as https://river.example'
        case inputs.RenameTaken(account):
            return f"{account} has posts of its own already; choose a name that is not used yet"
        case inputs.RenameAbroad(account, network, before):
            return (
                f"{account} is an account on {network}, and waiting posts were made for {before}; "
                f"choose an account on {before}"
            )
        case inputs.NoAccountsYet():
            return f"{_SETTINGS} has no accounts yet; add one under [accounts.NAME]"
        case inputs.NoAccountNamed():
            return "name the accounts"
        case inputs.NoPartnerChosen():
            return "name the partners: their slugs, a topic, or a file with one slug a line"
        case inputs.NoEventChosen():
            return "name the event"
        case inputs.WordsAndTemplate():
            return "say it in words of your own or by a template, not by both"
        case inputs.NoFreeSlot():
            return (
                "no slot of the next year is free: each is taken, too near to another post, on a "
                "full day or in a time of silence; add slots or name a time"
            )
        case inputs.JointWithoutHost():
            return "a joint event needs a host: whom do we hold it with?"
        case inputs.LeadWithoutJoint():
            return "only a joint event has a lead"
        case inputs.OwnWork(delivery, author):
            return f"{author} wrote delivery {delivery}; somebody else has to approve it"
        case inputs.OwnEdit(delivery, editor):
            return f"{editor} changed delivery {delivery} last; somebody else has to approve it"
        case inputs.SignOffNotAsked(delivery, partner):
            return f"delivery {delivery} is not about a partner {partner} who asked to sign off"
        case inputs.ApprovedAlready(delivery, name):
            return f"{name} has approved delivery {delivery} already"
        case inputs.WorkspaceExists(file):
            return f"{file} exists already; nothing was changed"
        case inputs.FileExists(file):
            return f"{file} exists; choose another name"
        case inputs.NotOnSQLite():
            return (
                "only a SQLite database is copied as a file; PostgreSQL is backed up into a .zip "
                "file with the whole workspace, or by a tool of its own"
            )
        case inputs.NotProposed() | inputs.NotInThatSlot() | inputs.WordsWanted():
            return _of_plan(reason)
        case _:
            assert_never(reason)


def _of_headings(
    reason: inputs.HeadingsProposed
    | inputs.NoNameHeading
    | inputs.NoSuchHeading
    | inputs.NoSuchColumn,
) -> str:
    match reason:
        case inputs.HeadingsProposed(source, proposals, noted):
            taken = _proposed(proposals)
            kept = ", ".join(f'"{heading}"' for heading in noted)
            return (
                f"{source} has headings that are not ours, so nothing was imported yet. Proposed: "
                f"{taken}" + (f"; kept as notes: {kept}" if kept else "")
            )
        case inputs.NoNameHeading(source, headings, likeliest, proposals):
            found = ", ".join(f'"{heading}"' for heading in headings[:20])
            return (
                f"{source}: no heading is known to give the names of partners; the header is: "
                + found
                + (f"; proposed: {_proposed(proposals)}" if proposals else "")
                + f'. Perhaps "{likeliest}" gives the names?'
            )
        case inputs.NoSuchHeading(heading, headings):
            found = ", ".join(f'"{each}"' for each in headings[:20])
            return f'there is no heading "{heading}"; the header is: {found}'
        case inputs.NoSuchColumn(column, columns):
            return f'there is no column "{column}"; there are: {", ".join(columns)}'
        case _:
            assert_never(reason)


def _proposed(proposals: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f'"{heading}" as {column}' for heading, column in proposals)


def _uses(reason: inputs.PartnerInUse) -> str:
    counts = [
        plural(count, what)
        for count, what in (
            (reason.posts, "post"),
            (reason.events, "event"),
            (reason.ledger_rows, "row of the ledger"),
            (reason.noted, "note"),
        )
        if count
    ]
    if reason.kept_up:
        counts.append(f"{plural(reason.kept_up, 'record')} of people, permissions or sources")
    if reason.in_settings:
        counts.append(_SETTINGS)
    single = len(counts) == 1 and (reason.in_settings or counts[0].startswith("1 "))
    return f"{' and '.join(counts)} {'names' if single else 'name'} it, and what happened stays"


_STATES_WANTED = {
    Act.APPROVE: "there is nothing to approve",
    Act.CANCEL: "it cannot be taken out of the queue",
    Act.DELETE: "only a published one can be deleted",
    Act.EDIT: "what it says can no longer be changed",
    Act.MOVE: "it cannot be given another time",
    Act.REJECT: "it cannot be taken out of the queue",
    Act.RELEASE: "it is not held",
    Act.RESOLVE: "nothing is in doubt",
    Act.RETRY: "only a failed, missed or queued one can be tried again",
}


_CANNOT: Mapping[State, str] = MappingProxyType(
    {
        State.CANCELLED: "it can no longer be cancelled",
        State.DRAFT: "it cannot be a draft again",
        State.QUEUED: "it cannot go back into the queue",
        State.PUBLISHED: "it cannot be recorded as posted",
        State.DELETED: "it cannot be recorded as deleted",
        State.FAILED: "it cannot be recorded as not posted",
    }
)


def _state(now: State) -> str:
    return "a draft" if now is State.DRAFT else now.value


def _of_state(reason: StateRefusal, zone: ZoneInfo) -> str:  # noqa: C901 (a table)
    match reason:
        case state.WrongState(delivery, now, act):
            why = _STATES_WANTED.get(act, f"to {act.value} it is not possible")
            return f"delivery {delivery} is {_state(now)}; {why}"
        case state.CannotBecome(delivery, now, to):
            cannot = _CANNOT.get(to, f"it cannot be {to}")
            return f"delivery {delivery} is {_state(now)}; {cannot}"
        case state.MayHaveGoneOut(delivery, now):
            return (
                f"delivery {delivery} is {_state(now)}: it may have gone out already, so it cannot "
                "be given another time"
            )
        case state.OnlyAsItWas(delivery):
            return (
                f"delivery {delivery} may have been sent once and can only be repeated as it was; "
                "to say something else, cancel it and queue a new one"
            )
        case state.EditedMeanwhile(delivery):
            return (
                f"delivery {delivery} says something else since you read it, so your text was not "
                "saved; compare both, and edit it again"
            )
        case state.UndoIsOver():
            return (
                "this can be taken back no more: ten minutes have passed, or something else was "
                "done since"
            )
        case state.NobodyAsked(delivery):
            return f"nobody has to approve delivery {delivery}; it goes by itself"
        case state.ReleasedAlready(delivery, by, at):
            when = "" if at is None else f" at {wall_clock(at, zone)}"
            who = f"by {by}{when}"
            return f"delivery {delivery} was released already, {who}; it goes with the next round"
        case state.NotDeleted(delivery, _, words):
            return f"delivery {delivery} was not deleted: {words}"
        case state.CannotDelete(_, account, _):
            return f"posts on {account} cannot be deleted from here"
        case state.AccountIsSending(account):
            return f"{account} is sending something at this moment; do it again in a minute"
        case state.NotPaused(None):
            return "there is no pause over everything"
        case state.NotPaused(account, by_everything=True):
            return f"{account} is not paused by itself, everything is"
        case state.NotPaused(account):
            return f"{account} is not paused"
        case state.PausedJustNow(words):
            return f"everything was paused just now, and stays so: {words}"
        case state.DraftIsQueued(post):
            return f"this draft is queued already, as post {post}"
        case _:
            assert_never(reason)


def _of_queueing(reason: QueueingRefusal, zone: ZoneInfo) -> str:  # noqa: C901 (a table)
    match reason:
        case queueing.NothingToSay(account):
            return f"{account}: there is nothing to say: nothing of the text can be seen"
        case queueing.TextTooLong(account, over, length, limit, longest, may_thread):
            could = ", ".join(f"“{quoted}” ({size})" for quoted, size in longest)
            shorten = f"; what could be shortened: {could}" if could else ""
            thread = "; or make it a thread" if may_thread else ""
            return (
                f"{account}: the text is too long by {over} ({length} of {limit}){shorten}{thread}"
            )
        case queueing.RepostTakesNoText(account, delivery):
            return (
                f"{account}: delivery {delivery} is a repost, and there is no saying anything with "
                "one there; cancel it, and queue it anew as a post with a link"
            )
        case queueing.TitleMissing(account):
            return f"{account} needs a title; write one"
        case queueing.TitleTooLong(account, over, length, limit):
            return f"{account}: the title is too long by {over} ({length} of {limit}); shorten it"
        case queueing.NoTitlesThere(account):
            return f"{account}: posts have no titles there"
        case queueing.TooManyImages(account, most, given):
            allowed = "no images" if most == 0 else plural(most, "image")
            return f"{account} takes {allowed}, not {given}"
        case queueing.AltTextMissing(image):
            return f"{image} has no alt text, so not everybody can know what it shows"
        case queueing.AltTextIsFileName(image, alt):
            return f'"{alt[:60]}" is the name of a file; say what {image} shows'
        case queueing.AltTextTooLong(account, image, length, limit):
            return (
                f"the alt text of {image} has {length} characters, and {account} takes {limit}; "
                "shorten it"
            )
        case queueing.ImageMustBeAlone(account, image):
            return f"{account} shows {image} without other images only; leave them out, or it"
        case queueing.ImageUnusable(account, words):
            return f"{account}: {words}"
        case queueing.DuplicateText(_, earlier, nearly, in_this_act):
            said = duplicate_here(earlier, zone, nearly=nearly, in_this_act=in_this_act)
            return f"{said}. Say it in other words, or give a reason"
        case queueing.DuplicateTextElsewhere(account, earlier, in_this_act):
            return duplicate_elsewhere(earlier, account, zone, in_this_act=in_this_act)
        case queueing.SameOnTwoAccounts(account, other):
            return (
                f"{account} would say the same as {other}, or nearly; X forbids that on two "
                "accounts. Queue it for one of them only"
            )
        case queueing.BarredByLaw(names):
            return of_barred(names)
        case queueing.EventIsCancelled(event):
            return f"{event} is cancelled"
        case queueing.AllowedAnyway(account):
            return (
                f"{account}: only posts that count as self wait for the gate to allow them; this "
                "one is never held by the ratio: name a time, or none for the next free slot"
            )
        case queueing.EventHasBegun(event):
            return f"{event} has already begun"
        case queueing.AfterEventStart(account, due_at, starts_at):
            return (
                f"{account}: this would go out at {wall_clock(due_at, zone)}, after the event has "
                f"begun ({wall_clock(starts_at, zone)}); name an earlier time"
            )
        case queueing.NoPermission(account, lacks):
            return f"{account}: {of_lacks(lacks)}"
        case queueing.NoPhotoConsent(account, lacks):
            return f"{account}: {of_photo_lacks(lacks)}; give another image"
        case _:
            assert_never(reason)


def _of_database(reason: DatabaseRefusal) -> str:
    match reason:
        case database.DatabaseMissing():
            return "the workspace has no database yet"
        case database.DatabaseEmpty():
            return "the database is empty"
        case database.DatabaseOutdated(version, needed):
            return f"the database is of version {version} and this crosspromo needs {needed}"
        case database.DatabaseTooNew(version, known):
            return (
                f"the database is of version {version}, newer than this crosspromo ({known}); "
                "install a newer crosspromo"
            )
        case database.SendsUnsettled(deliveries):
            ids = ", ".join(map(str, deliveries))
            return (
                f"{len(deliveries)} being sent, or left so by a daemon that was killed (delivery "
                f"{ids}); settle that and copy then"
            )
        case database.DatabaseUnsound(words):
            return f"{words}; nothing was copied"
        case database.NotABackup(file, words):
            return f"{file} cannot be restored: {words}; nothing was changed"
        case database.WouldReplace(deliveries):
            return (
                f"the workspace has a database already, with "
                f"{plural(deliveries, 'delivery', 'deliveries')}; the backup would take its place, "
                "and it would be kept beside"
            )
        case database.WrongPassphrase():
            return (
                "the passphrase does not open the keys in the backup; nothing was changed. Try "
                "again, or leave it empty: the accounts then sign in again"
            )
        case _:
            assert_never(reason)


def _of_ledger(reason: LedgerRefusal, zone: ZoneInfo) -> str:
    match reason:
        case ledger.MayBeOurs(delivery):
            return (
                f"the post may be delivery {delivery}, of which it is not known whether it went "
                "out; settle that first"
            )
        case ledger.InOpeningBalance(account, at):
            return (
                f"the post is counted in the opening balance of {account}, which stands for all "
                f"until {wall_clock(at, zone)}; leave the row out"
            )
        case ledger.SelfStays(credit):
            return (
                f"the post counts as {credit} already, and what counts as self stays so until it "
                "leaves the window; a correction never allows more self posts"
            )
        case ledger.AllowsMoreSelfPosts(was, credit):
            return (
                f"the post counts as {was} already; as {credit} it would allow more self "
                "posts, and a correction never does"
            )
        case ledger.AllowsMoreAtThatTime(at):
            return (
                f"the post counts from {wall_clock(at, zone)} already; at this other time it would "
                "allow more self posts, and a correction never does"
            )
        case _:
            assert_never(reason)


_KINDS: tuple[tuple[Mapping[type, str], Callable[[Any, ZoneInfo], str]], ...] = (
    (not_found.CODES, lambda reason, _: _of_not_found(reason)),
    (inputs.CODES, _of_input),
    (state.CODES, _of_state),
    (queueing.CODES, _of_queueing),
    (database.CODES, lambda reason, _: _of_database(reason)),
    (partners.CODES, of_partners),
    (sheets.CODES, lambda reason, _: of_sheet(reason)),
    (permissions.CODES, of_permission),
    (people.CODES, of_people),
    (sources.CODES, lambda reason, _: of_source(reason)),
    (ledger.CODES, _of_ledger),
)
"""Sentences of each kind of refusal; its codes list just the reasons that its function takes."""
