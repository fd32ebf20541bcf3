"""Texts counted per second, for each network, beside the reference libraries.

    python bench/text.py [--rounds N]

Ours and theirs take turns within one run, so that whatever else the machine does hits both; the
figures are medians over the rounds. The libraries of X and Bluesky run in Node (installed on first
use), `twitter-text-parser` only where it has been installed.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from reference_text.reference import Reference  # noqa: E402  # after the path is set
from reference_text.texts import random_text  # noqa: E402

from crosspromo.text.rules import BY_NETWORK  # noqa: E402

POSTS = """
Join us this Saturday at noon for the march on City Hall! Bring friends, bring water. There will \
be music. #VoteEarly thanks @friend https://example.org/march?from=x
Únase este sábado al mediodía a la marcha… “Traiga” amigos y agua 💧 ¡Todas y todos! 👩‍👩‍👧 \
#VotaTemprano https://example.org/marcha
Our partners at Riverside Legal Aid need translators this month; sign up at example.org/help. Two \
hours a week are enough, and nobody has to have done it before.
今日は市庁舎までの行進に参加してください。友達と水を持ってきてください。https://example.org/x
""".strip().splitlines()

ROUNDS = 7

Timer = Callable[[list[str]], float]


def ours(measure: Callable[[str], int]) -> Timer:
    def seconds(texts: list[str]) -> float:
        began = time.perf_counter()
        for text in texts:
            measure(text)
        return time.perf_counter() - began

    return seconds


def references(node: Reference) -> dict[str, tuple[str, Timer | None]]:
    """Per network, the library to compare with and its stopwatch."""
    return {
        "x": ("npm twitter-text", lambda texts: node.seconds("x", texts)),
        "x ": ("PyPI twitter-text-parser", python_twitter_text()),
        "bluesky": ("npm @atproto/api", lambda texts: node.seconds("bluesky", texts)),
    }


def python_twitter_text() -> Timer | None:
    try:
        parse = import_module("twitter_text").parse_tweet
    except ImportError:
        return None
    return ours(parse)


def report(title: str, texts: list[str], rounds: int, node: Reference) -> None:
    print(f"\n{title}: {len(texts)} texts, median of {rounds} rounds")
    print(f"  {'network':<12}{'ours/s':>12}   {'theirs/s':>12}  library")
    compared = references(node)
    for network, rules in BY_NETWORK.items():
        rivals = [rival for key, rival in compared.items() if key.strip() == network]
        timers = [ours(rules.length), *(timer for _, timer in rivals if timer)]
        speeds = iter(medians(timers, texts, rounds))
        first, mine = network, f"{next(speeds):,.0f}"
        for library, timer in rivals or [("", None)]:
            theirs = f"{next(speeds):,.0f}" if timer else "not installed" if library else ""
            print(f"  {first:<12}{mine:>12}   {theirs:>12}  {library}".rstrip())
            first = mine = ""


def medians(timers: list[Timer], texts: list[str], rounds: int) -> list[float]:
    """Texts per second for each timer; they take turns, and the first turn does not count."""
    turns = [[timer(texts) for timer in timers] for _ in range(rounds + 1)][1:]
    return [len(texts) / statistics.median(seconds) for seconds in zip(*turns, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    compare(parser.parse_args().rounds)


def compare(rounds: int) -> None:
    """Print the speeds."""
    random = Random(1)
    with Reference() as node:
        report("ordinary posts", POSTS * 50, rounds, node)
        report("difficult texts", [random_text(random) for _ in range(200)], rounds, node)


if __name__ == "__main__":
    main()
