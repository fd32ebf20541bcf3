"""The reference of the commands is what the commands say of themselves."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import click
import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def make_cli() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_cli", DOCS / "reference" / "make_cli.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_as_new_as_the_code(make_cli: ModuleType) -> None:
    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")

    assert page == make_cli.page(), "docs/reference/cli.md is stale; write it anew with: make docs"


def test_every_command_has_help_with_an_example(make_cli: ModuleType) -> None:
    for path, command, text in make_cli.commands(make_cli.cli):
        assert command.help, path
        if not isinstance(command, click.Group):
            example = re.search(r"^  Examples?:\n((?: {4}.*\n?)+)", text, re.MULTILINE)
            assert example, path
            assert path.split()[1] in example[1], path


def test_every_option_says_what_it_is_for(make_cli: ModuleType) -> None:
    """By its help, or by a name that needs none because the command's own help says it."""
    speaks_for_itself = {"text", "title", "name", "why", "website", "location", "url", "account"}
    for path, command, _ in make_cli.commands(make_cli.cli):
        for option in command.params:
            if isinstance(option, click.Option) and option.name not in speaks_for_itself:
                assert option.help, f"{path} {option.opts}"
