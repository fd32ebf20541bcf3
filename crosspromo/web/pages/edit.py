"""Edit: another text for a delivery; whoever was slower sees what both have changed.

The form carries what it was opened with, so that a field which nobody touched in it is left as it
is now.
"""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import CrosspromoError, DatabaseError, NotFoundError, Refused
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.queueing import DuplicateText
from crosspromo.domain.reasons.state import EditedMeanwhile
from crosspromo.services.act_on_posts import Acted
from crosspromo.services.acts.editing import Edit
from crosspromo.services.edited_content import Changes
from crosspromo.web.differences import difference
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import post as words

FIELDS = {"title": words.TITLE, "text": words.TEXT, "link": words.LINK}
"""Fields that say something, with their labels."""

HERE = "/deliveries/{delivery:int}/edit"


class Typed(NamedTuple):
    """What stands in the fields of the form; the last one is there where a text is a repetition."""

    text: str
    title: str
    link: str
    allow_duplicate: str = ""


class Clash(NamedTuple):
    """Field of a form that somebody else overtook; `ours`: touched in the form, too."""

    label: str
    difference: Markup
    ours: bool


def edit_form(visit: Visit) -> Answer:
    """Form with the text of now."""
    delivery = visit.delivery_acts.allowed(visit.values["delivery"], Act.EDIT)
    return _page(visit, delivery, _typed_of(delivery.content))


def _page(
    visit: Visit,
    delivery: Delivery,
    typed: Typed,
    error: str | None = None,
    *,
    clashes: Sequence[Clash] | None = None,
    repeats: bool = False,
) -> Page:
    title = words.heading("edit", delivery)
    heading = title
    if clashes is not None:
        who, at = _last_edit(visit, delivery)
        heading = words.somebody_changed(who, at)
    values = {
        "title": heading,
        "delivery": delivery,
        "typed": typed,
        "version": delivery.content.fingerprint(delivery.account),
        "opened": _typed_of(delivery.content),
        "clashes": clashes,
        "error": error,
        "repeats": repeats or bool(typed.allow_duplicate),
        "back": f"/deliveries/{delivery.id}",
    }
    status = 409 if clashes is not None else 200 if error is None else 422
    return Page("edit.html", title, words, values, status=status)


def edit(visit: Visit) -> Answer:
    """Change the text, unless somebody else has changed it since the form was shown."""
    number = visit.values["delivery"]
    delivery = visit.services.posts.delivery(number)
    now = _typed_of(delivery.content)
    opened = _opened(visit) or now
    typed = Typed(*(visit.text(name) for name in Typed._fields))
    typed = _left_as_it_is(typed, opened, now)
    changes = Changes(
        text=_changed(typed.text, now.text),
        title=_changed(typed.title, now.title),
        link=_changed(typed.link.strip(), now.link),
        allow_duplicate=typed.allow_duplicate.strip() or None,
        seen=visit.text("version") or None,
    )
    if changes.nothing:
        return Done(f"/deliveries/{number}", told=[words.NOTHING_CHANGED])
    try:
        acted = visit.acts.edit_each({number: changes})
    except (DatabaseError, NotFoundError):
        raise
    except CrosspromoError as error:
        reason = error.reason if isinstance(error, Refused) else None
        if isinstance(reason, EditedMeanwhile):
            delivery = visit.services.posts.delivery(number)  # as it is now
            now = _typed_of(delivery.content)
            typed = _left_as_it_is(typed, opened, now)
            return _page(visit, delivery, typed, clashes=_clashes(typed, opened, now))
        repeats = isinstance(reason, DuplicateText)
        return _page(visit, delivery, typed, said(error, visit), repeats=repeats)
    return Done(f"/deliveries/{number}", told=_told(acted))


def _told(acted: Acted[Edit]) -> list[str]:
    told = [words.done("edit", [each.account for each in acted.done])]
    for each in acted.done:
        if each.result.put_back:
            told.append(words.put_back(each.result.put_back))
        if each.result.taken:
            told.append(words.taken(each.result.taken))
        if each.result.void:
            told.append(words.void(each.result.void))
    return told


def _typed_of(content: Content) -> Typed:
    return Typed(content.text, content.title or "", content.link or "")


def _opened(visit: Visit) -> Typed | None:
    """What the form was opened with; None for a form that does not say."""
    if "opened-text" not in visit.form:
        return None
    return Typed(**{name: visit.text(f"opened-{name}") for name in FIELDS})


def _left_as_it_is(typed: Typed, opened: Typed, now: Typed) -> Typed:
    """What was typed; a field that nobody touched since the form was opened is as it is now."""
    untouched = {
        name: getattr(now, name)
        for name in FIELDS
        if _changed(getattr(typed, name), getattr(opened, name)) is None
    }
    return typed._replace(**untouched)


def _clashes(typed: Typed, opened: Typed, now: Typed) -> Sequence[Clash]:
    """Fields that differ from what is there now, and those that somebody else has changed."""
    found = []
    for name, label in FIELDS.items():
        was, is_, wanted = (getattr(each, name).rstrip() for each in (opened, now, typed))
        if wanted != is_:
            found.append(Clash(label, difference(is_, wanted), ours=True))
        elif was != is_:
            found.append(Clash(label, difference(was, is_), ours=False))
    return found


def _changed(typed: str, before: str) -> str | None:
    """New value of a field; None: nothing was changed in it."""
    return None if typed.rstrip() == before.rstrip() else typed.rstrip()


def _last_edit(visit: Visit, delivery: Delivery) -> tuple[str | None, str | None]:
    """Who changed the delivery last, and when."""
    history = visit.services.posts.history(delivery.id)
    last = next((each for each in history if each.act in {"edit", "repair"}), None)
    return (None, None) if last is None else (last.who, visit.moments.near(last.at))


ROUTES = (
    form(HERE, edit_form, Role.AUTHOR, section="/queue"),
    act(HERE, edit, Role.AUTHOR, section="/queue"),
)
