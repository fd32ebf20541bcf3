"""Templates: the choice for each kind of post and network, and the check of each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from crosspromo.domain.errors import CrosspromoError, QueueingError, TemplateError
from crosspromo.domain.posts import Kind
from crosspromo.domain.reasons.queueing import NothingToSay
from crosspromo.publishing.compose import Material, compose
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.samples import material_for, material_of
from crosspromo.rendering.templates import OneTemplate
from crosspromo.text.rules import BY_NETWORK

if TYPE_CHECKING:
    from crosspromo.rendering.templates import Choice, Templates

_MARKDOWN = re.compile(r"\*\*\S|^(?:\* |#{1,6} |> )|\]\(https?:", re.MULTILINE)
"""Signs that mean Markdown in a template; the sample data has none of them."""

MOST_VARIABLES = 50
"""Values of --var that the check makes up for one template."""


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """Checked template, with its error; None: the template works.

    `kind` and `network` are None for a template that no post uses unless it is named, and that its
    folder and name assign to none.
    """

    kind: Kind | None
    network: str | None
    name: str
    path: Path | None
    error: CrosspromoError | None


@dataclass(frozen=True)
class TemplateChecks:
    """Checks for a workspace's templates; `rules` are those of every account by name."""

    templates: "Templates"
    rules: Mapping[str, AccountRules]

    def choices(self) -> "Sequence[Choice]":
        """Template choice per kind of post and network used by an account.

        A kind without a template is left out.
        """
        networks = sorted({rules.text_network for rules in self.rules.values()})
        return list(self.templates.choices(networks))

    def named(self) -> Sequence[str]:
        """Names of the templates that a post may ask for, such as `own/thanks`, in order."""
        found = set()
        for file in self.templates.files():
            path = PurePosixPath(file).with_suffix("")
            if path.name == "default" or path.name in BY_NETWORK:
                path = path.parent
            is_part = any(each.startswith("_") for each in path.parts)
            if not is_part and str(path) not in {"", ".", *Kind}:
                found.add(str(path))
        return sorted(found)

    def check(self) -> Sequence[CheckedTemplate]:
        """Render each template file with sample data, and hold the results to network limits.

        First the templates in use, for each network of an account; then all other files, each for
        the network of its name, else for those of the accounts.
        """
        in_use = [
            CheckedTemplate(
                choice.kind,
                choice.network,
                choice.name,
                choice.path,
                self._fault(choice.name, material_of(choice.kind), choice.network),
            )
            for choice in self.choices()
        ]
        used = {each.name for each in in_use}
        return in_use + [self._other(name) for name in self.templates.files() if name not in used]

    def _other(self, name: str) -> CheckedTemplate:
        """Check of a template that is used only where a post or another template names it."""
        path = PurePosixPath(name)
        kind = next((each for each in Kind if each.value == path.parts[0]), None)
        network = path.stem if path.stem in BY_NETWORK else None
        error = self._fault_of_other(name, kind, network)
        return CheckedTemplate(kind, network, name, self.templates.file_of(name), error)

    def _fault_of_other(
        self, name: str, kind: Kind | None, network: str | None
    ) -> CrosspromoError | None:
        try:
            self.templates.compiled(name)
        except TemplateError as error:
            return error
        if PurePosixPath(name).name.startswith("_"):  # parts of others: they need what those set
            return None
        is_default = network is not None or PurePosixPath(name).stem == "default"
        if kind is not None and is_default and len(PurePosixPath(name).parts) == 2:
            found = self._fault(name, material_of(kind), network)
        else:
            found = self._fault_with_values(name, kind or Kind.OWN, network)
        is_part = isinstance(found, QueueingError) and isinstance(found.reason, NothingToSay)
        return None if is_part else found

    def _fault_with_values(
        self, name: str, kind: Kind, network: str | None
    ) -> CrosspromoError | None:
        """Fault of a template that posts name; what --var would give is made up."""
        variables: dict[str, str] = {}
        while True:
            found = self._fault(name, material_for(name, kind, dict(variables)), network)
            missing = found.variable if isinstance(found, TemplateError) else None
            if missing is None or missing in variables or len(variables) >= MOST_VARIABLES:
                # A made-up value has no attributes: what fails on it may well work.
                return None if variables and isinstance(found, TemplateError) else found
            variables[missing] = "sample"

    def _networks_of_their_own(self, name: str) -> frozenset[str]:
        """Networks for which another file is taken instead of this one, which is for all."""
        path = PurePosixPath(name)
        folder = path.parent if path.stem == "default" else path.with_suffix("")
        files = set(self.templates.files())
        return frozenset(each for each in BY_NETWORK if str(folder / f"{each}.j2") in files)

    def _fault(self, name: str, material: Material, network: str | None) -> CrosspromoError | None:
        accounts = {rules.text_network: rules for rules in self.rules.values()}
        if network is not None and network not in accounts and accounts:
            some = next(iter(accounts.values()))
            limits = replace(some.capabilities, text=BY_NETWORK[network])
            accounts[network] = replace(some, text_network=network, capabilities=limits)
        own = self._networks_of_their_own(name) if network is None else frozenset()
        for text_network, account in accounts.items():
            if text_network in own or network not in {None, text_network}:
                continue
            try:
                content = compose(material, account, OneTemplate(self.templates, name)).content
            except (TemplateError, QueueingError) as error:
                return error
            if content.plain and _MARKDOWN.search(content.text):
                return TemplateError(
                    f"templates/{name} has signs of Markdown, which readers will see as they are: "
                    f"write {{% set markdown = true %}} at its beginning, or take them out"
                )
        return None
