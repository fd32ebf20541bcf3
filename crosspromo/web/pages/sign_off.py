"""Sign-off by link: the page of a partner without an account, and the links that staff make."""

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import PeopleError
from crosspromo.domain.people import Role
from crosspromo.domain.reasons.people import SayWhatToChange, SignOffLinkOver, TooManyTries
from crosspromo.domain.sign_off import Answer, Changed, words_of
from crosspromo.phrasing.people import sign_off_address
from crosspromo.rendering.preview import Preview
from crosspromo.services.sign_off import Asked, SignOffs
from crosspromo.web.differences import changed_lines
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer as Response
from crosspromo.web.routes import Done, File, Page, act, by_link
from crosspromo.web.visit import Visit
from crosspromo.web.words import sign_off as words

HERE = "/a/{token}"
STAFF = "/posts/{post:int}/sign-off/{partner}"


@dataclass(frozen=True, slots=True)
class Card:
    """Post at one place. `when` is empty where all have one time."""

    delivery: Delivery
    shown: Preview | None
    heading: str
    is_same: bool
    when: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Difference of words at some places."""

    places: str
    text: Markup
    note: str


# -- for partners ------------------------------------------------------------------------------


def asked(visit: Visit) -> Response:
    """What would be posted, and three answers. Looking changes nothing."""
    try:
        found = _sign_offs(visit).open(visit.values["token"], visit.place.address)
    except PeopleError as error:
        return _over(visit, error)
    return _page(visit, found)


def answer(visit: Visit) -> Response:
    """Take the answer, unless the post has changed since the page was shown."""
    token, address = visit.values["token"], visit.place.address
    given = visit.text("answer")
    if given not in set(Answer):
        return asked(visit)
    try:
        found, was_taken = _sign_offs(visit).answer(
            token, address, visit.text("version"), Answer(given), visit.text("words")
        )
    except PeopleError as error:
        if not isinstance(error.reason, SayWhatToChange):
            return _over(visit, error)
        found = _sign_offs(visit).open(token, address)
        return _page(visit, found, error=said(error, visit), status=422)
    if not was_taken:
        told = words.CHANGED_MEANWHILE if found.changes else words.CHANGED_BACK
        return _page(visit, found, error=told, status=409)
    return Done(visit.path)


def picture(visit: Visit) -> Response:
    """Picture of the post, for those who have its link alone."""
    values = visit.values
    try:
        found = _sign_offs(visit).picture(
            values["token"], visit.place.address, values["delivery"], values["number"]
        )
    except PeopleError as error:
        return _over(visit, error)
    if found is None:
        return Page("sign_off_over.html", words.NO_PICTURE, words, {"sentence": ""}, status=404)
    return File(*found)


def _sign_offs(visit: Visit) -> SignOffs:
    return visit.services.sign_offs(visit.tries)


def _page(visit: Visit, found: Asked, error: str | None = None, status: int = 200) -> Page:
    service, organisation = _sign_offs(visit), visit.workspace.settings.organisation.name
    places = _places(visit, found)
    first = words_of(found.open[0].content) if found.open else ""
    has_times = len({words.when(each, visit.moments) for each in found.open}) > 1
    cards: list[Card] = []
    for each in found.open:
        place = places[each.account]
        is_same = bool(cards) and words_of(each.content) == first
        heading = words.the_same(place) if is_same else words.on(place)
        when = words.when(each, visit.moments) if has_times else ""
        cards.append(Card(each, service.preview(each), heading, is_same, when))
    values = {
        "asked": found,
        "heading": words.heading(found),
        "lead": words.lead(
            found, [places[each.account] for each in found.open], organisation, visit.moments
        )
        if found.open
        else "",
        "cards": cards,
        "ends": [words.end_of(each, places[each.account], visit.moments) for each in found.ended],
        "differences": [_difference(each, places) for each in found.changes],
        "organisation": organisation,
        "error": error,
        "typed": visit.text("words") or (found.link.words if found.holds else ""),
    }
    return Page("sign_off.html", words.TITLE, words, values, status=status)


def _places(visit: Visit, found: Asked) -> dict[str, str]:
    """Places by account, by which partners know them."""
    everywhere = [*found.open, *found.ended]
    networks = {each.account: visit.text_network(each) for each in everywhere}
    counted = Counter(networks.values())
    return {
        account: words.place_of(network, account, several=counted[network] > 1)
        for account, network in networks.items()
    }


def _difference(changed: Changed, places: dict[str, str]) -> Difference:
    at = words.on_places([places[each] for each in changed.accounts])
    note = words.NEW if changed.before is None else ""
    return Difference(at, changed_lines(changed.before or "", changed.after), note)


def _over(visit: Visit, error: PeopleError) -> Page:
    """The one page of all links that show nothing; it tells nobody whether there was one."""
    title, status = words.OVER, 410
    sentence = words.write_to(visit.workspace.settings.organisation.name)
    match error.reason:
        case SignOffLinkOver(known=False):
            status = 404
        case TooManyTries():
            title, sentence, status = words.MANY, said(error, visit), 429
        case _:
            pass
    return Page("sign_off_over.html", title, words, {"sentence": sentence}, status=status)


# -- for staff ---------------------------------------------------------------------------------


def make(visit: Visit) -> Response:
    """Make a link for a partner; its address is shown on the next page, and never again."""
    values = visit.values
    made = visit.services.sign_off_links(visit.me.name).make(values["post"], values["partner"])
    address = sign_off_address(made.token, visit.console)
    told = words.made(made.name, visit.moments.full(made.ends_at))
    return Done(f"/posts/{values['post']}", told=[told, address])


def call_back(visit: Visit) -> Response:
    """Call the link of a partner back."""
    post, partner = visit.values["post"], visit.values["partner"]
    visit.services.sign_off_links(visit.me.name).call_back(post, partner)
    return Done(f"/posts/{post}", told=[words.called_back(partner)])


ROUTES = (
    by_link(HERE, asked),
    by_link(HERE, answer, "POST"),
    by_link(f"{HERE}/pictures/{{delivery:int}}/{{number:int}}", picture),
    act(STAFF, make, Role.AUTHOR),
    act(f"{STAFF}/call-back", call_back, Role.AUTHOR),
)
