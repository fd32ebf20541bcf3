"""Accounts: chosen by name, listed, verified."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest
from stories import delivery, queued, rules

from crosspromo.domain.approval import Signature
from crosspromo.domain.deliveries import HoldNote
from crosspromo.domain.errors import AccountError, ConfigError, CrosspromoError, Refused
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.holds import AccountAtFault
from crosspromo.domain.reasons.not_found import NoSuchAccount
from crosspromo.publishing.networks import Connector
from crosspromo.secrets.redaction import Redactor
from crosspromo.services.accounts import AccountService, VerifiedAccount
from crosspromo.settings import parse
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

NAMES = ("x-main", "bluesky-main", "reddit-main")
SECRET = "hunter22-hunter22"


@dataclass
class Login:
    """An account's connector, of which only signing in matters here."""

    error: CrosspromoError | None = None
    identity: str | None = None
    clock_offset: timedelta | None = None

    def verify(self) -> str:
        if self.error is not None:
            raise self.error
        return "us.example"


@dataclass
class House:
    """A workspace with these accounts; each signs in, unless its login says otherwise."""

    store: Store
    names: tuple[str, ...] = NAMES
    logins: Mapping[str, Login] = field(default_factory=dict)
    redactor: Redactor = field(default_factory=Redactor)

    @property
    def accounts(self) -> AccountService:
        tables = "".join(f'\n[accounts.{name}]\nnetwork = "sandbox"\n' for name in self.names)
        return AccountService(
            store=lambda: self.store,
            clock=FakeClock(),
            settings=parse(f'[organisation]\nname = "Us"\n{tables}', "crosspromo.toml"),
            rules=lambda: {name: rules(name) for name in self.names},
            connector=lambda name: cast("Connector", self.logins.get(name, Login())),
            redactor=self.redactor,
        )


def refusal(act: Callable[[], object]) -> CrosspromoError:
    with pytest.raises(CrosspromoError) as error:
        act()
    return error.value


def park(store: Store, name: str) -> int:
    """Set the account aside with a delivery that waits for it; the delivery's id comes back."""
    waiting = queued(store, account=name)
    note = HoldNote(AccountAtFault("the password is refused"))
    with store.write() as unit:
        unit.accounts.set_fault(name, "the password is refused", START)
        unit.transitions.hold(unit.deliveries.get(waiting), note, START)
    return waiting


class TestChoosing:
    @pytest.mark.parametrize("text", ["all", " all "])
    def test_all_of_them(self, store: Store, text: str) -> None:
        assert House(store).accounts.chosen(text) == NAMES

    def test_some_of_them_each_once(self, store: Store) -> None:
        chosen = House(store).accounts.chosen("reddit-main, x-main,,reddit-main")
        assert chosen == ("reddit-main", "x-main")

    @pytest.mark.parametrize("text", ["", "  ", " , "])
    def test_none_is_refused(self, store: Store, text: str) -> None:
        error = refusal(lambda: House(store).accounts.chosen(text))
        assert (error.code, error.exit_status) == ("no-account-named", 2)

    def test_one_that_is_not_there_is_refused(self, store: Store) -> None:
        error = refusal(lambda: House(store).accounts.chosen("x-main,x-min"))
        assert (error.code, error.args) == ("no-such-account", (NoSuchAccount("x-min", NAMES),))

    def test_all_of_none_is_refused(self, store: Store) -> None:
        error = refusal(lambda: House(store, names=()).accounts.chosen("all"))
        assert error.code == "no-accounts-yet"

    def test_one_by_its_name(self, store: Store) -> None:
        accounts = House(store).accounts
        assert accounts.get("x-main").network == "sandbox"
        assert refusal(lambda: accounts.get("all")).code == "no-such-account"


class TestListing:
    def test_each_has_its_rules_its_fault_and_its_pause(self, store: Store) -> None:
        park(store, "x-main")
        pause = Pause("bluesky-main", "the chair", START, "we are impersonated")
        with store.write() as unit:
            unit.pauses.begin(pause)

        listed = House(store).accounts.list()

        assert [(each.rules.name, each.fault, each.pause) for each in listed] == [
            ("x-main", "the password is refused", None),
            ("bluesky-main", None, pause),
            ("reddit-main", None, None),
        ]


