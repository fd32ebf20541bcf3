"""Reports by name: those that are asked for by a moment alone."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from crosspromo.phrasing.reports import amplification, events, gate, partners, ratio
from crosspromo.reports.page import ReportPage
from crosspromo.services.reports import Reports

Making = Callable[[Reports, datetime | None], ReportPage]

NAMED: Mapping[str, Making] = MappingProxyType(
    {
        "ratio": lambda reports, as_of: ratio.page(reports.ratio(as_of)),
        "partners": lambda reports, as_of: partners.partners_page(reports.partners(as_of)),
        "reciprocity": lambda reports, as_of: partners.reciprocity_page(reports.reciprocity(as_of)),
        "focus": lambda reports, as_of: partners.focus_page(reports.focus(as_of)),
        "events": lambda reports, as_of: events.page(reports.events(as_of)),
        "amplification": lambda reports, as_of: amplification.page(reports.amplification(as_of)),
        "gate": lambda reports, as_of: gate.page(reports.gate(as_of)),
    }
)
"""Making of each report."""
