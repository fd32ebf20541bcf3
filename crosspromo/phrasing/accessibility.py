"""Sentences of notes on what not everybody can read or hear of a delivery."""

from typing import assert_never

from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.notes import (
    AccessibilityNote,
    HashtagInOneCase,
    RelationUntold,
    RunOfEmoji,
    SharedWithoutAlt,
    StyledLetters,
    TextInImage,
)


def clause(note: AccessibilityNote) -> str:
    """Sentence of the note, without the account and without a full stop."""
    match note:
        case HashtagInOneCase(words, better):
            return f"{words} is read out as one word; {better} is better"
        case RunOfEmoji(words, better):
            return f"{words} is read out emoji by emoji; {better} is better"
        case StyledLetters(words, better):
            return f'"{words}" is spelt or left out when it is read out; "{better}" is better'
        case TextInImage(number, letters, told):
            return (
                f"image {number} seems to show text, about {plural(letters, 'letter')}, and its "
                f"alt text has {told}; an alt text has to say what is written in the image"
            )
        case SharedWithoutAlt(images):
            have = "image of that post has" if images == 1 else "images of that post have"
            return (
                f"{images} {have} no alt text, so not everybody can know what is shown; ask for "
                "it, or share another post"
            )
        case RelationUntold(better):
            return (
                "this is about our own group, and readers do not see so before a network cuts the "
                f'text; "{better}" is better, first'
            )
        case _:
            assert_never(note)
