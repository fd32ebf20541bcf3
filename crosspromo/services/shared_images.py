"""Images of posts that are to be shared: people who cannot see them need their alt texts."""

from collections.abc import Callable

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import AccountError, ConfigError
from crosspromo.domain.reasons.notes import Note, SharedWithoutAlt
from crosspromo.publishing.networks import Connector, SeesShared


def notes_on_shared(
    connector: Callable[[str], Connector] | None, delivery: Delivery, *, kept: bool = True
) -> tuple[Note, ...]:
    """Note on a native reshare whose original has images without alt text, as its network tells.

    Asks the network, so no transaction may be open. `connector` builds an account's connector; None
    asks nobody. An account or network that does not answer leaves the note out: it refuses nothing.
    """
    address = delivery.content.reposts
    if connector is None or address is None:
        return ()
    try:
        account = connector(delivery.account)
        found = account.images_without_alt(address) if isinstance(account, SeesShared) else None
    except (AccountError, ConfigError):
        return ()
    return (SharedWithoutAlt(found, delivery.id if kept else None),) if found else ()
