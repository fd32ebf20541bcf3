"""Files shipped with crosspromo: the folders templates/ and config/."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_share"

SHIPPED = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
"""Parent folder of templates/ and config/, in an installed wheel or in a checkout."""
