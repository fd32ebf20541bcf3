"""Wishes: what a plan is judged by, in one table.

A wish of one class has more points than one wish of every class below it together.
"""

from typing import Final

SELF_ON_TIME: Final = 500
"""A self post with a wished date goes when it is wished."""

FOCUS_IN_CADENCE: Final = 250
"""A partner of the focus list is shared within the cadence."""

STEP_IN_TIME: Final = 120
"""A step of an event goes on its day."""

IN_CADENCE: Final = 60
"""Another partner is shared within the cadence."""

SELF_PLACED: Final = 20
"""A self post goes at all, with a point more for each day earlier (see EARLY_DAYS)."""

PARTNER_AGAIN: Final = 10
"""Taken away for a partner who stands twice on an account within SEVEN_DAYS."""

DAY_WITH_A_POST: Final = 5
"""A local day of an account has a post: posts are spread over the week."""

ONE_ALLOWED: Final = 3
"""One self post is allowed on an account at the end of a local week."""

TOLD: Final = 1
"""An occasion about a partner is told."""

EARLY_DAYS: Final = 14
"""Days after the first possible one within which each day earlier has a point."""

LATE: Final = 2
"""Divisor of the points of a wish that is fulfilled too late."""
