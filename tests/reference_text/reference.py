"""The networks' own text libraries, answering from one long-lived Node process."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from servers import node

HERE = Path(__file__).parent


class Reference:
    """twitter-text and `@atproto/api`, asked one text at a time.

    A context manager: entering it installs the libraries as locked, where that has not been done
    (an error says why not, never a skipped test), and leaving it ends the process.
    """

    def __init__(self) -> None:
        node.npm_ci(HERE)
        self._process = subprocess.Popen(
            [str(node.executable()), "compare.mjs"],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def read(self, text: str) -> dict[str, Any]:
        """What both libraries make of the text, in the form that compare.mjs describes."""
        return self._ask({"text": text})

    def seconds(self, library: str, texts: Sequence[str]) -> float:
        """How long the library ("x" or "bluesky") takes to count all these texts once."""
        return float(self._ask({"time": library, "texts": texts})["seconds"])

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the Node process has ended; what it said is on standard error")
        answer: dict[str, Any] = json.loads(line)
        return answer
