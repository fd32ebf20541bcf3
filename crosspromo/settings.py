"""Settings: the contents of crosspromo.toml, parsed and validated.

Secrets stay references (`env:NAME`) until a connector needs them.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from crosspromo.domain.approval import ApprovalNames, Approvers
from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.errors import ConfigError, NotFoundError, UsageError
from crosspromo.domain.invisible import has_invisible
from crosspromo.domain.ladders import Ladder, parse_ladder
from crosspromo.domain.mentions import KEPT_FOR
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.policy import (
    DEFAULT_WINDOW,
    ORGANISATION_FLOOR,
    Policy,
    Terms,
)
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.reasons.not_found import NoSuchAccount
from crosspromo.domain.timing import Slot, parse_duration
from crosspromo.domain.values import Value
from crosspromo.mail.server import MailAddress, MailServer, is_loopback
from crosspromo.network_defaults import ANY_LIMITS, ANY_NETWORK, LIMITS, PROMISES, Limits
from crosspromo.plan_settings import PlanSettings, PlanTable, weekly_of, weeks_of
from crosspromo.report_settings import MailedReports, Reports, mailed_reports

T = TypeVar("T")

FILE_NAME = "crosspromo.toml"
LARGEST_FILE = 200_000
"""Largest settings file that is read, in bytes."""

MOST_PARTS = 20
"""Most parts of a dotted key: tomllib needs memory that grows with their square."""

_LONG_KEY = re.compile(
    r"(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"
    f"{{{MOST_PARTS}}}"
)

MOST_POSTS = 10_000
"""Most posts of a cap or a quota; a higher number is a slip."""

NO_LIMIT = "none"
"""Word that turns a limit off, also one of the network's presets or of [defaults]."""

MOST_ITEMS = 1_000
"""Most slots of an account, and most days of a blackout list."""

MOST_LOOK_UPS = 20
MOST_DOLLARS = 1_000_000
LONGEST_WAIT = timedelta(days=366)
LONGEST_TIMEOUT = timedelta(hours=1)
LONGEST_NAME = 100
"""Characters in the name of an account or of the organisation."""

SCHEMES = ("env:", "file:", "keyring:")
"""Prefixes of a reference to a secret; any other text is a secret in the clear."""

DEFAULT_ACCOUNTS = "to"
"""Key of [defaults] that names the accounts for posts that name none."""

DEFAULT_DATABASE = "sqlite:///crosspromo.db"
DEFAULT_TIMEOUT = "30s"
DEFAULT_PORT = 8017
"""Port of the console."""

DEFAULT_LOOK_UP_AFTER = ("20s", "5m")


class Organisation(Value, frozen=True):
    """The organisation that posts. `own_group`: slugs of the partners that count as self."""

    name: str
    zone: ZoneInfo
    status: str | None = None
    own_group: frozenset[str] = frozenset()


class Account(Value, frozen=True):
    """Account of the organisation on a network: one login, with its policy and options.

    `credentials` holds references (`env:NAME`), never secrets. `imitates` names the network whose
    rules and templates a manual or sandbox account uses. `options` are the connector's own keys.
    `look_up_after`: time from an attempt in doubt to each of its look-ups. `reading_budget`: US
    dollars a month for reading figures and mentions, where a network charges for it.
    """

    name: str
    network: str
    policy: Policy
    imitates: str | None = None
    server: str | None = None
    timeout: timedelta = timedelta(seconds=30)
    look_up_after: tuple[timedelta, ...] = (timedelta(seconds=20), timedelta(minutes=5))
    reading_budget: float | None = None
    credentials: Mapping[str, str] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    options: Mapping[str, str] = msgspec.field(default_factory=lambda: MappingProxyType({}))

    @property
    def text_network(self) -> str:
        """Name of the network whose rules, templates and handles apply."""
        return self.imitates or self.network


