"""Names of other partners are found in words, however they are written."""

import pytest

from crosspromo.domain.partners import Partner
from crosspromo.reports.other_partners import OtherPartners

RIVER = Partner("river-keepers", "River Keepers", handles={"x": "riverkeepers"})
RIVAL = Partner(
    "secret-rival",
    "Secret Rival",
    handles={"x": "srival_now", "bluesky": "rival.example.org"},
    website="https://www.secret.example/about",
)
SHORT = Partner("river", "River")
LONG = Partner("league", "League of Neighbours along the Millside Canal")
OTHERS = OtherPartners([RIVER, RIVAL, SHORT, LONG], "river-keepers")


@pytest.mark.parametrize(
    "words",
    [
        "Cleanup with SECRET RIVAL",
        "cleanup: secret-rival, and us",
        "With @srival_now!",
        "With @rival.example.org",
        "#SecretRival is coming",
        "Read secret.example/today",
        "The river",
        "With the league of neighbours alo",
    ],
)
def test_a_name_of_another_is_found(words: str) -> None:
    assert OTHERS.are_named_in(words)


@pytest.mark.parametrize(
    "words", ["", "Cleanup with River Keepers", "@riverkeepers meet", "Rivers are secret rivals"]
)
def test_own_names_and_other_words_are_none(words: str) -> None:
    assert not OTHERS.are_named_in(words)
