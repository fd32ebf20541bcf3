"""Acts on deliveries and posts: forms that ask for what an act needs, and the acts themselves.

An address below /deliveries/ is about one delivery, below /posts/ about all deliveries of a post.
"""

from collections.abc import Callable, Sequence
from typing import Any

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import CrosspromoError, InputError, NotFoundError
from crosspromo.domain.people import Role
from crosspromo.domain.reasons.acts import Act
from crosspromo.phrasing.notes import of_note
from crosspromo.phrasing.words import of_approval
from crosspromo.services.act_on_posts import Acted, Targets
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, Route, act, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import post as words
from crosspromo.web.words import posts


def _targets(visit: Visit) -> Targets:
    if "post" in visit.values:
        return Targets(posts=(visit.values["post"],))
    return Targets(deliveries=(visit.values["delivery"],))


def _delivery(visit: Visit, act: Act) -> Delivery:
    """The delivery that a form is about; StateError where the act cannot be done to it now."""
    return visit.delivery_acts.allowed(visit.values["delivery"], act)


def _back(visit: Visit, delivery: Delivery | None = None) -> str:
    """Page of the post; `delivery` is that of the visit, where it was read already."""
    if "post" in visit.values:
        return f"/posts/{visit.values['post']}"
    found = delivery or visit.services.posts.delivery(visit.values["delivery"])
    return f"/posts/{found.post}?account={found.account}"


def _done(visit: Visit, name: str, acted: Acted[Any], more: Sequence[str] = ()) -> Done:
    accounts = [each.account for each in acted.done]
    told = [words.done(name, accounts), *more, *([words.left(acted.left)] if acted.left else [])]
    return Done(_back(visit), told=told)


# -- acts that need no form --------------------------------------------------------------------


def approve(visit: Visit) -> Answer:
    """Approve the present content."""
    acts = visit.acts
    acted = acts.approve(_targets(visit))
    bursts = [
        posts.sentence(of_note(burst, account, visit.zone), account)
        for account, burst in acts.bursts(acted).items()
    ]
    return _done(
        visit, "approve", acted, [*(of_approval(each.result) for each in acted.done), *bursts]
    )


def cancel(visit: Visit) -> Answer:
    """Cancel deliveries."""
    return _done(visit, "cancel", visit.acts.cancel(_targets(visit)))


def retry(visit: Visit) -> Answer:
    """Retry deliveries now."""
    acted = visit.acts.retry(_targets(visit))
    return _done(visit, "retry", acted, _notes(acted, visit))


def _notes(acted: Acted[Any], visit: Visit) -> list[str]:
    return [
        posts.sentence(of_note(note, each.account, visit.zone), each.account)
        for each in acted.done
        for note in each.result.notes
    ]


# -- acts with a reason ------------------------------------------------------------------------


def _reason_form(name: str) -> Callable[[Visit], Answer]:
    def shown(visit: Visit) -> Answer:
        return _reason_page(visit, name)

    return shown


def _reason_page(visit: Visit, name: str, error: str | None = None) -> Page:
    delivery = _delivery(visit, Act(name))
    title = words.heading(name, delivery)
    values = {
        "title": title,
        "leads": [*_consequence(name, delivery, visit), words.REASON_LEADS[name]],
        "label": words.REASON_LABELS[name],
        "button": words.REASON_BUTTONS[name],
        "error": error,
        "back": _back(visit, delivery),
        "danger": name == "release",
    }
    return Page("reason.html", title, words, values, status=200 if error is None else 422)


def _consequence(name: str, delivery: Delivery, visit: Visit) -> list[str]:
    """Sentences about the balance after a release."""
    numbers = visit.services.posts.explained(delivery).numbers if name == "release" else None
    account = None if numbers is None else numbers["account"]
    if account is None or account["target"] is None:
        return []
    return [
        words.after_release(delivery.account, account["others"], account["self"], account["target"])
    ]


def _reasoned(name: str) -> Callable[[Visit], Answer]:
    def acted(visit: Visit) -> Answer:
        targets, reason = _targets(visit), visit.text("reason")
        acts = visit.acts
        try:
            match name:
                case "reject":
                    done = acts.reject(targets, reason)
                case "release":
                    done = acts.release(targets, reason)
                case _:
                    done = acts.dismiss(targets, reason)
        except InputError as error:
            return _reason_page(visit, name, said(error, visit))
        return _done(visit, name, done)

    return acted


# -- what only a person can tell ---------------------------------------------------------------


