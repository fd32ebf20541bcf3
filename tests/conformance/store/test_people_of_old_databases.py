"""A database of 0013 knew nobody: its approvals are those of names on trust."""

from pathlib import Path

from old_databases import deliver, of_version, write

from crosspromo.domain.approval import ApprovalNames, Approvers, approval_of
from crosspromo.domain.people import Role
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START


def test_an_older_approval_counts_as_long_as_no_sign_in_is_asked_for(
    store: Store, tmp_path: Path
) -> None:
    older = of_version(store, "0013", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(connection, 1, "queued", wake_at=START)
        write(
            connection,
            "approvals",
            delivery_id=1,
            who="kim",
            name="Kim",
            fingerprint="as it was",
            at=START,
        )
        write(connection, "audit", at=START, who="Kim", act="approve", subject="delivery 1")
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        signed = unit.approvals.signatures([1])[1]
        unit.people.add("Kim", None, Role.APPROVER, START)
        assert [each.who for each in unit.audit.about(["delivery 1"])] == ["Kim"]
    found = {
        names: approval_of(Approvers.ONE, "ana", (), signed, "as it was", names=names).complete
        for names in ApprovalNames
    }
    assert found == {ApprovalNames.TRUSTED: True, ApprovalNames.SIGNED_IN: False}
    older.close()
