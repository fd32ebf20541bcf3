"""A post: its text on each account, why it waits, and what people did to it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo import documents
from crosspromo.documents_figures import of_post_figures as of_figures
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import Forecast, HangsOn
from crosspromo.domain.people import Role
from crosspromo.domain.states import WAITING, State
from crosspromo.phrasing import explanations
from crosspromo.phrasing.faults import of_fault
from crosspromo.phrasing.figures import of_post_figures
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.phrasing.holds import of_hold
from crosspromo.phrasing.notes import of_note
from crosspromo.phrasing.words import of_approval
from crosspromo.services.acts.approving import is_last_editor
from crosspromo.services.delivery_view import DeliveryView
from crosspromo.services.explanation import Explanation
from crosspromo.services.post_view import PostView, subject
from crosspromo.web.mending import Button
from crosspromo.web.routes import Answer, Done, Page, form, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import post as words
from crosspromo.web.words import posts, sign_off

if TYPE_CHECKING:
    from crosspromo.rendering.preview import Preview


@dataclass(frozen=True, slots=True)
class Card:
    """Post on one account: text, prospect, notes, and the acts open to the person.

    `figures`: what came back of it, in words; empty: nothing is known. `direct` are acts that need
    no form of their own. `shown` None: crosspromo.toml no longer has the account.
    """

    delivery: Delivery
    shown: "Preview | None"
    fate: str
    figures: str
    notes: list[str]
    links: list[Button]
    direct: list[Button]


@dataclass(frozen=True, slots=True)
class Check:
    """Check of the gate, with its verdict (ok, hold, refuse or later) and its sentence."""

    name: str
    verdict: str
    sentence: str


def post(visit: Visit) -> Answer:
    """The post, with the delivery on one account explained."""
    number = visit.values["post"]
    account = visit.query.get("account")
    found = visit.services.posts.get(number, account, words.MOST_ROWS)
    first = found.views[0].delivery
    waiting = [each for each in found.views if each.delivery.state in WAITING]
    numbers = found.explanation.numbers
    standing = numbers["account"] if numbers is not None else None
    arithmetic = None
    if standing is not None and standing["target"] is not None:
        credit = found.chosen.delivery.credit
        arithmetic = words.arithmetic(
            standing["others"], standing["self"], standing["target"], credit
        )
    return Page(
        "post.html",
        posts.name_of(first),
        words,
        {
            "post": found,
            "first": first,
            "posts": posts,
            "summary": words.summary([each.delivery for each in found.views], visit.moments),
            "cards": [_card(each, found, visit) for each in found.views],
            "chosen": found.chosen.delivery,
            "checks": _checks(found.explanation, visit),
            "arithmetic": arithmetic,
            "rows": found.explanation.rows[::-1],
            "approval": of_approval(found.chosen.approval),
            "approved": found.chosen.approval,
            "holds": [
                (each, of_hold(each.reason, None, found.chosen.delivery.account, visit.zone))
                for each in found.explanation.holds
            ],
            "waiting": waiting,
            "sign_off": sign_off,
        },
        document=lambda: _document(found, visit),
        command=f"explain {found.chosen.delivery.id}",
    )


def _document(found: PostView, visit: Visit) -> dict[str, object]:
    return {
        "post": found.id,
        "created_at": found.created_at,
        "deliveries": [documents.of_delivery(each, visit.zone) for each in found.views],
        "explanation": documents.of_explanation(
            visit.services.posts.explained(found.chosen.delivery), visit.zone
        ),
        "figures": {str(key): of_figures(each) for key, each in found.figures.items()},
        "sign_offs": [documents.of_asked_partner(each) for each in found.sign_offs],
        "history": [documents.of_audit_entry(each) for each in found.history],
    }


def _card(view: DeliveryView, found: PostView, visit: Visit) -> Card:
    delivery = view.delivery
    shown = found.previews.get(delivery.id)
    counted = found.figures.get(delivery.id)
    return Card(
        delivery,
        shown,
        _fate(view, visit),
        "" if counted is None else of_post_figures(counted, visit.now),
        []
        if shown is None
        else [of_note(each, delivery.account, visit.zone) for each in shown.notes],
        [each for each in _links(delivery) if visit.may(_ROLES[each.path.rpartition("/")[2]])],
        [
            each
            for each in _direct(view, found, visit)
            if visit.may(_ROLES[each.path.rpartition("/")[2]])
        ],
    )


def _fate(view: DeliveryView, visit: Visit) -> str:
    """Sentence about the delivery's prospect or end."""
    delivery, zone = view.delivery, visit.zone
    if delivery.state is State.DRAFT:
        return of_approval(view.approval)
    if view.forecast is not None and not _is_stale(view.forecast):
        return of_forecast(view.forecast, delivery.account, zone)
    if delivery.state is State.QUEUED and delivery.override is not None:
        return words.RELEASED_NOW
    if delivery.hold is not None:
        return of_hold(delivery.hold.reason, delivery.hold.until, delivery.account, zone)
    if delivery.fault is not None and delivery.fault.code == "by-hand":
        return words.WAITS_FOR_HANDS  # the long address of the form is no sentence
    if delivery.fault is not None:
        return of_fault(delivery.fault.reason, delivery.account, zone)
    if view.forecast is not None:
        return words.due_and_worked_out(visit.moments.full(delivery.due_at))
    return ""


