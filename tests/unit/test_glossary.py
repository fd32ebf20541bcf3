"""The glossary says what the code says, and the other documents use its words.

The page of the architecture is held to the code in the same way: its modules, names and layers.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

import crosspromo
from crosspromo.domain.gate import CHECKS
from crosspromo.domain.posts import Credit, Hosting, Kind
from crosspromo.domain.states import State

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CODE = Path(crosspromo.__file__).parent
GLOSSARY = DOCS / "reference" / "glossary.md"
ARCHITECTURE = DOCS / "explanation" / "architecture.md"

PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "bench" / "README.md"])
SPEAKING = [
    page
    for page in PAGES
    if page not in {GLOSSARY, ROOT / "CHANGELOG.md"} and page.parent.name != "decisions"
]
"""The pages that use the words of the glossary. Decisions and the changelog are records."""

WORDS = (
    *("own group", "partner", "account", "post", "delivery", "credit", "ledger", "gate"),
    *("headroom", "partner post", "self post", "joint post"),
)
"""Words without which no page can be understood; `credit` has a section of its own."""

MODULE = re.compile(r"`((?:[a-z_0-9]+/)*[a-z_0-9]+\.py|(?:[a-z_0-9]+/)+)`")
NAMES = re.compile(MODULE.pattern + r": ((?:`[\w.]+`(?:, )?)+)")
DOTTED = re.compile(r"`(crosspromo(?!\.toml`)(?:\.[a-z_0-9]+)+)`")
NOT = re.compile(r'Not: ((?:"[^"]+"(?:, )?)+)')


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def tables(page: Path) -> dict[str, list[list[str]]]:
    """The rows of each section's table, without its head."""
    found = {}
    for section in text_of(page).split("\n## ")[1:]:
        lines = re.findall(r"^\|(.*)\|$", section, re.MULTILINE)
        found[section.partition("\n")[0]] = [
            [cell.strip() for cell in line.split(" | ")] for line in lines[2:]
        ]
    return found


def terms(section: str) -> list[str]:
    """The terms of a section, in the order of the page."""
    return [cells[0].strip("`") for cells in tables(GLOSSARY)[section]]


def forbidden() -> dict[str, str]:
    """The words that the glossary does not want, each with the standard term."""
    return {
        word: cells[0]
        for rows in tables(GLOSSARY).values()
        for cells in rows
        for listed in NOT.findall(cells[1])
        for word in re.findall(r'"([^"]+)"', listed)
    }


def prose(page: str) -> str:
    """The page without what a program prints or reads: blocks, inline code, addresses of links."""
    page = re.sub(r"^( *)```.*?^\1```$", "", page, flags=re.MULTILINE | re.DOTALL)
    page = re.sub(r"`[^`\n]*`", "`…`", page)
    return re.sub(r"\]\([^)]*\)", "]", page)


def occurrences(word: str, page: str) -> list[str]:
    """Where the word stands in the prose, in whatever capitals and over line ends."""
    pattern = r"\b" + r"\s+".join(map(re.escape, word.split())) + r"s?\b"
    return re.findall(rf"[^\n]*{pattern}[^\n]*", prose(page), re.IGNORECASE)


@cache
def defined_in(module: Path) -> frozenset[str]:
    """The names that a module defines: `name`, and `Class.member`."""
    return frozenset(_defined(ast.parse(module.read_text(encoding="utf-8")).body))


