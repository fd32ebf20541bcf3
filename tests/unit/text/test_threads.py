import pytest

from crosspromo.text.fitting import DoesNotFit
from crosspromo.text.rules import BLUESKY, MASTODON, TextRules, X
from crosspromo.text.sentences import sentences
from crosspromo.text.threads import split

SHORT = TextRules("short", 30, len, find=X.find)


def test_a_text_that_fits_is_one_part_without_a_number() -> None:
    assert split(" Hello. World. ", SHORT) == ["Hello. World."]


def test_a_longer_text_is_divided_at_its_sentences_and_numbered() -> None:
    assert split("One two three four. Five six seven! Eight nine ten?", SHORT) == [
        "One two three four. 1/3",
        "Five six seven! 2/3",
        "Eight nine ten? 3/3",
    ]


def test_as_many_sentences_as_fit_share_a_part() -> None:
    assert split("One. Two. Three. Four. Five. Six. Seven.", SHORT) == [
        "One. Two. Three. Four. 1/2",
        "Five. Six. Seven. 2/2",
    ]


def test_a_sentence_too_long_is_divided_at_words_and_a_word_at_graphemes() -> None:
    assert split("a" * 20 + " " + "b" * 20, SHORT) == ["a" * 20 + " 1/2", "b" * 20 + " 2/2"]
    parts = split("e\u0301" * 40, SHORT)
    assert all(part.startswith("e\u0301") for part in parts)


def test_an_entity_is_never_divided() -> None:
    link = "http://example.com/abcdefg"
    assert split(f"Look at this, please: {link}", SHORT)[-1] == f"{link} 2/2"
    with pytest.raises(DoesNotFit):
        split(f"Look: {link}-and-on-and-on-and-on", SHORT)


def test_a_sentence_that_ends_inside_a_link_does_not_end_there() -> None:
    rules = TextRules("short", 30, len, find=BLUESKY.find)
    link = "https://b.co/日本。語語語語語語語"
    assert split(f"Look: {link} 語", rules) == ["Look: 1/2", f"{link} 語 2/2"]


def test_a_number_with_two_digits_has_its_room() -> None:
    parts = split("Some words go here. " * 25, SHORT)
    assert len(parts) == 25
    assert parts[-1] == "Some words go here. 25/25"
    assert all(SHORT.fits(part) for part in parts)


@pytest.mark.parametrize("rules", [X, BLUESKY, MASTODON])
def test_scripts_without_spaces_are_divided_too(rules: TextRules) -> None:
    parts = split("今日は市庁舎まで歩きます。" * 60, rules)
    assert len(parts) > 1
    assert all(rules.fits(part) for part in parts)
    assert all(part.partition(" ")[0].endswith("。") for part in parts)


def test_the_content_warning_stands_on_every_part() -> None:
    parts = split("A sentence of thirty-two letters. " * 30, MASTODON, warning="w" * 100)
    assert all(MASTODON.fits(part, warning="w" * 100) for part in parts)


def test_abbreviations_and_links_do_not_end_a_sentence() -> None:
    text = "Dr. King spoke at 3.14 p.m. on the steps. See example.com. It was e.g. Monday! Yes."
    assert sentences(text, X) == [
        "Dr. King spoke at 3.14 p.m. on the steps. ",
        "See example.com. ",
        "It was e.g. Monday! ",
        "Yes.",
    ]


@pytest.mark.parametrize("piece", ["#aaaa ", "a ", "a", "#aaaa. ", "e\u0301", "b.co/a "])
def test_no_part_is_made_by_reading_the_whole_text(piece: str) -> None:
    read = 0

    def measure(text: str) -> int:
        nonlocal read
        read += len(text)
        return len(text)

    rules = TextRules("counting", 300, measure, find=BLUESKY.find)
    text = piece * (20_000 // len(piece))
    parts = split(text, rules)
    assert "".join(part.rpartition(" ")[0] for part in parts).replace(" ", "") == text.replace(
        " ", ""
    )
    assert read < 60 * len(text), "each part measures a few limits, a few times"
