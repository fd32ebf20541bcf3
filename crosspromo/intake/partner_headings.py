"""Headings of partner spreadsheets: which column each heading means.

Every program that keeps contacts names its columns in its own way. A heading that is written like a
column means it. Another heading that we know as a synonym is proposed for a column, and a person
accepts or corrects the proposal; what nobody knows is kept as a note.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from crosspromo.domain.partner_rows import LISTS, NUMBERS
from crosspromo.intake.handles import HANDLE_NETWORKS
from crosspromo.intake.sheet import folded, letters

LISTED = tuple(name for name in LISTS if name != "topics")
"""Columns of lists whose parts stand between semicolons."""

COLUMNS = (
    *("slug", "name", "kind", "list", "closeness", "tier", "why"),
    *HANDLE_NETWORKS,
    *("website", "topics"),
)
"""Columns of every export, in order (CLI contract)."""

OPTIONAL_COLUMNS = ("tag_ok", "status", "archived", "owner", "support", *LISTED, *NUMBERS)
"""Columns that an export has only where some partner has a value for them."""

NOTE_PREFIX = "notes."
"""In our export: what stands before the heading of a note that could mean something else."""

OURS = (*COLUMNS, *OPTIONAL_COLUMNS)

NOTES = "notes"
"""In a mapping: keep the cells as notes under their heading."""

SKIP = "skip"
"""In a mapping: do not read the cells at all."""

TARGETS = (*OURS, NOTES, SKIP)

SEVERAL = frozenset({*HANDLE_NETWORKS, "website", "topics", "tag_ok"})
"""Columns that several headings may mean; the others take one heading.

