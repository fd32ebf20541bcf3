"""Template search and rendering: `<kind>/<network>.j2`, else `<kind>/default.j2`.

The workspace's templates come first, then those shipped with crosspromo. A template may set `title`
for networks with titles, `{% set title %}…{% endset %}`, and says `{% set markdown = true %}` if
its text is Markdown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from traceback import walk_tb
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import jinja2
from jinja2 import FunctionLoader, StrictUndefined, Template
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.utils import missing

from crosspromo.domain.errors import TemplateError
from crosspromo.domain.posts import Kind
from crosspromo.publishing.compose import Material, Rendered
from crosspromo.rendering.sandbox import Sandbox, budgeted, joined, measured, size
from crosspromo.rendering.template_language import (
    FILTERS,
    Drop,
    escaped,
    has_marks,
    local_time,
    segments,
    without_marks,
)

LARGEST_FILE = 20_000
"""Largest template file that is read, in bytes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Template chosen for a kind of post on a network: its name and its file."""

    kind: Kind
    network: str
    name: str
    path: Path


class _NotGivenError(UndefinedError):
    """Error: a template uses a variable without a value."""

    def __init__(self, variable: str, message: str) -> None:
        super().__init__(message)
        self.variable = variable


class _Missing(StrictUndefined):
    """Undefined name in a template; printing or using it raises a message in plain words."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self._undefined_obj is missing:
            self._undefined_exception = partial(  # type: ignore[assignment]  # it makes one
                _NotGivenError, str(self._undefined_name)
            )

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f"there is no {self._undefined_name}"
        kind = type(self._undefined_obj).__name__.lower()
        return f"this {kind} has no {self._undefined_name}"


