"""Commands of the acts that reports propose."""

from shlex import quote

from crosspromo.reports.page import Doing, NextAct


def command_of(act: NextAct) -> str:
    """Command line for an act of a report, or for the list of what is to be done."""
    of = quote(act.of)
    match act.doing:
        case Doing.SHARE:
            return f"crosspromo queue spotlight {of} --to all"
        case Doing.SHARE_ON:
            if not act.partner:
                return f"crosspromo plan --account {of}"
            return f"crosspromo queue spotlight {quote(act.partner)} --to {of}"
        case Doing.SAY_NEW:
            return "crosspromo plan"
        case Doing.SETTLE:
            return "crosspromo queue list --state unknown"
        case Doing.LOOK:
            return "crosspromo status"
        case Doing.PLAN_EVENT:
            return f"crosspromo queue event {of} --to all"
        case Doing.READ:
            return "crosspromo report gate"
