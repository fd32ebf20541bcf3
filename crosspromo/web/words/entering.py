"""Words of the pages on which people enter: signing in, invitations, resets."""

from crosspromo.domain.people import SHORTEST_PASSWORD, LinkPurpose

SIGN_IN = "Sign in"
NAME = "Name or mail address"
PASSWORD = "Password"  # noqa: S105 (the label of a field)
CODE = "Code of your app"
CODE_HINT = "Only if you have set up a second step."
NOBODY_YET = "Nobody has been invited yet. Who looks after the server invites the first person."
NO_PASSWORD = "No password, or forgotten? Ask an admin for a new link."  # noqa: S105 (a sentence)
NEW_PASSWORD = "New password"  # noqa: S105 (the label of a field)
AGAIN = "The same again"
HINT = (
    f"At least {SHORTEST_PASSWORD} characters. A few words that nobody would put together are good."
)
CHOOSE = "Choose this password and go on"
DIFFER = "The two passwords differ. Type the same twice."
WORKS_ONCE = (
    "It works once, and a browser has used it. Go on in that browser; for another link, end the "
    "demo by Ctrl-C and begin it again."
)
LINK_OVER = "This link is over"
SIGNED_OUT = "You are signed out."


def welcome(name: str, purpose: LinkPurpose) -> str:
    """Heading of the page that a one-time link leads to."""
    if purpose is LinkPurpose.INVITATION:
        return f"Welcome, {name}"
    return f"A new password for {name}"