class Smtp(Value, frozen=True):
    """Mail server for everything that crosspromo mails, and the sender of its messages.

    `password` is a reference (`env:NAME`), never a secret; None, like `username`: the server asks
    for no password.
    """

    server: MailServer
    sender: MailAddress
    username: str | None = None
    password: str | None = None


class Notify(Value, frozen=True):
    """Channels by which people are told what newly needs a person.

    `webhook` and `webhook_secret` are references (`env:NAME`). Within `quiet`, on the wall clock of
    the organisation, nothing is told: it is collected until the end of these hours.
    """

    mail: tuple[MailAddress, ...] = ()
    webhook: str | None = None
    webhook_secret: str | None = None
    quiet: QuietHours | None = None


class Serve(Value, frozen=True):
    """The console: its address for people, and the reverse proxies that sign people in.

    `public_url` has no slash at its end; None: people use the address it listens on. `user_header`
    names the header in which one of `proxies` tells who is signed in; None: nobody else signs in.
    """

    public_url: str | None = None
    proxies: frozenset[str] = frozenset()
    user_header: str | None = None

    @property
    def address(self) -> str:
        """Address in links to the console; without `public_url` that of `serve` with no options."""
        return self.public_url or f"http://127.0.0.1:{DEFAULT_PORT}"


class SourceSettings(Value, frozen=True):
    """Reading of sources: the interval, and whether addresses on the own network are read.

    `our_sites` are domains of ours, in small letters: partners who link to them do us a favour.
    """

    every: timedelta = timedelta(hours=1)
    allow_private: bool = False
    our_sites: tuple[str, ...] = ()


