"""A plan replayed by the gate: each line is judged at its time, after all that went before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain import verdicts
from crosspromo.domain.gate import decide
from crosspromo.domain.mourning import Silence
from crosspromo.domain.pacing import Wait, start_of_month
from crosspromo.domain.partner_limits import Shared, limit_wait, notice_wait
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Counted, Tally, Window, tally
from crosspromo.domain.tones import tone_of
from crosspromo.domain.verdicts import Allow, Decision, Facts, Standing
from crosspromo.planning.values import Account, Candidate, Fixed, Line, Plan, Task


@dataclass(frozen=True)
class Post:
    """What goes at a time: something that stands, or a line."""

    at: datetime
    account: str
    others: int
    self_: int
    paces: bool
    cost: float
    partners: tuple[str, ...]
    queued: bool
    line: Line | None = None


def replayed(task: Task, plan: Plan) -> Iterator[tuple[Line, Decision]]:
    """Yield each line with what the gate decides at its time."""
    posts = [_of_fixed(row, each) for each in task.accounts for row in each.fixed]
    posts += [_of_line(line) for line in plan.lines]
    posts.sort(key=lambda post: (post.at, post.account))
    for place, post in enumerate(posts):
        if post.line is not None:
            # those of the same moment on other accounts may come first, or later
            yield post.line, _judged(task, post.line, posts[:place])
            earlier = [each for each in posts if each.at < post.at]
            self_first = [each for each in posts if each.at == post.at and _is_self(each, post)]
            yield post.line, _judged(task, post.line, [*earlier, *self_first])


def _is_self(post: Post, judged: Post) -> bool:
    return bool(post is not judged and post.self_ and not post.others)


def _judged(task: Task, line: Line, before: Sequence[Post]) -> Decision:
    account = next(each for each in task.accounts if each.name == line.account)
    now, own = line.at, [post for post in before if post.account == line.account]
    sent = sorted((post.at for post in own if post.paces), reverse=True)
    slugs = line.candidate.partners
    silences: tuple[Silence, ...] = (*account.silences, account.mourning)
    tone = tone_of(line.candidate.kind, line.candidate.tone)
    facts = Facts(
        policy=account.policy,
        account=Standing(_tally(own, account.policy.window, now)),
        organisation=Standing(_tally(before, task.floor_window, now)),
        floor=task.floor,
        floor_window=task.floor_window,
        zone=task.zone,
        sent=tuple(sent),
        spent=_spent(task, account, own, now),
        blackouts=(
            *(
                each
                for each in silences
                if each.concerns(slugs, line.candidate.credits[line.account], tone)
            ),
            *(
                blackout
                for each in task.partners
                if each.partner in slugs and each.limits
                for blackout in each.limits.blackouts
            ),
        ),
        agreed=tuple(_agreed(task, line.candidate, before, now)),
    )
    candidate = verdicts.Candidate(
        line.account,
        line.credit,
        due_at=now,
        pinned=False,
        expires_at=line.candidate.latest,
        cost=line.candidate.costs.get(line.account),
        slot_at=now,
    )
    return decide(facts, candidate, now)


def _tally(posts: Sequence[Post], window: Window, now: datetime) -> Tally:
    rows = [
        Counted(post.at, post.others, post.self_) for post in posts if post.others or post.self_
    ]
    if window.posts is not None:
        return tally(sorted(rows, key=lambda row: row.at)[-window.posts :])
    opens = window.opens_after(now)
    assert opens is not None
    return tally(row for row in rows if opens < row.at <= now)


def _spent(task: Task, account: Account, own: Sequence[Post], now: datetime) -> float:
    month = start_of_month(now, task.zone)
    before = account.spent if month <= task.now else 0.0
    return before + sum(post.cost for post in own if post.at >= month and post.queued)


def _agreed(
    task: Task, candidate: Candidate, before: Sequence[Post], now: datetime
) -> Iterator[Wait]:
    for each in task.partners:
        if each.partner not in candidate.partners or each.limits is None:
            continue
        since = now - timedelta(days=each.limits.days)
        shared = [
            Shared(number, post.at)
            for number, post in enumerate(before)
            if post.line is not None and each.partner in post.partners and post.at > since
        ]
        waits = [limit_wait(each.limits, [*each.shared, *shared], -1)]
        if candidate.delivery is None:
            waits.append(notice_wait(each.limits, task.now, now))
        yield from (wait for wait in waits if wait is not None)


def _of_fixed(row: Fixed, account: Account) -> Post:
    return Post(
        row.at,
        account.name,
        row.others,
        row.self_,
        row.paces,
        row.cost,
        row.partners,
        row.queued,
    )


def _of_line(line: Line) -> Post:
    credit: Credit = line.credit
    cost = line.candidate.costs.get(line.account, 0.0)
    return Post(
        line.at,
        line.account,
        int(credit.counts_others),
        int(credit.counts_self),
        paces=True,
        cost=cost,
        partners=line.candidate.partners,
        queued=True,
        line=line,
    )


def allowed(decision: Decision) -> bool:
    """Whether the gate lets it go."""
    return isinstance(decision, Allow)
