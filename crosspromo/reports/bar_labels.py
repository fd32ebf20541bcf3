"""Labels beside bars: short, and each another, whatever the names are that they are short for."""

from collections import Counter
from collections.abc import Iterator, Sequence

from crosspromo.domain.letter_cells import cells

DIVIDED = "…"


def short_labels(names: Sequence[str], most: int) -> Sequence[str]:
    """Each name in at most `most` cells, cut at its end between words.

    Those that would be the same then are cut in their middle; if they still are, they have the
    number of their bar.
    """
    cut = [_ends(" ".join(name.split()), most) for name in names]
    same = _twice(cut, names)
    cut = [
        _middle(" ".join(name.split()), most) if short in same else short
        for name, short in zip(names, cut, strict=True)
    ]
    same = _twice(cut, names)
    return [
        _numbered(short, place, most) if short in same else short
        for place, short in enumerate(cut, 1)
    ]


def _twice(cut: Sequence[str], names: Sequence[str]) -> set[str]:
    """Labels of several names; the same name is called the same."""
    counted = Counter(short for short, _ in {*zip(cut, names, strict=True)})
    return {short for short, count in counted.items() if count > 1}


def _ends(name: str, most: int) -> str:
    if cells(name) <= most:
        return name
    kept = _first(name, most - 1)
    whole = kept.rpartition(" ")[0] if name[len(kept)] != " " else kept
    return f"{(whole or kept).rstrip()}{DIVIDED}"


def _middle(name: str, most: int) -> str:
    if cells(name) <= most:
        return name
    tail = _first(name[::-1], most // 2)[::-1].lstrip()
    return f"{_first(name, most - 1 - most // 2).rstrip()}{DIVIDED}{tail}"


def _numbered(short: str, place: int, most: int) -> str:
    number = f"{DIVIDED} {place}"
    return f"{_first(short, most - cells(number)).rstrip()}{number}"


def _first(text: str, most: int) -> str:
    return "".join(_while_it_fits(text, most))


def _while_it_fits(text: str, most: int) -> Iterator[str]:
    for letter in text:
        most -= cells(letter)
        if most < 0:
            return
        yield letter
