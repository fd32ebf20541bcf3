"""The public test suites: twitter-text's validate cases, Unicode's grapheme breaks, Mastodon's."""

from pathlib import Path
from typing import Any

import yaml

from crosspromo.text.graphemes import graphemes
from crosspromo.text.rules import MASTODON, X


def test_every_weighted_case_of_twitter_text_version_3_counts_as_it_says(corpus: Path) -> None:
    cases = weighted_cases(corpus)
    wrong = [
        (case["description"], X.length(case["text"]), case["expected"]["weightedLength"])
        for case in cases
        if X.length(case["text"]) != case["expected"]["weightedLength"]
    ]
    assert len(cases) >= 25
    assert wrong == []


def test_twitter_text_and_we_agree_on_what_is_too_long(corpus: Path) -> None:
    wrong = [
        case["description"]
        for case in weighted_cases(corpus)
        if X.fits(case["text"]) != (case["expected"]["weightedLength"] <= X.limit)
    ]
    assert wrong == []


def test_every_url_that_twitter_text_calls_valid_without_protocol_is_one_link(corpus: Path) -> None:
    for case in load(corpus / "twitter-text-validate.yml")["tests"]["urls_without_protocol"]:
        (link,) = X.entities(case["text"])
        assert (link.type, link.text) == ("link", case["text"]), case["description"]


def test_graphemes_are_cut_where_unicode_17_says(corpus: Path) -> None:
    cases = [
        clusters
        for line in (corpus / "GraphemeBreakTest-17.txt").read_text("utf-8").splitlines()
        if (clusters := break_case(line))
    ]
    assert len(cases) == 766
    assert [case for case in cases if graphemes("".join(case)) != case] == []


def test_mastodon_accepts_and_refuses_as_its_own_specification_does(corpus: Path) -> None:
    cases = load(corpus / "mastodon_length_cases.yml")
    wrong = [
        case["what"]
        for case in cases
        if MASTODON.fits(
            "".join(map(part_of_text, case["parts"])), warning=part_of_text(case.get("cw", ""))
        )
        != case["ok"]
    ]
    assert len(cases) >= 10
    assert wrong == []


def weighted_cases(corpus: Path) -> list[dict[str, Any]]:
    """Those of version 3, and of the older ones whatever version 3 does not say otherwise."""
    tests = load(corpus / "twitter-text-validate.yml")["tests"]
    newest = tests["WeightedTweetsWithDiscountedEmojiCounterTest"]
    said = {case["text"] for case in newest}
    older = tests["WeightedTweetsCounterTest"] + tests["UnicodeDirectionalMarkerCounterTest"]
    return [*newest, *(case for case in older if case["text"] not in said)]


def break_case(line: str) -> list[str]:
    """`÷ 0061 × 0308 ÷ 0062 ÷ # …` as ["ä", "b"]."""
    breaks = line.partition("#")[0].replace("×", "").strip().strip("÷")
    return [
        "".join(chr(int(code, 16)) for code in cluster.split())
        for cluster in breaks.split("÷")
        if cluster.strip()
    ]


def part_of_text(part: str | dict[str, list[Any]]) -> str:
    if isinstance(part, str):
        return part
    text, times = part["repeat"]
    return str(text) * int(times)


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))
