"""Undo: the signed-in person's latest cancelling, moving or taking note is taken back."""

from crosspromo.domain.people import Role
from crosspromo.web.routes import Answer, Done, act
from crosspromo.web.visit import Visit
from crosspromo.web.words import undo as words


def undo(visit: Visit) -> Answer:
    """Take back the acts of one order, all or none."""
    undone = visit.services.undo(visit.me.name).undo(visit.text("group"))
    first = undone.deliveries[0]
    back = f"/posts/{first.post}?account={first.account}"
    return Done(back, told=[words.undone(undone, visit.moments)])


ROUTES = (act("/undo", undo, Role.AUTHOR),)
