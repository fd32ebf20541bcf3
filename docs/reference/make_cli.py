"""Write docs/reference/cli.md from the commands themselves. Run it with: make docs

tests/unit/test_cli_reference.py fails when the page is older than the code.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from crosspromo.cli.main import cli

PAGE = Path(__file__).with_name("cli.md")
WIDTH = 90

HEAD = """\
# Commands

Made from the code by `docs/reference/make_cli.py`; do not edit. What every command has in common:

- The workspace is `-w DIR`, else `$CROSSPROMO_WORKSPACE`, else the nearest folder above with a
  `crosspromo.toml`.
- ACCOUNTS is a comma list or `all`. WHEN is ISO 8601, `now`, `+2h`, `in 2 hours`, `2 days ago` or a
  day and a time, in either order, or one of them: `tomorrow 9:00`, `tue 9am`, `dec 3 17:00`,
  `next tuesday`, `12/25`, `9:00`. It is read in the organisation's zone unless it ends in an
  offset or UTC. What may mean two times, such as `12/1 9am` or `tue 5`, is refused with both
  ([0040](../decisions/0040-times-as-people-type-them.md)).
- Every WHEN of `--at` names a time, `now` and `+2h` too: such a delivery is pinned. It goes at its
  time or is missed. A day alone means for `--at` the time of day that it is now, for `--since` its
  start, for `--until` and `--as-of` its last moment (`--as-of` with today is now).
- NAME of `--as` is taken on trust: it says who acted, and proves nothing. Whoever can run the
  command in a workspace is trusted as an admin. Without `--as` it is `$CROSSPROMO_AS`, else who
  called sudo or doas, else the login.
- `--json` prints one JSON document on stdout and nothing else; times are UTC, ISO 8601.
- Exit status: 0 done, 1 something failed or a check found a fault, 2 wrong usage.
"""


def commands(
    command: click.Command, parent: click.Context | None = None, name: str = "crosspromo"
) -> Iterator[tuple[str, click.Command, str]]:
    """Every command with its full name and its help, in the order of the help."""
    context = click.Context(command, parent, info_name=name, terminal_width=WIDTH)
    yield context.command_path, command, command.get_help(context)
    if isinstance(command, click.Group):
        for noun in command.list_commands(context):
            found = command.get_command(context, noun)
            if found is not None:
                yield from commands(found, context, noun)


def page() -> str:
    """The whole page."""
    sections = [
        f"## {path}\n\n```text\n{_without_trailing_blanks(text)}\n```\n"
        for path, _, text in commands(cli)
    ]
    return "\n".join([HEAD, *sections])


def _without_trailing_blanks(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
