"""The command `crosspromo`. Nouns load on first use, so that the command answers at once."""

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from crosspromo.cli.output import escaping
from crosspromo.cli.session import Session
from crosspromo.domain.errors import CrosspromoError

NOUNS: dict[str, tuple[str, str]] = {
    "init": ("init:command", "Make a workspace: crosspromo.toml, templates/, database."),
    "demo": ("demo:command", "See the whole story, without credentials or network."),
    "doctor": ("doctor:command", "Check everything, and say what to do."),
    "account": ("account:command", "Accounts and whether their credentials work."),
    "connector": ("connector:command", "The networks that are installed."),
    "partner": ("main:partner", "The organisations and people we lift up."),
    "permission": ("permission:command", "What partners and people on images agreed to."),
    "event": ("event:command", "Events, ours and our partners'."),
    "calendar": ("calendar:command", "Workbook and calendar files of the queue."),
    "campaign": ("campaign:command", "Groups of posts and events with one purpose."),
    "source": ("source:command", "Feeds and calendars that are read on a schedule."),
    "suggestion": ("suggestion:command", "What sources suggest: share it, or dismiss it."),
    "observance": ("observance:command", "Days and weeks with a theme."),
    "template": ("template:command", "Which template serves which post."),
    "queue": ("main:queue", "Queue posts, look at them, act on them."),
    "explain": ("explain:command", "Why a delivery is held, or was allowed."),
    "ledger": ("ledger:command", "All that counts, ours and outside posts."),
    "person": ("person:command", "What we hold of a person: export it, or erase it."),
    "audit": ("audit:command", "What people did, when and why."),
    "run": ("run:command", "Publish on schedule: the daemon."),
    "serve": ("serve:command", "The console in the browser, for staff."),
    "user": ("user:command", "The people who may sign in to the console."),
    "service": ("service:command", "The systemd unit of the daemon."),
    "pause": ("pause:command", "Let nothing go out, on one account or on all."),
    "plan": ("plan:command", "Propose a calendar that keeps the promise."),
    "rehearse": ("rehearse:command", "The coming weeks, day by day, as they will go."),
    "resume": ("resume:command", "End a pause; what is overdue is listed."),
    "status": ("status:command", "Is all well? 1 when something needs a person."),
    "notify": ("notify:command", "How people are told what needs them."),
    "report": ("report:command", "What we shared, and where we stand."),
    "text": ("text:command", "Measure texts as networks do."),
    "db": ("db:command", "The database: upgrade, check, back up, restore."),
}
"""Place and summary of each noun's command, so that `--help` loads no other module."""


class LazyGroup(click.Group):
    """Click group that imports a command on use, from its place in this package.

    A place is `module:attribute`. `--help` of the group itself imports the commands whose summaries
    it shows.
    """

    def __init__(self, *arguments: Any, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._places:
            return None
        module, _, attribute = self._places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"crosspromo.cli.{module}"), attribute)
        return command


PARTNER_VERBS = {
    "add": "partner:add",
    "archive": "partner_archive:archive",
    "blackout": "partner_diary:blackout",
    "diary": "partner_diary:diary",
    "edit": "partner:edit",
    "export": "partner_sheets:export",
    "follow-up": "partner_diary:follow_up",
    "import": "partner_sheets:import_",
    "introductions": "partner_introductions:introductions",
    "list": "partner:list_",
    "merge": "partner_merge:merge",
    "note": "partner_diary:note",
    "overdue": "partner_overdue:overdue",
    "person": "partner_person:person",
    "promise": "partner_diary:promise",
    "remove": "partner_archive:remove",
    "show": "partner_show:show",
    "suggest": "observance:suggest",
    "unarchive": "partner_archive:unarchive",
    "undo-import": "partner_sheets:undo_import",
}


@click.group("partner", cls=LazyGroup, places=PARTNER_VERBS)
def partner() -> None:
    """The organisations and people we lift up."""


