"""Ladders of a workspace: the presets, and those of its settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.errors import ConfigError, NotFoundError
from crosspromo.domain.ladders import DEFAULT, PRESETS, STEP_NAMES, Ladder
from crosspromo.domain.reasons.not_found import NoSuchLadder

if TYPE_CHECKING:
    from crosspromo.rendering.templates import Templates


@dataclass(frozen=True)
class Ladders:
    """Ladders by name; `own` are those of the settings, which may take a preset's name."""

    own: Mapping[str, Ladder]
    templates: "Templates"

    @property
    def known(self) -> Mapping[str, Ladder]:
        """All ladders by name, presets first."""
        return {**PRESETS, **self.own}

    def named(self, name: str = DEFAULT) -> Ladder:
        """Ladder `name`; NotFoundError lists the known ones.

        ConfigError where a step of it has no template.
        """
        ladder = self.known.get(name)
        if ladder is None:
            raise NotFoundError(NoSuchLadder(name, tuple(self.known)))
        self._check_steps(ladder)
        return ladder

    def check(self) -> None:
        """Raise ConfigError where a step of a ladder of the settings has no template."""
        for ladder in self.own.values():
            self._check_steps(ladder)

    def _check_steps(self, ladder: Ladder) -> None:
        for step in ladder.steps:
            names = (f"{step.template}.j2", f"{step.template}/default.j2")
            if step.name not in STEP_NAMES and not any(map(self.templates.file_of, names)):
                raise ConfigError(
                    f'[ladders.{ladder.name}] steps: "{step.name}" has no words; write '
                    f"templates/{names[0]}, or name one of {', '.join(STEP_NAMES)}"
                )
