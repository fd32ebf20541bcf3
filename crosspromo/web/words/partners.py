"""Words of the pages about partners."""

from collections.abc import Sequence

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import LastContacts, cadence_days, days_over
from crosspromo.domain.plurals import plural
from crosspromo.domain.states import State
from crosspromo.phrasing.words import first_words
from crosspromo.services.archive_partners import Archived
from crosspromo.services.partner_view import GIVEN_WITHIN, PartnerStanding
from crosspromo.web.moments import Moments
from crosspromo.web.words.posts import STATES

TITLE = "Partners"
CAPTION = "Partners, those past due first, then those who were shared longest ago"
PARTNER = "Partner"
LAST = "Last shared"
NEXT = "Next planned"
TOPICS = "Topics"
REPORT = "Page for them"
WRITE = "Write a post"
EDIT = "Edit…"
IMPORT = "Import…"
DOWNLOAD = "Download CSV"
OFFERED = "Offered"
ARCHIVED = "Archived"
PAST_DUE = "Past due"
CLOSE = "Close"
NEVER_SHARED = "Never shared"
SUGGESTIONS = "Suggestions"
ALL = "Show all"
NEVER = "never"
NOTHING = "–"
SHOW = "Which partners"
BEGIN = "Begin with somebody else"
BEGIN_MORE = "Import a list of organisations and people whose news you share."
NONE_ARCHIVED = "Nobody is archived"
NONE_ARCHIVED_MORE = "An archived partner is no longer offered for new posts; the history stays."

SHARED = "Posts about them"
SHARED_CAPTION = "Posts about them, the latest first"
NOTHING_SHARED = "No post about them yet."
QUEUED = "Queued"
NOTHING_QUEUED = "Nothing about them is queued."
COMING = "Coming events"
ABOUT = "About"
DAY = "Day"
POST = "Post"
WHERE = "Where"
COUNTS_AS = "Counts as"
STATE = "State"
ALL_POSTS = "Only the latest posts are shown here."
ARCHIVE = "Archive"
UNARCHIVE = "Offer again"
AUTHORS = "People who may write archive partners, and import them."

WHY = "Why"
LIST = "List"
WEBSITE = "Website"
KIND = "Kind"
STATUS = "Legal status"
TAGGING = "Tagging"
MAY_TAG = "may be tagged"
MAY_NOT_TAG = "named, not tagged: they have not said yes"
SIGN_OFF = "Asks to see"
SIGNS = "every post about them, before it goes"
SIGNS_NOT = "nothing"
SINCE = "Archived"
LAST_RECEIVED = "Last received"
LAST_CONTACT = "Last in touch"
CADENCE = "We share them"
OWNER = "Who keeps up"
SUPPORT = "Support"
SUPPORTS = {"+": "they support us", "0": "neither for nor against", "-": "they are against us"}
GOALS = "We want to"
LANGUAGES = "Languages"
NEEDS = "Needs"
OFFERS = "Offers"
LIMIT = "At most"
NOTICE = "Notice before a post"
UNKNOWN = "–"
NOTES = "Notes"

WINDOW = f"{GIVEN_WITHIN.days} days"
GIVEN = f"Given, {WINDOW}"


def heading(standings: Sequence[PartnerStanding], *, archived: bool) -> str:
    """Verdict: how many partners were not shared for long."""
    if not standings:
        return NONE_ARCHIVED if archived else BEGIN
    count = len(standings)
    if archived:
        return f"{plural(count, 'partner is', 'partners are')} archived"
    silent = sum(not each.given for each in standings)
    if not silent:
        all_of = "Your partner was" if count == 1 else f"All {count} partners were"
        return f"{all_of} shared within {WINDOW}"
    if silent == count:
        none = "The partner was not" if count == 1 else f"None of {count} partners was"
        return f"{none} shared within {WINDOW}"
    were = "was" if silent == 1 else "were"
    return f"{silent} of {plural(count, 'partner')} {were} not shared within {WINDOW}"


def lead(standings: Sequence[PartnerStanding]) -> str:
    """Shares of all partners together."""
    given = sum(each.given for each in standings)
    return f"In {WINDOW} they got {plural(given, 'post')} from us."


