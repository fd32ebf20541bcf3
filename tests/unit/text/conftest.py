"""The public test data about texts, which lies outside the project."""

import os
from pathlib import Path

import pytest

DEFAULT = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def corpus() -> Path:
    folder = Path(os.environ.get("CROSSPROMO_CORPUS", DEFAULT)) / "text"
    if not folder.is_dir():
        pytest.skip(f"no corpus of texts: {folder} is missing (CROSSPROMO_CORPUS names its parent)")
    return folder
