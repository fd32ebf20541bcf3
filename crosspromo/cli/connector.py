"""`crosspromo connector`: installed networks."""

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import json_option
from crosspromo.services.networks import BrokenNetwork, InstalledNetwork, Networks


@click.group("connector")
def command() -> None:
    """The networks that are installed."""


@command.command("list")
@json_option
def list_(as_json: bool) -> int:
    """Every connector with its limits, or why it could not be loaded. 1 when one could not.

    \b
    Example:
      crosspromo connector list
    """
    found = Networks().list()  # needs no workspace
    if as_json:
        emit_json({"connectors": [documents.of_network(network) for network in found]})
    else:
        columns = ["network", "text", "title", "images", "can", "promise", ""]
        emit_table(columns, [_row(network) for network in found])
    return int(any(isinstance(network, BrokenNetwork) for network in found))


def _row(network: InstalledNetwork | BrokenNetwork) -> list[object]:
    if isinstance(network, BrokenNetwork):
        return [network.name, "", "", "", "", "", network.why]
    if network.imitates:
        return [network.name, *("as imitated",) * 4, "", "imitates another network"]
    promise = "exactly once" if network.repeatable else "never twice by our doing"
    limits = [network.limit, network.title_limit, _images(network)]
    return [network.name, *limits, _acts(network), promise, ""]


def _images(network: InstalledNetwork) -> str:
    most = network.images
    return f"{most} of {network.image_bytes / 1_000_000:g} MB" if most else "none"


def _acts(network: InstalledNetwork) -> str:
    """Acts of the network besides posting, as text."""
    acts = {
        "threads": network.threads,
        "reposts": network.reposts,
        "quotes": network.quotes,
        "deletes": network.deletes,
    }
    return ", ".join(act for act, able in acts.items() if able)
