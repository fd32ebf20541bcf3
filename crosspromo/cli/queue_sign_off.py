"""`crosspromo queue sign-off-link`: a link by which a partner signs off, made or called back."""

import click

from crosspromo import documents
from crosspromo.cli.completion import EVERY_PARTNER, delivery_ids
from crosspromo.cli.output import emit_json, local
from crosspromo.cli.serve import say_whose_address
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.cli.targets import ID


@click.command("sign-off-link")
@click.argument(
    "delivery_id", metavar="ID", type=ID, shell_complete=delivery_ids("draft", "queued")
)
@click.option(
    "--partner",
    required=True,
    metavar="SLUG",
    shell_complete=EVERY_PARTNER,
    help="Whose sign-off is asked.",
)
@click.option("--call-back", is_flag=True, help="End the open link instead, and what it asks.")
@as_option
@json_option
@click.pass_obj
def sign_off_link(
    session: Session, delivery_id: int, partner: str, call_back: bool, name: str, as_json: bool
) -> None:
    """Make a link by which a partner answers for a post, on all its accounts.

    The link is shown once; a new one ends the one before. It needs the console (`serve`).

    \b
    Examples:
      crosspromo queue sign-off-link 112 --partner river-keepers
      crosspromo queue sign-off-link 112 --partner river-keepers --call-back
    """
    from crosspromo.phrasing.people import sign_off_address  # noqa: PLC0415 (--help needs none)

    links = session.workspace.services.sign_off_links(name)
    post, _ = session.workspace.services.posts.post_of(delivery_id)
    if call_back:
        links.call_back(post, partner)
        if as_json:
            emit_json({"post": post, "partner": partner, "link": None, "ends_at": None})
        else:
            click.echo(f"the link of {partner} for post {post} has ended")
        return
    made = links.make(post, partner)
    address = sign_off_address(made.token, session.workspace.settings.serve.address)
    if as_json:
        emit_json(documents.of_made_link(made, address))
        say_whose_address(session)
        return
    until = local(made.ends_at, session.zone)
    click.echo(f"Send this link to {partner}; it shows post {post} and ends at {until}:")
    click.echo(address)
    say_whose_address(session)
