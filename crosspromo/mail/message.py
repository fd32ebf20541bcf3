"""Mail messages: plain text from a program, without a way to add header fields from outside."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final

from crosspromo.mail.server import CONTROLS, MailAddress

LONGEST_SUBJECT: Final = 200
"""Characters of a subject; the rest is cut off."""


def one_line(text: str, most: int = LONGEST_SUBJECT) -> str:
    """Text on one line: a space for each run of control characters, at most `most` characters."""
    return CONTROLS.sub(" ", text).strip()[:most]


def plain_message(
    *, sender: MailAddress, to: Sequence[MailAddress], subject: str, text: str, now: datetime
) -> EmailMessage:
    """Message with a plain text, marked as written by a program (RFC 3834).

    The mark keeps absence notes away. Control characters of the subject become spaces.
    """
    message = EmailMessage()
    message["From"] = _address(sender)
    message["To"] = tuple(_address(each) for each in to)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def attach_page(message: EmailMessage, name: str, html: str) -> None:
    """Attach a page of HTML to the message, under a file name."""
    message.add_attachment(html, subtype="html", filename=one_line(name))


def _address(address: MailAddress) -> Address:
    return Address(display_name=address.name, addr_spec=address.spec)
