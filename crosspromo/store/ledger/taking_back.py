"""Taking back of ledger rows: the only change of a row that stands (docs/decisions/0029)."""

from sqlalchemy import update

from crosspromo.store.schema import IS_COUNTED, ledger
from crosspromo.store.sql.statements import CompiledWrite, no_earlier_than

TAKE_BACK = CompiledWrite(
    lambda given, _: (
        update(ledger)
        .where(ledger.c.id == given["row"], IS_COUNTED)
        .values(taken_back_at=no_earlier_than(ledger.c.recorded_at, given["now"]))
    ),
    {"row": ledger.c.id, "now": ledger.c.taken_back_at},
)
"""UPDATE that ends the counting of the row `row` at the time `now`.

If the clock was set back meanwhile, the row ends as it was recorded.
"""
