"""Events and their posts in words: which steps of their ladders went out."""

from dataclasses import replace

from crosspromo.domain.plurals import plural
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.reports.basis import TODAYS_EVENTS, basis, of_now, remarks
from crosspromo.reports.event_steps import NO_STEP, EventFigure, StepState
from crosspromo.reports.page import Cell, Column, Doing, NextAct, ReportPage, Section, Table, Worded
from crosspromo.services.reports import EVENTS_AROUND, EventsFigures

MOST_ACTS = 3
OTHER_POSTS = "Other posts"


def page(figures: EventsFigures) -> ReportPage:
    """Report on events around the moment."""
    events, steps = figures.coverage.events, figures.coverage.steps
    scope = figures.scope
    coming = [each for each in events if each.starts_at > scope.as_of and not each.cancelled]
    bare = [each for each in coming if not _has_posts(each)]
    missed = sum(StepState.MISSED in each.steps.values() for each in events)
    if not events:
        headline = "No event is near"
    elif bare:
        verb = "has" if len(bare) == 1 else "have"
        headline = f"{plural(len(bare), 'coming event')} {verb} no post"
    elif missed:
        headline = f"Posts of {plural(missed, 'event')} were missed"
    else:
        headline = "Every event near has its posts"
    columns = [
        Column("event", "Event"),
        Column("title", "Title", is_name=True),
        Column("starts", "Starts"),
        *(Column(step or "other", step or OTHER_POSTS) for step in steps),
    ]
    rows: list[list[Cell]] = [
        [
            each.slug,
            each.title + (" (cancelled)" if each.cancelled else ""),
            each.starts_at,
            *(_cell(step, each.steps[step]) for step in steps),
        ]
        for each in events
    ]
    days = EVENTS_AROUND.days
    around = replace(scope, as_of=scope.as_of + EVENTS_AROUND)
    target = "each step of a ladder goes out"
    return ReportPage(
        name="events",
        title="Events and their posts",
        headline=headline,
        as_of=scope.as_of,
        basis=replace(basis(scope, target), window=basis(around).window),
        lead=[
            (
                f"Events that start up to {days} days before and after "
                f"{wall_clock(scope.as_of, scope.zone)}, and what became of each step."
            )
        ],
        acts=of_now(
            scope,
            [
                NextAct(
                    Doing.PLAN_EVENT,
                    f"Queue posts about {each.title}",
                    f"It starts {wall_clock(each.starts_at, scope.zone)} and has no post.",
                    each.slug,
                )
                for each in bare[:MOST_ACTS]
            ],
        ),
        sections=[
            Section(
                "events",
                "Which posts went",
                [] if any(steps) else ["No post is a step of a ladder."],
                Table("Events by their start, with each step", columns, rows, "No event is near."),
            )
        ],
        remarks=remarks(scope, TODAYS_EVENTS),
    )


def _has_posts(event: EventFigure) -> bool:
    return any(
        state not in {StepState.NOT_QUEUED, StepState.NOT_NEEDED} for state in event.steps.values()
    )


def _cell(step: str, state: StepState) -> str:
    if step == NO_STEP and state in {StepState.NOT_QUEUED, StepState.NOT_NEEDED}:
        return Worded("")
    return state.value
