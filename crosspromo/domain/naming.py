"""Slugs: names that people type."""

import re
import unicodedata

LONGEST = 60


def slugify(text: str) -> str:
    """Slug from text: lower-case ASCII words joined by hyphens, at most LONGEST characters.

    The slug is empty if the text has no ASCII letters or digits.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    slug = "-".join(words)[:LONGEST]
    return slug.rstrip("-")
