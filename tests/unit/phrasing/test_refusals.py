"""Why an act is refused: every sentence, word for word, without a full stop."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.people import NameFault
from crosspromo.domain.permissions import Lack, Scope, Why
from crosspromo.domain.photos import PhotoLack, WhyNot
from crosspromo.domain.reasons import (
    database,
    inputs,
    ledger,
    not_found,
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
from crosspromo.domain.reasons.refusals import Refusal
from crosspromo.domain.states import State
from crosspromo.phrasing.refusals import of_refusal

CHICAGO = ZoneInfo("America/Chicago")
AT = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
EARLIER = EarlierDelivery(3, "x-main", AT, AT - timedelta(days=2))
WAITS = EarlierDelivery(4, "x-main", AT + timedelta(days=1), None)
QUOTED = (("A long one.", 11), ("Short.", 6))

NOT_FOUND: tuple[tuple[Refusal, str], ...] = (
    (not_found.NoSuchDelivery(7), "there is no delivery 7"),
    (not_found.NoSuchPartner("river"), 'there is no partner "river"'),
    (
        not_found.NoSuchPartner("river", ("river-keepers", "riverside")),
        'there is no partner "river"; did you mean river-keepers, riverside?',
    ),
    (not_found.NoSuchCampaign("spring"), 'there is no campaign "spring"'),
    (
        not_found.NoSuchCampaign("sping", ("spring", "giving-day")),
        'there is no campaign "sping"; there are: spring, giving-day',
    ),
    (not_found.NoSuchEvent("cleanup"), 'there is no event "cleanup"'),
    (
        not_found.NoSuchLadder("huge", ("small", "standard", "big")),
        'there is no ladder "huge"; there are: small, standard, big',
    ),
    (sources.NoSuchSource(3), "there is no source 3"),
    (
        sources.SourceExists("https://river.example/feed", 3),
        "https://river.example/feed is read already, as source 3",
    ),
    (sources.NoSuchSuggestion(7), "there is no suggestion 7"),
    (sources.SuggestionDecided(7, "ana"), "ana has decided about suggestion 7 already"),
    (
        sources.SuggestionOfNobody(7),
        "suggestion 7 is about no partner that is known; name the partner",
    ),
    (
        sources.NoWebsite("river"),
        "river has no website on which to look for feeds; note its address first",
    ),
    (
        sources.WebsiteUnreadable("river", "river.example answers 404 Not Found"),
        "the website of river cannot be read: river.example answers 404 Not Found",
    ),
    (
        sources.NothingToShare(7),
        "suggestion 7 has no address that could be shared; spotlight it or dismiss it",
    ),
    (sources.NothingToReview(7), "there is no event 7 to review"),
    (sources.EventReviewed(7, "ana"), "ana has decided about event 7 of the review already"),
    (sources.EventIsNew(7), "event 7 of the review is new: accept it, merge it or refuse it"),
    (
        sources.EventIsGone(7),
        (
            "event 7 of the review is ours already, and is gone from its calendar: keep it or "
            "cancel it"
        ),
    ),
    (
        sources.EventIsThere(7, "walk-2030-04-22"),
        "event 7 of the review has the UID of walk-2030-04-22: merge it with that one",
    ),
    (
        sources.NothingToRead("https://river.example/", "what is there is empty"),
        (
            "https://river.example/ is not added, since it is neither a feed nor a calendar: what "
            "is there is empty; give the address of the feed or the calendar itself"
        ),
    ),
    (
        sources.AddressHasLogin("river.example"),
        (
            "the address has a user name or a password in it, and crosspromo keeps addresses in "
            "the clear; give an address at river.example that can be read without them"
        ),
    ),
    (
        sources.EventsAreOne(60, 68),
        (
            "events 60 and 68 of the review have the same UID, so they are one event: accept 60 "
            "alone, then merge 68 with it"
        ),
    ),
    (
        sources.SourcesNotNamed(),
        "name the source whose events are gone, so that no other one is accepted with it",
    ),
    (not_found.NoSuchImport(None), "there is no import of partners that could be undone"),
    (
        not_found.NoSuchImport(3),
        "there is no import 3 of partners, or it is too old to be undone",
    ),
    (not_found.NoSuchIntroduction(7), "there is no introduction 7"),
    (
        partners.IntroducedToThemselves("river"),
        "river cannot be introduced to themselves; name two partners",
    ),
    (partners.NotIntroduced(7, "river"), "introduction 7 is not about river"),
    (
        partners.IntroductionDeclined(7, "river"),
        "river declined introduction 7; propose a new one if that changed",
    ),
    (
        partners.IntroductionNotAgreed(7),
        "introduction 7 needs the consent of both; ask them first",
    ),
    (not_found.NoSuchPartnerPerson(7), "there is no person 7 at a partner"),
    (
        not_found.NoSuchAccount("x", ("x-main", "bluesky-main")),
        'there is no account "x" in crosspromo.toml; there are: x-main, bluesky-main',
    ),
    (
        not_found.NoSuchAccount("x"),
        'there is no account "x" in crosspromo.toml; there are: none yet',
    ),
    (not_found.NoWorkspace(), "there is no crosspromo.toml here or above"),
    (not_found.NoWorkspace("/srv/post"), "/srv/post has no crosspromo.toml"),
)

INPUTS: tuple[tuple[Refusal, str], ...] = (
    (inputs.ReasonMissing(Act.NOTICE), "a notice needs a reason why it does not count"),
    (
        inputs.ReasonMissing(Act.OPEN_LEDGER),
        "an opening balance needs a reason: where do the numbers come from?",
    ),
    (
        inputs.ReasonMissing(Act.RELEASE),
        "a release needs a reason why the ratio shall not count this once",
    ),
    (inputs.ReasonMissing(Act.ALLOW_DUPLICATE), "saying the same again needs a reason"),
    (inputs.ReasonMissing(Act.CANCEL), "to cancel it, give a reason"),
    (inputs.PastMoment(AT), "Wed 2026-04-22 09:00 has passed; name a later time"),
    (
        inputs.FutureMoment(AT),
        "Wed 2026-04-22 09:00 lies ahead; a balance is of what has been posted",
    ),
    (inputs.NothingCounted(), "an opening balance counts something: others or self above 0"),
    (
        inputs.TooManyCounted(100_000),
        "an opening balance counts at most 100,000 posts on either side",
    ),
    (
        inputs.BalanceExists("x-main", 12, 3, AT, "by hand"),
        (
            "x-main has an opening balance already: 12 others, 3 self, at Wed 2026-04-22 09:00, "
            "by hand; it stays as it is"
        ),
    ),
    (
        inputs.BalanceOverlaps("x-main", 2, AT),
        (
            "x-main counts 2 outside posts up to that moment, which the balance would "
            "count again; name a moment before Wed 2026-04-22 09:00, the first of "
            "them"
        ),
    ),
    (
        inputs.BalanceOverlaps("x-main", 1, AT),
        (
            "x-main counts 1 outside post up to that moment, which the balance would "
            "count again; name a moment before Wed 2026-04-22 09:00, the first of "
            "them"
        ),
    ),
    (
        inputs.CampaignExists("spring"),
        'there is a campaign "spring" already; choose another name',
    ),
    (inputs.CampaignEndsFirst(), "a campaign ends on its first day or later"),
    (
        inputs.PartnerExists("river-keepers"),
        'there is a partner "river-keepers" already; choose another slug',
    ),
    (
        inputs.BadSlug("River Keepers"),
        (
            '"River Keepers" cannot be a slug; use lower-case letters, digits and single hyphens, '
            'such as "river-keepers"'
        ),
    ),
    (inputs.NameMissing("event"), "an event needs a title"),
    (inputs.PersonUnnamed(), "the name of the person who does it is missing"),
    (
        inputs.BadVariable("a b"),
        '"a b" cannot be the name of a variable; use letters, digits and underscores',
    ),
    (
        inputs.NobodyToAsk("cleanup", "river-keepers"),
        "nobody at river-keepers is to be asked about cleanup now",
    ),
    (inputs.NothingToChange(), "nothing is to be changed; say what is to be different"),
    (
        inputs.AltTextsMismatch(7, 1, 2),
        "delivery 7 has 1 image, not 2: every image needs one alt text, in order",
    ),
    (inputs.NothingNamed(), "name what to act on: ids of deliveries, or a post"),
    (not_found.NoSuchPost(7), "there is no post 7"),
    (
        not_found.NoSuchDraft("a" * 12),
        "there is no such draft of yours; it may have been thrown away",
    ),
    (not_found.NoSuchPermission(7), "there is no permission 7"),
    (not_found.NoSuchPhotoConsent(7), "there is no consent 7 on an image"),
    (state.DraftIsQueued(7), "this draft is queued already, as post 7"),
    (inputs.NoEventChosen(), "name the event"),
    (
        inputs.WordsAndTemplate(),
        "say it in words of your own or by a template, not by both",
    ),
    (not_found.NoSuchTopic("Water"), 'no partner has the topic "Water"'),
    (
        inputs.NoPartnerChosen(),
        "name the partners: their slugs, a topic, or a file with one slug a line",
    ),
    (inputs.PartnerArchived("river"), "river is archived, so nothing new is posted about it"),
    (
        inputs.PartnerInUse("river", 2, 1, 0, 0, 0, in_settings=True),
        (
            "river cannot be removed: 2 posts and 1 event and crosspromo.toml name it, and what "
            "happened stays"
        ),
    ),
    (
        inputs.PartnerInUse("river", 0, 0, 0, 0, 1, in_settings=False),
        (
            "river cannot be removed: 1 record of people, permissions or sources names it, and "
            "what happened stays"
        ),
    ),
    (
        inputs.HeadingsProposed("list.csv", (("Twitter", "x"),), ("Phone",)),
        (
            "list.csv has headings that are not ours, so nothing was imported yet. Proposed: "
            '"Twitter" as x; kept as notes: "Phone"'
        ),
    ),
    (
        inputs.NoNameHeading("list.csv", ("Wer", "Was"), "Wer"),
        (
            "list.csv: no heading is known to give the names of partners; the header is: "
            '"Wer", "Was". Perhaps "Wer" gives the names?'
        ),
    ),
    (
        inputs.NoNameHeading("list.csv", ("Wer", "Web"), "Wer", (("Web", "website"),)),
        (
            "list.csv: no heading is known to give the names of partners; the header is: "
            '"Wer", "Web"; proposed: "Web" as website. Perhaps "Wer" gives the names?'
        ),
    ),
    (
        inputs.NoSuchHeading("Twiter", ("Twitter",)),
        'there is no heading "Twiter"; the header is: "Twitter"',
    ),
    (inputs.NoSuchColumn("y", ("x",)), 'there is no column "y"; there are: x'),
    (inputs.ImportUndone(3, AT), "import 3 was undone already, at Wed 2026-04-22 09:00"),
    (
        queueing.AltTextIsFileName("river.png", "IMG_2034.jpg"),
        '"IMG_2034.jpg" is the name of a file; say what river.png shows',
    ),
    (
        inputs.NameMakesNoSlug("Ключ"),
        (
            '"Ключ" makes no slug, which has Latin letters and digits; give one, such as '
            '"river-keepers"'
        ),
    ),
    (
        inputs.LadderIsOver("cleanup", "small"),
        (
            "all steps of the ladder small for cleanup are over; queue a post with words of your "
            "own instead"
        ),
    ),
    (
        inputs.EventOfArchived("cleanup", "river"),
        "river, who holds cleanup, is archived, so nothing new is posted about it",
    ),
    (
        inputs.OlderImportStands(3, AT, 2, AT, "ana", "list.csv"),
        (
            "the last import, 3, was undone already, at Wed 2026-04-22 09:00; the one before it "
            "that stands is import 2: list.csv, by ana at Wed 2026-04-22 09:00"
        ),
    ),
    (inputs.EndsBeforeStart(), "an event has to end after it starts"),
    (inputs.NameMissing("partner"), "a partner needs a name"),
    (inputs.BadHandle("x", "a b", "it holds a space"), "x=a b: it holds a space"),
    (
        inputs.BadAddress("river"),
        '"river" is no web address; write it whole, such as https://river.example',
    ),
    (
        inputs.RenameTaken("x-new"),
        "x-new has posts of its own already; choose a name that is not used yet",
    ),
    (
        inputs.RenameAbroad("x-new", "x", "bluesky"),
        (
            "x-new is an account on x, and waiting posts were made for bluesky; choose an account "
            "on bluesky"
        ),
    ),
    (
        inputs.NoAccountsYet(),
        "crosspromo.toml has no accounts yet; add one under [accounts.NAME]",
    ),
    (inputs.NoAccountNamed(), "name the accounts"),
    (
        inputs.NoFreeSlot(),
        (
            "no slot of the next year is free: each is taken, too near to another post, on a full "
            "day or in a time of silence; add slots or name a time"
        ),
    ),
    (inputs.JointWithoutHost(), "a joint event needs a host: whom do we hold it with?"),
    (inputs.LeadWithoutJoint(), "only a joint event has a lead"),
    (inputs.OwnWork(7, "ana"), "ana wrote delivery 7; somebody else has to approve it"),
    (inputs.OwnEdit(7, "dan"), "dan changed delivery 7 last; somebody else has to approve it"),
    (
        inputs.SignOffNotAsked(7, "food-bank"),
        "delivery 7 is not about a partner food-bank who asked to sign off",
    ),
    (inputs.ApprovedAlready(7, "the chair"), "the chair has approved delivery 7 already"),
    (
        inputs.WorkspaceExists("post/crosspromo.toml"),
        "post/crosspromo.toml exists already; nothing was changed",
    ),
    (inputs.FileExists("backup.db"), "backup.db exists; choose another name"),
    (
        inputs.NotOnSQLite("crosspromo", "backup.db"),
        (
            "only a SQLite database is copied as a file; PostgreSQL is backed up into a .zip file "
            "with the whole workspace, or by a tool of its own"
        ),
    ),
    (
        inputs.NotProposed(),
        "the plan does not propose this any more; look at the plan again",
    ),
    (inputs.NotInThatSlot(), "the post would not go in that slot; choose another one"),
    (
        inputs.WordsWanted(),
        "nothing new is there to say about the partner; write the words of the post",
    ),
)

STATES: tuple[tuple[Refusal, str], ...] = (
    (
        state.AccountIsSending("x-main"),
        "x-main is sending something at this moment; do it again in a minute",
    ),
    (
        state.WrongState(7, State.CANCELLED, Act.APPROVE),
        "delivery 7 is cancelled; there is nothing to approve",
    ),
    (
        state.WrongState(7, State.PUBLISHED, Act.CANCEL),
        "delivery 7 is published; it cannot be taken out of the queue",
    ),
    (
        state.WrongState(7, State.QUEUED, Act.DELETE),
        "delivery 7 is queued; only a published one can be deleted",
    ),
    (
        state.WrongState(7, State.CANCELLED, Act.EDIT),
        "delivery 7 is cancelled; what it says can no longer be changed",
    ),
    (
        state.WrongState(7, State.DELETED, Act.MOVE),
        "delivery 7 is deleted; it cannot be given another time",
    ),
    (state.WrongState(7, State.FAILED, Act.RELEASE), "delivery 7 is failed; it is not held"),
    (
        state.WrongState(7, State.PUBLISHED, Act.RESOLVE),
        "delivery 7 is published; nothing is in doubt",
    ),
    (
        state.WrongState(7, State.DRAFT, Act.RETRY),
        "delivery 7 is a draft; only a failed, missed or queued one can be tried again",
    ),
    (
        state.CannotBecome(7, State.CANCELLED, State.QUEUED),
        "delivery 7 is cancelled; it cannot go back into the queue",
    ),
    (
        state.MayHaveGoneOut(7, State.UNKNOWN),
        ("delivery 7 is unknown: it may have gone out already, so it cannot be given another time"),
    ),
    (
        state.OnlyAsItWas(7),
        (
            "delivery 7 may have been sent once and can only be repeated as it was; to say "
            "something else, cancel it and queue a new one"
        ),
    ),
    (
        state.EditedMeanwhile(7, "A title", "Meet them."),
        (
            "delivery 7 says something else since you read it, so your text was not saved; compare "
            "both, and edit it again"
        ),
    ),
    (
        state.UndoIsOver(),
        (
            "this can be taken back no more: ten minutes have passed, or something else was done "
            "since"
        ),
    ),
    (state.NobodyAsked(7), "nobody has to approve delivery 7; it goes by itself"),
    (
        state.ReleasedAlready(7, "Dan Okafor", AT),
        (
            "delivery 7 was released already, by Dan Okafor at Wed 2026-04-22 09:00; it goes with "
            "the next round"
        ),
    ),
    (
        state.NotDeleted(7, "https://x.example/7", "not today"),
        "delivery 7 was not deleted: not today",
    ),
    (
        state.CannotDelete(7, "x-main", "https://x.example/7"),
        "posts on x-main cannot be deleted from here",
    ),
    (state.NotPaused(None), "there is no pause over everything"),
    (state.NotPaused("x-main"), "x-main is not paused"),
    (
        state.NotPaused("x-main", by_everything=True),
        "x-main is not paused by itself, everything is",
    ),
    (
        state.PausedJustNow("the database was copied here"),
        "everything was paused just now, and stays so: the database was copied here",
    ),
)

QUEUEING: tuple[tuple[Refusal, str], ...] = (
    (
        queueing.NothingToSay("x-main"),
        "x-main: there is nothing to say: nothing of the text can be seen",
    ),
    (
        queueing.TextTooLong("x-main", 9, 289, 280),
        "x-main: the text is too long by 9 (289 of 280)",
    ),
    (
        queueing.TextTooLong("x-main", 9, 289, 280, QUOTED, may_thread=True),
        (
            "x-main: the text is too long by 9 (289 of 280); what could be shortened: "
            "“A long one.” (11), “Short.” (6); or make it a thread"
        ),
    ),
    (
        queueing.RepostTakesNoText("x-main", 7),
        (
            "x-main: delivery 7 is a repost, and there is no saying anything with one there; "
            "cancel it, and queue it anew as a post with a link"
        ),
    ),
    (queueing.TitleMissing("reddit-main"), "reddit-main needs a title; write one"),
    (
        queueing.TitleTooLong("reddit-main", 4, 304, 300),
        "reddit-main: the title is too long by 4 (304 of 300); shorten it",
    ),
    (queueing.NoTitlesThere("x-main"), "x-main: posts have no titles there"),
    (queueing.TooManyImages("x-main", 0, 1), "x-main takes no images, not 1"),
    (queueing.TooManyImages("x-main", 1, 2), "x-main takes 1 image, not 2"),
    (queueing.TooManyImages("x-main", 4, 5), "x-main takes 4 images, not 5"),
    (
        queueing.AltTextMissing("pictures/river.png"),
        "pictures/river.png has no alt text, so not everybody can know what it shows",
    ),
    (
        queueing.AltTextTooLong("x-main", "pictures/river.png", 1_001, 1_000),
        "the alt text of pictures/river.png has 1001 characters, and x-main takes 1000; shorten it",
    ),
    (
        queueing.ImageMustBeAlone("x-main", "pictures/wave.gif"),
        "x-main shows pictures/wave.gif without other images only; leave them out, or it",
    ),
    (queueing.ImageUnusable("x-main", "it is empty"), "x-main: it is empty"),
    (
        queueing.DuplicateText("x-main", EARLIER),
        (
            "x-main: delivery 3 says the same and went out at Mon 2026-04-20 09:00; "
            "the same text goes to an account once in 30 days. Say it in other words, "
            "or give a reason"
        ),
    ),
    (
        queueing.DuplicateText("x-main", WAITS),
        (
            "x-main: delivery 4 says the same and is queued for Thu 2026-04-23 09:00; "
            "the same text goes to an account once in 30 days. Say it in other words, "
            "or give a reason"
        ),
    ),
    (
        queueing.DuplicateText("x-main", WAITS, in_this_act=True),
        (
            "x-main: a post before it says the same and is for Thu 2026-04-23 09:00; "
            "the same text goes to an account once in 30 days. Say it in other words, "
            "or give a reason"
        ),
    ),
    (
        queueing.DuplicateTextElsewhere("x-second", WAITS, in_this_act=True),
        (
            "x-second: a post before it on x-main says the same, or nearly, and is for "
            "Thu 2026-04-23 09:00; X forbids that on two accounts. Say it in other words, or on "
            "one of them only"
        ),
    ),
    (
        queueing.DuplicateTextElsewhere("x-second", EARLIER),
        (
            "x-second: delivery 3 on x-main says the same, or nearly, and went out at "
            "Mon 2026-04-20 09:00; X forbids that on two accounts. Say it in other words, or on "
            "one of them only"
        ),
    ),
    (
        queueing.SameOnTwoAccounts("x-second", "x-main"),
        (
            "x-second would say the same as x-main, or nearly; X forbids that on two accounts. "
            "Queue it for one of them only"
        ),
    ),
    (
        queueing.BarredByLaw(("Votes Now",)),
        (
            "Votes Now is a candidate or a 527 group, and a 501(c)(3) organisation must not share "
            "posts of such; there is no way around this"
        ),
    ),
    (
        queueing.BarredByLaw(("A. Candidate", "Votes Now")),
        (
            "A. Candidate, Votes Now are candidates or 527 groups, and a 501(c)(3) organisation "
            "must not share posts of such; there is no way around this"
        ),
    ),
    (queueing.EventIsCancelled("river-cleanup"), "river-cleanup is cancelled"),
    (queueing.EventHasBegun("river-cleanup"), "river-cleanup has already begun"),
    (
        queueing.AllowedAnyway("x-main"),
        (
            "x-main: only posts that count as self wait for the gate to allow them; this one is "
            "never held by the ratio: name a time, or none for the next free slot"
        ),
    ),
    (
        queueing.AfterEventStart("x-main", AT + timedelta(hours=2), AT),
        (
            "x-main: this would go out at Wed 2026-04-22 11:00, after the event has "
            "begun (Wed 2026-04-22 09:00); name an earlier time"
        ),
    ),
)

DATABASES: tuple[tuple[Refusal, str], ...] = (
    (database.DatabaseMissing(), "the workspace has no database yet"),
    (database.DatabaseEmpty(), "the database is empty"),
    (
        database.DatabaseOutdated("0004", "0005"),
        "the database is of version 0004 and this crosspromo needs 0005",
    ),
    (
        database.DatabaseTooNew("0009", "0005"),
        (
            "the database is of version 0009, newer than this crosspromo (0005); install a newer "
            "crosspromo"
        ),
    ),
    (
        database.SendsUnsettled((7, 8)),
        (
            "2 being sent, or left so by a daemon that was killed (delivery 7, 8); settle that and "
            "copy then"
        ),
    ),
    (database.DatabaseUnsound("a sum is wrong"), "a sum is wrong; nothing was copied"),
    (
        database.NotABackup("b.zip", "it is damaged"),
        "b.zip cannot be restored: it is damaged; nothing was changed",
    ),
    (
        database.WouldReplace(1),
        (
            "the workspace has a database already, with 1 delivery; the backup would take its "
            "place, and it would be kept beside"
        ),
    ),
    (
        database.WrongPassphrase(),
        (
            "the passphrase does not open the keys in the backup; nothing was changed. Try again, "
            "or leave it empty: the accounts then sign in again"
        ),
    ),
)

LEDGER: tuple[tuple[Refusal, str], ...] = (
    (
        ledger.MayBeOurs(7),
        (
            "the post may be delivery 7, of which it is not known whether it went out; settle that "
            "first"
        ),
    ),
    (
        ledger.InOpeningBalance("x-main", AT),
        (
            "the post is counted in the opening balance of x-main, which stands for all until "
            "Wed 2026-04-22 09:00; leave the row out"
        ),
    ),
    (
        ledger.SelfStays("self"),
        (
            "the post counts as self already, and what counts as self stays so until it leaves the "
            "window; a correction never allows more self posts"
        ),
    ),
    (
        ledger.AllowsMoreSelfPosts("none", "others"),
        (
            "the post counts as none already; as others it would allow more self posts, and a "
            "correction never does"
        ),
    ),
    (
        ledger.AllowsMoreAtThatTime(AT),
        (
            "the post counts from Wed 2026-04-22 09:00 already; at this other time it would "
            "allow more self posts, and a correction never does"
        ),
    ),
)

PEOPLE: tuple[tuple[Refusal, str], ...] = (
    (people.NoSuchPerson("Kim"), 'there is no person "Kim"; there are: nobody yet'),
    (
        people.NoSuchPerson("Kim", ("Ana", "Dan")),
        'there is no person "Kim"; there are: Ana, Dan',
    ),
    (
        people.PersonExists("Kim"),
        'the name "Kim" is taken, and a name stands for one person for good',
    ),
    (people.MailTaken("kim@rva.example"), "kim@rva.example is the address of another person"),
    (people.BadPersonName("", NameFault.BLANK), "a person needs a name that can be seen"),
    (people.BadPersonName("x", NameFault.LONG), "a name has at most 100 characters"),
    (
        people.BadPersonName("x", NameFault.INVISIBLE),
        "a name has no characters that nobody sees",
    ),
    (
        people.BadPersonName("partner:x", NameFault.RESERVED),
        "this name stands for a partner or for the program; choose another",
    ),
    (people.LastAdmin("Kim"), "Kim is the only admin; make somebody else an admin first"),
    (
        people.WrongSignIn(),
        "name and password do not match; try again, or ask an admin for a new link",
    ),
    (people.WrongCode(), "the code is wrong, or was used before; wait for the next one"),
    (
        people.TooManyTries(AT),
        "there were too many tries; try again after Wed 2026-04-22 09:00",
    ),
    (people.LinkIsOver(), "this link was used or has ended; ask an admin for a new one"),
    (
        people.PasswordTooShort(10),
        "a password has at least 10 characters; a few words are good",
    ),
    (people.PasswordTooLong(200), "a password has at most 200 characters"),
    (
        people.PasswordIsName(),
        "a password is not the name or the address of its person",
    ),
    (
        people.SignInToApprove(7, "x-main"),
        (
            "x-main takes approvals of people who are signed in, so delivery 7 is to be approved "
            "in the console"
        ),
    ),
    (
        people.SignOffLinkOver(known=True),
        "this link has ended; ask whoever sent it to you for a new one",
    ),
    (
        people.TooLateToAsk(7, datetime(2026, 4, 22, 13, tzinfo=UTC)),
        (
            "a link for post 7 would have ended at Wed 2026-04-22 08:00, an hour before it is due; "
            "move the post first"
        ),
    ),
    (people.NoOpenLink(7, "river"), "river has no open link for post 7"),
    (people.SayWhatToChange(), "say in a few words what should be changed"),
    (
        people.HasLeft(7, "Kim", AT),
        "Kim is not at the partner any more, since Wed 2026-04-22 09:00",
    ),
    (people.IsKeptAway("Kim"), "Kim asked to be left alone, so nothing is stored"),
    (
        people.StillToBeSaid("Kim", (("delivery", "7"), ("event", "cleanup"))),
        "delivery 7 and event cleanup still name Kim in public; edit or cancel them first",
    ),
    (
        people.StillToBeSaid("Kim", (("delivery", "7"),)),
        "delivery 7 still names Kim in public; edit or cancel it first",
    ),
    (
        people.NothingHeld("Kim"),
        'nothing is held of "Kim"; write the name as it stands in the records',
    ),
)

PARTNERS: tuple[tuple[Refusal, str], ...] = (
    (not_found.NoSuchEntry(3), "there is no entry 3 in the diary of a partner"),
    (
        partners.UnknownChoice("tier", "boss", ("influencer", "constituent")),
        '"boss" is no tier we know; choose one of: influencer, constituent',
    ),
    (
        partners.OutOfRange("a cadence in days", 9_999, 1, 3_650),
        "a cadence in days is from 1 to 3,650, not 9999",
    ),
    (partners.WordsTooLong("a note", 2_000), "a note has at most 2,000 characters; shorten it"),
    (
        partners.HalfALimit(),
        "a limit needs both: how many posts at most, and within how many days",
    ),
    (partners.WordsMissing(EntryKind.PROMISE), "a promise needs words: what is it about?"),
    (
        partners.ContactAhead(date(2026, 5, 1)),
        "2026-05-01 has not come yet; a contact has happened. Note it as a follow-up",
    ),
    (
        partners.DaysReversed(date(2026, 5, 2), date(2026, 5, 1)),
        "2026-05-01 is before 2026-05-02; write the first day first",
    ),
    (
        partners.OtherKind(3, EntryKind.NOTE, EntryKind.FOLLOW_UP),
        "entry 3 is a note, not a follow-up",
    ),
    (
        partners.ClosedAlready(3, AT, "ana"),
        "entry 3 was closed already, by ana at Wed 2026-04-22 09:00",
    ),
    (
        partners.ReceivedAhead(AT),
        "Wed 2026-04-22 09:00 lies ahead; what was received has happened",
    ),
    (
        partners.PartnerMerged("river", "river-keepers"),
        "river is now part of river-keepers, and the slug stays theirs",
    ),
    (
        partners.MergeWithItself("river"),
        "river cannot become part of itself; name two partners",
    ),
    (
        partners.MergeIntoOwnGroup("river", "us"),
        (
            "us is of our own group, and posts about river have counted as posts about others; "
            "what counts is never rewritten, so keep both"
        ),
    ),
    (
        partners.MergeInSettings("river", "river-keepers"),
        "crosspromo.toml names river; write river-keepers there instead, and merge them then",
    ),
)

SHEETS: tuple[tuple[Refusal, str], ...] = (
    (
        sheets.ChangedSince(7, "Hello\nyou", ""),
        (
            'delivery 7 was changed since the sheet was made: now it says "Hello you", the sheet '
            "says nothing; export the calendar again"
        ),
    ),
    (sheets.NotChangedBySheet("x-main"), 'a sheet cannot change this; it stays "x-main"'),
    (sheets.NamedTwice(7, 2), "delivery 7 stands in row 2, too; keep one of the two rows"),
    (
        sheets.VersionUnread(7),
        (
            "the version of delivery 7 is missing or damaged; export the calendar again, and "
            "change that row there"
        ),
    ),
    (
        sheets.RowsDisagree(2),
        "row 2 is of the same post and says something else; write the same in both",
    ),
    (
        sheets.NoTimeOfDay(),
        "a post needs a day and a time, or neither; then it takes the next free slot",
    ),
    (
        sheets.LinkInText(),
        "the text has the address; take it out of the text, and the link goes, too",
    ),
    (
        sheets.NoWordsInRow(),
        "a post about ourselves needs a text; a post about a partner needs the partner",
    ),
    (sheets.NoAccountInRow(), "name the account, or several with commas between them"),
    (
        sheets.TooManyNewRows(1_000),
        "a sheet has at most 1,000 new posts; bring the others in another sheet",
    ),
    (
        sheets.PictureNotKept("river.png"),
        (
            '"river.png" is no picture that is kept here; leave the cell empty, and add the '
            "picture to the post afterwards"
        ),
    ),
)

PERMISSIONS: tuple[tuple[Refusal, str], ...] = (
    (
        permissions.EvidenceMissing(),
        "say where the answer can be seen: a mail, a form, a conversation with a date",
    ),
    (
        permissions.AgreedLater(date(2026, 5, 1)),
        "2026-05-01 is still to come; name the day on which they agreed",
    ),
    (
        permissions.EndsBeforeAgreed(date(2026, 5, 2), date(2026, 5, 1)),
        "it would end on 2026-05-01, before they agreed on 2026-05-02",
    ),
    (
        permissions.UnknownNetworks(("myspace",), ("bluesky", "x")),
        "nobody knows myspace; networks are bluesky, x",
    ),
    (
        permissions.WithdrawnAlready(7, datetime(2026, 4, 22, 14, 0, tzinfo=UTC)),
        "7 was withdrawn already, at Wed 2026-04-22 09:00",
    ),
    (
        queueing.NoPermission(
            "x-main", (Lack(Scope.TAG, "river", "River Keepers", "x", Why.MISSING),)
        ),
        "x-main: River Keepers has not agreed to be tagged",
    ),
    (
        queueing.NoPhotoConsent("x-main", (PhotoLack("a.jpg", "Sam", "x", WhyNot.REFUSED),)),
        "x-main: Sam, who is on a.jpg, did not agree that it is shown; give another image",
    ),
)

SENTENCES = (
    *(*NOT_FOUND, *INPUTS, *STATES, *QUEUEING, *DATABASES, *LEDGER, *PEOPLE),
    *(*PARTNERS, *SHEETS, *PERMISSIONS),
)


@pytest.mark.parametrize(("reason", "sentence"), SENTENCES)
def test_a_refusal_says_why(reason: Refusal, sentence: str) -> None:
    assert of_refusal(reason, CHICAGO) == sentence


def test_no_refusal_is_left_out() -> None:
    assert {type(reason) for reason, _ in SENTENCES} == refusals.CODES.keys()
