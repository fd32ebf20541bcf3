"""Form with the record of a partner."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from crosspromo.domain.errors import Refused, UsageError
from crosspromo.domain.partner_rows import LISTS, NUMBERS
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.services.partner_fields import CHOICES
from crosspromo.services.partners import PartnerChanges
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import partner_edit as words

HERE = "/partners/{partner}/edit"
SECTION = "/partners"
SHOWN = "shown-"
"""Begin of the names of hidden fields with what the form showed."""

CHOSEN = tuple(name for name in words.LABELS if name in CHOICES and name not in LISTS)
"""Fields that are chosen from a list."""


def edit(visit: Visit) -> Answer:
    """Form with what is known of a partner."""
    partner = visit.services.partners.get(visit.values["partner"])
    return _page(partner, {name: _text(partner, name) for name in words.LABELS})


def save(visit: Visit) -> Answer:
    """Change the fields of the record that differ from what the form showed.

    A field that somebody else changed meanwhile is refused, unless it was left alone here.
    """
    partner = visit.services.partners.get(visit.values["partner"])
    now = {name: _text(partner, name) for name in words.LABELS}
    sent = [name for name in words.LABELS if name in visit.form]
    shown = {name: visit.text(f"{SHOWN}{name}") for name in sent}
    typed = now | {name: visit.text(name).strip() for name in sent}
    touched = [name for name in sent if typed[name] != shown[name]]
    try:
        _check_untouched(
            {name: now[name] for name in touched if now[name] not in (shown[name], typed[name])}
        )
        changes = {name: _value(name, typed[name]) for name in touched}
        done = visit.services.partners.edit(partner.slug, PartnerChanges(**changes))
    except (Refused, UsageError) as error:
        return _page(partner, typed, said(error, visit))
    told = words.saved(done.partner.name, done.outdated)
    return Done(f"{SECTION}/{quote(partner.slug, safe='')}", told=told)


def _check_untouched(changed: Mapping[str, str]) -> None:
    """Raise UsageError where somebody else changed fields, here with their values of now."""
    for name, value in changed.items():
        raise UsageError(words.changed_meanwhile(name, value))


def _page(partner: Partner, values: Mapping[str, str], error: str | None = None) -> Page:
    return Page(
        "partner_edit.html",
        words.title(partner.name),
        words,
        {
            "partner": partner,
            "values": values,
            "shown": {f"{SHOWN}{name}": _text(partner, name) for name in words.LABELS},
            "choices": {name: _offered(name, values[name]) for name in CHOSEN},
            "lists": LISTS,
            "numbers": NUMBERS,
            "error": error,
        },
        command=f"partner edit {partner.slug}",
        status=200 if error is None else 422,
    )


def _offered(name: str, value: str) -> list[tuple[str, str]]:
    """Choices of a field; one that an import brought is among them."""
    known = [*CHOICES[name], *([value] if value and value not in CHOICES[name] else [])]
    return [("", words.CHOICE), *((each, each) for each in known)]


def _text(partner: Partner, name: str) -> str:
    value = getattr(partner, name)
    if name in LISTS:
        return "; ".join(value)
    return "" if value is None else str(value)


def _value(name: str, text: str) -> Any:
    """Value of a field from its text; UsageError for what is no number where one is wanted."""
    if name in LISTS:
        return tuple(each for part in text.split(";") if (each := part.strip()))
    if name in NUMBERS:
        if text and not (text.isascii() and text.isdigit() and len(text) < 7):
            raise UsageError(f'{words.LABELS[name]}: "{text[:60]}" is no whole number')
        return int(text or 0)
    return text


ROUTES = (
    form(HERE, edit, Role.AUTHOR, section=SECTION),
    act(HERE, save, Role.AUTHOR, section=SECTION),
)
