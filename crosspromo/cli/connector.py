"""`crosspromo connector`: the networks that are installed."""

from typing import Any

import click

from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import json_option
from crosspromo.connectors.registry import Broken, Registry
from crosspromo.publishing.networks import Capabilities, ImageLimits, Network


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
    registry = Registry()
    found = {name: registry.look(name) for name in registry.names()}
    broken = [network for network in found.values() if isinstance(network, Broken)]
    if as_json:
        emit_json({"connectors": [_document(name, network) for name, network in found.items()]})
        return int(bool(broken))
    emit_table(
        ["network", "text", "title", "images", "can", "promise", ""],
        [_row(name, network) for name, network in found.items()],
    )
    return int(bool(broken))


def _document(name: str, network: Network | Broken) -> dict[str, Any]:
    if isinstance(network, Broken):
        return {"name": name, "ok": False, "error": network.reason}
    capabilities = network.capabilities
    return {
        "name": name,
        "ok": True,
        "limit": capabilities.text.limit,
        "title_limit": capabilities.text.title_limit,
        "byte_limit": capabilities.text.byte_limit,
        "repeatable": capabilities.repeatable,
        "by_hand": capabilities.by_hand,
        "threads": capabilities.threads,
        "images": capabilities.images.most,
        "image_bytes": capabilities.images.max_bytes,
        "image_types": list(capabilities.images.types),
        "reposts": capabilities.reposts is not None,
        "quotes": capabilities.quotes,
        "deletes": capabilities.deletes,
        "credentials": [list(keys) for keys in network.credentials],
        "options": list(network.options),
    }


def _row(name: str, network: Network | Broken) -> list[object]:
    if isinstance(network, Broken):
        return [name, "", "", "", "", "", network.reason]
    capabilities = network.capabilities
    if network.imitates:
        return [name, *("as imitated",) * 4, "", "imitates another network"]
    promise = "exactly once" if capabilities.repeatable else "never twice by our doing"
    limits = [capabilities.text.limit, capabilities.text.title_limit, _images(capabilities.images)]
    return [name, *limits, _acts(capabilities), promise, ""]


def _images(limits: ImageLimits) -> str:
    return f"{limits.most} of {limits.max_bytes / 1_000_000:g} MB" if limits.most else "none"


def _acts(capabilities: Capabilities) -> str:
    """What it does besides posting."""
    acts = {
        "threads": capabilities.threads,
        "reposts": capabilities.reposts is not None,
        "quotes": capabilities.quotes,
        "deletes": capabilities.deletes,
    }
    return ", ".join(act for act, able in acts.items() if able)
