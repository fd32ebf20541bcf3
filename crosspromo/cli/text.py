"""`crosspromo text`: length and entities of texts, by the rules of a network."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import click

from crosspromo.documents import of_entity
from crosspromo.domain.errors import UsageError
from crosspromo.text.rules import BY_NETWORK, TextRules


@click.group("text")
def command() -> None:
    """Measure texts as networks do. Reads and writes one JSON object a line."""


NETWORK = click.option("--network", required=True, help="x, bluesky, reddit, mastodon, …")


@command.command("measure")
@NETWORK
def measure(network: str) -> None:
    """Lengths of texts: reads {"text": …} lines, writes {"length","limit","fits","bytes"} lines.

    \b
    Example:
      echo '{"text": "Hello"}' | crosspromo text measure --network x
    """
    rules = _rules(network)

    def measured(text: str) -> dict[str, Any]:
        length = rules.length(text)
        return {
            "length": length,
            "limit": rules.limit,
            "fits": rules.fits(text),
            "bytes": len(text.encode("utf-8", "surrogatepass")),
        }

    _each_line(measured)


@command.command("entities")
@NETWORK
def entities(network: str) -> None:
    """Links, mentions and hashtags: reads {"text": …} lines, writes {"entities": […]} lines.

    \b
    Example:
      echo '{"text": "Hi @us.bsky.social"}' | crosspromo text entities --network bluesky
    """
    rules = _rules(network)

    def found(text: str) -> dict[str, Any]:
        return {"entities": [of_entity(entity) for entity in rules.entities(text)]}

    _each_line(found)


def _rules(network: str) -> TextRules:
    if network in BY_NETWORK:
        return BY_NETWORK[network]
    # A third-party connector brings its own rules.
    from crosspromo.connectors.registry import Broken, Registry  # noqa: PLC0415

    found = Registry().look(network)
    if isinstance(found, Broken):
        raise UsageError(f'there is no network "{network}"; there are: {", ".join(BY_NETWORK)}')
    return found.capabilities.text


def _each_line(answer: Callable[[str], dict[str, Any]]) -> None:
    """Print an answer for each line of stdin, as lines arrive."""
    for text in _texts():
        click.echo(json.dumps(answer(text), ensure_ascii=False))


def _texts() -> Iterator[str]:
    for number, line in enumerate(click.open_file("-", encoding="utf-8"), start=1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)["text"]
        except (json.JSONDecodeError, KeyError, TypeError):
            raise UsageError(f'line {number} of the input is not {{"text": "…"}}') from None
        if not isinstance(text, str):
            raise UsageError(f'line {number} of the input: "text" is not a string')
        yield text
