"""Refusals as a story tells them."""

from crosspromo.domain.errors import CrosspromoError, DatabaseError


def words_of_refusal(refused: CrosspromoError) -> str:
    """Sentence of the refusal; of a database without its folder and the room on its disk, which
    differ each time the story is told.
    """
    return f"fault of the {refused.kind}" if isinstance(refused, DatabaseError) else str(refused)
