"""Components of an iCalendar file: the lines of each event and time zone (RFC 5545, 3.4).

Components are separated here, before any value is read. A broken event therefore costs only that
event and not its file, and no time zone of one file is remembered for the next.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crosspromo.intake.encoding import decode, is_undecoded
from crosspromo.intake.icalendar_values import split_line, unfold

_BOUNDARY = re.compile(r"(BEGIN|END)[ \t]*:[ \t]*([A-Z0-9-]+)[ \t]*", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[ \t]*[;:])")
_HEAD = re.compile(r'[^":]*+(?:"[^"]*+"[^":]*+)*+:')
LONGEST_HEAD = 4_000
"""Most characters of a property's name and parameters."""

LONGEST_LINE = 500_000
_BEGIN = b"BEGIN:VCALENDAR"
_DEPTHS = {"VCALENDAR": 0, "VEVENT": 1, "VTIMEZONE": 1, "STANDARD": 2, "DAYLIGHT": 2}


class PropertyError(ValueError):
    """Error: a property cannot be understood; `column` is its name."""

    def __init__(self, column: str, message: str) -> None:
        self.column = column
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Property:
    """Content line (RFC 5545, 3.1); backslash escapes of the value are resolved (3.3.11)."""

    name: str
    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Block:
    """Component of a file: its own lines, and the components inside it (`blocks`).

    `ended`: the file has its END line.
    """

    name: str
    lines: list[str] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)
    ended: bool = False

    def all(self, name: str) -> Iterator[Property]:
        """Yield the properties of this name, in the order of the file. Raises PropertyError.

        A property without a value, such as "RRULE:", says nothing and is left out.
        """
        for line in self.lines:
            match = _NAME.match(line)
            if match is not None and match[0].upper() == name:
                prop = _property(name, line)
                if prop.value:
                    yield prop

    def first(self, name: str) -> Property | None:
        """First property of this name, or None; a file may repeat a property against the rules."""
        return next(self.all(name), None)


def is_calendar(data: bytes) -> bool:
    """Whether the data begins as an iCalendar file does."""
    begin = data.removeprefix(BOM_UTF8).lstrip()[: len(_BEGIN)]
    return begin.upper() == _BEGIN


def read_blocks(data: bytes) -> list[Block]:
    """VCALENDARs of a file, each with its VEVENTs and VTIMEZONEs inside.

    Events outside any VCALENDAR, as some programs save them, come in a VCALENDAR without lines.
    Raises UnreadableFileError where the data is no text.
    """
    framer = _Framer()
    for line in _unfolded(decode(data)):
        boundary = _BOUNDARY.fullmatch(line)
        if boundary is None:
            framer.add(line)
        elif boundary[1].upper() == "BEGIN":
            framer.begin(boundary[2].upper())
        else:
            framer.end(boundary[2].upper())
    return framer.calendars


class _Framer:
    """Builder of components from BEGIN, END and other lines.

    Components that nobody reads are skipped with all their lines.
    """

    def __init__(self) -> None:
        self.calendars: list[Block] = []
        self._open: list[Block] = []  # each component is inside the one before
        self._passed_over = ""

    def begin(self, name: str) -> None:
        if not self._has_place(name):
            self._passed_over = self._passed_over or name
            return
        self._passed_over = ""
        del self._open[_DEPTHS[name] :]
        if name == "VCALENDAR":
            self._add_calendar(Block(name))
            return
        if not self._open:
            self._add_calendar(Block("VCALENDAR", ended=True))
        block = Block(name)
        self._open[-1].blocks.append(block)
        self._open.append(block)

    def end(self, name: str) -> None:
        if name == self._passed_over:
            self._passed_over = ""
            return
        for depth, block in enumerate(self._open):
            if block.name == name:
                self._passed_over = ""
                block.ended = True
                del self._open[depth:]
                return

    def add(self, line: str) -> None:
        if self._open and not self._passed_over:
            self._open[-1].lines.append(line)

    def _has_place(self, name: str) -> bool:
        if name in {"STANDARD", "DAYLIGHT"}:
            return len(self._open) > 1 and self._open[1].name == "VTIMEZONE"
        return name in _DEPTHS

    def _add_calendar(self, calendar: Block) -> None:
        self.calendars.append(calendar)
        self._open = [calendar]


def _unfolded(text: str) -> Iterator[str]:
    """Yield unfolded content lines; a character that a fold tore apart is whole again (3.1)."""
    for line in unfold(text.replace("\r\n", "\n").replace("\r", "\n")):
        if not is_undecoded(line):
            yield line
        else:
            yield line.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def _property(name: str, line: str) -> Property:
    if is_undecoded(line):
        raise PropertyError(name, "is not UTF-8; export the calendar again, or save it as UTF-8")
    head = _HEAD.match(line, 0, LONGEST_HEAD)
    if head is None or len(line) > LONGEST_LINE:
        raise PropertyError(name, f'the line "{line[:60]}" is too long to be read; shorten it')
    try:
        parameters, value = split_line(line)
    except ValueError:
        raise PropertyError(name, f'the line "{line[:60]}" cannot be read') from None
    return Property(name, value, parameters)
