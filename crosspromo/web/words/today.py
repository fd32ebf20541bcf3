"""Words of the page Today."""

from crosspromo.domain.plurals import plural

TITLE = "Today"


def verdict(matters: int) -> str:
    """Heading: how many things need a person."""
    if not matters:
        return "Nothing needs a person"
    return f"{plural(matters, 'thing needs', 'things need')} a person"
