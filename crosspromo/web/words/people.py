"""Words of the page on which admins look after people."""

from crosspromo.domain.people import Person, Role
from crosspromo.domain.plurals import plural
from crosspromo.web.words.frame import MAY, ROLES

TITLE = "People"
CAPTION = "People who may sign in"
NAME = "Name"
MAIL = "Mail address"
MAIL_HINT = "May stay empty. With one, the invitation is mailed where the server can mail."
ROLE = "Role"
WITH = "Signs in with"
SESSIONS = "Sessions"
SINCE = "Since"
ACTS = "What to do"
INVITE = "Invite somebody"
INVITE_BUTTON = "Invite"
NAME_HINT = "It stands in approvals and in the audit log, and for one person for good."
SET = "Set"
RESET = "New link"
SIGN_OUT = "End sessions"
REMOVE = "Remove"
REMOVE_ASK = "Remove…"
REMOVED_FOR_GOOD = "This cannot be undone, and the name cannot be given again."
ROLES_OFFERED = [(role.value, f"{ROLES[role]}: {MAY[role]}") for role in Role]


def heading(count: int) -> str:
    """Verdict: how many people may sign in."""
    return f"{plural(count, 'person', 'people')} may sign in"


def signs_in_with(person: Person) -> str:
    """Means of sign-in of a person, in words."""
    if not person.has_password:
        return "an open link"
    return "password and code" if person.has_second_step else "password"


def role_of(name: str) -> str:
    """Label of the choice of a role, for screen readers."""
    return f"Role of {name}"


def link_by_hand(name: str, until: str, address: str) -> str:
    """A new link, to be handed over."""
    return f"Hand this link to {name}; it works once, until {until}: {address}"


def link_by_mail(name: str, mail: str) -> str:
    """A new link that was mailed."""
    return f"{name} gets a link by mail, to {mail}."


def not_mailed(sentence: str) -> str:
    """The mail server did not take it."""
    return f"Not mailed: {sentence}"


def role_is(person: Person) -> str:
    """A role was set."""
    return f"{person.name} is {ROLES[person.role]} now and {MAY[person.role]}."


def ended(count: int, name: str) -> str:
    """Sessions were ended."""
    return f"{plural(count, 'session')} of {name} ended."


def removed(name: str) -> str:
    """A person was removed."""
    return f"{name} may no longer sign in. What they did stays under their name."
