"""Words of the form with the record of a partner."""

from crosspromo.services.outdated_posts import OutdatedPost

SAVE = "Save"
SEVERAL = "Several with ; between them."
NUMBER = "A whole number. Empty: none."
CHOICE = "–"

LABELS = {
    "name": "Name",
    "why": "Why people should know them",
    "website": "Website",
    "topics": "Topics",
    "kind": "Kind",
    "list": "List",
    "closeness": "Closeness",
    "tier": "Tier",
    "support": "Support",
    "owner": "Who among us keeps up with them",
    "status": "Legal status",
    "goals": "Why we know them: learn, contribute, connect",
    "languages": "Languages",
    "needs": "What they look for",
    "offers": "What they can give",
    "cadence_days": "Days between two shares",
    "most_posts": "Most posts that were agreed",
    "most_posts_days": "Days of that limit",
    "notice_hours": "Hours they want to know of a post before",
}


def title(name: str) -> str:
    """Title of the page."""
    return f"Edit {name}"


def saved(name: str, outdated: "tuple[OutdatedPost, ...]") -> list[str]:
    """The record was saved, and posts that wait say what was before."""
    told = [f"Saved: {name}."]
    if outdated:
        ids = ", ".join(str(each.delivery) for each in outdated)
        told.append(f"These wait and say what was before: {ids}.")
    return told


def changed_meanwhile(field: str, value: str) -> str:
    """Somebody else changed a field while the form was open."""
    now = f'"{value}"' if value else "empty"
    return f"{LABELS[field]} was changed meanwhile, and is {now} now; look at it and save again"