No answer about tagging becomes a note: a second one that says no must be heard.
"""

JUDGED = ("status", "support")
"""Columns of which other programs have namesakes: what their cells hold decides."""

_ACCOUNT_WORDS = (
    *("", "handle", "handles", "username", "user", "user name", "account", "profile", "page"),
    *("url", "link", "name", "login", "address", "id"),
)

_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"x": ("twitter", "x", "x twitter", "twitter x", "x formerly twitter", "formerly twitter")}
    | {"bluesky": ("bluesky", "bsky"), "mastodon": ("mastodon", "fediverse")}
    | {"reddit": ("reddit", "subreddit")}
)
"""Names that people give a network."""

_SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "name": "organization name; organisation name; organization; organisation; org name; org; "
        "charity name; charity; nonprofit name; nonprofit; partner name; partner; company name; "
        "company; account name; account1 name; account; common name; group name; agency name; "
        "agency; institution; institution name; name of organization; name of organisation; "
        "member name; ngo; business name; employer name; employer; school name; school; "
        "display name; organization display name; group; "
        "entreprise; societe; verein; organisatie; organizacion; organizzazione; "
        "official name; legal name",
        "website": "website url; website urls; web site; websites; web; web address; web page; "
        "webpage; homepage; home page; url; urls; url web; link; site; site web; site url; "
        "org website; org url; organization website; organisation website; organization url; "
        "company website; company url; account website; account1 website; business home page; "
        "personal home page; domain; domains; domain name; company domain; company domains; "
        "company domain name; other website",
        "topics": "topic; tags; tag; tag list; themes; causes; cause; issues; issue areas; "
        "focus areas; interests; what they care about; movement focus; label; labels; "
        "activist code; keywords; hashtags",
        "why": "why share; why they matter; mission; mission statement; blurb; tagline; "
        "one liner; about; purpose; description; bio description",
        "kind": "type; org type; organization type; organisation type; type of organization; "
        "contact type; contact subtype; account type; category",
        "tier": "influence; influence h m l; priority; sla tier; sla",
        "closeness": "relationship; relationship strength",
        "list": "partner list; segment",
        "tag_ok": "ok to tag; okay to tag; may tag; may we tag; can tag; can we tag; tagging ok; "
        "tagging okay; tagging allowed; tag okay; ok to tag them; okay to tag them; can we tag "
        "them; may we tag them; is it ok to tag; is it okay to tag; ok to be tagged; okay to be "
        "tagged; happy to be tagged; wants to be tagged; permission to tag; tagging permission; "
        "consent to tag; consent to be tagged; tagging consent; allow tagging; tagging",
        "status": "legal status; tax status; tax exempt status; irs status",
        "owner": "company owner; account owner; organization owner; organisation owner; "
        "relationship owner; who owns the relationship; relationship manager; sales owner; "
        "record owner; contact owner; owner name; point person name or email; "
        "point person; our contact; staff contact; staff lead; who knows them",
        "support": "support level; sentiment; sentiment 0; stance; level of support",
        "goals": "goal; our goals; why we work with them",
        "languages": "language; preferred language; languages spoken; working languages",
        "needs": "need; what they need; needs from us; they need",
        "offers": "offer; what they offer; they offer; can offer; offers to us",
        "cadence_days": "cadence; cadence in days; contact every days; days between contacts",
        "most_posts": "max posts; maximum posts; post limit; limit of posts",
        "most_posts_days": "max posts days; post limit days; limit days",
        "notice_hours": "notice; hours of notice; notice in hours; advance notice hours",
    }
)
"""Other headings for a column, the likeliest first; gathered from what contact programs export."""


class Origin(StrEnum):
    """Why a heading means a column."""

    CHOSEN = "chosen"
    REMEMBERED = "remembered"
    NAMED = "named"
    PROPOSED = "proposed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Assigned:
    """Heading at a place of the header, and the column of TARGETS that it means.

    `label` is the heading, or the letters of a column without one; a second heading of the same
    words has its number.
    """

    place: int
    heading: str
    label: str
    column: str
    origin: Origin


def heading_key(heading: str) -> str:
    """Heading by which mappings are remembered: letters and digits in lower case."""
    plain = unicodedata.normalize("NFKD", heading.replace("&", " and "))
    letters_only = "".join(each for each in plain if each.isalnum())
    return letters_only.casefold() or folded(heading)


def is_familiar(heading: str) -> bool:
    """Whether a heading is written like a column, or is a synonym of one."""
    return folded(heading) in OURS or heading_key(heading) in _by_synonym()


def is_our_export(headings: Sequence[str]) -> bool:
    """Whether the headings have all columns that our export has."""
    return set(map(folded, headings)).issuperset(COLUMNS)


def assign(
    headings: Sequence[str],
    values: Callable[[int], Iterable[str]],
    judges: Mapping[str, Callable[[str], bool]],
    *,
    chosen: Mapping[str, str],
    remembered: Mapping[str, str],
) -> tuple[Assigned, ...]:
    """Column of each heading, from what a person chose, remembered, wrote or is asked to accept.

    `chosen` and `remembered` map a `heading_key` to a column. `values` are the cells at a place,
    and `judges` tell for each column of JUDGED whether a cell holds something of its kind. A file
    with all columns of our export is ours: no synonym is proposed for it, and nothing is remembered
    of others.
    """
    ours = is_our_export(headings)
    candidates = [
        _candidate(heading, chosen, {} if ours else remembered, proposes=not ours)
        for heading in headings
    ]
    for place, (column, origin) in enumerate(candidates):
        if column in JUDGED and origin in {Origin.NAMED, Origin.PROPOSED}:
            filled = [cell for cell in values(place) if cell]
            if filled and not any(map(judges[column], filled)):
                known = remembered.get(heading_key(headings[place])) == NOTES
                candidates[place] = (NOTES, Origin.REMEMBERED if known else Origin.PROPOSED)
    _leave_one_each(candidates, headings)
    labels = _labels(headings)
    return tuple(
        Assigned(place, heading, _note_of(labels[place], ours=ours), *candidates[place])
        for place, heading in enumerate(headings)
    )


def _candidate(
    heading: str, chosen: Mapping[str, str], remembered: Mapping[str, str], *, proposes: bool
) -> tuple[str, Origin]:
    key = heading_key(heading)
    if not heading:
        return NOTES, Origin.UNKNOWN
    if key in chosen:
        return chosen[key], Origin.CHOSEN
    if folded(heading) in JUDGED:
        return folded(heading), Origin.NAMED  # what its cells hold decides: see `assign`
    if key in remembered:
        return remembered[key], Origin.REMEMBERED
    if folded(heading) in OURS:
        return folded(heading), Origin.NAMED
    if proposes and key in _by_synonym():
        return _by_synonym()[key][0], Origin.PROPOSED
    return NOTES, Origin.UNKNOWN


def _note_of(label: str, *, ours: bool) -> str:
    """Heading of a note as it was before our export put NOTE_PREFIX to it."""
    return label.removeprefix(NOTE_PREFIX) if ours else label


_STRENGTH = tuple(Origin)


def _leave_one_each(candidates: list[tuple[str, Origin]], headings: Sequence[str]) -> None:
    """Turn all but the best heading for a column that takes only one into notes."""
    for column in OURS:
        rivals = [place for place, (each, _) in enumerate(candidates) if each == column]
        if column in SEVERAL or len(rivals) < 2:
            continue
        best = min(rivals, key=lambda place: _rank(candidates[place][1], headings[place]))
        for place in rivals:
            if place != best:
                candidates[place] = (NOTES, Origin.UNKNOWN)


def _rank(origin: Origin, heading: str) -> tuple[int, int]:
    _, likelihood = _by_synonym().get(heading_key(heading), ("", 0))
    return _STRENGTH.index(origin), likelihood


def _labels(headings: Sequence[str]) -> list[str]:
    """Headings, each different: letters for a column without one, a number for a repeated one."""
    labels: dict[str, None] = {}
    numbers: Counter[str] = Counter()
    for place, heading in enumerate(headings):
        label = heading or letters(place)
        while label in labels:
            numbers[heading] += 1
            label = f"{heading} ({numbers[heading] + 1})"
        labels[label] = None
    return list(labels)


_SPLIT = re.compile(r";\s*")
_FOUND: dict[str, tuple[str, int]] = {}


def _by_synonym() -> Mapping[str, tuple[str, int]]:
    """Column and place in the list of likeliest headings, by heading key."""
    if not _FOUND:
        for column, words in _each_synonym():
            _FOUND.setdefault(heading_key(words), (column, len(_FOUND)))
    return _FOUND


def _each_synonym() -> Iterator[tuple[str, str]]:
    for column, words in _SYNONYMS.items():
        for word in _SPLIT.split(words):
            yield column, word
    for network, names in _NAMES.items():
        for name in names:
            for word in _ACCOUNT_WORDS:
                yield network, f"{name} {word}"
                if word:
                    yield network, f"{word} {name}"
