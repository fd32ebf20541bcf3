"""Slugs, which people type, and names of files that people send."""

import re
import unicodedata

from crosspromo.domain.invisible import without_invisible

LONGEST = 60

LONGEST_FILE_NAME = 80
"""Characters of a file's name that are kept, the last ones."""


def slugify(text: str) -> str:
    """Slug from text: lower-case ASCII words joined by hyphens, at most LONGEST characters.

    The slug is empty if the text has no ASCII letters or digits.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    slug = "-".join(words)[:LONGEST]
    return slug.rstrip("-")


def file_name(given: str, otherwise: str) -> str:
    """Name of a file that somebody sends, for messages only: no folders, no invisible signs.

    `otherwise` stands for a name of which nothing is left.
    """
    last = without_invisible(given.replace("\\", "/").rpartition("/")[2])
    return " ".join(last.split())[-LONGEST_FILE_NAME:] or otherwise
