"""Documents with ```console blocks, played for real.

In a block, a line that begins with `$ ` is typed, and what follows up to the next one is what came
back. `$ crosspromo …` runs the installed command, `$ cd DIR` goes somewhere, and `$ cat > FILE` is
followed by the lines of the file. Write the outputs of a document anew with:

    python tests/end_to_end/consoles.py docs/tutorial.md
"""

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)

CHANGING = (
    (re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d\b"), "DAY"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d UTC\b"), "MOMENT"),
    (re.compile(r"file://\S+"), "file://PAGE"),
)
"""What is different each time: times, and where the sandbox happens to lie."""


def played(document: str, folder: Path) -> str:
    """The document with the outputs that its commands have when typed in this folder."""
    if __package__:
        from end_to_end.shell import Shell  # noqa: PLC0415 (also runs as a script)
    else:
        from shell import Shell  # type: ignore[import-not-found,no-redef]  # noqa: PLC0415
    shell = Shell(folder)

    def play(block: re.Match[str]) -> str:
        lines = []
        for typed, shown in _commands(block[1]):
            lines.append(f"$ {typed}\n")
            words = shlex.split(typed)
            match words:
                case ["cd", inner]:
                    shell.folder /= inner
                case ["cat", ">", name]:
                    shell.write(name, shown)
                    lines.append(shown)
                case ["crosspromo", *arguments]:
                    result = shell.run(*arguments)
                    lines.append(result.out + result.err)
                case _:
                    raise AssertionError(f"a reader may type this, the test cannot: {typed}")
        return "".join(lines)

    return BLOCK.sub(play, document)


def _commands(block: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        typed, _, shown = part.partition("\n")
        yield typed, shown


def steady(document: str) -> str:
    """The document without what is different each time."""
    for pattern, name in CHANGING:
        document = pattern.sub(name, document)
    return document


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name)
        with TemporaryDirectory() as folder:
            page.write_text(
                played(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8"
            )
