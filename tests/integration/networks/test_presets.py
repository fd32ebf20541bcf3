"""What a network's presets do to posts that are due together, by the installed command."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from end_to_end.shell import installed_command
from integration.networks.configuration import ON_X, SECRETS
from servers.simulators import XSimulator

ORGANISATION = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[floor]
ratio = "none"

[defaults]
timeout = "2s"
ratio = "none"
approval = "one"
"""


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [installed_command(), "-w", folder, *arguments],
        env={**os.environ, **SECRETS},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"crosspromo {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


def approve_seven(folder: Path, server: str, more: str = "") -> Any:
    """Queue seven posts on X and approve them together; what one run makes of them."""
    run(folder, "init", str(folder))
    account = ON_X.format(account="x-main", server=server)
    (folder / "crosspromo.toml").write_text(ORGANISATION + more + account, encoding="utf-8")
    numbers = [str(number) for number in range(1, 8)]
    for number in numbers:
        run(folder, "queue", "own", "--to", "x-main", "--text", f"News {number}", "--as", "ana")
    told = run(folder, "queue", "approve", *numbers, "--as", "kim")
    assert ("at once" in told) is bool(more)
    return json.loads(run(folder, "run", "--once", "--json"))


def test_seven_posts_approved_together_do_not_go_at_once(tmp_path: Path) -> None:
    with XSimulator() as x:
        counts = approve_seven(tmp_path / "workspace", x.url)
        assert (counts["published"], counts["held"]) == (1, 6)
        assert [post.text for post in x.posts] == ["News 1"]


def test_who_switches_the_presets_off_is_told_and_gets_all_seven(tmp_path: Path) -> None:
    with XSimulator() as x:
        counts = approve_seven(tmp_path / "workspace", x.url, 'min_gap = "0m"\n')
        assert (counts["published"], counts["held"]) == (7, 0)
        assert len(x.posts) == 7
