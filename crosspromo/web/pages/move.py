"""Move: another time for deliveries, with what would become of them then.

An address below /deliveries/ is about one delivery, and with `also` about others of its post; one
below /posts/ is about all deliveries of a post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import CrosspromoError, NotFoundError, StateError
from crosspromo.domain.people import Role
from crosspromo.domain.time_remarks import remarks_on
from crosspromo.domain.time_steps import on_day, slot_beside
from crosspromo.domain.timing import is_shown_twice
from crosspromo.domain.typed_times import parse_when
from crosspromo.phrasing.notes import of_note
from crosspromo.services.act_on_posts import Targets
from crosspromo.services.play.trying import Foreseen
from crosspromo.web.errors import said
from crosspromo.web.routes import LARGEST_ID, Answer, Done, Page, Route, act, asked, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import move as words
from crosspromo.web.words import post as post_words
from crosspromo.web.words import posts

MOST_MOVED = 50
"""Most deliveries that an address names."""

ALLOWED, AT = "allowed", "at"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Time that was asked for: typed text, or `allowed`: as soon as a self post is allowed."""

    at: str = ""
    allowed: bool = False

    @property
    def is_given(self) -> bool:
        """Whether any time was asked for."""
        return self.allowed or bool(self.at.strip())

    def moment(self, visit: Visit) -> datetime | None:
        """Moment in UTC; None where it goes as soon as it is allowed. UsageError as parse_when."""
        return None if self.allowed else parse_when(self.at, visit.now, visit.zone)


@dataclass(frozen=True, slots=True)
class Fate:
    """What would become of the deliveries on one account."""

    account: str
    said: Sequence[str]


def shown(visit: Visit) -> Answer:
    """Form for another time; `at` or `day` of the address is the time to begin with."""
    deliveries = _movable(visit)
    day, at = visit.query.get("day", ""), visit.query.get("at", "")
    if day:
        try:
            moment = on_day(deliveries[0].due_at, date.fromisoformat(day), visit.zone)
        except (ValueError, OverflowError):
            moment = deliveries[0].due_at
        at = words.typed(moment, visit.zone, twice=_is_twice(moment, visit))
    return _page(visit, deliveries, Wanted(at))


def tried(visit: Visit) -> Answer:
    """What would become of it at the typed time, for a script to put into the page."""
    deliveries, wanted = _movable(visit), _typed(visit)
    values, _ = _foreseen(visit, wanted)
    return Page(
        "move_parts.html", words.TITLE, words, {**_steps(visit, deliveries, wanted), **values}
    )


def move(visit: Visit) -> Answer:
    """Move deliveries to another time, or show what would become of them then."""
    wanted = _typed(visit)
    if visit.text("act") == "preview":
        return _page(visit, _movable(visit), wanted)
    try:
        moment = wanted.moment(visit)
        acted = visit.acts.move(_targets(visit), moment)
    except (NotFoundError, StateError):
        raise
    except CrosspromoError as error:
        return _page(visit, _movable(visit), wanted, said(error, visit))
    accounts = [each.account for each in acted.done]
    told = [words.moved(accounts, None if moment is None else visit.moments.full(moment))]
    told += [] if moment is None else _remarks(visit, wanted, moment)
    told += [
        posts.sentence(of_note(note, each.account, visit.zone), each.account)
        for each in acted.done
        for note in each.result.notes
    ]
    told += [post_words.left(acted.left)] if acted.left else []
    return Done(_back(visit), told=told)


# -- what the address and the form say ---------------------------------------------------------


def _targets(visit: Visit) -> Targets:
    if "post" in visit.values:
        return Targets(posts=(visit.values["post"],))
    also = visit.text("also") or visit.query.get("also", "")
    numbers = [int(each) for each in also.split(",") if each.isascii() and each.isdecimal()]
    others = [each for each in numbers[:MOST_MOVED] if each <= LARGEST_ID]
    return Targets(deliveries=tuple(dict.fromkeys((visit.values["delivery"], *others))))


def _movable(visit: Visit) -> Sequence[Delivery]:
    return visit.acts.movable(_targets(visit))


def _typed(visit: Visit) -> Wanted:
    return Wanted(visit.text("at"), allowed=visit.text("when") == ALLOWED)


def _back(visit: Visit) -> str:
    """Page from which the form was opened, else that of the post."""
    back = visit.text("back") or visit.query.get("back", "")
    if back.startswith("/calendar/"):
        return back
    if "post" in visit.values:
        return f"/posts/{visit.values['post']}"
    post, account = visit.services.posts.post_of(visit.values["delivery"])
    return f"/posts/{post}?account={account}"


