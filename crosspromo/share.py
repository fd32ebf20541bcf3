"""Where the files that travel with crosspromo are: templates/ and config/."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shared(name: str) -> Path:
    """The folder `name`, as installed from a wheel or as it stands in a checkout."""
    installed = _PACKAGE / "_share" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
