"""`{% drop 2 %}…{% enddrop %}`: parts of a text that may go, the highest number first.

The tag wraps its content in marks from Unicode's private-use area; `segments` reads them back.
Marks in the values that a template prints are removed before they could be taken for ours.
"""

import re
from collections.abc import Callable

from jinja2 import Undefined, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from crosspromo.domain.errors import TemplateError
from crosspromo.text.fitting import Segment

OPEN, NUMBERED, CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{OPEN}[0-9]+{NUMBERED}|[{OPEN}{NUMBERED}{CLOSE}]")
_DROP = re.compile(f"{OPEN}([0-9]+){NUMBERED}([^{OPEN}{CLOSE}]*){CLOSE}")


def without_marks(value: object) -> object:
    """A value as a template may print it. An undefined one stays, to complain when printed."""
    return value if isinstance(value, Undefined) else _MARK.sub("", str(value))


def has_marks(rendered: str) -> bool:
    """Whether what a template made has a drop in it."""
    return _MARK.search(rendered) is not None


class Drop(Extension):
    """The tag."""

    tags = {"drop"}  # noqa: RUF012 (as Jinja declares it)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        number = parser.stream.expect("integer").value
        body = parser.parse_statements(("name:enddrop",), drop_needle=True)
        mark = self.call_method("_mark", [nodes.Const(number)])
        return nodes.CallBlock(mark, [], [], body).set_lineno(line)

    def _mark(self, number: int, caller: Callable[[], str]) -> str:
        return f"{OPEN}{number}{NUMBERED}{caller()}{CLOSE}"


def segments(marked: str) -> tuple[Segment, ...]:
    """The parts of a rendered text; TemplateError where drops stand within drops."""
    parts: list[Segment] = []
    position = 0
    for found in _DROP.finditer(marked):
        parts.append(Segment(marked[position : found.start()]))
        parts.append(Segment(found[2], drop=int(found[1])))
        position = found.end()
    parts.append(Segment(marked[position:]))
    if any(has_marks(part.text) for part in parts):
        raise TemplateError("{% drop %} cannot stand inside another {% drop %}")
    return tuple(part for part in parts if part.text)
