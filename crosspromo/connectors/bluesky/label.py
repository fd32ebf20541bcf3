"""Bot label: it tells readers that an account posts automatically.

Source: lexicons app.bsky.actor.profile and com.atproto.label.defs#selfLabels.
"""

from typing import Final

from atproto import models
from atproto.exceptions import BadRequestError

from crosspromo.connectors.base import Json
from crosspromo.connectors.bluesky.addresses import Record
from crosspromo.connectors.bluesky.errors import name_of
from crosspromo.connectors.bluesky.session import BlueskySession

PROFILE: Final = "app.bsky.actor.profile"
LABELS: Final = "com.atproto.label.defs#selfLabels"
BOT: Final = "bot"


def label_as_bot(session: BlueskySession, did: str) -> None:
    """Add the bot label to the profile, unless it is there. Raises `errors.FAILURES`.

    Where somebody else changes the profile at that moment, their change stays and ours is refused.
    """
    place = Record(did, PROFILE, "self")
    profile, cid = _read(session, place)
    labels = profile.get("labels")
    values = labels.get("values") if isinstance(labels, dict) else None
    stand = values if isinstance(values, list) else []
    if {"val": BOT} in stand:
        return
    labelled: dict[str, Json] = {"$type": LABELS, "values": [*stand, {"val": BOT}]}
    session.put({**place._asdict(), "record": {**profile, "labels": labelled}, "swapRecord": cid})


def _read(session: BlueskySession, place: Record) -> tuple[dict[str, Json], str | None]:
    """Profile and its version (cid); a new profile and None where there is none yet."""
    wanted = models.ComAtprotoRepoGetRecord.Params(**place._asdict())
    try:
        answer = session.ask("com.atproto.repo.getRecord", wanted)
    except BadRequestError as error:
        if name_of(error) == "RecordNotFound":
            return {"$type": PROFILE}, None
        raise
    profile, cid = answer.get("value"), answer.get("cid")
    if not isinstance(profile, dict) or not isinstance(cid, str):
        raise ValueError("the server does not show the profile")  # noqa: TRY004 (as other bad JSON)
    return profile, cid