def _defined(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    for node in body:
        match node:
            case ast.ClassDef():
                yield prefix + node.name
                yield from _defined(node.body, f"{prefix}{node.name}.")
            case ast.FunctionDef():
                yield prefix + node.name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield prefix + name
            case _:
                pass


@pytest.mark.parametrize(
    ("section", "members"),
    [
        ("Kinds of post", Kind),
        ("Hosting", Hosting),
        ("Credit", Credit),
        ("States of a delivery", State),
    ],
)
def test_every_member_of_an_enum_has_an_entry(section: str, members: type[StrEnum]) -> None:
    assert sorted(terms(section)) == sorted(member.value for member in members)


def test_every_check_of_the_gate_has_an_entry_in_its_order() -> None:
    assert terms("Checks of the gate") == [name for name, _ in CHECKS]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_rule_has_an_entry(word: str) -> None:
    assert word in {
        term.lower() for section in tables(GLOSSARY) for term in [section, *terms(section)]
    }


def test_no_term_has_two_entries_in_one_section() -> None:
    for section in tables(GLOSSARY):
        assert len(terms(section)) == len(set(terms(section))), section


def test_every_entry_says_what_it_means_and_where_it_stands() -> None:
    for section, rows in tables(GLOSSARY).items():
        for cells in rows:
            assert len(cells) == 3, (section, cells)
            assert all(cells), (section, cells)


@pytest.mark.parametrize("page", [GLOSSARY, ARCHITECTURE], ids=name_of)
def test_every_name_beside_a_module_is_defined_there(page: Path) -> None:
    found = NAMES.findall(text_of(page))
    missing = [
        f"{module}: {name}"
        for module, names in found
        for name in re.findall(r"`([\w.]+)`", names)
        if name not in defined_in(CODE / module)
    ]
    assert len(found) > 10
    assert missing == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=name_of
)
def test_every_module_that_a_page_names_exists(page: Path) -> None:
    names = [name.removeprefix("crosspromo/") for name in MODULE.findall(text_of(page))]
    names += [
        name.removeprefix("crosspromo.").replace(".", "/") for name in DOTTED.findall(text_of(page))
    ]
    assert [name for name in names if not _stands_somewhere(name, page)] == []


def _stands_somewhere(name: str, page: Path) -> bool:
    """As a module or package of ours, a file of the checkout, or one beside the page."""
    if name in ELSEWHERE:
        return True
    return any(
        (base / end).exists() for base in (CODE, ROOT, page.parent) for end in (name, f"{name}.py")
    )


ELSEWHERE = frozenset(
    {
        *("my_package/board.py", "test_board.py"),  # the connector that the how-to writes
        "db",  # the file crosspromo.db of a workspace
        *("media/", "dist/", "templates/"),  # folders of a workspace, and what is built
    }
)


def test_the_glossary_forbids_the_riddles_that_we_had() -> None:
    assert forbidden().keys() >= {"the spine", "echo", "room for us", "what opens the next"}


@pytest.mark.parametrize("page", SPEAKING, ids=name_of)
def test_pages_use_the_standard_words(page: Path) -> None:
    used = [
        f'"{word}" (the glossary: {term}): {line.strip()}'
        for word, term in forbidden().items()
        for line in occurrences(word, text_of(page))
    ]
    assert used == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We ask the spine.", 1),
        ("We ask The\nSpine.", 1),
        ("See [the spine](page.md).", 1),
        ("See [this](the-spine.md).", 0),
        ("The column `the spine` of a table.", 0),
        ("```text\nthe spine\n```\n", 0),
        ("the spinet", 0),
    ],
)
def test_words_are_looked_for_in_prose_and_not_in_what_programs_print(
    text: str, found: int
) -> None:
    assert len(occurrences("the spine", text)) == found


@pytest.mark.parametrize("page", [GLOSSARY, ARCHITECTURE], ids=name_of)
def test_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", text_of(page))
    assert links
    for link in links:
        target, _, anchor = link.partition("#")
        there = page if not target else (page.parent / target).resolve()
        assert there.exists(), link
        assert not anchor or anchor in anchors(there), link


def anchors(page: Path) -> set[str]:
    """The headings of a page as addresses within it."""
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_architecture_shows_the_layers_of_the_import_contract() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    picture = re.search(r"^```text\n(.*?)^```$", text_of(ARCHITECTURE), re.MULTILINE | re.DOTALL)
    assert picture
    assert picture[1].splitlines() == [layer.replace("crosspromo.", "") for layer in layers]


def test_the_architecture_says_what_every_package_does() -> None:
    described = [
        name for cells in tables(ARCHITECTURE)["Packages"] for name in MODULE.findall(cells[0])
    ]
    there = {f"{path.name}/" for path in CODE.iterdir() if (path / "__init__.py").exists()}
    there |= {
        f"{path.parent.name}/{path.name}/"
        for path in (CODE / "store").iterdir()
        if (path / "__init__.py").exists()
    }
    there |= {path.name for path in CODE.glob("*.py")} - {"__init__.py"}
    assert sorted(described) == sorted([*there - {"store/migrations/"}, "domain/reasons/"])
