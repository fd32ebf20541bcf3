"""Everything the author of a connector needs, in one place.

A connector is a module with a `Network` in it, named by an entry point of the group
`crosspromo.connectors`. See docs/how-to/write-a-connector.md.
"""

from crosspromo.domain.attempts import Json, Prepared
from crosspromo.domain.errors import AccountError, ConfigError
from crosspromo.domain.outcomes import (
    Absent,
    Found,
    LookUp,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.domain.posts import Content, Image
from crosspromo.publishing.networks import (
    AccountSetup,
    Capabilities,
    Connector,
    Network,
    SessionStore,
)
from crosspromo.text.rules import TextRules

__all__ = [
    "Absent",
    "AccountError",
    "AccountSetup",
    "Capabilities",
    "ConfigError",
    "Connector",
    "Content",
    "Found",
    "Image",
    "Json",
    "LookUp",
    "Network",
    "NotSent",
    "Outcome",
    "Prepared",
    "Receipt",
    "Rejected",
    "Sent",
    "SessionStore",
    "TextRules",
    "Unclear",
    "Unknown",
]