class TestVerifying:
    def test_each_of_them_or_one(self, store: Store) -> None:
        accounts = House(store).accounts
        outcomes = accounts.verify(None, "Ada")
        assert outcomes == [VerifiedAccount(name, "us.example", None) for name in NAMES]
        assert all(outcome.works for outcome in outcomes)
        assert accounts.verify("x-main", "Ada") == [VerifiedAccount("x-main", "us.example", None)]

    @pytest.mark.parametrize("name", ["x-min", "all", ""])
    def test_one_that_is_not_there_is_refused(self, store: Store, name: str) -> None:
        error = refusal(lambda: House(store).accounts.verify(name, "Ada"))
        assert error.code == "no-such-account"

    @pytest.mark.parametrize("kind", [AccountError, ConfigError])
    def test_one_that_is_refused_says_why_and_hides_its_secrets(
        self, store: Store, kind: type[CrosspromoError]
    ) -> None:
        house = House(store, logins={"x-main": Login(kind(f"{SECRET} is no password"))})
        house.redactor.hide(SECRET)
        waiting = park(store, "x-main")

        refused, *others = house.accounts.verify(None, "Ada")

        assert refused == VerifiedAccount("x-main", None, "[hidden] is no password")
        assert not refused.works
        assert all(other.works for other in others)
        assert delivery(store, waiting).hold is not None

    def test_one_that_was_set_aside_and_works_again_goes_on(self, store: Store) -> None:
        waiting = park(store, "x-main")

        House(store).accounts.verify(None, "Ada")

        freed = delivery(store, waiting)
        assert (freed.hold, freed.wake_at) == (None, freed.due_at)
        with store.read() as unit:
            assert unit.accounts.faults() == {}
            noted = [(line.who, line.act, line.subject) for line in unit.audit.entries()]
        assert noted == [("Ada", "account works again", "x-main")]


