"""Hosts of an event that a person gives: `--host PARTNER --joint --lead us`."""

from collections.abc import Sequence

import click

from crosspromo.cli.completion import PARTNERS
from crosspromo.services.change_event import Hosts, Lead

HOSTS = click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="PARTNER",
    shell_complete=PARTNERS,
    help="The partner who holds it. Repeatable.",
)
JOINT = click.option("--joint", is_flag=True, help="We hold it together with them.")
LEAD = click.option(
    "--lead", type=click.Choice([each.value for each in Lead]), help="Who leads a joint event."
)


def given_hosts(hosts: Sequence[str], *, joint: bool, lead: str | None) -> Hosts:
    """Hosts as they are typed; errors are those of `Hosts.given`."""
    return Hosts.given(hosts, joint=joint, lead=None if lead is None else Lead(lead))
