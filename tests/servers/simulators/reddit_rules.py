"""What Reddit refuses in `POST /api/submit`, and in which words.

The names and sentences are those of Reddit's published source (reddit-archive/reddit, 2017), which
documents them; newer sentences differ while the names have stayed (observed).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from urllib.parse import urlsplit

from servers.simulators.reddit_things import Subreddit

from crosspromo.testing.simulator.messages import Answer, json_answer

TITLE_LIMIT = 300
TEXT_LIMIT = 40_000


def errors(*found: tuple[str, str, str]) -> Answer:
    """Refused with status 200: [TYPE, sentence, field] for each fault found."""
    listed = [list(error) for error in found]
    return json_answer(200, {"json": {"errors": listed}}, accepted=False)


def too_soon(seconds: float) -> Answer:
    """RATELIMIT, with the waiting time only in the sentence."""
    amount, unit = (math.ceil(seconds), "second")
    if seconds >= 60:
        amount, unit = (math.ceil(seconds / 60), "minute")
    wait = f"{amount} {unit}{'' if amount == 1 else 's'}"
    sentence = f"you are doing that too much. try again in {wait}."
    return errors(("RATELIMIT", sentence, "ratelimit"))


def forbidden_title(word: str) -> Answer:
    """A rule of the community, refused with status 400 (recorded: verify_invalid, 2020)."""
    return json_answer(
        400,
        {
            "fields": ["title"],
            "explanation": f'You may not have "{word}" in your title. ',
            "error_type": "SUBMIT_VALIDATION_ERROR",
            "message": "Bad Request",
            "reason": "SUBMIT_VALIDATION_TITLE_BLACKLISTED_STRING",
        },
    )


def faults_of(form: Mapping[str, str], subreddit: Subreddit | None) -> Answer | None:
    """The refusal of what is wrong with a submission, or None when nothing is."""
    found = [*_title_faults(form.get("title", "")), *_place_faults(form, subreddit)]
    kind = form.get("kind")
    if kind == "link":
        found += _link_faults(form.get("url", ""))
    if len(form.get("text", "")) > TEXT_LIMIT:
        found.append(("TOO_LONG", f"this is too long (max: {TEXT_LIMIT})", "text"))
    if kind not in {"self", "link", "crosspost"}:
        found.append(("INVALID_OPTION", "that option is not valid", "kind"))
    if found:
        return errors(*found)
    for word in subreddit.forbidden_title_words if subreddit else ():
        if word.lower() in form.get("title", "").lower():
            return forbidden_title(word)
    return None


def _title_faults(title: str) -> list[tuple[str, str, str]]:
    if not title.strip():
        return [("NO_TEXT", "we need something here", "title")]
    if len(title) > TITLE_LIMIT:
        return [("TOO_LONG", f"this is too long (max: {TITLE_LIMIT})", "title")]
    return []


def _place_faults(
    form: Mapping[str, str], subreddit: Subreddit | None
) -> list[tuple[str, str, str]]:
    if not form.get("sr"):
        return [("SUBREDDIT_REQUIRED", "you must specify a subreddit", "sr")]
    if subreddit is None:
        return [("SUBREDDIT_NOEXIST", "that subreddit doesn't exist", "sr")]
    if not subreddit.open_to_us:
        return [("SUBREDDIT_NOTALLOWED", "you aren't allowed to post there.", "sr")]
    kind = form.get("kind")
    if kind == "self" and "self" not in subreddit.kinds:
        return [("NO_SELFS", "that subreddit doesn't allow text posts", "sr")]
    if kind == "crosspost" and "crosspost" not in subreddit.kinds:
        return [("NO_CROSSPOSTS", "that subreddit doesn't allow crossposts", "sr")]  # believed
    if kind == "link" and "link" not in subreddit.kinds:
        return [("NO_LINKS", "that subreddit only allows text posts", "sr")]
    return []


def _link_faults(url: str) -> list[tuple[str, str, str]]:
    if not url:
        return [("NO_URL", "a url is required", "url")]
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return [("BAD_URL", "you should check that url", "url")]
    return []
