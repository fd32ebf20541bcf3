"""Words of the page Write a post."""

from collections.abc import Mapping
from types import MappingProxyType

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import Forecast, HangsOn, Outcome
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Kind
from crosspromo.domain.ratio import Target
from crosspromo.domain.reasons.holds import BelowRatio
from crosspromo.domain.tones import Tone
from crosspromo.phrasing.forecasts import of_end, of_held, of_uncertainty
from crosspromo.phrasing.words import first_words
from crosspromo.services.play.trying import Foreseen
from crosspromo.services.queue_post import Budget
from crosspromo.web.moments import Moments
from crosspromo.web.words import post
from crosspromo.web.words.post import NARROW, length_of, ratio

__all__ = ["length_of"]  # templates have it from here

TITLE = "Write a post"
KIND = "Kind"
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.SPOTLIGHT: "Spotlight",
        Kind.EVENT: "Event",
        Kind.RESHARE: "Reshare",
        Kind.OWN: "Our own",
        Kind.NOTICE: "Notice",
    }
)
PARTNER = "Which partner"
PARTNER_HINT = "Type a part of the name, and choose."
EVENT = "Which event"
EVENT_HINT = "Type a part of its title, and choose."
URL = "Address of their post"
TEXT = "Text"
TEMPLATE_WRITES = "The template writes the text; the previews show it."
REASON = "Why it counts for neither side"
REASON_HINT = "It stays in the audit log."
LINK = "Link"
CAMPAIGN = "Campaign"
NO_CAMPAIGN = "none, or that of the event"
TONE = "Tone"
TONE_USUAL = "as usual for its kind"
TONES: Mapping[Tone, str] = MappingProxyType(
    {
        Tone.CELEBRATE: "celebrates",
        Tone.NEUTRAL: "neutral",
        Tone.SOLEMN: "solemn",
        Tone.ASK: "asks for something",
    }
)
MORE = "More"
VARIABLES = "Values for the template"
VARIABLES_HINT = "One a line: NAME=VALUE."
TEMPLATE = "Template"
TEMPLATE_USUAL = "the usual one"
POST_TITLE = "Title, for networks that have titles"
THREAD = "Where it is too long for one post, make it several"
PAID = "Somebody paid us for it: it says so, and counts as a self post"
MARKDOWN = "The words are Markdown, where the network reads it"
DUPLICATE = post.DUPLICATE
DUPLICATE_HINT = post.DUPLICATE_HINT
PICTURES = "Pictures"
ADD_PICTURES = "Add pictures"
PICTURES_HINT = "JPEG, PNG, GIF or WebP, 24 MB together. Place and camera are left out."
ALT = "What it shows, for people who cannot see it"
CHARACTERS = "characters"
REMOVE = "Take it out"
WHEN = "When"
SLOT = "Next free slot of each account"
AT = "At"
AT_TIME = "Time"
AT_HINT = "As you would say it: tue 9:00, tomorrow 14:00, dec 3 9am, +2h, now."
ALLOWED = "As soon as the promise allows a self post"
WHERE = "Where, and what it does to the balance"
PREVIEW = "Previews"
UPDATE = "Update preview"
QUEUE = "Queue"
KEEP = "Keep as draft"
THROW_AWAY = "Throw away"
DRAFTS = "Your drafts"
KEPT = "Kept as a draft."
THROWN_AWAY = "The draft is gone."
NOT_SAVED = "Not saved: load the page anew."
NOTHING_YET = "What you write shows here, as each account will have it."
NO_ACCOUNT = "Choose an account to see the post as it will look there."
CARD = "Shows a card for"
REPOSTS = "Shares"
CANNOT_QUEUE = "This cannot be queued yet"
ALREADY_QUEUED = "This draft is queued already; here it is."
SHARE_FIRST = "Share a partner first"

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "accounts": "accounts",
        "allow_duplicate": "allow_duplicate",
        "alt": "pictures",
        "at": "at",
        "image": "pictures",
        "reason": "reason",
        "text": "text",
        "thread": "text",
        "title": "title",
        "url": "url",
        "variable": "variables",
    }
)
"""Field of the form by the field that a mend names."""

FAULTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no-partner-chosen": ("partner", "Choose a partner."),
        "no-such-partner": ("partner", ""),
        "partner-archived": ("partner", ""),
        "no-event-chosen": ("event", "Choose an event."),
        "no-such-event": ("event", ""),
        "no-account-named": ("accounts", "Choose an account."),
        "no-such-account": ("accounts", ""),
    }
)
"""Field, and sentence (empty: that of the error), by the code of an error."""


def of_all(shown: int, total: int) -> str:
    """Number of a person's drafts, and how many of them the list shows."""
    return str(total) if shown == total else f"the latest {shown} of {total}"


def saved(at: str) -> str:
    """When the draft was saved."""
    return f"Draft saved {at}"


def draft_named(kind: Kind, words: str) -> str:
    """Name of a draft in the list."""
    return f"{KINDS[kind]}: {first_words(words, 60)}" if words else KINDS[kind]


