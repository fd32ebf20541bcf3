"""Events hosted by us or by partners."""

from datetime import datetime

from crosspromo.domain.posts import Hosting, Image
from crosspromo.domain.values import Value


class Event(Value, frozen=True):
    """Event record, entered or imported from a calendar.

    `starts_at` and `ends_at` are aware, in UTC; `zone` is the IANA zone in which people read them.
    An all-day event starts at local midnight of its first day and ends at local midnight after its
    last. `uid` with `recurrence` identifies the event in the calendar it came from; `sequence`
    grows with each edition. `partners` are the slugs of partners that host the event besides us, or
    instead of us. `campaign` is the slug of the one that it belongs to. `image` is its flyer.
    """

    slug: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    uid: str
    recurrence: str = ""
    sequence: int = 0
    all_day: bool = False
    cancelled: bool = False
    location: str = ""
    url: str = ""
    description: str = ""
    hosting: Hosting = Hosting.OURS
    partners: tuple[str, ...] = ()
    campaign: str | None = None
    image: Image | None = None
