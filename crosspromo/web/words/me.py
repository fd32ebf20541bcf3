"""Words of the page about the person who is signed in."""

from crosspromo.domain.people import SHORTEST_PASSWORD, Person
from crosspromo.domain.plurals import plural
from crosspromo.web.routes import Theme
from crosspromo.web.words.frame import MAY, ROLES

TITLE = "You"
SESSIONS = "Where you are signed in"
CAPTION = "Your sessions"
BROWSER = "Browser"
ADDRESS = "From"
SINCE = "Since"
UNTIL = "Until"
THIS = "this one"
END_OTHERS = "End all other sessions"
PASSWORD = "Another password"  # noqa: S105 (a heading)
OLD = "Password of now"
NEW = "New password"
AGAIN = "The same again"
HINT = f"At least {SHORTEST_PASSWORD} characters. All other sessions end."
CHANGE = "Change password"
CHANGED = "Your password is changed; all other sessions have ended."
DIFFER = "The two new passwords differ. Type the same twice."
THEME = "Colours"
THEME_LABEL = "Colours in this browser"
THEMES = [
    (Theme.SYSTEM.value, "as the system has them"),
    (Theme.LIGHT.value, "light"),
    (Theme.DARK.value, "dark"),
]
THEME_IS = {
    Theme.SYSTEM: "The colours are those of your system.",
    Theme.LIGHT: "The colours are light in this browser.",
    Theme.DARK: "The colours are dark in this browser.",
}
CHOOSE_THEME = "Choose"
SECOND_STEP = "Second step"
HAS_SECOND_STEP = "A code of your app is asked besides the password. An admin takes it away."
NO_SECOND_STEP = "Besides the password, a code of an app on your phone can be asked."
SET_UP = "Set it up…"
HEADING = "Set up the second step"
SECRET = "Type this into the app, or open the address on the phone:"  # noqa: S105 (a sentence)
CODE = "Code that the app shows"
ASK = "Ask for codes from now on"
IS_SET = "From now on a code is asked besides the password."


def heading(person: Person) -> str:
    """Verdict: who it is, and what they may do."""
    return f"{person.name} {MAY[person.role]}"


def role(person: Person) -> str:
    """Role in a sentence."""
    return f"Your role is {ROLES[person.role]}. Admins give roles."


def ended(count: int) -> str:
    """Other sessions were ended."""
    return f"{plural(count, 'other session')} ended."
