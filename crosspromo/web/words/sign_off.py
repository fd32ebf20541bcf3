"""Words of the sign-off by link: for partners, and for staff on the page of a post."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from crosspromo.domain.approval import listed
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.sign_off import LONGEST_WORDS, Answer
from crosspromo.domain.states import State
from crosspromo.services.sign_off import Asked
from crosspromo.services.sign_off_links import AskedPartner
from crosspromo.web.moments import Moments
from crosspromo.web.words.posts import PLACELESS

TITLE = "May we post this about you?"
OVER = "This link has ended"
MANY = "Too many tries"
NO_PICTURE = "There is no such picture"
FOR = "For"
CARD = "Shows a card of"
REPOSTS = "Shows the post"
READ_ALOUD = "Read to people who cannot see it:"
NO_ALT = "It has no description."
WORDS = "Anything to say?"
BUTTONS = (
    (Answer.YES, "Yes, post this"),
    (Answer.CHANGE, "Please change something"),
    (Answer.NO, "No, do not post it"),
)
LONGEST = LONGEST_WORDS
CHANGED_HINT = "struck: as it was; underlined: as it is now"
CHANGED_OTHERWISE = "How it will look has changed since, and its words have not."
NEW = "This is new:"
MOVED = "The time is another than before. An answer is not bound to the time."
CHANGED_MEANWHILE = (
    "It was changed while you read it, so your answer was not taken. Look at what is different, "
    "and answer again."
)
CHANGED_BACK = (
    "It was changed while you read it, back to what it said when we asked you. Your answer was not "
    "taken: answer again."
)
YOURS_ALONE = (
    "This link is yours alone, and shows this post only. If it is not for you, tell whoever sent "
    "it."
)

NETWORKS: Mapping[str, str] = MappingProxyType(
    {
        "x": "X",
        "bluesky": "Bluesky",
        "reddit": "Reddit",
        "mastodon": "Mastodon",
        "linkedin": "LinkedIn",
        "facebook": "Facebook",
        "instagram": "Instagram",
        "threads": "Threads",
    }
)


def write_to(organisation: str) -> str:
    """Whom to write to about a link that shows nothing."""
    return (
        f"It has no post to show now. Write to {organisation}, to whoever sent you the link, and "
        "ask for a new one."
    )


def only_staff(organisation: str) -> str:
    """Who reads what a partner says."""
    return f"Only the staff of {organisation} read it."


def place_of(network: str, account: str, several: bool) -> str:
    """Place of a post: its network, and the account where several are on one network.

    Where people post by hand, or in the sandbox, the account's name alone says which place it is.
    """
    if network in PLACELESS:
        return NETWORKS.get(account, account)
    name = NETWORKS.get(network, network.capitalize())
    return f"{name} ({account})" if several else name


def on(place: str) -> str:
    """Heading of a post at its place."""
    return f"On {place}"


def the_same(place: str) -> str:
    """Heading of a post that says what the first one says."""
    return f"On {place}: the same text"


def lead(asked: Asked, places: Sequence[str], organisation: str, moments: Moments) -> str:
    """Sentence with the person, the organisation, the networks and the time of the post."""
    whens = list(dict.fromkeys(when(each, moments) for each in asked.open))
    at = f" {whens[0]}" if len(whens) == 1 else ". The times stand below"
    who = f"{asked.link.made_by} of {organisation}"
    return f"{who} would like to post it on {listed(places)}{at}."


def when(delivery: Delivery, moments: Moments) -> str:
    """Time of a post, as part of a sentence."""
    if delivery.waits_to_be_allowed:
        return "as soon as it fits with our other posts"
    return f"on {moments.abroad(delivery.due_at)}"


def planned(when: str) -> str:
    """Time of a post, where each has its own."""
    return f"Planned {when}"


def heading(asked: Asked) -> str:
    """Question to a partner, or what was answered."""
    if asked.link.answer is None and not asked.open:
        return "Nothing is asked of you any more"
    if not asked.holds:
        return TITLE
    return {
        Answer.YES: "You said yes",
        Answer.CHANGE: "You asked for a change",
        Answer.NO: "You said no",
        None: TITLE,
    }[asked.link.answer]


def consequence(asked: Asked, organisation: str) -> str:
    """What follows from an answer that holds."""
    if not asked.open:
        return ""
    return {
        Answer.YES: "Thank you. It goes out as it stands here, once all others have agreed.",
        Answer.CHANGE: f"It does not go out like this. {organisation} will ask you again.",
        Answer.NO: "It is not posted.",
        None: "",
    }[asked.link.answer if asked.holds else None]


def answered(asked: Asked, moments: Moments) -> str:
    """When an answer was given."""
    if asked.link.answered_at is None:
        return ""
    return f"You answered on {moments.abroad(asked.link.answered_at)}."


def changed_since(asked: Asked) -> str:
    """Heading of the differences between two versions of a post."""
    return (
        "Changed since we asked you" if asked.link.answer is None else "Changed since you answered"
    )


def on_places(places: Sequence[str]) -> str:
    """Places of a difference."""
    return f"on {listed(places)}"


def conditions(asked: Asked, moments: Moments) -> str:
    """Conditions of a partner's answer: the version it binds, and the end of its changes."""
    return (
        "Your answer holds for exactly this text, picture and link; if anything changes, we ask "
        "again. Without an answer it is not posted. You may change your mind until "
        f"{moments.abroad(asked.until)}."
    )


