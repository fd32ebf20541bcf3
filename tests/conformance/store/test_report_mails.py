"""Mails of reports in the store, on both databases, and on one of the version before."""

from datetime import timedelta
from pathlib import Path

from old_databases import of_version

from crosspromo.domain.report_mails import ReportKey, ReportMail
from crosspromo.store.database import upgrading
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

KEY = ReportKey("2026-03", "river-keepers", "ana@river.example.org")
MAIL = ReportMail(KEY, START, "one", START)
LATER = START + timedelta(minutes=2)


def test_a_database_of_the_version_before_gets_mails_of_reports(
    store: Store, tmp_path: Path
) -> None:
    older = of_version(store, "0027", tmp_path)
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        assert unit.report_mails.claim(MAIL, None)
        assert unit.report_mails.known([KEY]) == {KEY: MAIL}


def test_of_two_who_claim_a_mail_one_wins(store: Store) -> None:
    with store.write() as unit:
        assert unit.report_mails.claim(MAIL, None)
        assert not unit.report_mails.claim(MAIL.claimed("two", LATER), None)
        failed = MAIL.failed("no such box", LATER)
        assert unit.report_mails.claim(failed, MAIL)
        assert not unit.report_mails.claim(MAIL.told(LATER), MAIL)
        assert unit.report_mails.failed() == [failed]
        assert unit.report_mails.claim(failed.claimed("two", LATER).told(LATER), failed)
        assert unit.report_mails.failed() == []


def test_a_mail_that_was_claimed_meanwhile_is_not_forgotten(store: Store) -> None:
    with store.write() as unit:
        unit.report_mails.claim(MAIL, None)
        unit.report_mails.forget(MAIL.failed("no such box", LATER))
        assert unit.report_mails.known([KEY, KEY._replace(partner="")]) == {KEY: MAIL}
        unit.report_mails.forget(MAIL)
        assert unit.report_mails.known([KEY]) == {}
