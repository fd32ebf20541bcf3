"""The tutorial, typed as it stands."""

from pathlib import Path

from end_to_end.consoles import played, steady

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"


def test_a_reader_sees_what_the_tutorial_shows(tmp_path: Path) -> None:
    text = TUTORIAL.read_text(encoding="utf-8")

    assert steady(played(text, tmp_path)) == steady(text), (
        "write its outputs anew with: python tests/end_to_end/consoles.py docs/tutorial.md"
    )
