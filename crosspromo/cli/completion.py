"""Shell completion of accounts, slugs and ids, for bash, zsh and fish.

A shell waits for the answer at each press of Tab, and prints whatever comes. A completion therefore
waits for nothing longer than PATIENCE, and answers with nothing where it cannot answer.
"""

import logging
import os
import signal
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from crosspromo.domain.invisible import escaped, has_invisible

if TYPE_CHECKING:  # most commands complete nothing
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.workspace import Workspace

PATIENCE = 2.0
"""Seconds of waiting, such as for a server out of reach, after which a completion gives up."""

TICK = 0.25
"""Seconds between two looks at whether the process works or waits."""

LEAST_WORK = 0.0005
"""Seconds of processor time in a tick below which the process waits; a busy machine gives more."""

MOST = 100
"""Most deliveries that are offered, the latest ones."""

WORDS_SHOWN = 40
"""Characters of a text beside an id."""

Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
Found = Iterable[tuple[str, str]]


def completion(find: "Callable[[Workspace, str], Found]") -> Completion:
    """Completion that offers what `find` yields: values with a few words about each.

    `find` takes the workspace and what was typed; values that begin otherwise are left out.
    """

    def complete(
        ctx: click.Context, _parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        try:
            with _silence(), _workspace(ctx) as workspace:
                return [
                    CompletionItem(value, help=escaped(" ".join(about.split())) or None)
                    for value, about in find(workspace, incomplete)
                    if value.startswith(incomplete) and not has_invisible(value)
                ]
        except Exception:  # noqa: BLE001 (a shell prints no fault in the middle of a line)
            return []

    return complete


@contextmanager
def _silence() -> Iterator[None]:
    """Keep stderr and the log quiet, and end the process once it has waited for PATIENCE."""
    logging.disable()
    alarmed = hasattr(signal, "setitimer")
    if alarmed:
        signal.signal(signal.SIGALRM, _Watch().look)
        signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        try:
            yield
        finally:
            if alarmed:
                signal.setitimer(signal.ITIMER_REAL, 0)


class _Watch:
    """Ends the process, without a word, when it has only waited for PATIENCE."""

    def __init__(self) -> None:
        self._used, self._waited = process_time(), 0.0

    def look(self, *_: object) -> None:
        used = process_time()
        self._waited = self._waited + TICK if used - self._used < LEAST_WORK else 0.0
        self._used = process_time()
        if self._waited >= PATIENCE:
            os._exit(0)


@contextmanager
def _workspace(ctx: click.Context) -> "Iterator[Workspace]":
    from crosspromo.workspace import Workspace, find  # noqa: PLC0415 (--help needs none)

    named = ctx.find_root().params.get("workspace")
    workspace = Workspace.open(Path(named) if named else find(Path.cwd()))
    try:
        yield workspace
    finally:
        with suppress(Exception):
            workspace.close()


def delivery_ids(*states: str, held: Collection[str] = ()) -> Completion:
    """Completion of the ids of deliveries in these states; none: in any state.

    `held`: of those, only the ones that are held with one of these codes.
    """

    def find(workspace: "Workspace", _typed: str) -> Found:
        for each in _deliveries(workspace, states, held):
            yield str(each.id), f"{each.account}, {each.state}: {_words(each)}"

    return completion(find)


def post_ids(*states: str, held: Collection[str] = ()) -> Completion:
    """Completion of the ids of posts with such a delivery: see `delivery_ids`."""

    def find(workspace: "Workspace", _typed: str) -> Found:
        posts: dict[int, list[Delivery]] = {}
        for each in _deliveries(workspace, states, held):
            posts.setdefault(each.post, []).append(each)
        for post, found in posts.items():
            accounts = ", ".join(dict.fromkeys(each.account for each in found))
            yield str(post), f"{accounts}: {_words(found[0])}"

    return completion(find)


def _deliveries(
    workspace: "Workspace", states: Sequence[str], held: Collection[str]
) -> "Sequence[Delivery]":
    from crosspromo.domain.states import State  # noqa: PLC0415 (see above)

    views = workspace.services.deliveries
    wanted: list[State | None] = [State(state) for state in states]
    found = [
        each.delivery
        for state in wanted or [None]
        for each in views.list(room=MOST, state=state, held=bool(held)).views
    ]
    if held:
        found = [each for each in found if each.hold is not None and each.hold.code in held]
    return sorted(found, key=lambda it: it.id, reverse=True)[:MOST]


def _words(delivery: "Delivery") -> str:
    text = " ".join((delivery.content.text or delivery.content.reshare_of or "").split())
    return text if len(text) <= WORDS_SHOWN else f"{text[:WORDS_SHOWN]}…"


def _accounts(workspace: "Workspace", typed: str) -> Found:
    """Names of accounts after what was typed of a comma list, and the word for all of them."""
    before, comma, _ = typed.rpartition(",")
    taken = {name.strip() for name in before.split(",")}
    if not comma:
        yield "all", "every account"
    for name, account in workspace.settings.accounts.items():
        if name not in taken:
            yield f"{before}{comma}{name}", account.network


def _partners(workspace: "Workspace", _typed: str) -> Found:
    return [(each.slug, each.name) for each in workspace.services.partners.list()]


def _archived(workspace: "Workspace", _typed: str) -> Found:
    return [(each.slug, each.name) for each in workspace.services.partners.list(archived=True)]


def _every_partner(workspace: "Workspace", typed: str) -> Found:
    return [*_partners(workspace, typed), *_archived(workspace, typed)]


def _imports(workspace: "Workspace", _typed: str) -> Found:
    standing = workspace.services.partner_imports("").standing()
    return [(str(each.number), f"{each.source}, by {each.who}") for each in standing]


def _topics(workspace: "Workspace", _typed: str) -> Found:
    topics = {topic for each in workspace.services.partners.list() for topic in each.topics}
    return [(topic, "") for topic in sorted(topics)]


def _events(workspace: "Workspace", _typed: str) -> Found:
    return [(each.slug, each.title) for each in workspace.services.events.list()]


def _every_event(workspace: "Workspace", _typed: str) -> Found:
    return [(each.slug, each.title) for each in workspace.services.events.list(past=True)]


ACCOUNTS = completion(_accounts)
"""Completion of a comma list of accounts."""

ACCOUNT = completion(
    lambda workspace, _: [(name, one.network) for name, one in workspace.settings.accounts.items()]
)
"""Completion of the name of one account."""

PARTNERS = completion(_partners)
"""Completion of the slugs of partners who are offered."""

CAMPAIGNS = completion(
    lambda workspace, _: [
        (each.campaign.slug, each.campaign.name) for each in workspace.services.campaigns.list()
    ]
)
"""Completion of the slugs of campaigns."""

LADDERS = completion(lambda workspace, _: [(each, "") for each in workspace.services.ladders.known])
"""Completion of the names of ladders."""

ARCHIVED = completion(_archived)
"""Completion of the slugs of archived partners."""

EVERY_PARTNER = completion(_every_partner)
"""Completion of the slugs of all partners, archived ones last."""

IMPORTS = completion(_imports)
"""Completion of the numbers of imports of partners that can be undone."""

TOPICS = completion(_topics)
"""Completion of the topics of partners."""

EVERY_EVENT = completion(_every_event)
"""Completion of the slugs of all events, past ones too."""

EVENTS = completion(_events)
"""Completion of the slugs of events to come."""
