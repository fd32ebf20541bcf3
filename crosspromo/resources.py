"""Files that travel with crosspromo: the folders templates/ and config/."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_share"

SHIPPED = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
"""The folder of these folders, as a wheel installs it or as it stands in a checkout."""
