"""Public interface for authors of connectors, in one module.

A connector is a module with a `Network` in it, named by an entry point of the group
`crosspromo.connectors`. See docs/how-to/write-a-connector.md.
"""

from crosspromo.connectors.http_outcomes import one_line
from crosspromo.connectors.payloads import PayloadError, read_payload, write_payload
from crosspromo.domain.attempts import Json, Prepared
from crosspromo.domain.errors import AccountError, ConfigError
from crosspromo.domain.figures import Figures, counted
from crosspromo.domain.mentions import Heard, MentionKind
from crosspromo.domain.outcomes import (
    Absent,
    Begun,
    Found,
    LookUp,
    NotRemoved,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.domain.posts import Content, Image
from crosspromo.publishing.networks import (
    AccountSetup,
    Capabilities,
    Clocked,
    Connector,
    Deletes,
    Finds,
    Identified,
    ImageLimits,
    Network,
    SeesShared,
    SessionStore,
)
from crosspromo.publishing.reading_back import (
    HeardPage,
    Listens,
    Measured,
    Measures,
    NotRead,
)
from crosspromo.text.rules import TextRules

__all__ = [
    "Absent",
    "AccountError",
    "AccountSetup",
    "Begun",
    "Capabilities",
    "Clocked",
    "ConfigError",
    "Connector",
    "Content",
    "Deletes",
    "Figures",
    "Finds",
    "Found",
    "Heard",
    "HeardPage",
    "Identified",
    "Image",
    "ImageLimits",
    "Json",
    "Listens",
    "LookUp",
    "Measured",
    "Measures",
    "MentionKind",
    "Network",
    "NotRead",
    "NotRemoved",
    "NotSent",
    "Outcome",
    "PayloadError",
    "Prepared",
    "Receipt",
    "Rejected",
    "Removal",
    "Removed",
    "SeesShared",
    "Sent",
    "SessionStore",
    "TextRules",
    "Unclear",
    "Unknown",
    "counted",
    "one_line",
    "read_payload",
    "write_payload",
]
