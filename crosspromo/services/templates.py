"""Templates: the choice for each kind of post and network, and the check of each."""

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
    """Template in use, with its error; None: the template works."""

    choice: "Choice"
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

    def check(self) -> Sequence[CheckedTemplate]:
        """Render each template in use with sample data, and check the result against network
        limits.
        """
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
