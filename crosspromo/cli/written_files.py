"""Files that commands write: whole or not at all, and never where a person wants no change."""

import os
import stat
from pathlib import Path

import click

from crosspromo.domain.errors import UsageError

STDOUT = "-"

NO_TEXT = "a workbook is no text for standard output; name a file such as it.xlsx"


def write_file(file: str, content: str | bytes) -> None:
    """Write a file, or a text to standard output where the name is `-`.

    A file is replaced as a whole; a link to it stays. A device or a pipe is written to, since it is
    no file that could be replaced. UsageError names a file that cannot be written or that is marked
    as read only, and a workbook for standard output.
    """
    if file == STDOUT:
        if isinstance(content, bytes):
            raise UsageError(NO_TEXT)
        click.echo(content, nl=False)
        return
    encoded = content.encode() if isinstance(content, str) else content
    try:
        _write(Path(file).resolve(), encoded)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror or error}") from error


def _write(file: Path, content: bytes) -> None:
    known = file.stat() if file.exists() else None
    if known is not None and not stat.S_ISREG(known.st_mode):
        file.write_bytes(content)
        return
    if known is not None and not known.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(None, "it is marked as read only")  # root could write it all the same
    if known is not None and not os.access(file, os.W_OK):
        raise PermissionError(None, "you may not write it")
    with click.open_file(str(file), "wb", atomic=True) as target:
        target.write(content)