class Settings(Value, frozen=True):
    """All settings of crosspromo.toml.

    `to` is a comma list of the accounts for posts that name none, or "all"; None: every post names
    its accounts. `floor` is None where it is turned off. `session_key` is a reference (`env:NAME`)
    to the key that encrypts sessions, or None. `kept_observances` are slugs of observances that
    bind us. `ladders` are our own, by name.
    """

    organisation: Organisation
    accounts: Mapping[str, Account]
    database_url: str = DEFAULT_DATABASE
    floor: Target | None = ORGANISATION_FLOOR
    window: Window = DEFAULT_WINDOW
    blackouts: tuple[Blackout, ...] = ()
    session_key: str | None = None
    smtp: Smtp | None = None
    notify: Notify = Notify()
    serve: Serve = Serve()
    to: str | None = None
    kept_observances: frozenset[str] = frozenset()
    sources: SourceSettings = SourceSettings()
    ladders: Mapping[str, Ladder] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    mentions_kept: timedelta = KEPT_FOR
    reports: MailedReports = msgspec.field(default_factory=MailedReports)
    plan: PlanSettings = msgspec.field(default_factory=PlanSettings)

    @property
    def floor_terms(self) -> Terms:
        """What the organisation is judged by, over all accounts."""
        return Terms(self.floor, None, self.window)

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Policies by account name."""
        return {name: account.policy for name, account in self.accounts.items()}

    def account(self, name: str) -> Account:
        """Account `name`; NotFoundError lists the existing accounts."""
        return account_named(name, self.accounts)


class _Organisation(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    timezone: str = "UTC"
    status: str | None = None
    own_group: list[str] = []


class _Database(msgspec.Struct, forbid_unknown_fields=True):
    url: str = DEFAULT_DATABASE


class _Floor(msgspec.Struct, forbid_unknown_fields=True):
    ratio: str = str(ORGANISATION_FLOOR)


class _Security(msgspec.Struct, forbid_unknown_fields=True):
    session_key: str | None = None


class _SmtpCredentials(msgspec.Struct, forbid_unknown_fields=True):
    username: str
    password: str


class _Smtp(msgspec.Struct, forbid_unknown_fields=True):
    server: str
    from_: str = msgspec.field(name="from")
    credentials: _SmtpCredentials | None = None


class _Notify(msgspec.Struct, forbid_unknown_fields=True):
    mail: list[str] = []
    webhook: str | None = None
    webhook_secret: str | None = None
    quiet: str | None = None


class _Serve(msgspec.Struct, forbid_unknown_fields=True):
    public_url: str | None = None
    proxies: list[str] = []
    user_header: str | None = None


class _Observances(msgspec.Struct, forbid_unknown_fields=True):
    keep: list[str] = []


class _Sources(msgspec.Struct, forbid_unknown_fields=True):
    every: str = "1h"
    allow_private: bool = False
    our_sites: list[str] = []


class _Retention(msgspec.Struct, forbid_unknown_fields=True):
    mentions: str = "90d"


class _Ladder(msgspec.Struct, forbid_unknown_fields=True):
    steps: list[str]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    organisation: _Organisation
    database: _Database = msgspec.field(default_factory=_Database)
    defaults: dict[str, Any] = {}
    floor: _Floor = msgspec.field(default_factory=_Floor)
    security: _Security = msgspec.field(default_factory=_Security)
    blackouts: dict[str, str | dict[str, list[str]]] = {}
    accounts: dict[str, dict[str, Any]] = {}
    smtp: _Smtp | None = None
    notify: _Notify = msgspec.field(default_factory=_Notify)
    serve: _Serve = msgspec.field(default_factory=_Serve)
    observances: _Observances = msgspec.field(default_factory=_Observances)
    sources: _Sources = msgspec.field(default_factory=_Sources)
    ladders: dict[str, Any] = {}
    retention: _Retention = msgspec.field(default_factory=_Retention)
    reports: Reports = msgspec.field(default_factory=Reports)
    plan: PlanTable = msgspec.field(default_factory=PlanTable)


class _Account(msgspec.Struct):
    network: str
    ratio: str | None = None
    quota: int | None = None
    window: str = "28d"
    late_after: str = "60m"
    slots: list[str] = []
    approval: str = "none"
    approval_names: str = "trusted"
    max_per_day: int | str | None = None
    max_per_week: int | str | None = None
    min_gap: str | None = None
    quiet: str | None = None
    monthly_budget: float | None = None
    reading_budget: float | None = None
    imitates: str | None = None
    server: str | None = None
    timeout: str = DEFAULT_TIMEOUT
    look_up_after: tuple[str, ...] = DEFAULT_LOOK_UP_AFTER
    credentials: dict[str, str] = {}


_ACCOUNT_KEYS = frozenset(_Account.__struct_fields__)
_FILE_KEYS: Mapping[str, Iterable[str]] = {
    "": _File.__struct_fields__,
    "organisation": _Organisation.__struct_fields__,
    "database": _Database.__struct_fields__,
    "floor": _Floor.__struct_fields__,
    "security": _Security.__struct_fields__,
    "smtp": _Smtp.__struct_encode_fields__,
    "smtp.credentials": _SmtpCredentials.__struct_fields__,
    "notify": _Notify.__struct_fields__,
    "serve": _Serve.__struct_fields__,
    "observances": _Observances.__struct_fields__,
    "sources": _Sources.__struct_fields__,
    "retention": _Retention.__struct_fields__,
    "reports": Reports.__struct_fields__,
    "plan": PlanTable.__struct_fields__,
}
_EXPECTED = {
    "str": 'write text in quotes: "…"',
    "int": "write a whole number, without quotes",
    "float": "write a number, without quotes",
    "bool": "write true or false, without quotes",
    "array": 'write a list: ["…", "…"]',
    "object": "write a table of keys and values",
}
_STATUSES = ("c3", "c4", "527", "candidate")


def load(path: Path) -> Settings:
    """Read the settings file at `path`; ConfigError names the fault, its place and its mend."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST_FILE:
        raise ConfigError(_too_large(str(path)))
    try:
        text = data.decode("utf-8-sig")  # some editors write a byte order mark
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text; save it as UTF-8") from error
    return parse(text, str(path))


def parse(text: str, source: str) -> Settings:
    """Settings parsed from `text`; ConfigError names the text by `source`."""
    try:
        file = msgspec.convert(document(text, source), _File)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{source}, {_sentence_for(error, _FILE_KEYS)}") from error
    try:
        return _settings(file)
    except ConfigError as error:
        raise ConfigError(f"{source}, {error}") from error


