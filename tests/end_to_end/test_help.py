"""The help: every command explains itself, and --json is offered where there is data."""

import re
from collections.abc import Iterator

from end_to_end.shell import Shell
from end_to_end.test_json import LINES


def helps(shell: Shell, *path: str) -> Iterator[tuple[str, str]]:
    """Every command there is, found by walking the help; each with its help."""
    text = shell.ok(*path, "--help").out
    yield " ".join(path), text
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", text, re.MULTILINE)
    if listed is not None:
        for noun in re.findall(r"^  (\S+)", listed[1], re.MULTILINE):
            yield from helps(shell, *path, noun)


ELSEWHERE = {
    *("db restore", "db look-up", "notify test", "queue sign-off-link"),
    *("calendar import", "permission withdraw", "permission photo", "permission photos"),
    *("permission withdraw-photo", "source add", "source list", "source sync", "source remove"),
    "event review",
    "source discover",
    *("plan", "suggestion list", "suggestion share", "suggestion spotlight", "suggestion dismiss"),
}
"""What needs a backup, a mail server, a feed, a partner who signs off, a workbook, an answer or a
demo.

test_restore.py, test_notify.py, test_sources.py, test_event_review.py, test_plan.py,
test_sign_off_link.py, test_editorial_calendar.py and test_permissions.py look at its JSON.
"""


def test_every_command_explains_itself(outside: Shell) -> None:
    found = dict(helps(outside))

    assert "queue spotlight" in found
    for command, text in found.items():
        assert text.startswith(f"Usage: crosspromo {command}".rstrip()), command
        if "Commands:" not in text:
            assert re.search(r"^  Examples?:$", text, re.MULTILINE), command
    takes_json = {command for command, text in found.items() if "\n  --json " in text}
    looked_at = {c for c in takes_json if any(f"{line} ".startswith(f"{c} ") for line in LINES)}
    assert looked_at | ELSEWHERE == takes_json, "tests/end_to_end/test_json.py leaves some out"
