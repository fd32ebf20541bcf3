"""Private folders, which hold sessions, keys or databases: only their owner reads them."""

from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make a folder for its owner only, and the missing ones above it, unless it exists."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)