class TestRenaming:
    """`x-old` is in the database; crosspromo.toml has `x-main` and no `x-old` any more."""

    def house(self, store: Store) -> House:
        return House(store, names=("x-main",))

    def test_queue_history_ledger_and_pause_move_to_the_new_name(self, store: Store) -> None:
        waiting = queued(store, account="x-old")
        with store.write() as unit:
            unit.pauses.begin(Pause("x-old", "ana", START, "a storm"))

        network = delivery(store, waiting).network
        assert network == "memory"
        with store.write() as unit:
            assert unit.renaming.move("x-old", "x-main") == 1

        assert delivery(store, waiting).account == "x-main"
        with store.read() as unit:
            assert [pause.account for pause in unit.pauses.all()] == ["x-main"]
            assert [*unit.ledger.faults(), *unit.deliveries.faults()] == []
            assert not unit.renaming.has_history("x-old")

    def test_what_is_known_of_the_login_and_the_clock_moves_with_it(self, store: Store) -> None:
        rest = START + timedelta(hours=2)
        with store.write() as unit:
            unit.accounts.register(["x-old"])
            unit.accounts.set_clock_offset("x-old", -150.0)
            unit.accounts.set_identity("x-old", "@us")
            unit.accounts.save_session("x-old", "encrypted")
            unit.accounts.set_fault("x-old", "the password is refused", START)
            unit.accounts.rest("x-old", rest)

        self.house(store).accounts.rename("x-old", "x-main", "ana")

        with store.read() as unit:
            assert unit.accounts.clock_offsets() == {"x-main": timedelta(seconds=-150)}
            assert unit.accounts.identities() == {"x-main": "@us"}
            assert unit.accounts.sessions() == {"x-main": "encrypted"}
            known = unit.accounts.overview()["x-main"]
            assert (known.fault, known.fault_at) == ("the password is refused", START)
            assert unit.accounts.resting(START) == {"x-main": rest}

    def test_an_approval_of_what_waits_stays_valid(self, store: Store) -> None:
        waiting = queued(store, account="x-old")
        content = delivery(store, waiting).content
        with store.write() as unit:
            unit.approvals.sign(waiting, Signature("ana", content.fingerprint("x-old"), START))
        with store.write() as unit:
            unit.renaming.move("x-old", "x-main")
        with store.read() as unit:
            (signature,) = unit.approvals.signatures([waiting])[waiting]
        assert signature.fingerprint == content.fingerprint("x-main")

    def test_the_service_says_who_renamed_what(self, store: Store) -> None:
        with store.write() as unit:
            unit.accounts.register(["x-old"])
        assert self.house(store).accounts.rename("x-old", "x-main", "ana") == 0
        with store.read() as unit:
            (entry,) = unit.audit.entries()
        assert (entry.who, entry.act, entry.subject) == ("ana", "rename account", "x-old to x-main")

    def test_a_name_with_posts_of_its_own_is_refused(self, store: Store) -> None:
        for name in ("x-old", "x-main"):
            queued(store, account=name)
        error = refusal(lambda: self.house(store).accounts.rename("x-old", "x-main", "ana"))
        assert isinstance(error, Refused)
        assert error.code == "rename-taken"

    def test_an_account_on_another_network_is_refused(self, store: Store) -> None:
        queued(store, account="x-old")  # on the network "memory"; x-main is a sandbox account
        error = refusal(lambda: self.house(store).accounts.rename("x-old", "x-main", "ana"))
        assert isinstance(error, Refused)
        assert error.code == "rename-abroad"

    @pytest.mark.parametrize(("old", "new"), [("nobody", "x-main"), ("x-old", "nobody")])
    def test_unknown_names_are_refused(self, store: Store, old: str, new: str) -> None:
        queued(store, account="x-old")
        error = refusal(lambda: self.house(store).accounts.rename(old, new, "ana"))
        assert isinstance(error, Refused)
        assert error.code == "no-such-account"


class TestOneLoginInTwoAccounts:
    def test_the_second_is_refused_and_both_are_named(self, store: Store) -> None:
        same = {name: Login(identity="did:plc:a") for name in ("x-main", "reddit-main")}
        house = House(store, logins=same)
        for _ in range(2):
            first, other, second = house.accounts.verify(None, "Ada")
            assert (first.works, other.works, second.works) == (True, True, False)
            assert "reddit-main and x-main are the same account" in str(second.fault)
        with store.read() as unit:
            assert list(unit.accounts.faults()) == ["reddit-main"]

    def test_a_login_of_its_own_sets_it_free(self, store: Store) -> None:
        same = {name: Login(identity="did:plc:a") for name in ("x-main", "reddit-main")}
        house = House(store, logins=same)
        house.accounts.verify(None, "Ada")
        same["reddit-main"].identity = "did:plc:b"
        assert all(each.works for each in house.accounts.verify(None, "Ada"))

    def test_an_account_that_is_gone_from_the_settings_stands_in_nobodys_way(
        self, store: Store
    ) -> None:
        login = {name: Login(identity="did:plc:a") for name in NAMES}
        House(store, ("x-main",), login).accounts.verify(None, "Ada")
        assert House(store, ("bluesky-main",), login).accounts.verify(None, "Ada")[0].works

    def test_accounts_without_an_identity_are_kept_out(self, store: Store) -> None:
        assert all(each.works for each in House(store).accounts.verify(None, "Ada"))


def test_verifying_records_how_far_the_clocks_are_apart(store: Store) -> None:
    apart = Login(clock_offset=timedelta(seconds=-150))
    refused = Login(AccountError("no"), clock_offset=timedelta(seconds=90))
    House(store, logins={"x-main": apart, "reddit-main": refused}).accounts.verify(None, "Ada")
    with store.read() as unit:
        assert unit.accounts.clock_offsets() == {
            "x-main": timedelta(seconds=-150),
            "reddit-main": timedelta(seconds=90),
        }
