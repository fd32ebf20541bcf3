"""Rendering: pages to HTML, by the templates of this package. Every value is escaped."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crosspromo.domain.people import Role
from crosspromo.web.frame import bare_frame, frame_of
from crosspromo.web.guard import FORM_TOKEN
from crosspromo.web.headers import STATIC
from crosspromo.web.routes import Page, has_page
from crosspromo.web.visit import Visit
from crosspromo.web.words import frame as frame_words
from crosspromo.web.words import undo as undo_words

HERE = Path(__file__).parent
STATIC_FOLDER = HERE / "static"


@cache
def environment() -> Environment:
    """Environment of the templates: a name that is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(
        static=static_path,
        has_page=has_page,
        frame_words=frame_words,
        undo_words=undo_words,
        FORM_TOKEN=FORM_TOKEN,
        Role=Role,
    )
    return made


def html(page: Page, visit: Visit, *, bare: bool = False) -> str:
    """Page as HTML, with the frame around it; `bare`: without what the database knows."""
    values: dict[str, Any] = {
        "page": page,
        "words": page.words,
        "visit": visit,
        "when": visit.moments,
        "frame": bare_frame(visit)
        if bare or visit.route.is_fragment
        else frame_of(visit, page.sending),
        "told": [*visit.told, *page.told],
    }
    return environment().get_template(page.template).render({**values, **page.values})


@cache
def static_path(name: str) -> str:
    """Address of a static file; another content gives another address."""
    content = (STATIC_FOLDER / name).read_bytes()
    return f"{STATIC}{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
