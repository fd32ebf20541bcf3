"""Permissions of a partner: recorded and withdrawn by staff."""

from datetime import date
from urllib.parse import quote

from crosspromo import documents_permissions as documents
from crosspromo.domain.errors import Refused, UsageError
from crosspromo.domain.people import Role
from crosspromo.domain.permissions import Scope
from crosspromo.domain.typed_days import Toward
from crosspromo.domain.typed_times import parse_day
from crosspromo.services.permissions import NewPermission, PermissionService
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import partner_permissions as words
from crosspromo.web.words import permissions as rows

HERE = "/partners/{partner}/permissions"
SECTION = "/partners"


def permissions(visit: Visit) -> Answer:
    """Everything that a partner agreed to, with forms to add to it and to withdraw it."""
    return _page(visit)


def _page(visit: Visit, error: str | None = None) -> Page:
    partner = visit.services.partners.get(visit.values["partner"])
    found = _permissions(visit).all(partner.slug)
    return Page(
        "partner_permissions.html",
        words.title(partner.name),
        words,
        {
            "partner": partner,
            "found": [(each, row) for row, each in rows.paired(found)],
            "rows": rows,
            "error": error,
        },
        document=lambda: {"permissions": [documents.of_permission(each) for each in found]},
        command=f"permission list {partner.slug}",
        status=200 if error is None else 422,
    )


def record(visit: Visit) -> Answer:
    """Record a permission of the partner."""
    try:
        until = visit.text("until").strip()
        new = NewPermission(
            partner=visit.values["partner"],
            scope=_scope(visit),
            agreed_by=visit.text("agreed_by"),
            agreed_on=_day(visit, visit.text("day") or "today", Toward.PAST),
            evidence=visit.text("evidence"),
            networks=tuple(each for each in visit.text("networks").replace(",", " ").split()),
            until=_day(visit, until, Toward.COMING) if until else None,
        )
        done = _permissions(visit).add(new)
    except (Refused, UsageError) as error:
        return _page(visit, said(error, visit))
    return Done(_path(visit), told=words.recorded(done))


def withdraw(visit: Visit) -> Answer:
    """Withdraw a permission of the partner."""
    try:
        done = _permissions(visit).withdraw(visit.values["number"], visit.text("reason"))
    except (Refused, UsageError) as error:
        return _page(visit, said(error, visit))
    return Done(_path(visit), told=words.withdrawn(done.permission, done.consequences))


def _permissions(visit: Visit) -> PermissionService:
    return visit.services.permissions(visit.me.name)


def _scope(visit: Visit) -> Scope:
    text = visit.text("scope")
    return Scope(text) if text in set(Scope) else Scope.TAG


def _day(visit: Visit, text: str, toward: Toward) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return parse_day(text, visit.now, visit.zone, toward)


def _path(visit: Visit) -> str:
    return f"{SECTION}/{quote(visit.values['partner'], safe='')}/permissions"


ROUTES = (
    page(HERE, permissions, Role.AUTHOR, section=SECTION),
    act(HERE, record, Role.AUTHOR, section=SECTION),
    act(f"{HERE}/{{number:int}}/withdraw", withdraw, Role.AUTHOR, section=SECTION),
)
