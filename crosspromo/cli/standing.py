"""Notices of what needs a person, with the command that mends each."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.cli.mending import instruction
from crosspromo.domain.notices import Notice
from crosspromo.phrasing import faults, mends
from crosspromo.services.status import StatusReport


def notices(report: StatusReport, now: datetime, zone: ZoneInfo) -> list[Notice]:
    """Notices of accounts at fault, and of unknown deliveries that ask a person."""
    return [*_of_accounts(report, now), *_of_deliveries(report, zone)]


def _of_accounts(report: StatusReport, now: datetime) -> Iterator[Notice]:
    for name, fault in report.faults.items():
        mend = instruction(mends.VerifyAccount(name))
        yield Notice(f"account:{name}", now, f"{name} needs attention: {fault}", mend)


def _of_deliveries(report: StatusReport, zone: ZoneInfo) -> Iterator[Notice]:
    for delivery in report.asking:
        name = f"Delivery {delivery.id} on {delivery.account}"
        sentence, mend = f"{name} needs you", None
        if delivery.fault is not None:
            reason = delivery.fault.reason
            sentence = f"{name} needs you: {faults.of_fault(reason, delivery.account, zone)}"
            found = mends.of_fault(reason, delivery)
            mend = None if found is None else instruction(found)
        yield Notice(f"unknown:{delivery.id}:{delivery.attempt}", delivery.due_at, sentence, mend)
