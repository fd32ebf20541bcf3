"""Places of reports: files and standard output that the options of a report name."""

from crosspromo.cli.written_files import NO_TEXT, STDOUT
from crosspromo.domain.errors import UsageError


def check_places(as_json: bool, csv: str | None, xlsx: str | None, html: str | None) -> None:
    """Check where faces of a report go, before any is written.

    UsageError for a workbook on standard output, which is no text, for two faces there, which no
    program could tell apart, and for a file without a name.
    """
    if xlsx == STDOUT:
        raise UsageError(NO_TEXT)
    places = {"--csv": csv, "--xlsx": xlsx, "--html": html}
    for option, file in places.items():
        if file == "":
            raise UsageError(f"{option} has no name of a file; name one")
    there = [f"{option} {STDOUT}" for option, file in places.items() if file == STDOUT]
    if as_json:
        there.insert(0, "--json")
    if len(there) > 1:
        raise UsageError(
            f"{' and '.join(there)} would be mixed on standard output; name a file for all but one"
        )
