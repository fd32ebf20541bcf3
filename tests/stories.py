"""Posts in a queue, in few words, for tests of the store and the publishing core."""

from datetime import datetime, timedelta
from typing import Any

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.deliveries import Delivery, NewDelivery
from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.reconcile import Reconciler, Settled
from crosspromo.publishing.results import Disposition
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START
from crosspromo.text.rules import BLUESKY

ACCOUNT = "account"
TEMPLATES = Templates((SHIPPED / "templates",), "us")


def rules(
    name: str = ACCOUNT,
    *,
    target: Target | None = None,
    window: Window = Window(days=28),  # noqa: B008 (a frozen value)
    look_up_after: tuple[timedelta, ...] = (timedelta(seconds=20), timedelta(minutes=5)),
) -> AccountRules:
    """An account's rules; without a target it has none to keep."""
    return AccountRules(
        name=name,
        network="memory",
        text_network="memory",
        capabilities=Capabilities(text=BLUESKY),
        policy=Policy(target=target, window=window),
        timeout=timedelta(seconds=1),
        look_up_after=look_up_after,
    )


NO_FLOOR = OrganisationRules(floor=None, window=Window(days=28))


def queued(
    store: Store,
    text: str = "Hello",
    *,
    account: str = ACCOUNT,
    credit: Credit = Credit.OTHERS,
    due_at: datetime = START,
    pinned: bool = False,
    expires_at: datetime | None = None,
    cost: float | None = None,
    reshare_of: str | None = None,
    event: str | None = None,
) -> int:
    """Put one delivery into the queue; its id comes back."""
    kind = Kind.SPOTLIGHT if credit is Credit.OTHERS else Kind.OWN
    with store.write() as unit:
        unit.accounts.register([account])
        unit.partners.save(Partner(slug="river-keepers", name="River Keepers"), START)
        post = unit.posts.add(
            kind=kind,
            partners=["river-keepers"] if kind is Kind.SPOTLIGHT else [],
            event=event,
            template=None,
            reason=None,
            author="tester",
            now=START,
        )
        return unit.deliveries.add(
            NewDelivery(
                post=post,
                account=account,
                network="memory",
                state=State.QUEUED,
                credit=credit,
                content=Content(text=text, reshare_of=reshare_of),
                due_at=due_at,
                pinned=pinned,
                expires_at=expires_at,
                cost=cost,
            )
        )


def delivery(store: Store, delivery_id: int) -> Delivery:
    """The delivery as it stands."""
    with store.read() as unit:
        return unit.deliveries.get(delivery_id)


def put_of(prepared: Prepared, part: int = 1) -> dict[str, Any]:
    """One write of a send to Bluesky."""
    puts: Any = prepared.payload["puts"]
    put: dict[str, Any] = puts[part - 1]
    return put


def publish_next(dispatcher: Dispatcher, account: str) -> Disposition | None:
    """Take the account's next due delivery as far as it goes; None when nothing is due."""
    made = dispatcher.advance([], [account], {})
    if made.to_prepare:
        prepared = dispatcher.make_ready(made.to_prepare[0])
        made = dispatcher.advance([], [account], {account: prepared})
    if made.to_send:
        made = dispatcher.advance([dispatcher.send(made.to_send[0])], [], {})
    return next(iter(made.dispositions), None)


def look_up_due(reconciler: Reconciler) -> int:
    """Look up everything whose time has come; how many were settled."""
    settled = [reconciler.settle(doubt, reconciler.look_up(doubt)) for doubt in reconciler.due()]
    return sum(isinstance(each, Settled) for each in settled)
