"""Composing: what a draft would do on each account, and what is wrong with it, for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crosspromo.domain.compose_drafts import Composed, DraftError
from crosspromo.domain.errors import CrosspromoError, UsageError
from crosspromo.domain.reasons.holds import BelowRatio
from crosspromo.phrasing import refusal_mends
from crosspromo.phrasing.mends import ChangeField
from crosspromo.phrasing.notes import of_note
from crosspromo.phrasing.words import of_approval
from crosspromo.services.compose import Trial, Tried
from crosspromo.services.play.trying import Foreseen
from crosspromo.web.errors import said
from crosspromo.web.visit import Visit
from crosspromo.web.words import compose as words

if TYPE_CHECKING:
    from crosspromo.services.queue_post import QueuedDelivery


@dataclass(frozen=True, slots=True)
class Row:
    """Account in the form: whether it is chosen, what the post costs there, what becomes of it.

    `fate` and `balance` are empty where nothing was foretold. `share` is the address of a form that
    shares a partner there first, where that would let this post go.
    """

    account: str
    network: str
    chosen: bool
    facts: Sequence[str] = ()
    error: str = ""
    fate: Sequence[str] = ()
    balance: str = ""
    share: str = ""


class Fault(NamedTuple):
    """What is wrong: the field that mends it, and the sentence."""

    field: str
    sentence: str


def rows_of(
    visit: Visit, composed: Composed, tried: Tried | None, foreseen: Mapping[str, Foreseen]
) -> list[Row]:
    """Every account of crosspromo.toml, in its order."""
    trials = {} if tried is None else {each.account: each for each in tried.trials}
    return [
        _row(visit, name, composed, trials.get(name), foreseen.get(name))
        for name in visit.workspace.settings.accounts
    ]


def _row(
    visit: Visit,
    name: str,
    composed: Composed,
    trial: Trial | None,
    foreseen: Foreseen | None,
) -> Row:
    account = visit.workspace.settings.accounts[name]
    target = account.policy.target
    queued = None if trial is None else trial.queued
    error = None if trial is None else trial.error
    forecast = None if foreseen is None else foreseen.forecast
    is_short = forecast is not None and isinstance(forecast.reason, BelowRatio)
    return Row(
        name,
        account.text_network,
        name in composed.accounts,
        [] if queued is None else _facts(queued, composed, visit),
        _error_of(name, error, composed, visit),
        [] if foreseen is None else words.fate(foreseen, target, visit.moments),
        "" if foreseen is None else words.balance(foreseen, target),
        f"/compose?kind=spotlight&to={name}" if is_short else "",
    )


def _error_of(name: str, error: CrosspromoError | None, composed: Composed, visit: Visit) -> str:
    """What this account has against the post; what stands against it everywhere is said once."""
    sentence = "" if error is None else _said(error, composed, visit)
    return sentence if name in sentence else ""


def _facts(queued: "QueuedDelivery", composed: Composed, visit: Visit) -> list[str]:
    """Cost, who approves it, and notes."""
    delivery, approval = queued.view.delivery, queued.view.approval
    found = [words.cost(delivery.cost, queued.budget)]
    found += [of_approval(approval)] if approval.asked else []
    found += [words.left_out(queued.dropped)] if queued.dropped else []
    found += [_named(each, composed) for each in queued.notices]
    found += [of_note(each, delivery.account, visit.zone) for each in queued.notes]
    return [each for each in found if each]


def summary_of(
    visit: Visit,
    error: CrosspromoError | None,
    tried: Tried | None,
    composed: Composed,
) -> list[Fault]:
    """What stands against the post, each once: against the whole of it, and on single accounts."""
    found = [] if error is None else [_fault(error, composed, visit)]
    if tried is not None:
        found += [
            _fault(each.error, composed, visit) for each in tried.trials if each.error is not None
        ]
    return list(dict.fromkeys(found))


def _fault(error: CrosspromoError, composed: Composed, visit: Visit) -> Fault:
    known, sentence = words.FAULTS.get(error.code, ("", ""))
    mend = refusal_mends.of_error(error)
    if not known and isinstance(mend, ChangeField):
        known = words.FIELDS.get(mend.field.value, "")
    if isinstance(error, DraftError):
        known = error.field
    elif not known and type(error) is UsageError:  # a text that cannot be read: the time
        known = "at"
    return Fault(known or "kinds", sentence or _said(error, composed, visit))


def _said(error: CrosspromoError, composed: Composed, visit: Visit) -> str:
    """Sentence of an error; the name of an account or a file at its beginning stays as it is."""
    sentence = _named(said(error, visit), composed)
    if isinstance(error, DraftError):
        return f"{str(error)[0]}{sentence[1:]}"
    names = [*visit.workspace.settings.accounts, *(each.name for each in composed.pictures)]
    for name in filter(None, names):
        if sentence.startswith(f"{name[0].upper()}{name[1:]}"):
            return f"{name[0]}{sentence[1:]}"
    return sentence


def _named(sentence: str, composed: Composed) -> str:
    """Sentence that names pictures as their files were called, not as they are kept."""
    for each in composed.pictures:
        if each.is_kept:
            kept = each.path.rpartition("/")[2]
            for path in (f"{each.path[0].upper()}{each.path[1:]}", each.path, kept):
                sentence = sentence.replace(path, each.name)
    return sentence
