"""Database tables. Migrations build the tables; `tests/conformance/store` compares both.

CHECK constraints tie the state of a delivery to the columns that the state requires, so that no
code can write an illegal delivery. Partial indexes are in `partial_indexes`.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    or_,
    text,
)

from crosspromo.domain.corrections import About
from crosspromo.domain.event_asks import Ask
from crosspromo.domain.ledger import Origin
from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.people import LinkPurpose, Role
from crosspromo.domain.permissions import Scope
from crosspromo.domain.posts import Credit, Hosting, Kind
from crosspromo.domain.sign_off import Answer
from crosspromo.domain.source_events import SourceEventState
from crosspromo.domain.sources import Occasion, SourceKind, SuggestionState
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import SLOT
from crosspromo.store.sql.types import EnumMember, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(
    column: str,
    values: type[
        State
        | Credit
        | Kind
        | Hosting
        | Origin
        | Role
        | LinkPurpose
        | Answer
        | EntryKind
        | Scope
        | SourceKind
        | Occasion
        | SuggestionState
        | SourceEventState
        | About
        | Ask
    ],
) -> str:
    """SQL condition for a CHECK: the column contains a member of the enum."""
    return among(column, *(member.value for member in values))


def among(column: str, *values: str) -> str:
    """SQL condition for a CHECK: the column has one of these values.

    It compares one by one: of a list of three or more, SQLite would build a tree anew each time
    that it checks a row (0063).
    """
    return "(" + " OR ".join(f"{column} = '{value}'" for value in values) + ")"


def none_of(column: str, *values: str) -> str:
    """SQL condition for a CHECK: the column has another value than these; written like `among`."""
    return "(" + " AND ".join(f"{column} <> '{value}'" for value in values) + ")"


partners = Table(
    "partners",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("kind", EnumMember, nullable=False),
    Column("list", String, nullable=False),
    Column("closeness", String, nullable=False),
    Column("tier", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("website", String, nullable=False),
    Column("handles", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("status", String, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("archived_at", UtcDateTime),  # NULL: the partner is offered
    Column("owner", String, nullable=False, server_default=text("''")),
    Column("support", String, nullable=False, server_default=text("''")),
    Column("goals", JSON, nullable=False, server_default=text("'[]'")),
    Column("languages", JSON, nullable=False, server_default=text("'[]'")),
    Column("needs", JSON, nullable=False, server_default=text("'[]'")),
    Column("offers", JSON, nullable=False, server_default=text("'[]'")),
    Column("cadence_days", Integer),
    Column("most_posts", Integer),
    Column("most_posts_days", Integer),
    Column("notice_hours", Integer),
)

partner_terms = Table(  # purpose: crosspromo/store/partner_terms.py
    "partner_terms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False),
    Column("field", String, nullable=False),
    Column("value", String, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),  # NULL: in force
    CheckConstraint("until >= since", name="ends_after_begin"),
    Index("ix_partner_terms_partner_id", "partner_id", "field", "since"),
)

partner_entries = Table(  # the diary of a partner: what a person notes about them, by day
    "partner_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False),
    Column("kind", EnumMember, nullable=False),
    Column("words", Text, nullable=False),
    Column("day", String, nullable=False),  # ISO; of a follow-up or promise, when it is due
    Column("last_day", String),  # of a blackout; both days belong to it
    Column("side", String),  # of a promise: whose it is
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by", String),
    Column("outcome", String),  # of a promise: kept or not
    CheckConstraint(one_of("kind", EntryKind), name="kind"),
    CheckConstraint("(kind = 'blackout') = (last_day IS NOT NULL)", name="blackout_has_end"),
    CheckConstraint("(kind = 'promise') = (side IS NOT NULL)", name="promise_has_side"),
    CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
    Index("ix_partner_entries_partner_id", "partner_id", "kind", "day"),
    Index("ix_partner_entries_kind", "kind", "closed_at", "day"),
)

partner_people = Table(  # people at partners; rows stay when a person has left
    "partner_people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False),
    Column("name", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("mail", String),
    Column("phone", String),
    Column("note", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", String, nullable=False),
    Column("ended_at", UtcDateTime),  # NULL: still there
    Index("ix_partner_people_partner_id", "partner_id", "ended_at"),
)

kept_away = Table(  # people who asked to be left alone: keyed hashes, never names
    "kept_away",
    metadata,
    Column("hash", String, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

introductions = Table(  # two partners who may be made known to each other, once both agree
    "introductions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("needing_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False),
    Column("offering_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False),
    Column("need", String, nullable=False),
    Column("offer", String, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("proposed_by", String, nullable=False),
    Column("needing_agreed_at", UtcDateTime),
    Column("offering_agreed_at", UtcDateTime),
    Column("declined_at", UtcDateTime),
    Column("declined_for", String),  # a slug
    CheckConstraint("(declined_at IS NULL) = (declined_for IS NULL)", name="declined_for_somebody"),
    Index("ix_introductions_needing_id", "needing_id"),
    Index("ix_introductions_offering_id", "offering_id"),
)

merged_partners = Table(  # slugs of partners who became part of another
    "merged_partners",
    metadata,
    Column("slug", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String, nullable=False),
    Index("ix_merged_partners_partner_id", "partner_id"),
)

received = Table(  # what a partner did for us, as it was seen; it never changes the gate
    "received",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String, nullable=False),
    Column("account", String),  # of ours, where the person said so
    Column("url", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("observed", String),  # tells apart what a network told us; NULL: entered by hand
    Index("ix_received_partner_id", "partner_id", "at"),
    Index("uq_received_observed", "observed", unique=True),
    Index("ix_received_at", "at", "id"),
)

partner_imports = Table(  # purpose: crosspromo/store/partner_imports.py
    "partner_imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String, nullable=False),
    Column("source", String, nullable=False),
    Column("undone_at", UtcDateTime),
)

partner_import_changes = Table(
    "partner_import_changes",
    metadata,
    Column("import_id", ForeignKey("partner_imports.id", ondelete="CASCADE"), primary_key=True),
    Column("slug", String, primary_key=True),
    Column("is_new", Boolean, nullable=False),
    Column("fields", JSON, nullable=False),  # name, value before and after of each changed field
)

sheet_headings = Table(  # headings of spreadsheets, and the columns that a person accepted for them
    "sheet_headings",
    metadata,
    Column("heading", String, primary_key=True),
    Column("means", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

campaigns = Table(  # groups of posts and events
    "campaigns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("first_day", String),  # ISO; both days belong to it
    Column("last_day", String),
    Column("why", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", String, nullable=False),
    CheckConstraint("last_day >= first_day", name="ends_after_begin"),
)

sources = Table(  # feeds that are read on a schedule: crosspromo/domain/sources.py
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", EnumMember, nullable=False),
    Column("address", String, nullable=False, unique=True),
    Column("partner_id", ForeignKey("partners.id")),  # NULL: it tells of many
    Column("title", String, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", String, nullable=False),
    Column("next_at", UtcDateTime, nullable=False, index=True),
    Column("tried_at", UtcDateTime),
    Column("read_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("fault", Text),
    Column("etag", String),
    Column("last_modified", String),
    Column("latest", JSON, nullable=False),  # times of the latest items, as ISO texts
    # An edition of a calendar that was not applied: coming events that are gone, and all of them.
    Column("held_gone", Integer),
    Column("held_known", Integer),
    Column("held_since", UtcDateTime),
    CheckConstraint(one_of("kind", SourceKind), name="kind"),
    CheckConstraint("(failures = 0) = (fault IS NULL)", name="failures_have_fault"),
    Index("ix_sources_partner_id", "partner_id"),
)

suggestions = Table(  # items of sources: each is looked at once, and suggested if it is new
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("identity", String, nullable=False),  # a hash of what tells the item from others
    Column("occasion", EnumMember, nullable=False),
    Column("partner_id", ForeignKey("partners.id", ondelete="SET NULL")),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("page", Text, nullable=False),  # what addresses of one page have in common
    Column("summary", Text, nullable=False),
    Column("published_at", UtcDateTime),
    Column("found_at", UtcDateTime, nullable=False),
    Column("state", EnumMember, nullable=False),
    Column("post_id", ForeignKey("posts.id")),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String),
    Column("reason", Text),
    UniqueConstraint("source_id", "identity"),
    CheckConstraint(one_of("occasion", Occasion), name="occasion"),
    CheckConstraint(one_of("state", SuggestionState), name="state"),
    CheckConstraint(
        f"{among('state', 'used', 'dismissed')} = (decided_at IS NOT NULL)",
        name="decided_has_time",
    ),
    Index("ix_suggestions_state", "state", "id"),
    Index("ix_suggestions_page", "page"),
    Index("ix_suggestions_partner_id", "partner_id"),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String, nullable=False, unique=True),
    Column("uid", String, nullable=False),
    Column("recurrence", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False, index=True),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("zone", String, nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("location", String, nullable=False),
    Column("url", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("hosting", EnumMember, nullable=False),
    Column("campaign_id", ForeignKey("campaigns.id"), index=True),
    Column("image", JSON(none_as_null=True)),  # path, alt text and source
    UniqueConstraint("uid", "recurrence"),
    CheckConstraint(one_of("hosting", Hosting), name="hosting"),
    CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
)

event_partners = Table(
    "event_partners",
    metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("partner_id", ForeignKey("partners.id"), primary_key=True),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", EnumMember, nullable=False),
    Column("event_id", ForeignKey("events.id"), index=True),
    Column("template", String),
    Column("reason", String),
    Column("paid", Boolean, nullable=False, server_default=text("false")),
    Column("author", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("making", JSON(none_as_null=True)),  # what a template's text was made of: `Making`
    Column("campaign_id", ForeignKey("campaigns.id"), index=True),
    Column("note", Text, nullable=False, server_default=text("''")),  # ours; never sent
    Column("step", String),  # of a ladder
    Column("tone", EnumMember),  # NULL: its kind's
    CheckConstraint(one_of("kind", Kind), name="kind"),
    CheckConstraint("kind <> 'notice' OR reason IS NOT NULL", name="notice_has_reason"),
)

post_partners = Table(
    "post_partners",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("partner_id", ForeignKey("partners.id"), primary_key=True, index=True),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", String, primary_key=True),
    Column("fault", Text),
    Column("fault_at", UtcDateTime),
    Column("session", Text),  # encrypted: see crosspromo/secrets/sessions.py
    Column("rests_until", UtcDateTime),  # the network takes no requests before
    Column("identity", String),  # the network's name of the account, from its last sign-in
    Column("clock_offset", Float),  # seconds that the network's clock is ahead of ours
    CheckConstraint("(fault IS NULL) = (fault_at IS NULL)", name="fault_has_time"),
)

pauses = Table(
    "pauses",
    metadata,
    Column("account", String, primary_key=True),  # or "all": crosspromo/store/accounts.py
    Column("who", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("network", String, nullable=False),
    Column("state", EnumMember, nullable=False),
    Column("credit", EnumMember, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_hash", String, nullable=False),
    Column("title", Text),
    Column("title_given", Boolean, nullable=False, server_default=text("false")),  # by a person
    Column("link", Text),
    Column("images", JSON, nullable=False),
    Column("reshare_of", Text),
    Column("native", Boolean, nullable=False, server_default=text("false")),
    Column("plain", Boolean, nullable=False, server_default=text("false")),
    Column("addresses", JSON, nullable=False, server_default=text("'[]'")),
    Column("parts", JSON, nullable=False),
    Column("dropped", JSON, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("wake_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("claimed_by", String),
    Column(
        "sent_at", UtcDateTime
    ),  # since when it counts as gone out: the intent, then the receipt
    Column("published_at", UtcDateTime),
    Column("remote_id", String),
    Column("url", Text),
    Column("hold_code", String),
    Column("hold_values", Text),
    Column("hold_until", UtcDateTime),
    Column("fault_code", String),
    Column("fault_values", Text),
    Column("override_by", String),
    Column("override_reason", Text),
    Column("needs_person", Boolean, nullable=False, server_default=text("false")),
    Column("cost", Float),
    Column("duplicate_reason", Text),  # why it may say what the account has said already
    Column("composed", String),  # `Content.wording` as a template made it
    # No time of its own: it takes no slot until the gate allows it, and is never missed.
    Column("when_allowed", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint(one_of("state", State), name="state"),
    CheckConstraint(one_of("credit", Credit), name="credit"),
    CheckConstraint("(state = 'sending') = (claimed_by IS NOT NULL)", name="claimed_while_sending"),
    CheckConstraint("state <> 'sending' OR wake_at IS NOT NULL", name="sending_has_lease"),
    CheckConstraint(
        f"{none_of('state', 'sending', 'unknown', 'published', 'deleted')} OR attempt > 0",
        name="sent_has_attempt",
    ),
    CheckConstraint(
        f"{among('state', 'published', 'deleted')} = (published_at IS NOT NULL)",
        name="published_has_time",
    ),
    CheckConstraint(
        f"{among('state', 'sending', 'unknown', 'published', 'deleted')} = (sent_at IS NOT NULL)",
        name="sent_has_time",
    ),
    CheckConstraint("hold_code IS NULL OR state = 'queued'", name="held_is_queued"),
    CheckConstraint("(hold_code IS NULL) = (hold_values IS NULL)", name="hold_has_reason"),
    CheckConstraint("state <> 'failed' OR fault_values IS NOT NULL", name="failed_has_fault"),
    CheckConstraint(
        f"{among('state', 'queued', 'sending', 'unknown')} OR wake_at IS NULL", name="ended_sleeps"
    ),
    CheckConstraint("NOT needs_person OR state = 'unknown'", name="person_for_unknown"),
    CheckConstraint(
        "(override_by IS NULL) = (override_reason IS NULL)", name="override_has_reason"
    ),
    Index("ix_deliveries_state", "state", "id"),
    # Deliveries of an account with the same text.
    Index("ix_deliveries_text", "account", "text_hash"),
)

permissions = Table(  # what partners agreed to; people are named in `agreed_by` and `evidence`
    "permissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False),
    Column("scope", EnumMember, nullable=False),
    Column("networks", JSON, nullable=False),  # empty: all
    Column("agreed_by", String, nullable=False),
    Column("agreed_on", String),  # ISO; NULL: nobody knows
    Column("until", String),  # ISO, the last day; NULL: without end
    Column("evidence", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", String),
    Column("withdrawn_why", Text),
    CheckConstraint(one_of("scope", Scope), name="scope"),
    CheckConstraint(
        "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"
    ),
    Index("ix_permissions_partner_id", "partner_id", "scope"),
)

delivery_needs = Table(  # permissions that a delivery needs: crosspromo/publishing/needs.py
    "delivery_needs",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("scope", EnumMember, primary_key=True),
    Column("partner_id", ForeignKey("partners.id"), primary_key=True),
    Column("declared", Boolean, nullable=False),  # by a person: no edit takes it away
    Column("withdrawn_at", UtcDateTime),  # the permission, of a delivery that had gone out by it
    CheckConstraint(one_of("scope", Scope), name="scope"),
    Index("ix_delivery_needs_partner_id", "partner_id", "scope"),
)

source_events = Table(  # purpose: crosspromo/domain/source_events.py
    "source_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("uid", String, nullable=False),
    Column("recurrence", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("slug", String, nullable=False),
    Column("title", String, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("zone", String, nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("location", String, nullable=False),
    Column("url", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("state", EnumMember, nullable=False),
    Column("leads", Boolean, nullable=False),  # its editions change the event
    Column("event_id", ForeignKey("events.id")),  # NULL: not one of our events
    Column("found_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String),
    Column("reason", Text),
    UniqueConstraint("source_id", "uid", "recurrence"),
    CheckConstraint(one_of("state", SourceEventState), name="state"),
    CheckConstraint(
        "(state = 'proposed' OR state = 'refused') = (event_id IS NULL)",
        name="taken_is_one_of_ours",
    ),
    Index("ix_source_events_state", "state", "id"),  # what waits for a decision
    Index("ix_source_events_ends_at", "source_id", "ends_at"),
    Index("ix_source_events_event_id", "event_id"),
)

photo_consents = Table(  # people are named in `person`, `given_by` and `evidence`
    "photo_consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", String, nullable=False),  # SHA-256 of the file that a person named
    Column("image", String, nullable=False),
    Column("person", String, nullable=False),
    Column("minor", Boolean, nullable=False),
    Column("consent", Boolean, nullable=False),
    Column("networks", JSON, nullable=False),  # empty: all
    Column("given_by", String, nullable=False),
    Column("until", String),  # ISO, the last day; NULL: without end
    Column("evidence", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", String),
    Column("withdrawn_why", Text),
    CheckConstraint(
        "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"
    ),
    Index("ix_photo_consents_hash", "hash"),
)

delivery_photos = Table(  # files that a delivery shows: as they were given, and as they are kept
    "delivery_photos",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("hash", String, primary_key=True),
    Column("withdrawn_at", UtcDateTime),  # a consent, of a delivery that had gone out by it
    Index("ix_delivery_photos_hash", "hash"),
)

delivery_holds = Table(  # purpose: crosspromo/store/queue/hold_history.py
    "delivery_holds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("code", String, nullable=False),
    Column("reason", Text, nullable=False),  # as in `hold_values`, when the hold began
    Column("since", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    CheckConstraint("ended_at >= since", name="ends_after_begin"),
    Index("ix_delivery_holds_delivery", "delivery_id", "id"),
    # Holds of a period: those that began in it, and those that ended in it or later.
    Index("ix_delivery_holds_since", "since"),
    Index("ix_delivery_holds_ended", "ended_at"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("who", String, primary_key=True),  # in small letters: one person signs once
    Column("name", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # Given by a person who was signed in; else the name was taken on trust.
    Column("signed_in", Boolean, nullable=False, server_default=text("false")),
)

people = Table(  # rows stay when a person is removed: the name stands in approvals and in the audit
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),  # the name in small letters
    Column("name", String, nullable=False),
    Column("mail", String, unique=True),
    Column("role", EnumMember, nullable=False),
    Column("password", String),  # argon2; NULL: no password yet
    Column("second_step", Text),  # encrypted: see crosspromo/services/second_steps.py
    Column("last_code", Integer),  # time step of the last code, which works once
    Column("added_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    CheckConstraint(one_of("role", Role), name="role"),
)

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("token", String, primary_key=True),  # a hash, as of sessions
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("purpose", EnumMember, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("made_by", String, nullable=False),
    CheckConstraint(one_of("purpose", LinkPurpose), name="purpose"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String, primary_key=True),  # a hash: who reads the table cannot sign in
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("browser", String, nullable=False),
    Column("address", String, nullable=False),
)

compose_drafts = Table(  # purpose: crosspromo/domain/compose_drafts.py
    "compose_drafts",
    metadata,
    Column("token", String, primary_key=True),  # made with the form, so that a draft is queued once
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("content", Text, nullable=False),  # JSON
    Column("saved_at", UtcDateTime, nullable=False),
    Column("post_id", ForeignKey("posts.id")),  # NULL: not queued yet
    Index("ix_compose_drafts_person_id", "person_id", "saved_at"),
)

planned_lines = Table(  # purpose: crosspromo/domain/planned.py
    "planned_lines",
    metadata,
    Column("key", String, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("mark", String, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("placed_by", String, nullable=False),
    Index("ix_planned_lines_delivery_id", "delivery_id"),
    Index("ix_planned_lines_placed_at", "placed_at"),
)

plan_skips = Table(  # purpose: crosspromo/domain/planned.py
    "plan_skips",
    metadata,
    Column("key", String, primary_key=True),
    Column("skipped_at", UtcDateTime, nullable=False),
    Column("skipped_by", String, nullable=False),
    Index("ix_plan_skips_skipped_at", "skipped_at"),
)

plan_runs = Table(  # purpose: crosspromo/services/planning/weekly.py
    "plan_runs",
    metadata,
    Column("due_at", UtcDateTime, primary_key=True),
    Column("planned_at", UtcDateTime, nullable=False),
)

sign_off_links = Table(  # purpose: crosspromo/domain/sign_off.py
    "sign_off_links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", String, nullable=False, unique=True),  # a hash, as of sessions
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("partner", String, nullable=False),  # a slug
    Column("version", String, nullable=False),
    Column("said", Text, nullable=False),  # JSON: what each delivery said when it was asked
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String, nullable=False),
    Column("called_back_at", UtcDateTime),
    Column("answer", EnumMember),
    Column("answered_at", UtcDateTime),
    Column("words", Text, nullable=False),
    CheckConstraint(one_of("answer", Answer), name="answer"),
    CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_time"),
    Index("ix_sign_off_links_post_id", "post_id"),
    Index("ix_sign_off_links_answer", "answer", "called_back_at"),  # what needs a person
)

sign_off_mails = Table(  # purpose: crosspromo/domain/sign_off_mails.py
    "sign_off_mails",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("partner", String, primary_key=True),  # a slug
    Column("version", String, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # since when the post waits, as it is now
    Column("due", String, nullable=False),  # times of the deliveries: a move is told
    Column("claimed_by", String),
    Column("claimed_at", UtcDateTime),
    Column("told_at", UtcDateTime),
    Column("error", Text),
    Index("ix_sign_off_mails_error", "error"),  # what needs a person
)

event_corrections = Table(  # purpose: crosspromo/domain/corrections.py
    "event_corrections",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("about", EnumMember, nullable=False),
    Column("drafted_at", UtcDateTime, nullable=False),
    CheckConstraint(one_of("about", About), name="about"),
)

# What a delivery told of its event, noted when the event changes; of a correction what it tells.
event_told = Table(
    "event_told",
    metadata,
    Column("number", Integer, primary_key=True),  # the last one that was sent counts
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, unique=True),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", String, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("zone", String, nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("location", String, nullable=False),
    Column("cancelled", Boolean, nullable=False),
)

event_asks = Table(  # purpose: crosspromo/domain/event_asks.py
    "event_asks",
    metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("ask", EnumMember, primary_key=True),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), primary_key=True),
    Column("person", Integer, primary_key=True, autoincrement=False),  # 0: the partner's contact
    Column("claimed_by", String),
    Column("claimed_at", UtcDateTime),
    Column("told_at", UtcDateTime),
    Column("error", Text),
    Column("settled_by", String),  # who told them instead, or will not
    CheckConstraint(one_of("ask", Ask), name="ask"),
    Index("ix_event_asks_partner_id", "partner_id"),
    Index("ix_event_asks_error", "error"),  # what needs a person
)

report_mails = Table(  # purpose: crosspromo/domain/report_mails.py
    "report_mails",
    metadata,
    Column("month", String, primary_key=True),
    Column("partner", String, primary_key=True),  # a slug; empty: the report of the month
    Column("address", String, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("claimed_by", String),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
    Column("error", Text),
    Index("ix_report_mails_error", "error"),  # what needs a person
)

account_readings = Table(  # purpose: crosspromo/domain/figures.py, ReadingState
    "account_readings",
    metadata,
    Column("account", String, primary_key=True),
    Column("next_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("fault", Text),
    Column("cursor", Text),
    Column("listened_at", UtcDateTime),
    Column("month", String, nullable=False),
    Column("reads", Integer, nullable=False),
    CheckConstraint("(failures = 0) = (fault IS NULL)", name="failures_have_fault"),
)

figures = Table(  # figures of what went out, as its network told them last
    "figures",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("account", String, nullable=False),
    Column("remote_id", String, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL: not measured any more
    Column("measured_at", UtcDateTime),
    Column("gone_at", UtcDateTime),
    Column("likes", Integer),  # NULL: the network does not tell, as with the others
    Column("reposts", Integer),
    Column("replies", Integer),
    Column("quotes", Integer),
    Column("views", Integer),
    CheckConstraint("gone_at IS NULL OR due_at IS NULL", name="gone_is_not_due"),
    Index("ix_figures_due_at", "account", "due_at"),
    Index("ix_figures_published_at", "account", "published_at"),
)

figure_history = Table(  # each measuring: their number is bounded by the ages of measuring
    "figure_history",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("measured_at", UtcDateTime, primary_key=True),
    Column("likes", Integer),
    Column("reposts", Integer),
    Column("replies", Integer),
    Column("quotes", Integer),
    Column("views", Integer),
)

followers = Table(
    "followers",
    metadata,
    Column("account", String, primary_key=True),
    Column("day", String, primary_key=True),  # ISO, in the organisation's zone
    Column("count", Integer, nullable=False),
    Column("measured_at", UtcDateTime, nullable=False),
)

mentions = Table(  # strangers' words to us, kept for a while: crosspromo/domain/mentions.py
    "mentions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("remote_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("author", String, nullable=False),  # a handle, without @
    Column("partner_id", ForeignKey("partners.id", ondelete="SET NULL")),
    Column("url", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("check_at", UtcDateTime),  # whether it is still there; NULL: not looked at any more
    UniqueConstraint("account", "remote_id"),
    Index("ix_mentions_check_at", "account", "check_at"),
    Index("ix_mentions_latest", "account", "at", "id"),
    Index("ix_mentions_at", "at"),  # what is old is deleted
    Index("ix_mentions_partner_id", "partner_id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("worker", String, nullable=False),
    Column("token", String, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("credit", EnumMember, nullable=False),
    Column("decision", JSON, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ending", EnumMember, nullable=False),
    Column("detail", Text),
    Column("ended_at", UtcDateTime),
    Column("look_ups", Integer, nullable=False, server_default="0"),
    Column("absences", Integer, nullable=False, server_default="0"),
    CheckConstraint("(ending = 'open') = (ended_at IS NULL)", name="ended_has_time"),
)

ledger = Table(  # rows are never deleted; of a row that stands, only `taken_back_at` is set, once
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("others", Integer, nullable=False),
    Column("self", Integer, nullable=False),
    # 1 for a published delivery of ours about us, and 1 if a person released it past the ratio.
    Column("sent", Integer, nullable=False, server_default="0"),
    Column("overridden", Integer, nullable=False, server_default="0"),
    Column("origin", EnumMember, nullable=False),
    Column("why", Text, nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id")),
    Column("partner_id", ForeignKey("partners.id")),
    Column("text", Text),
    Column("url", Text),
    Column("remote_id", String),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("taken_back_at", UtcDateTime),  # NULL: the row counts
    CheckConstraint("others >= 0 AND self >= 0 AND others + self > 0", name="counts"),
    CheckConstraint("origin = 'opening' OR (others <= 1 AND self <= 1)", name="post_counts_once"),
    CheckConstraint(one_of("origin", Origin), name="origin"),
    CheckConstraint("(origin = 'delivery') = (delivery_id IS NOT NULL)", name="delivery_is_named"),
    CheckConstraint(
        "origin <> 'outside' OR coalesce(text, url, remote_id) IS NOT NULL",
        name="outside_is_told_apart",
    ),
    CheckConstraint("taken_back_at >= recorded_at", name="taken_back_after_recorded"),
)

ledger_hours = Table(  # purpose: crosspromo/store/ledger/hours.py
    "ledger_hours",
    metadata,
    Column("account", String, primary_key=True),
    Column("hour", UtcDateTime, primary_key=True),
    Column("others", Integer, nullable=False),
    Column("self", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("overridden", Integer, nullable=False),
    sqlite_with_rowid=False,
)

delivery_counts = Table(  # purpose: crosspromo/store/queue/counts.py
    "delivery_counts",
    metadata,
    Column("account", String, primary_key=True),
    Column("state", EnumMember, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

policies = Table(  # purpose: crosspromo/store/policies.py
    "policies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),  # or "": the floor of the organisation
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),  # NULL: in force
    Column("target", String),  # as in crosspromo.toml: 3:1
    Column("quota", Integer),
    Column("window", String, nullable=False),  # as in crosspromo.toml: 28d
    CheckConstraint("until >= since", name="ends_after_begin"),
    CheckConstraint("target IS NULL OR quota IS NULL", name="ratio_or_quota"),
    Index("ix_policies_account", "account", "since"),
)

organisation = Table(  # one row, locked by transactions that use the organisation's headroom
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    CheckConstraint("id = 1", name="only_one"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String, nullable=False),
    Column("act", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("reason", Text),
    Index("ix_audit_subject", "subject", "id"),  # for the history of a post
)

workers = Table(
    "workers",
    metadata,
    Column("name", String, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("trouble", Text),  # JSON: what the daemon cannot do, such as new settings refused
)

dismissals = Table(  # valid while the delivery has this state and attempt
    "dismissals",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("state", EnumMember, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String, nullable=False),
    Column("reason", Text, nullable=False),
)

undoable_acts = Table(  # for ten minutes: crosspromo/store/undos.py
    "undoable_acts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("group", String, nullable=False),  # common to the acts of one order
    Column("act", EnumMember, nullable=False),
    Column("who", String, nullable=False),  # in small letters
    Column("name", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", EnumMember, nullable=False),  # before the act, as the next two columns
    Column("due_at", UtcDateTime, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("moved_to", UtcDateTime),
    Index("ix_undoable_acts_who", "who", "at"),
)

tellings = Table(  # matters that people are told of, each claimed by one daemon before it is told
    "tellings",
    metadata,
    Column("matter", String, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("claimed_by", String),
    Column("claimed_at", UtcDateTime),
    Column("told_at", UtcDateTime),
    Column("error", Text),
)

database_identity = Table(  # one row: which database this is, and how far it has come
    "database_identity",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("beats", Integer, nullable=False),
    # Since when holds, policies, and the recording and taking back of ledger rows are known.
    Column("history_since", UtcDateTime),
    CheckConstraint("id = 1", name="only_one"),
)

forecasts = Table(  # written by plays alone, never by a delivery's own transactions
    "forecasts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("outcome", String, nullable=False),
    Column("at", UtcDateTime),
    Column("reason", Text),  # as in `hold_values` or `fault_values`
    Column("held_at", UtcDateTime),
    Column("hangs_on", String),  # NULL: certain
    Column("other_delivery", Integer),
    Column("other_account", String),
)

forecast_basis = Table(  # one row: the state of queue, ledger and settings that was played
    "forecast_basis",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", String, nullable=False),
    Column("played_at", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)

judged_settings = Table(  # one row: the settings by which daemons have judged all holds
    "judged_settings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", String, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # when a daemon last went by them
    CheckConstraint("id = 1", name="only_one"),
)


IS_COUNTED: ColumnElement[bool] = ledger.c.taken_back_at.is_(None)
"""SQL: the ledger row counts, since it was not taken back. Built once: the gate asks often."""


def is_draft_or_queued() -> ColumnElement[bool]:
    """SQL: the delivery is a draft or queued."""
    return deliveries.c.state.in_((State.DRAFT, State.QUEUED))


def is_put_off() -> ColumnElement[bool]:
    """SQL: the delivery is queued, not held, and met a fault or waits for another time."""
    waits = deliveries.c.wake_at != deliveries.c.due_at
    return and_(
        deliveries.c.state == State.QUEUED,
        deliveries.c.hold_code.is_(None),
        or_(deliveries.c.fault_code.is_not(None), waits),
    )


def takes_a_time() -> ColumnElement[bool]:
    """SQL: the delivery uses up the slot or the turn at its time.

    One that goes when it is allowed uses none before the gate has found one for it.
    """
    return or_(~deliveries.c.when_allowed, deliveries.c.hold_code == SLOT)


def waits_to_be_allowed() -> ColumnElement[bool]:
    """SQL: a draft or queued delivery without a time of its own (`Delivery`)."""
    return deliveries.c.when_allowed & (deliveries.c.attempt == 0) & is_draft_or_queued()


def is_sending(table: FromClause = deliveries) -> ColumnElement[bool]:
    """SQL: the delivery is in the state sending; a worker has claimed it."""
    sending: ColumnElement[bool] = table.c.state == State.SENDING
    return sending


def is_unknown() -> ColumnElement[bool]:
    """SQL: the delivery is in the state unknown."""
    return deliveries.c.state == State.UNKNOWN