def document(text: str, source: str) -> dict[str, Any]:
    """Tables and keys of a TOML text, unchecked; ConfigError where it is none, or far too large."""
    if len(text) > LARGEST_FILE:
        raise ConfigError(_too_large(source))
    if _LONG_KEY.search(text):
        raise ConfigError(f"{source} has a key of more than {MOST_PARTS} parts; correct it")
    try:
        return tomllib.loads(text)
    except ValueError as error:  # also an integer of thousands of digits, or an impossible date
        raise ConfigError(f"{source} is not valid TOML: {error}") from error
    except RecursionError:
        raise ConfigError(
            f"{source} has brackets inside brackets without end; correct it"
        ) from None


def _too_large(source: str) -> str:
    return f"{source} is larger than {LARGEST_FILE:,} bytes, which no settings need; correct it"


def _sentence_for(
    error: msgspec.ValidationError, tables: Mapping[str, Iterable[str]], within: str = ""
) -> str:
    """Msgspec's error (`message - at `$.table.key``) as a sentence: place, fault and mend.

    `tables` maps each table to its keys, with "" for the top level; `within` is the place of the
    top level.
    """
    message, _, at = str(error).partition(" - at ")
    path = [part for part in re.sub(r"\[[0-9.]*\]|[`$]", "", at).split(".") if part]
    field_ = re.search(r"field `(.*)`", message)
    if field_ is not None:
        path.append(field_[1])
    if not (within or path):
        return message
    place = " ".join([within, *path]) if within else " ".join([f"[{path[0]}]", *path[1:]])
    if field_ is not None and "missing" in message:
        return f"{place}: this is missing and has no default; write it"
    if field_ is not None:
        return f"{place}: {_unknown_key(field_[1], tables.get('.'.join(path[:-1]), ()))}"
    if message == "Number out of range":
        return f"{place}: this number is far too large; write a smaller one"
    expected = re.match(r"Expected `([a-z]+)", message)
    return f"{place}: {_EXPECTED.get(expected[1], message) if expected else message}"


