"""Texts of deliveries in the person's editor ($VISUAL, $EDITOR), all of them in one file.

Deliveries with the same title and text share a section, so that a slip is mended once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

import click

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import UsageError
from crosspromo.services.edited_content import Changes

TITLE = "title: "
"""Beginning of the line above a text that has the title."""


class Section(NamedTuple):
    """Part of the file: its first line, the deliveries, and what they say.

    `deliveries` are the fingerprints of their contents by id, as they were read.
    """

    head: str
    deliveries: Mapping[int, str]
    title: str | None
    text: str

    @property
    def body(self) -> str:
        """Lines below the first one."""
        return body_of(self.title, self.text)


def sections(deliveries: Sequence[Delivery]) -> Sequence[Section]:
    """Sections of the file for these deliveries, in their order."""
    alike: dict[tuple[str | None, str], list[Delivery]] = {}
    for each in deliveries:
        alike.setdefault((each.content.title, each.content.text), []).append(each)
    rule = "=" * 3
    while any(rule in text for _, text in alike):  # no line of a text is taken for a first line
        rule += "="
    return [
        Section(
            f"{rule} {', '.join(f'{each.id} {each.account}' for each in found)} {rule}",
            {each.id: each.content.fingerprint(each.account) for each in found},
            title,
            text,
        )
        for (title, text), found in alike.items()
    ]


def written(parts: Sequence[Section]) -> str:
    """Content of the file; a single text stands alone."""
    if len(parts) == 1:
        return f"{parts[0].body}\n"
    return "\n".join(f"{part.head}\n{part.body}\n" for part in parts)


def body_of(title: str | None, text: str) -> str:
    """Lines below the first one of a section: title, if there is one, and text."""
    return text if title is None else f"{TITLE}{title}\n\n{text}"


def read_back(text: str, parts: Sequence[Section]) -> Mapping[int, Changes]:
    """Changes by delivery, of those whose section is another now.

    UsageError where the first line of a section is gone or stands twice.
    """
    changes: dict[int, Changes] = {}
    for part, body in zip(parts, _bodies(text, parts), strict=True):
        title, said = part.title, body
        if part.title is not None and body.startswith(TITLE):
            first, _, said = body.partition("\n")
            title = first.removeprefix(TITLE).strip()
        said = said.strip("\n")
        changed = Changes(
            text=None if said == part.text.strip("\n") else said,
            title=None if title == part.title else title,
        )
        if not changed.nothing:
            seen = part.deliveries.items()
            changes |= {number: replace(changed, seen=each) for number, each in seen}
    return changes


def _bodies(text: str, parts: Sequence[Section]) -> Sequence[str]:
    """Text of each section, without its first line."""
    lines = text.replace("\r\n", "\n").split("\n")
    if len(parts) == 1:
        return ["\n".join(lines)]
    heads = {part.head for part in parts}
    at = {line.strip(): number for number, line in enumerate(lines) if line.strip() in heads}
    found = [line.strip() for line in lines if line.strip() in heads]
    for part in parts:
        if found.count(part.head) != 1:
            raise UsageError(
                f'the line "{part.head}" has to stand once above its text; nothing was changed'
            )
    ends = sorted([*at.values(), len(lines)])
    bodies = []
    for part in parts:
        start = at[part.head]
        end = next(number for number in ends if number > start)
        bodies.append("\n".join(lines[start + 1 : end]))
    return bodies


@dataclass
class TextFile:
    """File that a person edits; what is written there is kept until it is done (`file_of`)."""

    path: Path
    original: bytes
    named: bool = False

    def edited(self) -> bytes:
        """Bytes of the file after the editor was closed, or those of before where it is gone.

        click.ClickException where the editor fails.
        """
        before = self.path.read_bytes()
        click.edit(filename=str(self.path))
        if not self.path.exists():
            self.path.write_bytes(before)
            raise UsageError("the editor removed its file; nothing was changed")
        return self.path.read_bytes()

    def name(self) -> None:
        """Say once, on stderr, where the text is kept."""
        if not self.named:
            click.echo(f"What you wrote is kept in {self.path}", err=True)
        self.named = True

    @property
    def is_changed(self) -> bool:
        """Whether a person wrote anything into the file."""
        data = self.path.read_bytes() if self.path.exists() else b""
        return bool(data.strip()) and data != self.original


@contextmanager
def file_of(text: str) -> Iterator[TextFile]:
    """File with the text to edit; after an error what was written there stays, and is named."""
    data = text.encode()
    with NamedTemporaryFile(prefix="crosspromo-", suffix=".txt", delete=False) as opened:
        opened.write(data)
    file = TextFile(Path(opened.name), data)
    try:
        yield file
    except BaseException:  # a person may press Ctrl-C, too
        if file.is_changed:
            file.name()
        else:
            file.path.unlink(missing_ok=True)
        raise
    file.path.unlink(missing_ok=True)


def text_of(data: bytes) -> str:
    """Text that an editor saved; UsageError for another encoding than UTF-8."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"line {line} was saved in another encoding than UTF-8; nothing was changed; "
            "save the file as UTF-8"
        ) from None
