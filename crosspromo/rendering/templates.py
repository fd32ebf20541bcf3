"""Finding and rendering templates: `<kind>/<network>.j2`, else `<kind>/default.j2`.

The workspace's templates come first, then those that travel with crosspromo. A template may set
`title` for networks that have one: `{% set title %}…{% endset %}`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, Template
from jinja2.exceptions import (
    SecurityError,
    TemplateNotFound,
    TemplatesNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crosspromo.domain.errors import TemplateError
from crosspromo.domain.posts import Kind
from crosspromo.publishing.enqueue import PostRequest, Rendered
from crosspromo.rendering.drops import Drop, segments, without_marks
from crosspromo.rendering.filters import FILTERS

LONGEST_OUTPUT = 1_000_000
"""A template that writes more than this many characters is refused."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which template serves a kind on a network: its name, and the file it stands in."""

    kind: Kind
    network: str
    name: str
    path: Path


class Templates:
    """The templates of a workspace, backed by those of crosspromo."""

    def __init__(self, folders: tuple[Path, ...], organisation: str) -> None:
        self._folders = folders
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            extensions=[Drop],
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=without_marks,
            auto_reload=False,
        )
        self._environment.filters.update(FILTERS)
        self._environment.globals["organisation"] = organisation

    def render(self, request: PostRequest, network: str) -> Rendered:
        """The text for a network. TemplateError names the template, the line and the mend."""
        names = self._names(request, network)
        try:
            template = self._environment.select_template(names)
            module = template.make_module(self._values(request, network))
        except (TemplateNotFound, TemplatesNotFound):
            raise TemplateError(
                f"no template serves {request.kind} on {network}: write templates/{names[-1]}"
            ) from None
        except TemplateSyntaxError as error:
            raise TemplateError(f"templates/{error.name}, line {error.lineno}: {error}") from None
        except UndefinedError as error:
            raise TemplateError(
                f"templates/{self._chosen(names)}: {error.message}; give it with --var NAME=VALUE"
            ) from None
        except (SecurityError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise TemplateError(f"templates/{self._chosen(names)}: {error}") from None
        body = str(module)
        if len(body) > LONGEST_OUTPUT:
            raise TemplateError(f"templates/{template.name} writes {len(body)} characters")
        title = getattr(module, "title", None)
        return Rendered(segments(body), None if title is None else str(title).strip())

    def choices(self, networks: list[str]) -> Iterator[Choice]:
        """Which template serves each kind on each network; a kind without any is left out."""
        for kind in Kind:
            for network in networks:
                try:
                    chosen = self._environment.select_template(
                        [f"{kind.value}/{network}.j2", f"{kind.value}/default.j2"]
                    )
                except TemplatesNotFound:
                    continue
                yield Choice(kind, network, str(chosen.name), _file_of(chosen))

    def _chosen(self, names: list[str]) -> str:
        """The first of these templates that there is."""
        for name in names:
            if any((folder / name).is_file() for folder in self._folders):
                return name
        return names[-1]

    def _names(self, request: PostRequest, network: str) -> list[str]:
        if request.template is not None:
            stem = request.template.removesuffix(".j2")
            return [f"{stem}/{network}.j2", f"{stem}/default.j2", f"{stem}.j2"]
        return [f"{request.kind.value}/{network}.j2", f"{request.kind.value}/default.j2"]

    def _values(self, request: PostRequest, network: str) -> dict[str, object]:
        values: dict[str, object] = dict(request.variables)
        values["network"] = network
        values["partners"] = request.partners
        values["link"] = request.link or ""
        if request.partners:
            values["partner"] = request.partners[0]
        if request.event is not None:
            values["event"] = request.event
        if request.text is not None:
            values["text"] = request.text
        if request.reshare_of is not None:
            values["reshare_of"] = request.reshare_of
        return values


def _file_of(template: Template) -> Path:
    return Path(template.filename or str(template.name))
