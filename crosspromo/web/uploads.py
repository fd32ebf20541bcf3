"""Uploads: a file that a person sends, and keeps between the steps of its import.

Between the steps the file stands in the form itself, so that the server keeps nothing of it, and
nothing is lost when a step takes long. It is bounded, and read as hostile input by its service.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crosspromo.domain.errors import CrosspromoError, UsageError
from crosspromo.domain.naming import file_name
from crosspromo.domain.plurals import plural
from crosspromo.web.errors import said
from crosspromo.web.visit import Visit

LARGEST_FILE = 1_000_000
"""Largest file of an import, in bytes."""

BODY_BYTES = 2_600_000
"""Largest body of a form of an import: a new file, and the one before as text."""


@dataclass(frozen=True, slots=True)
class Upload:
    """File of a form; its `name` is only shown."""

    data: bytes
    name: str

    @property
    def text(self) -> str:
        """File as text of a hidden field."""
        return base64.b64encode(self.data).decode()


def taken(visit: Visit) -> Upload | None:
    """File that was sent, else that of the step before; None: there is neither.

    UsageError for a file that is too large, or no longer whole.
    """
    sent = visit.files("file")
    if sent:
        name = file_name(sent[0].filename or "", "the file")
        data = sent[0].file.read(LARGEST_FILE + 1)
        return _checked(Upload(data, name))
    kept = visit.text("kept")
    if not kept:
        return None
    try:
        data = base64.b64decode(kept.encode(), validate=True)
    except (binascii.Error, ValueError):
        raise UsageError("the file of the step before is damaged; choose it again") from None
    return _checked(Upload(data, file_name(visit.text("kept-name"), "the file")))


def _checked(upload: Upload) -> Upload:
    if len(upload.data) > LARGEST_FILE:
        most = plural(LARGEST_FILE // 1_000_000, "megabyte")
        raise UsageError(f"the file {upload.name} has more than {most}; import it in parts")
    return upload


def said_about(upload: Upload, error: CrosspromoError, visit: Visit) -> str:
    """Sentence of an error; the name of the file at its beginning stays as it is."""
    sentence = said(error, visit)
    begins_with_name = sentence[1:].startswith(upload.name[1:])
    return f"{upload.name[:1]}{sentence[1:]}" if begins_with_name else sentence


def seen_as(parts: Sequence[object]) -> str:
    """Mark of what a person saw: other parts have another one.

    An import is done only if it would do what the person saw; else it is shown anew.
    """
    return hashlib.sha256("\n".join(map(repr, parts)).encode("utf-8", "replace")).hexdigest()