# -- the page ----------------------------------------------------------------------------------


def _page(
    visit: Visit, deliveries: Sequence[Delivery], wanted: Wanted, refused: str | None = None
) -> Page:
    first = deliveries[0]
    values, fault = _foreseen(visit, wanted) if refused is None else ({}, None)
    title = words.heading(posts.name_of(first), [each.account for each in deliveries])
    error = refused or fault or ""
    return Page(
        "move.html",
        title,
        words,
        {
            "title": title,
            "first": first,
            "credit": posts.CREDITS[first.credit],
            "also": ",".join(str(each.id) for each in deliveries[1:]),
            "is_post": "post" in visit.values,
            "wanted": wanted,
            "may_wait": all(each.credit.counts_self for each in deliveries),
            "error": error,
            "back": _back(visit),
            "back_to": visit.text("back") or visit.query.get("back", ""),
            "zone": visit.zone.key,
            "posts": posts,
            "moment": None,
            "fault": "",
            "fates": [],
            "remarks": [],
            **_steps(visit, deliveries, wanted),
            **values,
        },
        status=422 if error and visit.route.method == "POST" else 200,
    )


def _foreseen(visit: Visit, wanted: Wanted) -> tuple[dict[str, object], str | None]:
    """What would become of the deliveries, with remarks on the typed time; or what is wrong."""
    empty: dict[str, object] = {"fates": [], "remarks": [], "moment": None, "fault": ""}
    if not wanted.is_given:
        return empty, None
    try:
        moment = wanted.moment(visit)
        found = visit.services.foresight.of_move(visit.acts, _targets(visit), moment)
    except (NotFoundError, StateError):
        raise
    except CrosspromoError as error:
        sentence = said(error, visit)
        return {**empty, "fault": sentence}, sentence
    remarks = [] if moment is None else _remarks(visit, wanted, moment)
    fates = [Fate(name, _fate(each, visit)) for name, each in found.items()]
    return {**empty, "fates": fates, "remarks": remarks, "moment": moment}, None


def _fate(foreseen: Foreseen, visit: Visit) -> list[str]:
    account = visit.workspace.settings.accounts.get(foreseen.delivery.account)
    target = None if account is None else account.policy.target
    notes = [of_note(each, foreseen.delivery.account, visit.zone) for each in foreseen.notes]
    return [
        *words.consequence(foreseen, target, visit.moments),
        *(posts.sentence(each, foreseen.delivery.account) for each in notes),
    ]


def _remarks(visit: Visit, wanted: Wanted, moment: datetime) -> list[str]:
    found = remarks_on(wanted.at, moment, visit.now, visit.zone)
    return [posts.sentence(each) for each in found]


def _steps(visit: Visit, deliveries: Sequence[Delivery], wanted: Wanted) -> Mapping[str, object]:
    """Links to the same time a day before and after, and to the slots before and after."""
    first, zone = deliveries[0], visit.zone
    try:
        at = (wanted.moment(visit) if wanted.is_given else None) or first.due_at
    except CrosspromoError:
        at = first.due_at
    local = at.astimezone(zone).date()
    account = visit.workspace.settings.accounts.get(first.account)
    slots = () if account is None else account.policy.slots
    moments = {
        "left": on_day(at, local - timedelta(days=1), zone),
        "right": on_day(at, local + timedelta(days=1), zone),
        "up": slot_beside(slots, zone, at, later=False),
        "down": slot_beside(slots, zone, at, later=True),
    }
    also = ",".join(str(each.id) for each in deliveries[1:])
    back = visit.text("back") or visit.query.get("back", "")
    base = {} if "post" in visit.values else {"also": also}
    return {
        "steps": [
            (
                key,
                words.STEPS[key],
                words.query(
                    {
                        "at": words.typed(moment, zone, twice=_is_twice(moment, visit)),
                        **base,
                        "back": back,
                    }
                ),
            )
            for key, moment in moments.items()
            if moment is not None and moment > visit.now
        ]
    }


def _is_twice(moment: datetime, visit: Visit) -> bool:
    return is_shown_twice(moment.astimezone(visit.zone))


def _routes(path: str) -> tuple[Route, ...]:
    return (
        form(path, shown, Role.AUTHOR, section="/calendar"),
        act(path, move, Role.AUTHOR, section="/calendar"),
        asked(f"{path}/consequence", tried, Role.AUTHOR),
    )


ROUTES = (*_routes("/deliveries/{delivery:int}/move"), *_routes("/posts/{post:int}/move"))
