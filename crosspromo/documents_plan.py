"""The JSON document of a plan. Its keys are a contract, as in documents.py."""

from typing import TYPE_CHECKING, Any

from crosspromo.phrasing.plan import of_left_out, of_occasion, what_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crosspromo.services.planning.proposals import LeftOut, Proposal, ProposedLine


def of_plan(proposal: "Proposal", zone: "ZoneInfo") -> dict[str, Any]:
    """A plan as JSON. Times are UTC, times within sentences in `zone`.

    `delivery` null: a post that is not in the queue yet. `asks_for_words`: the line is pencilled.
    `headroom` null: nothing limits the self posts of the account. An item without a place may go
    from `from` on, before `to`; null: at any time. `paused` are accounts on which nothing is
    planned (null: all of them). `stopped`: the search was ended by the clock.
    """
    return {
        "from": proposal.begins,
        "to": proposal.ends,
        "items": [_of_line(each, zone) for each in proposal.lines],
        "missing": [
            {
                "account": each.account,
                "partner_posts": each.partner_posts,
                "target": str(each.target),
            }
            for each in proposal.missing
        ],
        "unplaced": [_of_left_out(each, zone) for each in proposal.left_out],
        "weeks": [
            {
                "account": each.account,
                "week": each.week,
                "others": each.others,
                "self": each.self_,
                "headroom": each.headroom,
            }
            for each in proposal.weeks
        ],
        "paused": [each.account for each in proposal.pauses],
        "drafts": proposal.drafts,
        "stopped": proposal.stopped,
    }


def _of_left_out(left_out: "LeftOut", zone: "ZoneInfo") -> dict[str, Any]:
    candidate = left_out.item.candidate
    return {
        "what": what_of(candidate),
        "reason": of_left_out(left_out, zone),
        "key": candidate.key,
        "accounts": list(left_out.accounts),
        "from": candidate.earliest,
        "to": candidate.latest,
        "delivery": candidate.delivery,
    }


def _of_line(proposed: "ProposedLine", zone: "ZoneInfo") -> dict[str, Any]:
    line = proposed.line
    return {
        "account": line.account,
        "due_at": line.at,
        "kind": line.candidate.kind.value,
        "partners": list(line.candidate.partners),
        "event": line.candidate.event,
        "delivery": line.candidate.delivery,
        "credit": line.credit.value,
        "reasons": [of_occasion(each, zone) for each in line.reasons],
        "asks_for_words": proposed.is_pencilled,
    }
