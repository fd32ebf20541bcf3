"""Find: posts, partners and events by word; and the pictures of posts."""

from crosspromo import documents
from crosspromo.services.finding import LONGEST_WORDS
from crosspromo.web.routes import Answer, Page, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import find as words
from crosspromo.web.words import posts


def find(visit: Visit) -> Answer:
    """Posts, partners and events with all words of `?q=`."""
    text = visit.query.get("q", "").strip()[:LONGEST_WORDS]
    found = visit.services.finder.by_words(text) if text else None
    return Page(
        "find.html",
        words.TITLE,
        words,
        {"heading": words.heading(text, found), "text": text, "found": found, "posts": posts},
        document=lambda: {} if found is None else documents.of_found(found),
    )


def media(visit: Visit) -> Answer:
    """Pictures of the latest posts, with the texts on what they show."""
    images = visit.services.finder.images()
    without = sum(not each.alts for each in images)
    return Page(
        "media.html",
        words.PICTURES,
        words,
        {
            "images": images,
            "heading": words.pictures(len(images)),
            "lead": words.pictures_lead(len(images), without),
        },
        document=lambda: {
            "pictures": [
                {"path": each.path, "alts": list(each.alts), "posts": list(each.posts)}
                for each in images
            ]
        },
    )


ROUTES = (page("/find", find), page("/media", media))
