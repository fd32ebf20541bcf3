"""Words of the pages of reports; what a report says comes with it."""

from collections.abc import Mapping
from types import MappingProxyType

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ratio": "Share ratio",
        "partners": "Partners",
        "reciprocity": "Given and received",
        "focus": "Focus list",
        "events": "Events",
        "amplification": "How far it carried",
        "gate": "Self posts",
    }
)
"""Reports by name, as links."""

MONTHS = "Months"
OTHERS = "Other reports"
CSV = "CSV"
XLSX = "XLSX"
HTML = "One page"
NEXT = "What to do next"
WRITE = "Write"
OPEN = "Look"
READ = "How to read this"
WINDOW = "Window"
ZONE = "Zone"
TARGET = "Target"
AGE = "Age of the data"
