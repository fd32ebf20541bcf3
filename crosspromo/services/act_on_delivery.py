"""People's acts on deliveries: each act is checked, carried out, and written to the audit log.

The acts stand in `services/acts/`, a file for each subject.
"""

from crosspromo.services.acts.approving import ApprovingActs
from crosspromo.services.acts.editing import EditingActs
from crosspromo.services.acts.labelling import LabellingActs
from crosspromo.services.acts.settling import SettlingActs
from crosspromo.services.acts.timing import TimingActs


class DeliveryActs(TimingActs, ApprovingActs, EditingActs, LabellingActs, SettlingActs):
    """All acts on deliveries of one person.

    Every act raises NotFoundError for an unknown delivery, and StateError if the delivery's state
    does not allow the act.
    """
