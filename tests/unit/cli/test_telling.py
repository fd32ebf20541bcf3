"""What people read at a terminal: the sentence of a reason, and the command that mends it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crosspromo.cli.mending import instruction, with_mend
from crosspromo.cli.telling import of_approval, of_error, of_pause
from crosspromo.domain.approval import Approval
from crosspromo.domain.errors import (
    ConfigError,
    ImportFailedError,
    InputError,
    NotFoundError,
    QueueingError,
    RowError,
    StateError,
)
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import ReasonMissing
from crosspromo.domain.reasons.ledger import MayBeOurs
from crosspromo.domain.reasons.not_found import NoSuchPartner, NoWorkspace
from crosspromo.domain.reasons.queueing import TextTooLong, TitleMissing
from crosspromo.domain.reasons.state import NotDeleted, NotPaused
from crosspromo.phrasing.mends import Approve, Resume

AT = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")


def test_the_pause_of_an_account_says_who_when_why_and_how_it_ends() -> None:
    assert of_pause(Pause("x-main", "the chair", AT, "we are impersonated"), CHICAGO) == (
        "x-main was paused by the chair at Wed 2026-04-22 09:00: we are impersonated; "
        "to go on: crosspromo resume x-main"
    )


def test_the_pause_over_everything_names_no_account() -> None:
    assert of_pause(Pause(None, "the chair", AT, "the river has flooded"), CHICAGO) == (
        "Everything was paused by the chair at Wed 2026-04-22 09:00: the river has flooded; "
        "to go on: crosspromo resume"
    )


def test_a_mend_follows_a_whole_sentence_as_one_of_its_own() -> None:
    assert with_mend("It waits.", Resume(None)) == "It waits. To go on: crosspromo resume"
    assert with_mend("it waits", Resume(None)) == "it waits; to go on: crosspromo resume"
    assert with_mend("It waits.", None) == "It waits."


def test_who_has_to_approve_is_said_with_how() -> None:
    asked = Approval(needed=1, author="ana", partners_asked=("river-keepers",))
    assert of_approval(asked, 7) == (
        "It needs the approval of one person, not ana, who wrote it, and the sign-off of "
        "river-keepers. To let it go: crosspromo queue approve 7, or for them: "
        "--as partner:river-keepers"
    )
    assert of_approval(Approval(needed=0, author="ana"), 7) == "Nobody has to approve it."
    assert instruction(Approve(7)) == "to let it go: crosspromo queue approve 7"


ERRORS = {
    "nothing to mend": (ConfigError("it is broken"), "it is broken"),
    "a name nearly right": (
        NotFoundError(NoSuchPartner("river", ("river-keepers",))),
        'there is no partner "river"; did you mean river-keepers?',
    ),
    "a name like none": (
        NotFoundError(NoSuchPartner("x")),
        'there is no partner "x"; see: crosspromo partner list',
    ),
    "no workspace": (
        InputError(NoWorkspace()),
        "there is no crosspromo.toml here or above; make a workspace with: crosspromo init",
    ),
    "a field": (
        QueueingError(TitleMissing("reddit-main")),
        "reddit-main needs a title; write one (--title TEXT)",
    ),
    "a thread": (
        QueueingError(TextTooLong("x-main", 9, 289, 280, (("Well.", 5),), may_thread=True)),
        (
            "x-main: the text is too long by 9 (289 of 280); what could be shortened: “Well.” (5); "
            "or make it a thread (--thread)"
        ),
    ),
    "a reason": (
        InputError(ReasonMissing(Act.RELEASE)),
        ("a release needs a reason why the ratio shall not count this once (--reason TEXT)"),
    ),
    "a post that stands": (
        StateError(NotDeleted(7, "https://x.example/7", "not today")),
        (
            "delivery 7 was not deleted: not today; delete it at https://x.example/7, then say so: "
            "crosspromo queue delete 7 --by-hand"
        ),
    ),
    "another pause": (
        StateError(NotPaused("x-main", by_everything=True)),
        "x-main is not paused by itself, everything is; to go on: crosspromo resume",
    ),
    "an import": (
        ImportFailedError(
            "list.csv", [RowError(2, "name", "is empty"), RowError(3, "url", MayBeOurs(7))]
        ),
        (
            "list.csv: 2 rows cannot be read, so nothing was imported:\n"
            "  row 2, column name: is empty\n"
            "  row 3, column url: the post may be delivery 7, of which it is not known whether it "
            "went out; settle that first; look there and say: crosspromo queue resolve 7 "
            "--posted, or --not-posted"
        ),
    ),
}


@pytest.mark.parametrize(("error", "told"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_told_with_what_to_type(error: ConfigError, told: str) -> None:
    assert of_error(error, CHICAGO) == told
