"""The suite without a test runner: what a connector keeps, breaks, and cannot be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from unittest import SkipTest

from crosspromo.testing.conformance.trial import Trial


@dataclass(frozen=True, slots=True)
class Verdict:
    """The tests by name: those kept, those broken with what was seen, those skipped with why."""

    kept: tuple[str, ...]
    broken: Mapping[str, str]
    skipped: Mapping[str, str]


def judge(suite: type[Trial], only: str | None = None) -> Verdict:
    """Runs every test of `suite`, or `only` that one, each on an instance of its own."""
    kept: list[str] = []
    broken: dict[str, str] = {}
    skipped: dict[str, str] = {}
    every = [name for name in dir(suite) if name.startswith("test_")]
    for name in every if only is None else [only]:
        trial = suite()
        trial.setup_method()
        try:
            getattr(trial, name)()
            kept.append(name)
        except SkipTest as reason:
            skipped[name] = str(reason)
        except AssertionError as seen:
            broken[name] = str(seen)
        finally:
            trial.teardown_method()
    return Verdict(tuple(kept), broken, skipped)