def _settings(file: _File) -> Settings:
    organisation = file.organisation
    try:
        zone = ZoneInfo(organisation.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder, such as "America"
        raise ConfigError(
            f'[organisation] timezone: "{organisation.timezone}" is not a time zone; '
            'write one such as "America/Chicago"'
        ) from None
    if organisation.status is not None and organisation.status not in _STATUSES:
        raise ConfigError(
            f'[organisation] status: "{organisation.status}" is none of {", ".join(_STATUSES)}'
        )
    if has_invisible(organisation.name) or not 0 < len(organisation.name) <= LONGEST_NAME:
        raise ConfigError(
            f"[organisation] name: write a name of 1 to {LONGEST_NAME} characters that can be seen"
        )
    defaults = {"window": str(DEFAULT_WINDOW), **file.defaults}
    to = _default_accounts(defaults.pop(DEFAULT_ACCOUNTS, None), file.accounts)
    _check_defaults(defaults)
    return Settings(
        organisation=Organisation(
            organisation.name, zone, organisation.status, frozenset(organisation.own_group)
        ),
        accounts=MappingProxyType(
            {name: _account(name, defaults, keys) for name, keys in file.accounts.items()}
        ),
        database_url=file.database.url,
        floor=_target_or_none(file.floor.ratio, "[floor] ratio"),
        window=_read(Window.parse, str(defaults["window"]), "[defaults] window"),
        blackouts=tuple(_blackouts(file.blackouts)),
        session_key=_reference(file.security.session_key, "[security] session_key"),
        smtp=_smtp(file.smtp),
        notify=_notify(file.notify, file.smtp),
        serve=_serve(file.serve),
        to=to,
        kept_observances=frozenset(file.observances.keep),
        sources=SourceSettings(
            _read(_interval, file.sources.every, "[sources] every"),
            file.sources.allow_private,
            tuple(_site(each) for each in file.sources.our_sites[:MOST_ITEMS]),
        ),
        ladders=MappingProxyType({name: _ladder(name, raw) for name, raw in file.ladders.items()}),
        mentions_kept=_read(_kept, file.retention.mentions, "[retention] mentions"),
        reports=mailed_reports(
            file.reports,
            lambda text, place: _read(MailAddress.parse, text, place),
            has_server=file.smtp is not None,
        ),
        plan=PlanSettings(
            _read_if_given(weekly_of, file.plan.weekly, "[plan] weekly"),
            _read(weeks_of, str(file.plan.weeks), "[plan] weeks"),
        ),
    )


def _default_accounts(named: object, accounts: Iterable[str]) -> str | None:
    """Accounts for posts that name none, as a comma list or "all"; None where no key names them.

    ConfigError for an unknown account: a post must not miss it without a word.
    """
    if named is None:
        return None
    place = f"[defaults] {DEFAULT_ACCOUNTS}"
    names = named.split(",") if isinstance(named, str) else named
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise ConfigError(f'{place}: write accounts, such as "x-main, bluesky-main", or "all"')
    names = [each.strip() for each in names if each.strip()]
    if names == ["all"]:
        return "all"
    known = tuple(accounts)
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "write it under [accounts] first"
            raise ConfigError(f'{place}: there is no account "{name}"; {hint}')
    if not names:
        raise ConfigError(f'{place}: write accounts, such as "x-main, bluesky-main", or "all"')
    return ",".join(dict.fromkeys(names))


def _smtp(raw: _Smtp | None) -> Smtp | None:
    if raw is None:
        return None
    named = raw.credentials
    return Smtp(
        server=_read(MailServer.parse, raw.server, "[smtp] server"),
        sender=_read(MailAddress.parse, raw.from_, "[smtp] from"),
        username=None if named is None else named.username,
        password=_reference(
            None if named is None else named.password, "[smtp] credentials, password"
        ),
    )


def _notify(raw: _Notify, smtp: _Smtp | None) -> Notify:
    if raw.mail and smtp is None:
        raise ConfigError("[notify] mail: mail needs a server; write [smtp] server and from")
    if raw.webhook_secret is not None and raw.webhook is None:
        raise ConfigError("[notify] webhook_secret: there is no webhook to sign for; write webhook")
    return Notify(
        mail=tuple(_read(MailAddress.parse, text, "[notify] mail") for text in raw.mail),
        webhook=_reference(raw.webhook, "[notify] webhook"),
        webhook_secret=_reference(raw.webhook_secret, "[notify] webhook_secret"),
        quiet=_read_if_given(QuietHours.parse, raw.quiet, "[notify] quiet"),
    )


def _serve(raw: _Serve) -> Serve:
    place = "[serve]"
    if raw.user_header is not None and not raw.proxies:
        raise ConfigError(
            f"{place} user_header: anybody could send this header; write the addresses of your "
            'reverse proxy as proxies, such as ["127.0.0.1"]'
        )
    if (
        raw.user_header is not None
        and re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", raw.user_header) is None
    ):
        raise ConfigError(f'{place} user_header: write a name such as "X-Remote-User"')
    public_url = _server(raw.public_url, place, "public_url")
    if public_url is not None and urlsplit(public_url).path:
        raise ConfigError(f"{place} public_url: write the address alone, without what follows /")
    return Serve(
        public_url=public_url,
        proxies=frozenset(_read(_ip_address, each, f"{place} proxies") for each in raw.proxies),
        user_header=raw.user_header,
    )


def _ip_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise UsageError(f'"{text}" is no IP address; write one such as 127.0.0.1') from None


def _ladder(name: str, table: object) -> Ladder:
    place = f"[ladders.{name}]"
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,49}", name) is None:
        raise ConfigError(f"{place}: a ladder's name has small letters, digits and - only")
    try:
        raw = msgspec.convert(table, _Ladder)
    except msgspec.ValidationError as error:
        keys = {"": _Ladder.__struct_fields__}
        raise ConfigError(_sentence_for(error, keys, place)) from error
    try:
        return parse_ladder(name, raw.steps)
    except UsageError as error:
        raise ConfigError(f"{place} steps: {error}") from None


