"""Queue: deliveries with filters."""

from crosspromo import documents
from crosspromo.domain.people import Role
from crosspromo.domain.states import State
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.phrasing.holds import of_hold
from crosspromo.services.delivery_view import DeliveryView, Listing
from crosspromo.services.sheets import sheet_of_deliveries
from crosspromo.web.routes import Answer, File, Page, form, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import lists as words
from crosspromo.web.words import posts

HERE = "/queue"
ROOM = 100
"""Most deliveries of one page."""

ROWS = 20_000
"""Most deliveries of one file."""

CSV = "text/csv; charset=utf-8"


def queue(visit: Visit) -> Answer:
    """Deliveries that match, by due time; waiting ones first."""
    state, account = visit.query.get("state", ""), visit.query.get("account", "")
    listing = _listing(visit, ROOM)
    views = sorted(listing.views, key=lambda it: (it.delivery.due_at, it.delivery.id))
    names = list(visit.workspace.account_names)
    return Page(
        "queue.html",
        words.QUEUE,
        words,
        {
            "heading": words.queue_heading(len(views), more=listing.more),
            "rows": [(each, _becomes(each, visit)) for each in views],
            "more": listing.more,
            "state": state,
            "account": account,
            "accounts": [("", words.ANY), *((each, each) for each in names)],
            "posts": posts,
        },
        document=lambda: {
            "deliveries": [documents.of_delivery(each, visit.zone) for each in listing.views]
        },
        command="queue list",
    )


def download(visit: Visit) -> Answer:
    """Deliveries that match, as CSV: the waiting ones and the latest others."""
    listing = _listing(visit, ROWS)
    content = sheet_of_deliveries(each.delivery for each in listing.views)
    return File(content.encode(), CSV, "deliveries.csv")


def _listing(visit: Visit, room: int) -> Listing:
    """At most `room` deliveries of the state and the account that are asked for."""
    state, account = visit.query.get("state", ""), visit.query.get("account", "")
    return visit.services.deliveries.list(
        room=room,
        state=State(state) if state in set(State) else None,
        held=state == posts.HELD,
        account=account or None,
    )


def _becomes(view: DeliveryView, visit: Visit) -> str:
    delivery = view.delivery
    if view.forecast is not None:
        return of_forecast(view.forecast, delivery.account, visit.zone)
    if delivery.hold is not None:
        return of_hold(delivery.hold.reason, delivery.hold.until, delivery.account, visit.zone)
    return ""


ROUTES = (
    page(HERE, queue, section=HERE),
    form("/queue.csv", download, Role.READER, section=HERE),
)