def queued(deliveries: list[Delivery], moments: Moments) -> str:
    """A post was queued."""
    if len(deliveries) == 1:
        (one,) = deliveries
        when = "once it is allowed" if one.when_allowed else f"for {moments.full(one.due_at)}"
        return f"Queued on {one.account} {when}."
    return f"Queued on {plural(len(deliveries), 'account')}."


def button(accounts: int) -> str:
    """Button that queues the post."""
    return f"{QUEUE} on {plural(accounts, 'account')}" if accounts else QUEUE


def cost(dollars: float | None, budget: Budget | None) -> str:
    """Cost of a delivery, and what is left of the month's budget then."""
    if not dollars:
        return ""
    if budget is None:
        return f"It costs ${dollars:.2f}."
    if budget.left < 0:
        return (
            f"It costs ${dollars:.2f}, ${-budget.left:.2f} more than is left of the "
            f"${budget.most:.2f} of this month."
        )
    left = f"${budget.left:.2f} of ${budget.most:.2f} this month"
    return f"It costs ${dollars:.2f}, and leaves {left}."


def left_out(parts: tuple[str, ...]) -> str:
    """Parts of the text that were left out so that it fits."""
    return f"Left out so that it fits: {'; '.join(' '.join(part.split()) for part in parts)}"


_NOT_PLAYED = frozenset({HangsOn.BEYOND, HangsOn.TIME})


def fate(foreseen: Foreseen, target: Target | None, moments: Moments) -> list[str]:
    """What would become of the post on an account, in a sentence or two."""
    delivery, forecast = foreseen.delivery, foreseen.forecast
    doubt = None if forecast is None else forecast.uncertainty
    if forecast is None or (doubt is not None and doubt.on in _NOT_PLAYED):
        if delivery.when_allowed:
            return ["It would wait until a self post is allowed."]
        return [f"It would be due {moments.full(delivery.due_at)}, too far ahead to foretell."]
    if doubt is not None and doubt.on is HangsOn.BY_HAND and forecast.goes_at is not None:
        return [f"You post it by hand; we remind you {moments.full(forecast.goes_at)}."]
    said = _becomes(delivery, forecast, target, moments)
    if foreseen.depends_on is not None:
        said.append(f"Not certain: it hangs on whether it goes on {foreseen.depends_on}.")
    elif doubt is not None and doubt.on is not HangsOn.APPROVAL:
        said.append(f"Not certain: {of_uncertainty(doubt)}.")
    return said


def _becomes(
    delivery: Delivery, forecast: Forecast, target: Target | None, moments: Moments
) -> list[str]:
    account, zone = delivery.account, moments.zone
    match forecast.outcome:
        case Outcome.SENT if forecast.at is not None:
            goes = f"It would go {moments.full(forecast.at)}."
            if forecast.reason is None:
                return [goes]
            return ["It would wait.", _why(forecast, account, target, moments), goes]
        case Outcome.HELD:
            why = _why(forecast, account, target, moments)
            never = "It does not go in the next 4 weeks as planned."
            return ["It would wait.", *([why] if why else []), never]
        case Outcome.EXPIRED:
            return ["It would expire before it may go."]
        case _:
            why = "" if forecast.reason is None else of_end(forecast.reason, account, zone)  # type: ignore[arg-type]  # an end
            ends = "be missed" if forecast.outcome is Outcome.MISSED else "be refused"
            return [f"It would {ends}{f': {why}' if why else ''}."]


def _why(forecast: Forecast, account: str, target: Target | None, moments: Moments) -> str:
    reason = forecast.reason
    if isinstance(reason, BelowRatio):
        who = "The organisation" if reason.whole else account
        keeps = reason.target if reason.whole or target is None else str(target)
        posts = plural(reason.needed, "more partner post")
        return f"{who} keeps {keeps.replace(':', NARROW)}, so {posts} must go before it."
    if reason is None:
        return ""
    clause = of_held(reason, account, moments.zone)  # type: ignore[arg-type]  # why it is held
    return f"{clause[:1].upper()}{clause[1:]}."


def kept_anew(post: int) -> str:
    """Other words in the form of a draft that is queued."""
    return (
        f"The draft was queued before, as post {post}, which stays as it is. What you have typed "
        "since is kept here, as a new draft."
    )


def balance(foreseen: Foreseen, target: Target | None) -> str:
    """Counts of the account then, and with this post."""
    before, after = foreseen.before, foreseen.after
    if before is None or after is None or target is None:
        return ""
    then = ratio(before.others, before.self_)
    forecast = foreseen.forecast
    waits = forecast is not None and forecast.reason is not None
    if waits and after != before:
        return f"{then} at its time, and {ratio(after.others, after.self_)} if it went then"
    if after == before:
        return f"{then} by then; it counts for neither side"
    return f"{then} by then → {ratio(after.others, after.self_)} with this post"
