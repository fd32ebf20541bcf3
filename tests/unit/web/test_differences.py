"""Differences: both texts can be read from them, and no text becomes markup."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.web.differences import difference

TEXTS = st.lists(st.sampled_from(["a", "b", "<del>", "&amp;", "c\n", "</ins>", '"']), max_size=12)


@given(TEXTS.map(" ".join), TEXTS.map(" ".join))
def test_both_texts_can_be_read_from_it(before: str, after: str) -> None:
    shown = str(difference(before, after))
    old = re.sub(r"<ins>.*?</ins>", "", shown, flags=re.DOTALL)
    new = re.sub(r"<del>.*?</del>", "", shown, flags=re.DOTALL)
    assert unescape(re.sub(r"</?del>", "", old)) == before
    assert unescape(re.sub(r"</?ins>", "", new)) == after


def test_words_are_struck_and_underlined() -> None:
    shown = difference("Thu 3 Dec 18:00 at the boathouse", "Thu 3 Dec 18:30 at the boathouse")
    assert shown == "Thu 3 Dec <del>18:00</del><ins>18:30</ins> at the boathouse"
