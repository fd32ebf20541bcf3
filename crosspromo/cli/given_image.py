"""Images that a person gives, each with its alt text: `--image FILE --alt TEXT`."""

from pathlib import Path

import click

from crosspromo.domain.errors import UsageError
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Image

IMAGE = click.option(
    "--image", "images", multiple=True, type=click.Path(dir_okay=False), help="Repeatable."
)
ALT = click.option("--alt", "alts", multiple=True, help="One for each --image, in order.")


def given_images(folder: Path, paths: tuple[str, ...], alts: tuple[str, ...]) -> tuple[Image, ...]:
    """Images with their alt texts; UsageError where an alt text or a file is missing.

    Paths inside the workspace `folder` are kept relative to it, others absolute, so that they are
    found from any directory.
    """
    if len(paths) != len(alts):
        raise UsageError(
            f"{plural(len(paths), 'image')} and {plural(len(alts), 'alt text')}: every --image "
            "needs its --alt TEXT, so that everybody can know what it shows"
        )
    for path in paths:
        if not Path(path).is_file():
            raise UsageError(f"--image {path}: there is no such file")
    whole = [Path(path).resolve() for path in paths]
    kept = [path.relative_to(folder) if path.is_relative_to(folder) else path for path in whole]
    return tuple(Image(str(path), alt) for path, alt in zip(kept, alts, strict=True))
