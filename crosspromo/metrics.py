"""Figures of a daemon in the text format of Prometheus, version 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterable, Iterator
from typing import Final

from crosspromo.domain.states import State
from crosspromo.services.health import Figures, Health

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def page(health: Health) -> str:
    """Page of metrics. Where the database cannot be reached, only those that need none."""
    figures = health.figures()
    lines = [*_always(health, reached=figures is not None)]
    if figures is not None:
        lines += _of(figures)
    return "\n".join(lines) + "\n"


def _always(health: Health, *, reached: bool) -> Iterator[str]:
    version = [({"version": health.version}, 1.0)]
    yield from _gauge("build_info", "The version that runs.", version)
    yield from _gauge(
        "last_heartbeat_timestamp_seconds",
        "Time of the daemon's last sign of life.",
        [({}, health.last_beat().timestamp())],
    )
    yield from _gauge("database_up", "Whether the database answers.", [({}, float(reached))])


def _of(figures: Figures) -> Iterator[str]:
    states = [({"state": state.value}, float(figures.states.get(state, 0))) for state in State]
    matters = [({"code": code}, float(count)) for code, count in sorted(figures.matters.items())]
    yield from _gauge("deliveries", "Deliveries by state.", states)
    yield from _gauge("deliveries_held", "Queued deliveries with a hold.", [({}, figures.held)])
    yield from _gauge(
        "overdue_seconds",
        "How long the oldest due delivery has waited to be looked at.",
        [({}, figures.overdue.total_seconds())],
    )
    yield from _gauge("matters", "Matters that need a person, by code.", matters)
    yield from _gauge(
        "matters_untold", "Matters that could not be told to everybody.", [({}, figures.untold)]
    )


def _gauge(
    name: str, meaning: str, samples: Iterable[tuple[dict[str, str], float]]
) -> Iterator[str]:
    yield f"# HELP crosspromo_{name} {meaning}"
    yield f"# TYPE crosspromo_{name} gauge"
    for labels, value in samples:
        listed = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"crosspromo_{name}{f'{{{listed}}}' if listed else ''} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