def _reference(text: str | None, place: str) -> str | None:
    """Reference to a secret, unchanged; None stays None.

    ConfigError for a secret in the clear; the message does not repeat the secret.
    """
    if text is not None and not text.startswith(SCHEMES):
        raise ConfigError(
            f"{place}: a secret must not stand in {FILE_NAME}; put it into an environment variable "
            'and write "env:NAME", or use "file:PATH" or "keyring:SERVICE/NAME"'
        )
    return text


def _blackouts(days: Mapping[str, str | dict[str, list[str]]]) -> Iterator[Blackout]:
    """Yield general blackouts (a day and its reason each) and blackouts of partners."""
    of_partners = days.get("partners", {})
    lists = [] if isinstance(of_partners, str) else of_partners.values()
    if len(days) + sum(map(len, lists)) > MOST_ITEMS:
        raise ConfigError(
            f"[blackouts]: there are more than {MOST_ITEMS:,} days; write spans of them"
        )
    for key, value in days.items():
        match value:
            case str(reason):
                yield _read(partial(Blackout.parse, reason=reason), key, "[blackouts]")
            case dict(named) if key == "partners":
                for slug, texts in named.items():
                    place = f"[blackouts.partners] {slug}"
                    parse_days = partial(Blackout.parse, partner=slug)
                    yield from [_read(parse_days, text, place) for text in texts]
            case _:
                raise ConfigError(
                    f'[blackouts] {key}: write a day and why: "2026-04-22" = "a day of silence"; '
                    "those of partners stand under [blackouts.partners]"
                )


def _account(name: str, defaults: Mapping[str, Any], keys: Mapping[str, Any]) -> Account:
    place = f"[accounts.{name}]"
    if name == "all" or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name) is None:
        raise ConfigError(
            f'{place}: an account\'s name has letters, digits, - and _ only, and is not "all"'
        )
    if len(name) > LONGEST_NAME:
        raise ConfigError(f"{place}: an account's name has at most {LONGEST_NAME} characters")
    own = {"ratio", "quota"} & keys.keys()
    inherited = {k: v for k, v in defaults.items() if not (own and k in {"ratio", "quota"})}
    return _validated(name, {**inherited, **keys}, place)


def _check_defaults(defaults: Mapping[str, Any]) -> None:
    """Report faults of [defaults] at [defaults], not at the first account that inherits them."""
    place = "[defaults]"
    for key in defaults.keys() - _ACCOUNT_KEYS:
        known = {*_ACCOUNT_KEYS, DEFAULT_ACCOUNTS}
        raise ConfigError(f"{place} {key}: {_unknown_key(key, known)}")
    _validated("defaults", {"network": "any", **defaults}, place)


def _validated(name: str, merged: Mapping[str, Any], place: str) -> Account:
    try:
        raw = msgspec.convert(
            {key: value for key, value in merged.items() if key in _ACCOUNT_KEYS}, _Account
        )
    except msgspec.ValidationError as error:
        raise ConfigError(_sentence_for(error, {"": _ACCOUNT_KEYS}, place)) from error
    if not 0 < len(raw.look_up_after) <= MOST_LOOK_UPS:
        raise ConfigError(f'{place} look_up_after: write at least one wait: ["20s", "5m"]')
    if len(raw.slots) > MOST_ITEMS:
        raise ConfigError(f'{place} slots: write at most {MOST_ITEMS:,}, such as "Mon-Fri 09:00"')
    if raw.quota is not None and not 1 <= raw.quota <= MOST_POSTS:
        raise ConfigError(f"{place} quota: write how many partner posts a week, such as 2")
    _check_limits(raw, place)
    return Account(
        name=name,
        network=raw.network,
        policy=_policy(raw, place),
        imitates=raw.imitates,
        server=_server(raw.server, place),
        timeout=_read(_time_limit, raw.timeout, f"{place} timeout"),
        look_up_after=tuple(
            _read(_wait, text, f"{place} look_up_after") for text in raw.look_up_after
        ),
        reading_budget=raw.reading_budget,
        credentials=MappingProxyType(dict(raw.credentials)),
        options=MappingProxyType(_options(merged, place)),
    )


