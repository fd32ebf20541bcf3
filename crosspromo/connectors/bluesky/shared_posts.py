"""Posts that are reposted or quoted: found by address, referenced from records as the `subject`."""

from dataclasses import dataclass

from atproto import models
from atproto.exceptions import BadRequestError

from crosspromo.connectors.base import Json, NotSent, Rejected
from crosspromo.connectors.bluesky.addresses import POST, Record, post_at
from crosspromo.connectors.bluesky.errors import name_of, refuses_session, words_of
from crosspromo.connectors.bluesky.people import People
from crosspromo.connectors.bluesky.session import BlueskySession


@dataclass(frozen=True, slots=True)
class SharedPost:
    """Post of another account, in the version (cid) that the server showed.

    `undescribed` is the number of its images without alt text.
    """

    record: Record
    cid: str
    undescribed: int = 0

    @property
    def reference(self) -> dict[str, Json]:
        """Reference to the post in other records (lexicon com.atproto.repo.strongRef)."""
        return {"uri": self.record.uri, "cid": self.cid}


class SharedPosts:
    """Look-up of posts through our own server, which asks the server of their author."""

    def __init__(self, session: BlueskySession, people: People) -> None:
        self._session = session
        self._people = people

    def find(self, address: str) -> SharedPost | NotSent | Rejected:
        """Post at this address, or the reason why it cannot be shared. Raises `errors.FAILURES`."""
        named = post_at(address)
        if named is None:
            return Rejected(f"{address} is no address of a post on Bluesky", "reshare")
        who, key = named
        did = self._people.did_of(who)
        if did is None:
            return NotSent(f"nobody on Bluesky is called {who} now, whose post this is to share")
        record = Record(did, POST, key)
        wanted = models.ComAtprotoRepoGetRecord.Params(**record._asdict())
        try:
            answer = self._session.ask("com.atproto.repo.getRecord", wanted)
        except BadRequestError as error:
            if name_of(error) == "RecordNotFound":
                return Rejected(f"the post to share is gone: {address}", "reshare")
            if refuses_session(error):
                raise
            return NotSent(f"the post to share cannot be found: {address}: {words_of(error)}")
        cid = answer.get("cid")
        if not isinstance(cid, str):
            raise ValueError("the server names no version of the post")  # noqa: TRY004 (bad JSON)
        return SharedPost(record, cid, undescribed(answer.get("value")))


def undescribed(post: object) -> int:
    """Number of images without alt text in a record that somebody else wrote."""
    embed = post.get("embed") if isinstance(post, dict) else None
    media = embed.get("media", embed) if isinstance(embed, dict) else None
    images = media.get("images") if isinstance(media, dict) else None
    if not isinstance(images, list):
        return 0
    return sum(not (isinstance(each, dict) and str(each.get("alt", "")).strip()) for each in images)
