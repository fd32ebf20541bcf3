"""Templates: which one serves which post, and whether it works there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.errors import CrosspromoError, QueueingError, TemplateError
from crosspromo.publishing.compose import compose
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.samples import material_of

if TYPE_CHECKING:
    from crosspromo.rendering.templates import Choice, Templates


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """A template in use, and what is wrong with it; None where nothing is."""

    choice: "Choice"
    error: CrosspromoError | None


@dataclass(frozen=True)
class TemplateChecks:
    """The templates of a workspace; `rules` are those of every account by name."""

    templates: "Templates"
    rules: Mapping[str, AccountRules]

    def choices(self) -> "Sequence[Choice]":
        """The template that serves each kind of post on each network of the accounts; a kind that
        has none is left out.
        """
        networks = sorted({rules.text_network for rules in self.rules.values()})
        return list(self.templates.choices(networks))

    def check(self) -> Sequence[CheckedTemplate]:
        """Render each template in use with sample data, and hold it to its network's limits."""
        by_network = {rules.text_network: rules for rules in self.rules.values()}
        return [
            CheckedTemplate(choice, self._fault(choice, by_network[choice.network]))
            for choice in self.choices()
        ]

    def _fault(self, choice: "Choice", account: AccountRules) -> CrosspromoError | None:
        try:
            compose(material_of(choice.kind), account, self.templates)
        except (TemplateError, QueueingError) as error:
            return error
        return None
