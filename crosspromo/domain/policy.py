"""Account policy: a ratio, a quota, or neither."""

from datetime import timedelta
from typing import Literal

from crosspromo.domain.approval import ApprovalNames, Approvers
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.timing import Slot
from crosspromo.domain.values import Value

ORGANISATION_FLOOR = Target(1, 1)
DEFAULT_WINDOW = Window(days=28)
DEFAULT_LATE_AFTER = timedelta(minutes=60)
DEFAULT_PACE = timedelta(minutes=15)

DEFAULT_RATIO = Target(1, 1)


class Terms(Value, frozen=True):
    """What an account, or the organisation by its floor, is judged by.

    `quota` is a number of posts about others per seven days. Without `target` and `quota` nothing
    is asked. `window` is that in which posts are counted.
    """

    target: Target | None
    quota: int | None
    window: Window


class Policy(Value, frozen=True):
    """One account's policy. At most one of `target` and `quota` is set; neither means no policy.

    `quota` is a number of posts about others per seven days. `late_after` is the time past its
    pinned time at which a delivery may still be sent. `monthly_budget` is in US dollars. None: no
    limit. `presets` are those of the keys `min_gap` and `max_per_day` whose values come from the
    network's presets.
    """

    target: Target | None = DEFAULT_RATIO
    quota: int | None = None
    window: Window = DEFAULT_WINDOW
    late_after: timedelta = DEFAULT_LATE_AFTER
    slots: tuple[Slot, ...] = ()
    max_per_day: int | None = None
    max_per_week: int | None = None
    min_gap: timedelta | None = None
    quiet: QuietHours | None = None
    monthly_budget: float | None = None
    approval: Approvers = Approvers.NONE
    approval_names: ApprovalNames = ApprovalNames.TRUSTED
    presets: frozenset[str] = frozenset()

    @property
    def pace(self) -> timedelta:
        """Minimum interval between late or held deliveries on an account without slots."""
        return self.min_gap or DEFAULT_PACE

    @property
    def kind(self) -> Literal["ratio", "quota", "none"]:
        """Policy name in reports."""
        if self.target is not None:
            return "ratio"
        return "none" if self.quota is None else "quota"
