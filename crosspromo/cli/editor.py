"""Texts of deliveries in the person's editor ($VISUAL, $EDITOR), all of them in one file.

Deliveries with the same title and text share a section, so that a slip is mended once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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


def kept_file(text: str) -> Path:
    """File with a text that was refused, so that nothing that was written is lost."""
    with NamedTemporaryFile(
        "w", encoding="utf-8", prefix="crosspromo-", suffix=".txt", delete=False
    ) as file:
        file.write(text)
    return Path(file.name)


def edited(text: str) -> str | None:
    """Text as the editor left it; None: it was not saved."""
    return click.edit(text, extension=".txt")
