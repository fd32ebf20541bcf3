"""`crosspromo person`: what is held of a person, whoever it is."""

import click


@click.group("person")
def command() -> None:
    """What we hold of a person: export it, or erase it."""
