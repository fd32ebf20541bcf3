"""Difference of two texts, word by word: struck what was, underlined what is."""

import re
from difflib import SequenceMatcher

from markupsafe import Markup

MOST_WORDS = 4_000
"""Words of a text up to which it is compared; longer ones are shown one after the other."""

_WORDS = re.compile(r"\s+|[^\s]+")


def difference(before: str, after: str) -> Markup:
    """Text with `<del>` around words of `before` that are gone, and `<ins>` around new ones."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return _gone(before) + _new(after)
    shown = Markup()
    for what, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            shown += "".join(old[i:j])
        else:
            shown += _gone("".join(old[i:j])) + _new("".join(new[k:m]))
    return shown


def changed_lines(before: str, after: str) -> Markup:
    """Lines of `difference` that something is gone from or new in."""
    lines, depth = [], 0
    for line in str(difference(before, after)).split("\n"):
        begun = line.count("<del>") + line.count("<ins>")
        if depth or begun:
            lines.append(line)
        depth += begun - line.count("</del>") - line.count("</ins>")
    return Markup("\n").join(map(Markup, lines))


def _gone(text: str) -> Markup:
    return Markup("<del>{}</del>").format(text) if text else Markup()


def _new(text: str) -> Markup:
    return Markup("<ins>{}</ins>").format(text) if text else Markup()
