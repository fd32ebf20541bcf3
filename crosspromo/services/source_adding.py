"""Adding of sources that a person names: each is read at once, and must be a feed or a calendar."""

from contextlib import closing
from dataclasses import dataclass, replace

from crosspromo.domain.errors import SourceError
from crosspromo.domain.reasons.sources import NothingToRead
from crosspromo.domain.requests import given_name
from crosspromo.domain.sources import Source, SourceKind
from crosspromo.services.calendar_sources import address_of_source, webcal_addresses
from crosspromo.services.source_answers import Answer
from crosspromo.services.sources import Reading, SourceService


@dataclass(frozen=True)
class SourceAdding:
    """Adds sources of a workspace."""

    sources: SourceService

    def add(self, address: str, partner: str | None, who: str) -> Reading:
        """Add a source and read it; the answer says what the reading brought.

        An address that answers, and is neither a feed nor a calendar, is refused (SourceError). One
        that does not answer is added: it may do so later, and goes on being tried. A webcal address
        is asked by https, then by http. Other errors are those of `SourceService.add`.
        """
        given_name(who)
        first = address_of_source(address)
        self.sources.check_new(first, partner)
        answer = self._answer([first, *webcal_addresses(address)[1:]], partner)
        if answer.is_none:
            raise SourceError(NothingToRead(answer.source.address, answer.fault or ""))
        source = self.sources.add(answer.source.address, partner, who)
        claimed = self.sources.claimed([source])
        if not claimed:  # a daemon is reading it
            return Reading(source)
        is_calendar = answer.source.kind is SourceKind.CALENDAR
        read = replace(claimed[0], kind=SourceKind.CALENDAR) if is_calendar else claimed[0]
        return self.sources.keep(replace(answer, source=read), accept=False)

    def _answer(self, addresses: list[str], partner: str | None) -> Answer:
        """Answer of the first address with something to read; else that of the first one."""
        now = self.sources.clock.now()
        answers: list[Answer] = []
        with closing(self.sources.pages()) as pages:
            for each in addresses:
                unknown = Source(0, SourceKind.FEED, each, partner, "", now, now)
                answer = self.sources.ask(unknown, pages, whole=True)
                if answer.fault is None:
                    return answer
                answers.append(answer)
        return answers[0]