_ENDS: Mapping[State, str] = MappingProxyType(
    {
        State.PUBLISHED: "it was posted",
        State.DELETED: "it was posted, and taken down again",
        State.SENDING: "it is being posted just now",
        State.UNKNOWN: "it may have been posted",
        State.CANCELLED: "it was cancelled and is not posted",
    }
)


def end_of(delivery: Delivery, place: str, moments: Moments) -> str:
    """What became of a post at one place."""
    said = _ENDS.get(delivery.state, "it was not posted")
    at = "" if delivery.published_at is None else f" on {moments.abroad(delivery.published_at)}"
    return f"On {place} {said}{at}."


# -- for staff ---------------------------------------------------------------------------------

HEADING = "Sign-off"
AGREES = "agrees to exactly this."

_SAID: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.YES: "said yes",
        Answer.CHANGE: "asks for a change",
        Answer.NO: "said no",
    }
)


def state_of(asked: AskedPartner, moments: Moments) -> str:
    """How far the sign-off of a partner has come."""
    link = asked.link
    if link is None:
        if asked.has_signed:
            return AGREES
        if asked.may_ask:
            return "wants to sign off, and has no link yet."
        return "wants to sign off. There is no time for a link: it ends an hour before the post."
    until = f"The link, made by {link.made_by}, ends {moments.full(asked.ends_at)}."
    if asked.ends_at <= moments.now:
        until = f"The link, made by {link.made_by}, ended {moments.full(asked.ends_at)}."
    if link.answer is None or link.answered_at is None:
        return f"{AGREES if asked.has_signed else 'has not answered.'} {until}"
    said = f"{_SAID[link.answer]}, {moments.near(link.answered_at)}"
    if link.answer is Answer.NO or asked.is_current:
        return f"{said}. {until}"
    return f"{said}, to an earlier text. The same link asks again. {until}"


def make(asked: AskedPartner) -> str:
    """Button that makes a link; a new one ends the one before."""
    return f"Make a {'new ' if asked.link else ''}link for {asked.name}"


def call_back(asked: AskedPartner) -> str:
    """Button that calls a link back, and with it ends what its answer asks."""
    answer = None if asked.link is None else asked.link.answer
    if answer in {Answer.NO, Answer.CHANGE}:
        return "Take note, and call the link back"
    return "Call the link back"


def made(name: str, until: str) -> str:
    """A link was made."""
    return f"Send this address to {name}. It is shown only now, and ends {until}."


def called_back(partner: str) -> str:
    """A link was called back."""
    return f"The link of {partner} has ended."
