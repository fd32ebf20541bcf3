"""Visit: one request of one person, as a view sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, QueryParams, UploadFile

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.people import Person, Role
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.act_on_posts import PostActs
from crosspromo.services.sign_in import Place, SignIn
from crosspromo.services.tries import Tries
from crosspromo.web.moments import Moments
from crosspromo.web.routes import Route, Theme

if TYPE_CHECKING:
    from crosspromo.assembly import Services
    from crosspromo.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Visit:
    """Request with its person, the workspace of now, and what was sent.

    `console` is the address of the console in links, without a slash at its end.

    `token` is the cookie's, of a session or of a visitor without one; `form_token` proves that a
    form of ours was sent. `values` are those in the path. `told` are sentences of the act before.
    `may_undo`: the person has acted in the last minutes.
    """

    workspace: "Workspace"
    route: Route
    path: str
    token: str
    form_token: str
    place: Place
    tries: Tries
    now: datetime
    console: str
    person: Person | None = None
    by_proxy: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    query: QueryParams = field(default_factory=QueryParams)
    form: FormData = field(default_factory=FormData)
    told: Sequence[str] = ()
    theme: Theme = Theme.SYSTEM
    may_undo: bool = False

    @property
    def path_without_token(self) -> str:
        """Path for a log: a token in it, which is a secret, is left out."""
        token = self.values.get("token")
        return self.path.replace(token, "…") if isinstance(token, str) and token else self.path

    @property
    def services(self) -> "Services":
        """Use cases of the workspace."""
        return self.workspace.services

    @property
    def sign_in(self) -> SignIn:
        """Sign-in of people."""
        return self.services.sign_in(self.tries)

    @property
    def me(self) -> Person:
        """Person who is signed in; only routes with a role have one for sure."""
        if self.person is None:
            raise LookupError("this route asks for no role, so that nobody may be signed in")
        return self.person

    @property
    def acts(self) -> PostActs:
        """Acts of the signed-in person on several deliveries."""
        return self.services.act_on_posts(self.me.name, signed_in=True)

    @property
    def delivery_acts(self) -> DeliveryActs:
        """Acts of the signed-in person on one delivery."""
        return self.services.act_on_delivery(self.me.name, signed_in=True)

    @property
    def zone(self) -> ZoneInfo:
        """Zone of the organisation, in which all times are shown."""
        return self.workspace.settings.organisation.zone

    @property
    def moments(self) -> Moments:
        """Times in words."""
        return Moments(self.zone, self.now)

    def text_network(self, delivery: Delivery) -> str:
        """Network whose rules the delivery's text follows: that which its account imitates."""
        account = self.workspace.settings.accounts.get(delivery.account)
        return delivery.network if account is None else account.text_network

    def may(self, role: Role) -> bool:
        """Whether the person has at least this role."""
        return self.person is not None and self.person.role.includes(role)

    def text(self, name: str) -> str:
        """Text of a form's field, with lines that end as in Unix; empty where there is none."""
        value = self.form.get(name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Texts of all fields of this name, such as ticked boxes."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """Files that were sent in this field, without empty ones; read them by `each.file`."""
        found = self.form.getlist(name)
        return [each for each in found if isinstance(each, UploadFile) and each.size]
