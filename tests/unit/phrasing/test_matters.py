"""Every matter has a sentence that names it, and a mend where an act ends it."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from crosspromo.domain import matters
from crosspromo.domain.event_asks import Ask
from crosspromo.domain.matters import Detail, Matter
from crosspromo.domain.permissions import Scope
from crosspromo.domain.reasons import faults
from crosspromo.domain.sign_off_mails import NotAskedWhy
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.phrasing import mends
from crosspromo.phrasing.matters import mend_of, of_matter

UNASKED = "River Keepers could not be asked by mail about 7 on x-main"
DUE = datetime(2026, 4, 22, 9, tzinfo=UTC)
NO_NETWORK = faults.NotSent("X cannot be reached: it takes no connection")

EXAMPLES: tuple[tuple[Detail, str, mends.Mend | None], ...] = (
    (
        matters.EndedUnsent(State.FAILED, faults.Rejected("too-long", "X finds it too long.")),
        "7 on x-main failed: X finds it too long",
        mends.Retry(7),
    ),
    (
        matters.EndedUnsent(
            State.MISSED, faults.Missed(DUE, timedelta(hours=2), timedelta(hours=1))
        ),
        (
            "7 on x-main was missed: It was due at Wed 2026-04-22 09:00 and nothing could send it "
            "until now, 120 minutes later; late_after allows 60 minutes"
        ),
        mends.Move(7),
    ),
    (
        matters.EndedUnsent(State.EXPIRED, faults.Expired(DUE)),
        "7 on x-main expired: It expired at Wed 2026-04-22 09:00",
        mends.Dismiss(7),
    ),
    (
        matters.OutcomeUnknown(faults.InDoubt("X did not answer in time")),
        "nobody knows whether 7 on x-main went out: X did not answer in time",
        mends.Resolve(7),
    ),
    (
        matters.ToPostByHand(faults.ByHand("open https://form.example")),
        "7 on x-main is to be posted by you: open https://form.example",
        mends.MarkPosted(7),
    ),
    (
        matters.PastDue(NO_NETWORK, DUE + timedelta(minutes=30)),
        (
            "7 on x-main is past due since Wed 2026-04-22 09:00: X cannot be reached: it takes no"
            " connection; the next try is at Wed 2026-04-22 09:30"
        ),
        None,
    ),
    (
        matters.ApprovalDue(),
        "7 on x-main is past due and waits for approval",
        mends.Approve(7),
    ),
    (
        matters.Earlier(matters.Sort.PAST_DUE, 1),
        "1 earlier delivery is also past due",
        mends.ListDeliveries(),
    ),
    (
        matters.SettingsUnusable("crosspromo.toml, [floor] ratio: write 3:1."),
        (
            "the settings cannot be used, and no daemon can start with them: crosspromo.toml, "
            "[floor] ratio: write 3:1"
        ),
        None,
    ),
    (
        matters.EventHasChanged(
            faults.EventChanged("cleanup", (faults.Part.PLACE,), faults.WhyDraft.REPEATS)
        ),
        (
            "7 on x-main is a draft: cleanup has another place: it may have gone out once, so the "
            "text is as it was"
        ),
        mends.Approve(7),
    ),
    (
        matters.NoLongerAgreed(None),
        (
            "7 on x-main stands on its network, and somebody no longer agrees to it: a permission "
            "or a consent was withdrawn"
        ),
        mends.TakeDown(7),
    ),
    (
        matters.NoLongerAgreed(
            faults.PermissionWithdrawn(Scope.TAG, "River Keepers", "ana", "they left X")
        ),
        "7 on x-main is a draft: River Keepers no longer agrees to be tagged (ana: they left X)",
        mends.Revise(7),
    ),
    (
        matters.PartnerWishes("river", "River Keepers", "Say Sunday."),
        "River Keepers asks for a change of 7 on x-main: Say Sunday",
        mends.ReviseForPartner(7, "river"),
    ),
    (
        matters.PartnerRefused("river", "River Keepers", ""),
        "River Keepers said no to 7 on x-main, so it is cancelled",
        mends.CallBackLink(7, "river"),
    ),
    (
        matters.SignOffLacks("river", "River Keepers"),
        "River Keepers has not answered about 7 on x-main, which is due within a day",
        mends.Approve(7, ("river",)),
    ),
    (
        matters.SignOffLacks("river", "River Keepers", asked=False),
        "River Keepers has not been asked about 7 on x-main, which is due within a day",
        mends.AskPartner(7, "river"),
    ),
    (
        matters.PartnerNotAsked("river", "River Keepers", NotAskedWhy.NO_ADDRESS),
        f"{UNASKED}: nobody who signs off there has an address",
        mends.AskPartner(7, "river"),
    ),
    (
        matters.PartnerNotAsked("river", "River Keepers", NotAskedWhy.NO_MAIL),
        f"{UNASKED}: crosspromo.toml needs [smtp], and public_url under [serve]",
        mends.AskPartner(7, "river"),
    ),
    (
        matters.PartnerNotAsked("river", "River Keepers", NotAskedWhy.REFUSED, "no such box."),
        f"{UNASKED}: no such box",
        mends.AskPartner(7, "river"),
    ),
    (
        matters.AccountRefused("X refuses the keys."),
        "x-main needs attention: X refuses the keys",
        mends.VerifyAccount("x-main"),
    ),
    (
        matters.AccountRests(DUE),
        "x-main rests until Wed 2026-04-22 09:00: its network takes no requests",
        mends.VerifyAccount("x-main"),
    ),
    (
        matters.AccountGone((7, 8), 2),
        "crosspromo.toml has no account x-main, and 2 deliveries (7, 8) wait there",
        mends.RenameAccount("x-main"),
    ),
    (
        matters.PausedInDoubt("the database was copied here."),
        "x-main is paused since Wed 2026-04-22 09:00: the database was copied here",
        mends.ResumeInDoubt("x-main"),
    ),
    (
        matters.PausedWithoutReason("the chair"),
        "x-main was paused by the chair at Wed 2026-04-22 09:00, and nobody knows why",
        mends.SayWhyPaused("x-main"),
    ),
    (
        matters.NoDaemon(alive=False),
        "no daemon runs: nobody has looked at the due posts since Wed 2026-04-22 09:00",
        mends.StartDaemon(),
    ),
    (
        matters.NoDaemon(alive=True),
        (
            "a daemon runs, but it has not looked at the due posts since Wed 2026-04-22 09:00; end "
            "it, and start it anew"
        ),
        None,
    ),
    (
        matters.DiskFull("/srv/crosspromo", 12_345_678),
        "the disk of /srv/crosspromo has 12 MB left; make space on it",
        None,
    ),
    (
        matters.ClockOff(-150.4),
        (
            "the clock of this machine is 150 seconds ahead of that of x-main's network; set the "
            "clock right"
        ),
        None,
    ),
    (
        matters.DatedAhead(3, DUE),
        (
            "3 posts are dated in the future, the latest Wed 2026-04-22 09:00: the clock of this "
            "machine was ahead then, or is behind now; set the clock right"
        ),
        None,
    ),
    (
        matters.SettingsRefused("east-1-71-9f", "/srv/crosspromo.toml cannot be read."),
        (
            "the daemon on east-1 keeps its old settings, since the new ones cannot be used: "
            "/srv/crosspromo.toml cannot be read"
        ),
        None,
    ),
    (
        matters.TemplatesFaulty("templates/own/x.j2, line 3: there is no lnk."),
        "templates have faults: templates/own/x.j2, line 3: there is no lnk",
        None,
    ),
    (
        matters.ReadingFails("Bluesky answered 502."),
        (
            "figures and mentions of x-main could not be read since Wed 2026-04-22 09:00: "
            "Bluesky answered 502"
        ),
        mends.VerifyAccount("x-main"),
    ),
    (
        matters.SourceFails(3, "https://river.example/feed", "river.example answers 404."),
        (
            "source 3, https://river.example/feed, could not be read since Wed 2026-04-22 09:00: "
            "river.example answers 404"
        ),
        mends.ReadSource(3),
    ),
    (
        matters.PartnersToAsk(
            *("cleanup", Ask.PARTNERS, "river", 0, "River Keepers", "River Cleanup"),
            NotAskedWhy.NO_MAIL,
        ),
        (
            "ask River Keepers to share River Cleanup; no mail could be sent: crosspromo.toml has "
            "no [smtp]"
        ),
        mends.SayAsked("cleanup", "river"),
    ),
    (
        matters.PartnersToAsk(
            *("cleanup", Ask.NOT_SHARED, "river", 0, "River Keepers", "River Cleanup"),
            NotAskedWhy.REFUSED,
            "no such box.",
        ),
        ("ask River Keepers once more to share River Cleanup; no mail could be sent: no such box"),
        mends.SayAsked("cleanup", "river"),
    ),
    (
        matters.PartnersToAsk(
            *("cleanup", Ask.SPEAKERS, "river", 3, "Kim Rivera of River Keepers", "River Cleanup"),
            NotAskedWhy.NO_ADDRESS,
        ),
        (
            "ask Kim Rivera of River Keepers to share River Cleanup; no mail could be sent: no "
            "address is known"
        ),
        mends.SayAsked("cleanup", "river"),
    ),
    (
        matters.SourceShrunk(3, "https://river.example/events.ics", 12, 20),
        (
            "12 of 20 coming events are gone from https://river.example/events.ics, source 3; "
            "nothing was changed, since the calendar may be broken"
        ),
        mends.AcceptGone(3),
    ),
    (
        matters.SourceSilent(3, "https://river.example/feed", DUE),
        (
            "source 3, https://river.example/feed, has brought nothing new since Wed 2026-04-22 "
            "09:00, which is longer than usual; look whether it has moved"
        ),
        mends.ReadSource(3),
    ),
    (
        matters.ObservanceUnreadable("leap", "observances.toml, [leap]: no rule", holds=True),
        (
            "the observance leap, which you keep, cannot be read: observances.toml, [leap]: no "
            "rule; any day may be its day of mourning, so posts about yourselves, and posts that "
            "celebrate or ask, are held until it is mended"
        ),
        None,
    ),
    (
        matters.ObservanceUnreadable("leap", "observances.toml, [leap]: no rule", holds=False),
        "the observance leap, which you keep, cannot be read: observances.toml, [leap]: no rule",
        None,
    ),
    (
        matters.ObservanceUnreadable(None, "observances.toml is not valid TOML", holds=True),
        (
            "the observances that you keep cannot be read: observances.toml is not valid TOML; "
            "any day may be its day of mourning, so posts about yourselves, and posts that "
            "celebrate or ask, are held until it is mended"
        ),
        None,
    ),
    (
        matters.EventsToReview(13),
        "13 events of calendars wait for a person to look at",
        mends.ReviewEvents(),
    ),
    (
        matters.EventsToReview(1),
        "1 event of a calendar waits for a person to look at",
        mends.ReviewEvents(),
    ),
    (
        matters.ReportNotMailed("2026-03", "", "board@us.example", "no such box."),
        "the report of 2026-03 could not be mailed to board@us.example: no such box",
        None,
    ),
    (
        matters.ReportNotMailed("2026-03", "river", "ana@river.example", "no such box"),
        "the page of river for 2026-03 could not be mailed to ana@river.example: no such box",
        None,
    ),
    (
        matters.PlannedAsDrafts(12),
        "12 posts are planned as drafts; look at them, and approve or reject each",
        mends.ListDrafts(),
    ),
    (
        matters.NotTold("webhook", "the server answered 500"),
        "nobody could be told by webhook: the server answered 500",
        None,
    ),
)


@pytest.mark.parametrize(("detail", "sentence", "mend"), EXAMPLES)
def test_a_matter_says_what_is_wrong_and_what_ends_it(
    detail: Detail, sentence: str, mend: mends.Mend | None
) -> None:
    matter = Matter(detail, DUE, "x-main", 7)
    assert of_matter(matter, UTC_ZONE) == sentence
    assert mend_of(matter) == mend


def test_there_is_an_example_of_every_matter() -> None:
    assert {type(detail) for detail, _, _ in EXAMPLES} == set(get_args(Detail))
    assert set(matters.CODES) == set(get_args(Detail)) - {matters.EndedUnsent}


def test_one_account_gone_with_many_deliveries_names_the_latest() -> None:
    gone = Matter(matters.AccountGone(tuple(range(1, 9)), 120), None, "x-old")
    assert "120 deliveries (4, 5, 6, 7, 8 and 115 more) wait there" in of_matter(gone, UTC_ZONE)


def test_a_new_failure_of_a_delivery_has_another_key() -> None:
    first = Matter(matters.EndedUnsent(State.FAILED, None), DUE, "x-main", 7)
    later = first._replace(since=DUE + timedelta(days=1))
    assert first.key != later.key
    assert first.key == Matter(matters.EndedUnsent(State.FAILED, NO_NETWORK), DUE, "x-main", 7).key
