"""Suggestions: what sources brought, and the posts that a person makes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import SourceError
from crosspromo.domain.reasons.sources import (
    NoSuchSuggestion,
    NothingToShare,
    SuggestionDecided,
    SuggestionOfNobody,
)
from crosspromo.domain.requests import PostRequest, Reshare, Spotlight, given_name
from crosspromo.domain.sources import Occasion, Suggestion, SuggestionState

if TYPE_CHECKING:
    from datetime import datetime

    from crosspromo.publishing.rules import AccountRules
    from crosspromo.services.delivery_view import DeliveryView
    from crosspromo.services.queue_post import PostQueue, QueuedDelivery
    from crosspromo.store.unit import Store, Unit

MOST = 200
"""Most suggestions that are listed at a time."""


@dataclass(frozen=True, slots=True)
class Use:
    """How a person uses a suggestion. `at` None: the next free slot of each account.

    `partner` names a partner where the suggestion has none.
    """

    author: str
    at: "datetime | None" = None
    partner: str | None = None
    allow_duplicate: str | None = None


@dataclass(frozen=True)
class SuggestionService:
    """Suggestions of a workspace. `rules` are those of every account by name."""

    store: "Store"
    clock: Clock
    queue_post: "Callable[[], PostQueue]"
    rules: "Callable[[], Mapping[str, AccountRules]]"

    def list(self, partner: str | None = None) -> Sequence[Suggestion]:
        """Open suggestions, the newest first; of one partner alone, where one is named.

        NotFoundError, with similar slugs, for an unknown partner.
        """
        with self.store.read() as unit:
            if partner is not None:
                unit.partners.get(partner)
            return unit.suggestions.open(MOST, partner)

    def count(self) -> int:
        """Number of open suggestions."""
        with self.store.read() as unit:
            return unit.suggestions.count_open()

    def share(
        self, number: int, use: Use, accounts: Sequence[str], *, dry_run: bool = False
    ) -> "Sequence[QueuedDelivery]":
        """Queue a post that shares the item's address, in its words.

        Where the address is a post on the network of an account, that account reposts it. Errors
        are those of `PostQueue.queue`, and those of `_usable`.
        """
        suggestion, partner = self._usable(number, use)
        if not suggestion.link:
            raise SourceError(NothingToShare(number))
        reposts = any(self._reposts(name, suggestion.link) for name in accounts)
        request = Reshare(
            author=use.author,
            at=use.at,
            allow_duplicate=use.allow_duplicate,
            partner=partner,
            url=suggestion.link,
            quote=None if reposts else self._words(suggestion, partner),
        )
        return self._queue(suggestion, request, use, accounts, dry_run=dry_run)

    def spotlight(
        self, number: int, use: Use, accounts: Sequence[str], *, dry_run: bool = False
    ) -> "Sequence[QueuedDelivery]":
        """Queue a spotlight of the partner with the item's words and address.

        Errors are those of `share`.
        """
        suggestion, partner = self._usable(number, use)
        request = Spotlight(
            author=use.author,
            at=use.at,
            allow_duplicate=use.allow_duplicate,
            partner=partner,
            link=suggestion.link or None,
            variables={"news": suggestion.title},
        )
        return self._queue(suggestion, request, use, accounts, dry_run=dry_run)

    def dismiss(self, number: int, who: str, reason: str | None = None) -> Suggestion:
        """Dismiss a suggestion, so that it is listed no more. Errors are those of `_usable`."""
        given_name(who)
        with self.store.write() as unit:
            suggestion = _open(unit, number)
            now = self.clock.now()
            unit.suggestions.decide(number, SuggestionState.DISMISSED, who, now, reason=reason)
            unit.audit.add(now, who, "dismiss", f"suggestion {number}", reason)
        return suggestion

    def _usable(self, number: int, use: Use) -> tuple[Suggestion, str]:
        """Open suggestion and the slug of its partner.

        SourceError for an unknown number, where somebody has decided about it, and where it is
        about no partner and none is named; NotFoundError for an unknown partner.
        """
        with self.store.read() as unit:
            suggestion = _open(unit, number)
            partner = use.partner or suggestion.partner
            if partner is None:
                raise SourceError(SuggestionOfNobody(number))
            return suggestion, unit.partners.get(partner).slug

    def _words(self, suggestion: Suggestion, partner: str) -> str:
        with self.store.read() as unit:
            name = unit.partners.get(partner).name
        return words_of(suggestion, name)

    def _reposts(self, account: str, link: str) -> bool:
        pattern = self.rules()[account].capabilities.reposts
        return pattern is not None and pattern.fullmatch(link) is not None

    def _queue(
        self,
        suggestion: Suggestion,
        request: PostRequest,
        use: Use,
        accounts: Sequence[str],
        *,
        dry_run: bool,
    ) -> "Sequence[QueuedDelivery]":
        def used(unit: "Unit", views: "Sequence[DeliveryView]") -> None:
            now, post = self.clock.now(), views[0].delivery.post
            into = SuggestionState.USED
            if not unit.suggestions.decide(suggestion.number, into, use.author, now, post=post):
                raise SourceError(SuggestionDecided(suggestion.number, "Somebody"))

        return self.queue_post().queue_all([request], accounts, dry_run=dry_run, also=used)


def words_of(suggestion: Suggestion, name: str) -> str:
    """Words of a post that shares an item of the partner with this name, or about them."""
    if suggestion.occasion is Occasion.SHARE:
        return f"From {name}: {suggestion.title}"
    return f"{name} in the news: {suggestion.title}"


def _open(unit: "Unit", number: int) -> Suggestion:
    found = unit.suggestions.find(number)
    if found is None or found.state is SuggestionState.PAST:
        raise SourceError(NoSuchSuggestion(number))
    if found.state is not SuggestionState.OPEN:
        raise SourceError(SuggestionDecided(number, found.decided_by or "Somebody"))
    return found