QUEUE_VERBS = {
    "approve": "queue_acts:approve",
    "cancel": "queue_acts:cancel",
    "delete": "queue_acts:delete",
    "dismiss": "queue_acts:dismiss",
    "edit": "queue_edit:edit",
    "event": "queue_posts:event_",
    "list": "queue_list:list_",
    "mark-posted": "queue_acts:mark_posted",
    "move": "queue_acts:move",
    "notice": "queue_posts:notice",
    "own": "queue_posts:own",
    "preview": "queue_views:preview",
    "reject": "queue_acts:reject",
    "release": "queue_acts:release",
    "reshare": "queue_posts:reshare",
    "resolve": "queue_acts:resolve",
    "retry": "queue_acts:retry",
    "show": "queue_views:show",
    "sign-off-link": "queue_sign_off:sign_off_link",
    "spotlight": "queue_posts:spotlight",
}


@click.group("queue", cls=LazyGroup, places=QUEUE_VERBS)
def queue() -> None:
    """Queue posts, look at them, act on them."""


class Told(click.ClickException):
    """Error as a sentence for people, with the exit status of the command."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance


class Nouns(LazyGroup):
    """Group of all nouns, with summaries that need no import of their modules."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        places = {noun: place for noun, (place, _) in NOUNS.items()}
        super().__init__(*arguments, places=places, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors that a person can mend become a sentence with what to type."""
        try:
            return super().invoke(ctx)
        except CrosspromoError as error:
            from crosspromo.cli.telling import of_error  # noqa: PLC0415 (seldom needed)

            words = of_error(error, ctx.obj.zone_of_errors)
            fault = ctx.obj.settings_fault
            if fault is not None:
                words = f"{fault}. Besides: {words}"
            raise Told(words, error.exit_status) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        with formatter.section("Commands"):
            formatter.write_dl([(noun, summary) for noun, (_, summary) in NOUNS.items()])


EPILOG = """\b
Examples:
  crosspromo demo
  crosspromo init my-organisation
  crosspromo partner import partners.csv
  crosspromo queue spotlight river-keepers --to all --at "tue 9:00"
  crosspromo run

Shell completion: eval "$(_CROSSPROMO_COMPLETE=bash_source crosspromo)", or zsh_source, fish_source.
"""


# color: click takes no escape sequence out; the streams show those of others, `styled` asks where.
@click.group(
    cls=Nouns,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "color": True},
)
@click.option(
    "-w",
    "--workspace",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="The workspace; else $CROSSPROMO_WORKSPACE, else the nearest folder above.",
)
@click.option(
    "-v",
    "--verbose",
    count=True,
    help="Say more on stderr; -vv for everything, libraries included.",
)
@click.version_option(package_name="crosspromo")
@click.pass_context
def cli(ctx: click.Context, workspace: str | None, verbose: int) -> None:
    """Share others at least as much as yourself, on schedule, and never post twice."""
    ctx.obj = ctx.with_resource(Session(workspace, verbose))


COMPLETION = "_CROSSPROMO_COMPLETE"
"""Variable by which a shell asks for completion, or for the script of it."""

FEW_COLLECTIONS = 200_000
"""New objects before a garbage collection: imported objects stay, so none would be freed."""


def main() -> None:
    """Run the command line; errors that a person can mend are printed without a traceback."""
    gc.set_threshold(FEW_COLLECTIONS)
    status = run(sys.argv[1:])
    gc.freeze()  # at its end the interpreter need not examine all imported objects again
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run the arguments; exit status 0 done, 1 failed or a fault found, 2 wrong usage."""
    if COMPLETION in os.environ:  # click writes bytes, and `completion.py` escapes their texts
        return _run(arguments)
    with escaping():
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    try:
        outcome: Any = cli.main(arguments, prog_name="crosspromo", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        return 1
    except BrokenPipeError:
        # The reader closed the pipe; the interpreter must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = "" if error.filename is None else f"{error.filename}: "
        click.echo(f"Error: {place}{error.strerror or error}", err=True)
        return 1
    return outcome if isinstance(outcome, int) else 0
