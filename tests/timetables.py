"""A timetable of an account in memory, read naively, for tests of slots and gaps."""

from datetime import datetime, timedelta

from crosspromo.domain.spacing import Neighbour


class TimetableInMemory:
    """Times of deliveries: waiting ones by id, and sent ones."""

    def __init__(self, *waiting: datetime, sent: tuple[datetime, ...] = ()) -> None:
        self.waiting = [Neighbour(number, at) for number, at in enumerate(waiting, 1)]
        self.sent = [
            Neighbour(number, at, sent=True) for number, at in enumerate(sent, len(waiting) + 1)
        ]

    def before(self, moment: datetime, least: timedelta) -> Neighbour | None:
        sent = [each for each in self.sent if moment - least < each.at <= moment]
        waiting = [each for each in self.waiting if moment - least < each.at <= moment]
        if sent:
            return max(sent, key=lambda each: each.at)
        return min(waiting, key=lambda each: each.at, default=None)

    def after(self, moment: datetime, least: timedelta) -> Neighbour | None:
        later = [each for each in self.waiting if moment < each.at < moment + least]
        return min(later, key=lambda each: each.at, default=None)

    def count(self, after: datetime, until: datetime, most: int) -> int:
        known = [*self.waiting, *self.sent]
        return min(most, sum(after < each.at <= until for each in known))