class _FileError(TemplateError):
    """Error: the file of a template is not read; the sentence names the template."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"templates/{name} {words}")


@dataclass(frozen=True, slots=True)
class OneTemplate:
    """Renderer of one template, whatever the post asks for."""

    templates: "Templates"
    name: str

    def render(self, material: Material, network: str) -> Rendered:
        """Render the text by this template; TemplateError as for `Templates.render`."""
        return self.templates.render_file(self.name, material, network)


class Templates:
    """Templates of a workspace, with crosspromo's own as fallback.

    The last folder is crosspromo's own. In the others a symbolic link that leads out of the folder
    is refused: a template may be read, and its text posted, by those who may not read the file.
    `zone` is the organisation's: times of events elsewhere have the letters of their zone.
    """

    def __init__(
        self, folders: tuple[Path, ...], organisation: str, zone: ZoneInfo | None = None
    ) -> None:
        self._folders = folders
        self._environment = Sandbox(
            {**FILTERS, "local_time": partial(local_time, home=zone)},
            escaped=escaped,
            loader=FunctionLoader(self._source),
            extensions=[Drop],
            undefined=_Missing,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=measured(without_marks),
            auto_reload=False,
        )
        self._environment.globals["organisation"] = organisation

    def render(self, material: Material, network: str) -> Rendered:
        """Render the text for a network; TemplateError names template, line and mend."""
        names = self._names(material, network)
        name = next((name for name in names if self.file_of(name)), None)
        if name is None:
            raise TemplateError(
                f"no template serves {material.kind} on {network}: write templates/{names[-1]}"
            )
        return self.render_file(name, material, network)

    def render_file(self, name: str, material: Material, network: str) -> Rendered:
        """Render the text by the template `name`; TemplateError as for `render`."""
        values = self._values(material, network)
        try:
            with budgeted():
                template = self._environment.get_template(name)
                context = template.new_context(values)
                body = joined(template.root_render_func(context))
                title = context.get_exported().get("title")
                title = None if title is None or not size(title) else str(title)
                markdown = bool(context.get_exported().get("markdown"))
        except Exception as error:  # noqa: BLE001 (a template can fail like any program)
            self._refuse(error, name)
        if title is not None and has_marks(title):
            raise TemplateError(f"templates/{name}: {{% drop %}} cannot stand inside a title")
        try:
            title = None if title is None else title.strip()
            return Rendered(segments(body), title, markdown)
        except TemplateError as error:
            raise TemplateError(f"templates/{name}: {error}") from None

    def choices(self, networks: list[str]) -> Iterator[Choice]:
        """Yield the template of each kind and network; pairs without template are left out."""
        for kind in Kind:
            for network in networks:
                for name in (f"{kind.value}/{network}.j2", f"{kind.value}/default.j2"):
                    if (path := self.file_of(name)) is not None:
                        yield Choice(kind, network, name, path)
                        break

    def files(self) -> list[str]:
        """Names of all templates of the workspace, sorted; crosspromo's own are left out."""
        found = (
            file.relative_to(folder).as_posix()
            for folder in self._folders[:-1]
            for file in folder.rglob("*.j2")
        )
        return sorted(set(found))

    def compiled(self, name: str) -> None:
        """Read a template without rendering it; TemplateError where it cannot be read."""
        try:
            with budgeted():
                self._environment.get_template(name)
        except Exception as error:  # noqa: BLE001 (as when it is rendered)
            self._refuse(error, name)

    def file_of(self, name: str) -> Path | None:
        """File of the template, the workspace's before crosspromo's; None where no file exists."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\0" in name:
            return None
        files = (folder / name for folder in self._folders)
        return next((file for file in files if file.is_symlink() or file.is_file()), None)

    def _source(self, name: str) -> tuple[str, str | None, None] | None:
        """Text and path of a template, for Jinja; None where no file exists.

        TemplateError for a file that is too large, and for a link out of the folder.
        """
        file = self.file_of(name)
        if file is None:
            return None
        self._check_place(file, name)
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise _FileError(name, f"is larger than {LARGEST_FILE:,} bytes; shorten it")
        return data.decode("utf-8"), str(file), None

    def _check_place(self, file: Path, name: str) -> None:
        """Refuse a file that stands outside its folder; crosspromo's own folder is not checked."""
        for folder in self._folders[:-1]:
            if not file.is_relative_to(folder):
                continue
            if folder.is_symlink():
                raise _FileError(
                    name,
                    f"is not read: {folder} is a symbolic link; make it a folder, and copy the "
                    "templates into it",
                )
            if not file.resolve().is_relative_to(folder.resolve()):
                raise _FileError(
                    name,
                    "is not read: a symbolic link leads out of the folder of templates; copy the "
                    "file into it",
                )
        if not file.is_file():
            raise _FileError(name, "is not read: it is no file, but a link to something else")

    def _refuse(self, error: Exception, name: str) -> NoReturn:
        """Raise TemplateError with fault, template and line."""
        match error:
            case _FileError():
                raise error
            case TemplateSyntaxError():
                place, said = f"templates/{error.name}, line {error.lineno}", str(error.message)
            case TemplateNotFound():
                place = self._place(error, name)
                said = f"there is no template {error.message}"
            case jinja2.TemplateError():
                place, said = self._place(error, name), str(error.message)
            case TemplateError():
                place, said = self._place(error, name), str(error)
            case _:
                place = self._place(error, name)
                said = f"{error} ({type(error).__name__})"
        variable = error.variable if isinstance(error, _NotGivenError) else None
        raise TemplateError(f"{place}: {said}", variable=variable) from None

    @staticmethod
    def _place(error: Exception, name: str) -> str:
        """Template and line of the error; the innermost template where one includes another."""
        found = f"templates/{name}"
        for frame, line in walk_tb(error.__traceback__):
            template = frame.f_globals.get("__jinja_template__")  # as Jinja's own debugger finds it
            if isinstance(template, Template):
                line_there = template.get_corresponding_lineno(line)
                found = f"templates/{template.name}, line {line_there}"
        return found

    def _names(self, material: Material, network: str) -> list[str]:
        if material.template is not None:
            stem = material.template.removesuffix(".j2")
            return [f"{stem}/{network}.j2", f"{stem}/default.j2", f"{stem}.j2"]
        return [f"{material.kind.value}/{network}.j2", f"{material.kind.value}/default.j2"]

    def _values(self, material: Material, network: str) -> dict[str, object]:
        values: dict[str, object] = dict(material.variables)
        values["network"] = network
        values["partners"] = material.partners
        values["link"] = material.link or material.variables.get("link", "")
        if material.partners:
            values["partner"] = material.partners[0]
        if material.event is not None:
            values["event"] = material.event
        if material.text is not None:
            values["text"] = material.text
        if material.reshare_of is not None:
            values["reshare_of"] = material.reshare_of
        return values