def about(standing: PartnerStanding, moments: Moments) -> str:
    """Sentence about the last share, how long the next one is past due, and number of shares."""
    if standing.last_shared_at is None:
        return "We have not shared them yet."
    got = "no post" if not standing.given else plural(standing.given, "post")
    last = moments.day(standing.last_shared_at)
    is_late = late(standing, moments)
    if is_late:
        days = cadence_days(standing.partner)
        return (
            f"{is_late}: we last shared them on {last} and mean to every {days} days. "
            f"In {WINDOW} they got {got} from us."
        )
    return f"We last shared them on {last}. In {WINDOW} they got {got} from us."


def over(standing: PartnerStanding, moments: Moments) -> int:
    """Days since the last share beyond the cadence of the partner; 0: none is over."""
    last = standing.last_shared_at
    day = None if last is None else last.astimezone(moments.zone).date()
    return days_over(standing.partner, day, moments.now.astimezone(moments.zone).date())


def late(standing: PartnerStanding, moments: Moments) -> str:
    """How long the next share is past due; empty where it is not."""
    days = over(standing, moments)
    return f"{plural(days, 'day')} past due" if days else ""


def last_of(contacts: LastContacts, moments: Moments) -> list[tuple[str, str]]:
    """Last contacts as labels and values."""
    shared, got, noted = contacts.shared_at, contacts.received_at, contacts.noted
    return [
        (LAST, NEVER if shared is None else moments.day(shared)),
        (LAST_RECEIVED, NEVER if got is None else moments.day(got)),
        (LAST_CONTACT, NEVER if noted is None else str(noted)),
    ]


def record_of(partner: Partner) -> list[tuple[str, str]]:
    """Fields of the record that are for staff, as labels and values; empty where unknown."""
    days, posts = cadence_days(partner), partner.most_posts
    limit = ""
    if posts is not None and partner.most_posts_days is not None:
        limit = f"{plural(posts, 'post')} in {plural(partner.most_posts_days, 'day')}"
    hours = partner.notice_hours
    return [
        (CADENCE, "" if days is None else f"every {plural(days, 'day')}"),
        (OWNER, partner.owner),
        (SUPPORT, SUPPORTS.get(partner.support, "")),
        (GOALS, ", ".join(partner.goals)),
        (LANGUAGES, ", ".join(partner.languages)),
        (NEEDS, "; ".join(partner.needs)),
        (OFFERS, "; ".join(partner.offers)),
        (LIMIT, limit),
        (NOTICE, "" if hours is None else plural(hours, "hour")),
    ]


def next_of(standing: PartnerStanding, moments: Moments) -> str:
    """Time of the next queued post, and how many follow it."""
    planned = standing.planned
    if planned is None:
        return NOTHING
    more = f", {planned.posts - 1} more" if planned.posts > 1 else ""
    return f"{moments.near(planned.next_at)}{more}"


def states_of(deliveries: Sequence[Delivery]) -> str:
    """States of a post on its accounts, each once: `went out, failed on x-main`."""
    states = dict.fromkeys(each.state for each in deliveries)
    if len(states) == 1:
        return STATES[next(iter(states))]
    told = []
    for state in states:
        names = [each.account for each in deliveries if each.state is state]
        told.append(f"{STATES[state]} on {', '.join(names)}")
    return "; ".join(told)


def archived(done: Sequence[Archived]) -> list[str]:
    """A partner was archived, and what goes out all the same."""
    told = []
    for each in done:
        told.append(f"{each.partner} is archived: new posts about them are not offered.")
        if each.waiting:
            go = plural(len(each.waiting), "delivery", "deliveries")
            told.append(f"{go} about them still {'goes' if len(each.waiting) == 1 else 'go'} out.")
        if each.events:
            held = plural(len(each.events), "coming event")
            told.append(f"They hold {held}: {first_words(', '.join(each.events), 120)}.")
    return told


def unarchived(slug: str) -> str:
    """A partner is offered again."""
    return f"{slug} is offered again."


WAITS = frozenset({State.DRAFT, State.QUEUED})
"""States of deliveries that are listed as queued."""
