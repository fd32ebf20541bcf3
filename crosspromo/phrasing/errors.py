"""Sentences of errors, for every class of error."""

from zoneinfo import ZoneInfo

from crosspromo.domain.errors import CrosspromoError, ImportFailedError, Refused, RowError
from crosspromo.domain.plurals import plural


def of_error(error: CrosspromoError, zone: ZoneInfo) -> str:
    """Sentence with event and place, times in `zone`."""
    match error:
        case Refused():
            from crosspromo.phrasing.refusals import of_refusal  # noqa: PLC0415 (seldom needed)

            return _whole(error, of_refusal(error.reason, zone))
        case ImportFailedError():
            lines = "\n".join(f"  {of_row(row, zone)}" for row in error.errors)
            count = len(error.errors)
            if not any(row.row or row.name for row in error.errors):  # the file as a whole
                return f"{error.source} cannot be read, so nothing was imported:\n{lines}"
            what = plural(count, "event" if any(row.name for row in error.errors) else "row")
            return f"{error.source}: {what} cannot be read, so nothing was imported:\n{lines}"
        case _:
            return str(error)


def _whole(error: Refused, sentence: str) -> str:
    """Sentence of a refusal with its subject among several, and what was left undone besides."""
    if error.about is not None:
        sentence = f"{error.about}: {sentence}"
    if error.spared:
        others = "the other was" if error.spared == 1 else f"the other {error.spared} were"
        sentence = f"{sentence}; {others} left as before"
    return sentence


def of_row(error: RowError, zone: ZoneInfo) -> str:
    """Sentence of one import fault, with its place."""
    return f"{error.place}: {_problem_of(error, zone)}"


def problem_of(error: RowError, zone: ZoneInfo) -> str:
    """Sentence of one import fault, without row and column, but with the name of the record."""
    problem = _problem_of(error, zone)
    return f"{error.name}: {problem}" if error.name else problem


def _problem_of(error: RowError, zone: ZoneInfo) -> str:
    if isinstance(error.problem, str):
        return error.problem
    from crosspromo.phrasing.refusals import of_refusal  # noqa: PLC0415 (seldom needed)

    return of_refusal(error.problem, zone)
