"""Calendars at addresses, which are fetched once, to be imported."""

from collections.abc import Callable
from dataclasses import dataclass

from crosspromo.domain.errors import ImportFailedError, RowError
from crosspromo.http.pages import NO_VERSION, Page, PageError
from crosspromo.intake.encoding import MOST_BYTES
from crosspromo.services.calendar_sources import address_of_source
from crosspromo.services.source_answers import Fetches


@dataclass(frozen=True)
class CalendarAddresses:
    """Fetches calendars, with the limits that sources have."""

    pages: Callable[[], Fetches]

    def contents(self, address: str) -> bytes:
        """Calendar at an address; a webcal address is read as https.

        Errors are those of `address_of_source`; ImportFailedError where it cannot be fetched.
        """
        whole = address_of_source(address)
        pages = self.pages()
        try:
            page = pages.fetch_changed(whole, MOST_BYTES, NO_VERSION)
        except PageError as error:
            raise ImportFailedError(whole, [RowError(0, "address", str(error))]) from error
        finally:
            pages.close()
        assert isinstance(page, Page)  # no version was named that could be unchanged
        return page.data
