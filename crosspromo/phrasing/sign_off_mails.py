"""Mails that ask a partner for sign-off: plain words, and a link for each post."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import listed
from crosspromo.domain.notices import Digest
from crosspromo.domain.plurals import plural
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.people import sign_off_address

if TYPE_CHECKING:
    from crosspromo.services.sign_off_mails import AskedPost


def of_asked(
    partner: str, posts: "Sequence[AskedPost]", organisation: str, console: str, zone: ZoneInfo
) -> Digest:
    """Mail about posts that wait for the partner; links are in the console at the address."""
    asked = [each for each in posts if each.made is not None]
    moved = [each for each in posts if each.made is None]
    subject = f"{organisation}: may we post this about {partner}?"
    if not asked:
        subject = f"{organisation}: another time for {plural(len(moved), 'post')} about {partner}"
    lines = []
    if asked:
        lines.append(
            f"{organisation} would like to post about {partner}, and asks you first. Open each "
            "link, and say yes, please change, or no. Without your answer nothing is posted."
        )
    lines += [
        "\n".join(_of_post(number, each, console, zone)) for number, each in enumerate(asked, 1)
    ]
    lines += [
        f"Only the time moved of a post that you know: {_when(each, zone)}." for each in moved
    ]
    if moved:
        lines.append("Your answer holds, and your link works as before.")
    return Digest(subject, "\n\n".join(lines) + "\n")


def _of_post(number: int, post: "AskedPost", console: str, zone: ZoneInfo) -> Iterator[str]:
    assert post.made is not None
    yield f"{number}. {_when(post, zone)}"
    yield sign_off_address(post.made.token, console)
    yield f"The link ends at {wall_clock(post.made.ends_at, zone)}."
    if post.changes:
        yield "It changed since we asked you; an earlier answer does not hold any more."
    for change in post.changes:
        if change.before is not None:
            yield f"It was: {change.before}"
        yield f"It is now: {change.after}"


def _when(post: "AskedPost", zone: ZoneInfo) -> str:
    """Times with accounts: `Tue 2026-11-24 09:00 on x-main and bluesky-main`."""
    by_time: dict[str, list[str]] = {}
    for each in sorted(post.deliveries, key=lambda it: (it.due_at, it.account)):
        by_time.setdefault(wall_clock(each.due_at, zone), []).append(each.account)
    return listed([f"{time} on {listed(accounts)}" for time, accounts in by_time.items()])