def resolve_form(visit: Visit) -> Answer:
    """Form for a person's observation: post present or absent."""
    return _resolve_page(visit)


def _resolve_page(visit: Visit, error: str | None = None) -> Page:
    delivery = _delivery(visit, Act.RESOLVE)
    title = words.heading("resolve", delivery)
    values = {
        "title": title,
        "delivery": delivery,
        "seen": visit.text("seen"),
        "error": error,
        "back": _back(visit, delivery),
    }
    return Page("resolve.html", title, words, values, status=200 if error is None else 422)


def resolve(visit: Visit) -> Answer:
    """Record what a person saw on the network."""
    number, acts = visit.values["delivery"], visit.delivery_acts
    account = _delivery(visit, Act.RESOLVE).account
    match visit.text("seen"):
        case "posted":
            try:
                acts.resolve_posted(number, visit.text("url").strip() or None)
            except InputError as error:
                return _resolve_page(visit, said(error, visit))
            name = "posted"
        case "not-posted":
            acts.resolve_not_posted(number)
            name = "not-posted"
        case _:
            return _resolve_page(visit, words.CHOOSE)
    return Done(_back(visit), told=[words.done(name, [account])])


def by_hand_form(visit: Visit) -> Answer:
    """Text to copy, and a field for the address of the post."""
    return _by_hand_page(visit)


def _by_hand_page(visit: Visit, error: str | None = None) -> Page:
    delivery = _delivery(visit, Act.RESOLVE)
    title = words.heading("by-hand", delivery)
    values = {"title": title, "delivery": delivery, "error": error, "back": _back(visit, delivery)}
    return Page("by_hand.html", title, words, values, status=200 if error is None else 422)


def mark_posted(visit: Visit) -> Answer:
    """Record a post made by hand."""
    account = _delivery(visit, Act.RESOLVE).account
    try:
        visit.delivery_acts.resolve_posted(
            visit.values["delivery"], visit.text("url").strip() or None
        )
    except InputError as error:
        return _by_hand_page(visit, said(error, visit))
    return Done(_back(visit), told=[words.done("posted", [account])])


def delete_form(visit: Visit) -> Answer:
    """Confirmation form: a deletion cannot be undone."""
    return _delete_page(visit)


def _delete_page(visit: Visit, error: str | None = None) -> Page:
    delivery = _delivery(visit, Act.DELETE)
    title = words.heading("delete", delivery)
    values = {"title": title, "delivery": delivery, "error": error, "back": _back(visit, delivery)}
    return Page("delete.html", title, words, values, status=200 if error is None else 409)


def delete(visit: Visit) -> Answer:
    """Delete a post from its network, or record a deletion by hand."""
    account = _delivery(visit, Act.DELETE).account
    try:
        visit.delivery_acts.delete(visit.values["delivery"], by_hand=visit.text("by_hand") == "yes")
    except NotFoundError:
        raise
    except CrosspromoError as error:
        return _delete_page(visit, said(error, visit))
    return Done(_back(visit), told=[words.done("delete", [account])])


def _both(verb: str, view: Callable[[Visit], Answer], role: Role) -> tuple[Route, Route]:
    """Routes of an act without a form: for a delivery, and for a whole post."""
    return (
        act(f"/deliveries/{{delivery:int}}/{verb}", view, role, section="/queue"),
        act(f"/posts/{{post:int}}/{verb}", view, role, section="/queue"),
    )


def _one(
    verb: str, shown: Callable[[Visit], Answer], done: Callable[[Visit], Answer], role: Role
) -> tuple[Route, Route]:
    """Routes of an act on one delivery: form and act."""
    path = f"/deliveries/{{delivery:int}}/{verb}"
    return form(path, shown, role, section="/queue"), act(path, done, role, section="/queue")


ROUTES = (
    *_both("approve", approve, Role.APPROVER),
    *_both("cancel", cancel, Role.AUTHOR),
    *_both("retry", retry, Role.AUTHOR),
    *_one("reject", _reason_form("reject"), _reasoned("reject"), Role.APPROVER),
    *_one("release", _reason_form("release"), _reasoned("release"), Role.APPROVER),
    *_one("dismiss", _reason_form("dismiss"), _reasoned("dismiss"), Role.APPROVER),
    *_one("resolve", resolve_form, resolve, Role.APPROVER),
    *_one("by-hand", by_hand_form, mark_posted, Role.AUTHOR),
    *_one("delete", delete_form, delete, Role.APPROVER),
)
