"""Conformance suite without a test runner: tests kept, broken and skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from unittest import SkipTest

from crosspromo.testing.conformance.trial import Trial


@dataclass(frozen=True, slots=True)
class Verdict:
    """Tests by name: kept, broken with the failure, skipped with the reason."""

    kept: tuple[str, ...]
    broken: Mapping[str, str]
    skipped: Mapping[str, str]


def judge(suite: type[Trial], only: str | None = None) -> Verdict:
    """Run every test of `suite`, or `only` the named one, each on a new instance."""
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
