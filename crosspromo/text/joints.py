"""Seams of a text where a part was dropped: white space tidied, words kept apart."""

from typing import Final

from crosspromo.text.graphemes import SPACE, joins, leading_space

_CLOSING: Final = frozenset(",.;:!?)]}\u2026\u00bb\u201d\u3001\u3002\uff01\uff0c\uff1f")
_OPENING: Final = frozenset("([{\u00ab\u201c\u201e")


def bridge(left: str, gap: str, right: str, *, apart: bool = False) -> str:
    """Join `left` and `right`, the texts around a dropped `gap`.

    The seam gets as many line breaks as the wider side of the gap had, else one space, and no space
    before closing punctuation or after opening punctuation. White space elsewhere stays. `apart`
    puts a space even where the author had none.
    """
    body = left.rstrip(SPACE)
    head = leading_space(right)
    before, after, rest = left[len(body) :], right[:head], right[head:]
    if not body:
        return rest
    space = _space(body[-1:], before, gap, after, rest[:1])
    if not space and rest and (apart or joins(body[-1:], rest[:1])):
        space = " "
    return body + space + rest


def _space(last: str, before: str, gap: str, after: str, first: str) -> str:
    lead = gap[: len(gap) - len(gap.lstrip(SPACE))]
    trail = gap[len(gap.rstrip(SPACE)) :]
    left, right = before + lead, trail + after
    if breaks := max(left.count("\n"), right.count("\n")):
        return "\n" * breaks
    if not left and not right:
        return ""
    if (not right and first in _CLOSING) or (not left and last in _OPENING):
        return ""
    return (after or before or " ")[:1]