def _check_limits(raw: _Account, place: str) -> None:
    for key, most in (("max_per_day", raw.max_per_day), ("max_per_week", raw.max_per_week)):
        if most in {None, NO_LIMIT} or (isinstance(most, int) and 1 <= most <= MOST_POSTS):
            continue
        raise ConfigError(
            f'{place} {key}: write how many posts may go out, such as 4, or "{NO_LIMIT}"'
        )
    if raw.monthly_budget is not None and not 0 <= raw.monthly_budget <= MOST_DOLLARS:  # nor NaN
        raise ConfigError(f"{place} monthly_budget: write US dollars, such as 20.00")
    if raw.reading_budget is not None and not 0 <= raw.reading_budget <= MOST_DOLLARS:
        raise ConfigError(f"{place} reading_budget: write US dollars, such as 2.00")


def _policy(raw: _Account, place: str) -> Policy:
    if raw.ratio not in {None, "none"} and raw.quota is not None:
        raise ConfigError(f"{place}: choose ratio or quota, not both")
    if raw.ratio is not None:
        target, quota = _target_or_none(raw.ratio, f"{place} ratio"), raw.quota
    elif raw.quota is not None:
        target, quota = None, raw.quota
    else:
        target, quota = PROMISES.get(raw.imitates or raw.network, ANY_NETWORK)
    limits, presets = _limits(raw, place)
    return Policy(
        target=target,
        quota=quota,
        window=_read(Window.parse, raw.window, f"{place} window"),
        late_after=_read(_wait, raw.late_after, f"{place} late_after"),
        slots=tuple(_read(Slot.parse, slot, f"{place} slots") for slot in raw.slots),
        max_per_day=limits.max_per_day,
        max_per_week=_cap(raw.max_per_week),
        min_gap=limits.min_gap,
        quiet=_read_if_given(QuietHours.parse, raw.quiet, f"{place} quiet"),
        monthly_budget=raw.monthly_budget,
        approval=_read(_approvers, raw.approval, f"{place} approval"),
        approval_names=_read(_names, raw.approval_names, f"{place} approval_names"),
        presets=presets,
    )


def _limits(raw: _Account, place: str) -> tuple[Limits, frozenset[str]]:
    """Gap and cap per day of the account, and the keys among both whose values are presets."""
    preset = LIMITS.get(raw.network, ANY_LIMITS)
    gap, cap = preset
    if raw.min_gap is not None:
        gap = _read(_gap, raw.min_gap, f"{place} min_gap")
    if raw.max_per_day is not None:
        cap = _cap(raw.max_per_day)
    given = {"min_gap": raw.min_gap, "max_per_day": raw.max_per_day}
    silent = {key for key, value in given.items() if value is None}
    presets = {key for key, value in preset._asdict().items() if value is not None}
    return Limits(gap, cap), frozenset(silent & presets)


def _cap(most: int | str | None) -> int | None:
    """Cap as checked by `_check_limits`; None for the word that turns it off."""
    return most if isinstance(most, int) else None


def _options(merged: Mapping[str, Any], place: str) -> dict[str, str]:
    """Keys of the account that belong to its connector.

    The registry checks their names: this module does not know the connectors.
    """
    options = {}
    for key, value in merged.items():
        if key in _ACCOUNT_KEYS:
            continue
        if not isinstance(value, str):
            raise ConfigError(f"{place} {key}: {_unknown_key(key, _ACCOUNT_KEYS)}")
        options[key] = value
    return options


