"""Compose: a post while it is written — its preview on each account, and what would become of it.

The form is a draft under a token that is made with the page, so that it is saved while it is
written, and queued once however often the button is pressed.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crosspromo.domain.compose_drafts import Composed, Draft, Picture, When
from crosspromo.domain.errors import CrosspromoError, DatabaseError, Refused
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Kind
from crosspromo.domain.reasons.not_found import NoSuchDraft
from crosspromo.domain.reasons.state import DraftIsQueued
from crosspromo.domain.tones import Tone
from crosspromo.services.compose import ComposeService
from crosspromo.web.composing import rows_of, summary_of
from crosspromo.web.errors import not_found
from crosspromo.web.routes import Answer, Done, File, Page, act, asked, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import compose as words

HERE = "/compose/{draft}"
UPLOAD_BYTES = 24_000_000
"""Largest body of the form with its pictures, in bytes."""


def new(visit: Visit) -> Answer:
    """Empty form, or one that a link has begun; drafts that the person may go on with."""
    token = secrets.token_urlsafe(9)
    begun = Composed(
        kind=_member(Kind, visit.query.get("kind", ""), Kind.OWN),
        partner=visit.query.get("partner", ""),
        event=visit.query.get("event", ""),
        url=visit.query.get("url", ""),
        when=When.AT if "at" in visit.query else When.SLOT,
        at=visit.query.get("at", ""),
        accounts=_accounts_asked(visit),
    )
    return _page(visit, token, begun, drafts=_service(visit).drafts())


def draft(visit: Visit) -> Answer:
    """Draft of the person; one that is queued leads to its post."""
    found = _service(visit).get(visit.values["draft"])
    if found.post is not None:
        return Done(f"/posts/{found.post}")
    return _page(visit, found.token, found.composed, saved=found)


def change(visit: Visit) -> Answer:
    """Save what was typed and the pictures that were sent, then do what the button says."""
    token = visit.values["draft"]
    composed, fault = _with_pictures(visit, _typed(visit))
    saved = None
    try:
        saved = _service(visit).save(token, composed)
        if fault is None:
            return _done(visit, token, composed)
    except DatabaseError:
        raise
    except CrosspromoError as error:
        reason = error.reason if isinstance(error, Refused) else None
        if isinstance(reason, NoSuchDraft):
            raise
        if isinstance(reason, DraftIsQueued):
            return _kept_anew(visit, token, composed, reason.post)
        fault = error
    return _page(visit, token, composed, saved=saved, refused=fault)


def _kept_anew(visit: Visit, token: str, composed: Composed, post: int) -> Done:
    """Where a form of a queued draft leads: to the post; with other words to a draft of them."""
    anew = _service(visit).keep_anew(token, composed)
    if anew is None:
        return Done(f"/posts/{post}", told=[words.ALREADY_QUEUED])
    return Done(f"/compose/{anew.token}", told=[words.kept_anew(post)])


def _done(visit: Visit, token: str, composed: Composed) -> Done:
    """What the button says; the draft is saved. Errors as for `ComposeService.queue`."""
    match visit.text("act"):
        case "queue":
            queued = [each.view.delivery for each in _service(visit).queue(token, composed)]
            told = words.queued(queued, visit.moments)
            return Done(f"/posts/{queued[0].post}", told=[told])
        case "keep":
            return Done(f"/compose/{token}", told=[words.KEPT])
        case _:
            return Done(f"/compose/{token}")


def throw_away(visit: Visit) -> Answer:
    """Delete the draft."""
    _service(visit).throw_away(visit.values["draft"])
    return Done("/compose", told=[words.THROWN_AWAY])


def preview(visit: Visit) -> Answer:
    """Save what was typed; previews, costs and faults, for a script to put into the page."""
    service, composed = _service(visit), _typed(visit)
    saved = service.save(visit.values["draft"], composed)
    return _part(_tried(visit, composed) | {"saved": _saved(saved, visit)})


def forecast(visit: Visit) -> Answer:
    """What would become of the post, for a script to put into the page."""
    composed = _typed(visit)
    rows = rows_of(visit, composed, None, _service(visit).foreseen(composed))
    return _part({"rows": rows, "saved": None, "previews": None})


def picture(visit: Visit) -> Answer:
    """Kept picture, as it was sent or as an account has it."""
    found = _service(visit).picture(visit.values["name"])
    return not_found() if found is None else File(*found)


# -- pages -------------------------------------------------------------------------------------


def _page(
    visit: Visit,
    token: str,
    composed: Composed,
    *,
    saved: Draft | None = None,
    drafts: tuple[Sequence[Draft], int] = ((), 0),
    refused: CrosspromoError | None = None,
) -> Page:
    """Form with everything that is known of the post; `refused` is why it was not queued."""
    services = visit.services
    values = _tried(visit, composed, refused)
    if composed.is_begun:
        foreseen = services.compose(visit.me).foreseen(composed)
        values["rows"] = rows_of(visit, composed, values["tried"], foreseen)
    values |= {
        "action": f"/compose/{token}",
        "composed": composed,
        "kinds": list(words.KINDS.items()),
        "partners": services.partners.list(),
        "events": services.events.list(),
        "templates": services.templates.named(),
        "campaigns": services.campaigns.list(),
        "tones": [("", words.TONE_USUAL), *words.TONES.items()],
        "saved": None if saved is None else _saved(saved, visit),
        "drafts": [(each, _name(each)) for each in drafts[0]],
        "drafts_in_all": drafts[1],
        "refused": refused is not None,
    }
    return Page("compose.html", words.TITLE, words, values, status=422 if refused else 200)


def _tried(
    visit: Visit,
    composed: Composed,
    refused: CrosspromoError | None = None,
) -> dict[str, Any]:
    """Post as it would be queued, with what speaks against it."""
    service = _service(visit)
    tried = service.tried(composed) if composed.is_begun and composed.accounts else None
    error = refused if refused is not None or tried is None else tried.error
    faults = summary_of(visit, error, tried, composed)
    return {
        "tried": tried,
        "rows": rows_of(visit, composed, tried, {}),
        "previews": [] if tried is None else [each for each in tried.trials if each.shown],
        "faults": faults,
        "wrong": defaultdict(str, {each.field: each.sentence for each in reversed(faults)}),
        "pictures": composed.pictures,
        "composed": composed,
    }


def _part(values: Mapping[str, Any]) -> Page:
    return Page("compose_parts.html", words.TITLE, words, values)


def _saved(draft: Draft, visit: Visit) -> str:
    return words.saved(visit.moments.near(draft.saved_at))


def _name(draft: Draft) -> str:
    """Name of a draft in the list: its kind, and what it is about."""
    composed = draft.composed
    by_kind = {Kind.SPOTLIGHT: composed.partner, Kind.EVENT: composed.event}
    about = by_kind.get(composed.kind) or composed.title or composed.text or composed.partner
    return words.draft_named(composed.kind, about)


# -- what was typed ----------------------------------------------------------------------------


def _service(visit: Visit) -> ComposeService:
    return visit.services.compose(visit.me)


def _accounts_asked(visit: Visit) -> tuple[str, ...]:
    """Accounts of the link, else those that are named as `to` under [defaults]."""
    accounts = visit.workspace.settings.accounts
    asked = visit.query.getlist("to")
    if not asked:
        to = visit.workspace.settings.to
        return () if to is None else visit.services.accounts.chosen(to)
    return tuple(each for each in dict.fromkeys(asked) if each in accounts)


def _typed(visit: Visit) -> Composed:
    """Values of the form; where a choice is none of ours, the usual one."""
    names = ("partner", "event", "url", "text", "template", "variables", "title", "link", "reason")
    taken_out = set(visit.texts("take-out"))
    kept = zip(visit.texts("picture"), visit.texts("file-name"), visit.texts("alt"), strict=False)
    return Composed(
        kind=_member(Kind, visit.text("kind"), Kind.OWN),
        **{name: visit.text(name) for name in names},
        allow_duplicate=visit.text("allow_duplicate"),
        campaign=visit.text("campaign"),
        tone=_member(Tone, visit.text("tone"), ""),
        thread=visit.text("thread") == "yes",
        paid=visit.text("paid") == "yes",
        markdown=visit.text("markdown") == "yes",
        accounts=tuple(dict.fromkeys(visit.texts("accounts"))),
        when=_member(When, visit.text("when"), When.SLOT),
        at=visit.text("at"),
        pictures=tuple(
            Picture(path, name, alt.replace("\r\n", "\n"))
            for path, name, alt in kept
            if path not in taken_out
        ),
    )


def _with_pictures(visit: Visit, composed: Composed) -> tuple[Composed, CrosspromoError | None]:
    """The same with the pictures that were sent, and what is wrong with the first unusable one."""
    pictures, fault = list(composed.pictures), None
    for each in visit.files("files"):
        try:
            taken = _service(visit).take_in(each.file, each.filename or "")
        except CrosspromoError as error:
            fault = fault or error
        else:
            pictures += [taken] if taken.path not in {one.path for one in pictures} else []
    return replace(composed, pictures=tuple(pictures)), fault


def _member(members: Any, value: str, otherwise: Any) -> Any:
    return members(value) if value in set(members) else otherwise


ROUTES = (
    form("/compose", new, Role.AUTHOR),
    form(HERE, draft, Role.AUTHOR),
    act(HERE, change, Role.AUTHOR, largest_body=UPLOAD_BYTES),
    asked(f"{HERE}/preview", preview, Role.AUTHOR),
    asked(f"{HERE}/forecast", forecast, Role.AUTHOR),
    act(f"{HERE}/throw-away", throw_away, Role.AUTHOR),
    form("/media/{name}", picture, Role.READER),
)
