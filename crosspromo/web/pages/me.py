"""Page of the signed-in person: sessions, password, second step, theme."""

from crosspromo.domain.errors import PeopleError
from crosspromo.domain.people import Role
from crosspromo.services.tokens import token_hash
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, Theme, act, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import me as words

HERE = "/me"


def me(visit: Visit) -> Answer:
    """Sessions, and forms for the password and the second step."""
    return _page(visit)


def _page(visit: Visit, error: str | None = None) -> Page:
    values = {
        "sessions": visit.sign_in.sessions(visit.me),
        "this": token_hash(visit.token),
        "error": error,
    }
    return Page("me.html", words.TITLE, words, values, status=200 if error is None else 422)


def end_others(visit: Visit) -> Answer:
    """End the person's other sessions."""
    return Done(HERE, told=[words.ended(visit.sign_in.end_other_sessions(visit.me, visit.token))])


def change_password(visit: Visit) -> Answer:
    """Choose another password."""
    new = visit.text("new")
    if new != visit.text("again"):
        return _page(visit, words.DIFFER)
    try:
        visit.sign_in.change_password(visit.me, visit.text("old"), new, visit.token)
    except PeopleError as error:
        return _page(visit, said(error, visit))
    return Done(HERE, told=[words.CHANGED])


def second_step_form(visit: Visit) -> Answer:
    """A new secret for the app; it counts once a code has shown that the app has it."""
    return _second_step_page(visit, visit.sign_in.second_steps.new_secret())


def set_second_step(visit: Visit) -> Answer:
    """Ask for codes from now on."""
    secret = visit.text("secret")
    try:
        visit.sign_in.set_second_step(visit.me, secret, visit.text("code"))
    except PeopleError as error:
        return _second_step_page(visit, secret, said(error, visit))
    return Done(HERE, told=[words.IS_SET])


def _second_step_page(visit: Visit, secret: str, error: str | None = None) -> Page:
    address = visit.sign_in.second_steps.address(secret, visit.me)
    values = {"secret": secret, "address": address, "error": error}
    status = 200 if error is None else 422
    return Page("second_step.html", words.SECOND_STEP, words, values, status=status)


def choose_theme(visit: Visit) -> Answer:
    """Choose the theme of this browser."""
    chosen = visit.text("theme")
    theme = Theme(chosen) if chosen in set(Theme) else Theme.SYSTEM
    return Done(HERE, told=[words.THEME_IS[theme]], theme=theme)


ROUTES = (
    act("/me/theme", choose_theme, Role.READER),
    form(HERE, me, Role.READER),
    act("/me/sessions/end", end_others, Role.READER),
    act("/me/password", change_password, Role.READER),
    form("/me/second-step", second_step_form, Role.READER),
    act("/me/second-step", set_second_step, Role.READER),
)
