"""A typist at a shell with completion: every key is counted, and each Tab asks the command."""

import shlex
from dataclasses import dataclass, field

from end_to_end.shell import Result, Shell

TAB, ENTER = "\t", "\n"


@dataclass
class Typist:
    """Somebody who types lines as they are pressed: `\\t` completes a word as a shell does."""

    shell: Shell
    keys: int = 0
    commands: int = 0
    transcript: list[str] = field(default_factory=list)

    def types(self, pressed: str, *, editor: str = "", stdin: str | None = None) -> Result:
        """Type a line, its end included. `editor` are the keys pressed there, each of them counted.

        In the editor a person of vi is at work, of whom `sed` does what `:%s` would do.
        """
        self.keys += len(pressed) + len(ENTER) + len(editor)
        self.commands += 1
        line = self._completed(pressed)
        change = editor.removeprefix(":%").removesuffix("\nZZ")
        env = {"EDITOR": f"sed -i '{change}'", "VISUAL": ""} if editor else {}
        result = self.shell.run(*shlex.split(line)[1:], env=env, input=stdin)
        shown = pressed.replace(TAB, "⇥")
        self.transcript.append(f"{len(pressed) + 1 + len(editor):4} keys  {shown}⏎")
        if editor:
            self.transcript.append(f"           in the editor: {editor!r}")
        assert result.status in {0, 1}, result
        return result

    def _completed(self, pressed: str) -> str:
        line = ""
        for piece in pressed.split(TAB)[:-1]:
            line += piece
            line = line[: line.rfind(" ") + 1] + self._candidate(line)
        return line + pressed.rsplit(TAB, maxsplit=1)[-1]

    def _candidate(self, line: str) -> str:
        """The one word that completes the line; with a space after it, as shells add one."""
        found = offered(self.shell, line)
        assert len(found) == 1, f"{line!r} has {found}"
        return f"{found[0]} "


def offered(shell: Shell, line: str, *, of: str = "bash") -> list[str]:
    """Words that the command offers a shell for the last word of the line."""
    words = line.split(" ")
    env = {
        "_CROSSPROMO_COMPLETE": f"{of}_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": words[-1] if of == "fish" else str(len(words) - 1),
    }
    result = shell.run(env=env)
    assert result.err == "", result
    match of:
        case "bash":
            found = [each.partition(",")[2] for each in result.out.splitlines()]
        case "zsh":
            found = result.out.splitlines()[1::3]
        case _:
            found = [each.partition(",")[2].partition("\t")[0] for each in result.out.splitlines()]
    return [each for each in found if each]