def _is_stale(forecast: Forecast) -> bool:
    """Whether something has changed since the forecast: what it said is not shown any more."""
    doubt = forecast.uncertainty
    return doubt is not None and doubt.on is HangsOn.STALE


_ROLES = {
    "edit": Role.AUTHOR,
    "move": Role.AUTHOR,
    "cancel": Role.AUTHOR,
    "retry": Role.AUTHOR,
    "approve": Role.APPROVER,
    "reject": Role.APPROVER,
    "release": Role.APPROVER,
    "resolve": Role.APPROVER,
    "by-hand": Role.AUTHOR,
    "dismiss": Role.APPROVER,
    "delete": Role.APPROVER,
}


def _links(delivery: Delivery) -> list[Button]:
    """Forms for acts on the delivery in its state."""
    here = f"/deliveries/{delivery.id}"
    held = delivery.hold is not None and delivery.hold.code in {"ratio", "floor"}
    releasable = held and delivery.override is None
    by_hand = delivery.fault is not None and delivery.fault.code == "by-hand"
    names: tuple[str, ...]
    match delivery.state:
        case State.DRAFT:
            names = ("edit", "move", "reject")
        case State.QUEUED:
            names = ("edit", "move", "reject", *(("release",) if releasable else ()))
        case State.UNKNOWN if delivery.needs_person:
            names = ("by-hand" if by_hand else "resolve", "dismiss")
        case State.FAILED | State.MISSED:
            names = ("move", "dismiss")
        case State.EXPIRED:
            names = ("dismiss",)
        case State.PUBLISHED:
            names = ("delete",)
        case _:
            names = ()
    return [Button(_WORDS[each], f"{here}/{each}") for each in names]


def _direct(view: DeliveryView, found: PostView, visit: Visit) -> list[Button]:
    """Acts on the delivery that need nothing more to be said."""
    delivery, here = view.delivery, f"/deliveries/{view.delivery.id}"
    waits = delivery.state is State.DRAFT or (
        delivery.hold is not None and delivery.hold.code == "approval"
    )
    name = visit.me.name
    entries = [each for each in found.history if each.subject == subject(delivery.id)]
    is_own = view.approval.asked and is_last_editor(name, entries)
    offered = []
    if waits and words.may_approve(view.approval, delivery, name) and not is_own:
        offered.append(Button(words.APPROVE, f"{here}/approve"))
    if delivery.state in WAITING:
        offered.append(Button(words.CANCEL, f"{here}/cancel"))
    if delivery.state in {State.FAILED, State.MISSED}:
        offered.append(Button(words.RETRY, f"{here}/retry"))
    return offered


_WORDS = {
    "edit": words.EDIT,
    "move": words.MOVE,
    "reject": words.REJECT,
    "release": words.RELEASE,
    "resolve": words.RESOLVE,
    "by-hand": words.BY_HAND,
    "dismiss": words.DISMISS,
    "delete": words.DELETE,
}


def _checks(explanation: Explanation, visit: Visit) -> list[Check]:
    """Checks in the gate's order; those after the first that holds are looked at next."""
    found: list[Check] = []
    is_over = False
    for each in explanation.checks:
        verdict, sentence = explanations.of_check(each, explanation.delivery.account, visit.zone)
        shown = "later" if is_over and verdict != "ok" else verdict
        found.append(Check(words.CHECKS.get(each.name, each.name), shown, sentence))
        is_over = is_over or verdict != "ok"
    return found


def delivery(visit: Visit) -> Answer:
    """The post of a delivery, with this delivery explained."""
    number, account = visit.services.posts.post_of(visit.values["delivery"])
    return Done(f"/posts/{number}?account={account}")


ROUTES = (
    page("/posts/{post:int}", post, section="/queue"),
    form("/deliveries/{delivery:int}", delivery, Role.READER),
)