def _unknown_key(key: str, known: Iterable[str]) -> str:
    near = get_close_matches(key, sorted(known), n=1)
    return "there is no such key" + (f"; did you mean {near[0]}?" if near else "")


def account_keys() -> frozenset[str]:
    """Keys allowed for an account on any network."""
    return _ACCOUNT_KEYS


def _target_or_none(text: str, place: str) -> Target | None:
    return None if text == "none" else _read(Target.parse, text, place)


def _read(parser: Callable[[str], T], text: str, place: str) -> T:
    try:
        return parser(text)
    except UsageError as error:
        raise ConfigError(f"{place}: {error}") from None


def _read_if_given(parser: Callable[[str], T], text: str | None, place: str) -> T | None:
    return None if text is None else _read(parser, text, place)


def _time_limit(text: str) -> timedelta:
    limit = parse_duration(text)
    if not limit:
        raise UsageError(f'"{text}" leaves no time at all; write 30s')
    if limit > LONGEST_TIMEOUT:
        raise UsageError(f'"{text}" is longer than an hour; write 30s')
    return limit


def _wait(text: str) -> timedelta:
    wait = parse_duration(text)
    if wait > LONGEST_WAIT:
        raise UsageError(f'"{text}" is longer than a year; write 30s, 90m, 2h or 3d')
    return wait


def _interval(text: str) -> timedelta:
    """Interval between two readings of a source, 5 minutes to 7 days; UsageError for another."""
    interval = parse_duration(text)
    if not timedelta(minutes=5) <= interval <= timedelta(days=7):
        raise UsageError(f'"{text}": write an interval from 5m to 7d')
    return interval


def _site(text: str) -> str:
    """Domain of ours, in small letters; ConfigError for what is no domain."""
    site = text.strip().lower().removeprefix("www.")
    if not site or "." not in site or any(sign in site for sign in "/:@ "):
        raise ConfigError(f'[sources] our_sites: "{text}": write a domain, such as "us.example"')
    return site


def _kept(text: str) -> timedelta:
    """Time for which something is kept, 1 day to 3650 days; UsageError for another."""
    kept = parse_duration(text)
    if not timedelta(days=1) <= kept <= timedelta(days=3650):
        raise UsageError(f'"{text}": write how long they are kept, from 1d to 3650d')
    return kept


def _gap(text: str) -> timedelta | None:
    """Gap between posts; None for no gap, written `none` or `0m`."""
    return None if text == NO_LIMIT else _wait(text) or None


def _approvers(text: str) -> Approvers:
    if text not in set(Approvers):
        raise UsageError(f'"{text}" is none of {", ".join(Approvers)}')
    return Approvers(text)


def _names(text: str) -> ApprovalNames:
    if text not in set(ApprovalNames):
        raise UsageError(f'"{text}" is none of {", ".join(ApprovalNames)}')
    return ApprovalNames(text)


def _server(url: str | None, place: str, key: str = "server") -> str | None:
    """Server address without a closing slash.

    It must be https, or http to loopback, since credentials travel to it.
    """
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        valid = parts.port != 0 and not has_invisible(url) and not re.search(r"\s", url)
    except ValueError:
        valid = False
        parts = urlsplit("")
    if not valid:
        raise ConfigError(f'{place} {key}: "{url}" is not an address')
    if "@" in parts.netloc:
        raise ConfigError(
            f"{place} {key}: an address holds no user name and no password; "
            "write them under credentials"
        )
    if parts.scheme == "https" and parts.hostname:
        return url.rstrip("/")
    if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
        return url.rstrip("/")
    raise ConfigError(
        f'{place} {key}: "{url}" must be an https address (http only to this machine itself)'
    )


def account_named(name: str, accounts: Mapping[str, T]) -> T:
    """Value of the account `name`; NotFoundError lists the existing accounts."""
    try:
        return accounts[name]
    except KeyError:
        raise NotFoundError(NoSuchAccount(name, tuple(accounts))) from None
