"""`--json`: one JSON document on stdout, with the keys of the contract, and nothing else."""

import json
import re

from end_to_end.conftest import DEMO_DATA
from end_to_end.shell import WORKSPACE, Shell
from servers.mail import MailServer

DELIVERY = {
    *("id", "post", "account", "network", "kind", "state", "credit", "partners", "event"),
    *("title", "text", "link", "due_at", "published_at", "remote_id", "url", "hold", "error"),
    *("attempts", "approved", "cost", "forecast", "campaign", "note", "tone", "step", "planned"),
}
CAMPAIGN = {"slug", "name", "first_day", "last_day", "why", "added_at", "added_by"}
PARTNER = {
    *("slug", "name", "kind", "list", "closeness", "tier", "why", "website", "handles"),
    *("topics", "tag_ok", "status", "notes", "archived_at"),
    *("owner", "support", "goals", "languages", "needs", "offers"),
    *("cadence_days", "most_posts", "most_posts_days", "notice_hours"),
}
ENTRY = {
    *("entry", "partner", "kind", "day", "last_day", "words", "side", "kept"),
    *("closed_at", "closed_by", "recorded_at", "recorded_by"),
}
RECEIVED = {
    *("id", "partner", "at", "kind", "account", "url", "words", "recorded_at", "recorded_by"),
    "source",
}
CAME_BACK = {"account", "network", "tells", "read_at", "fault"}
EVENT = {
    *("slug", "title", "starts_at", "ends_at", "zone", "all_day", "cancelled", "location"),
    *("url", "description", "hosting", "partners", "uid", "recurrence", "campaign"),
}
PERMISSION = {
    *("number", "partner", "scope", "networks", "agreed_by", "agreed_on", "until", "evidence"),
    *("recorded_at", "recorded_by", "withdrawn_at", "withdrawn_by", "withdrawn_why"),
}
IMPORT = {"new", "updated", "unchanged", "cancelled", "errors"}
HISTORY = """\
account,published_at,credit,partner,text,url,remote_id
x-main,2026-01-05T10:00:00Z,others,river-keepers,Meet them,,1
"""
NOTIFY = """
[smtp]
server = "smtp://127.0.0.1:{port}"
from = "news@rva.example.org"

[notify]
mail = ["ana@rva.example.org"]
"""
DELIVERIES = {"deliveries": [DELIVERY]}
QUEUED = {"deliveries": [{*DELIVERY, "notes"}]}
LADDER = {
    **dict.fromkeys(("event", "ladder", "had", "missed", "unplaced")),
    "deliveries": [{*DELIVERY, "notes", "day", "counts_as", "moved"}],
}
CLEANUP = "spring-river-cleanup-2030-04-20"

PERSON = {"name", "role", "mail", "invited", "second_step", "sessions", "added_at"}
PARTNER_PERSON = {
    *("person", "partner", "name", "roles", "mail", "phone", "note"),
    *("added_at", "added_by", "ended_at"),
}
INTRODUCTION = {
    *("introduction", "needing", "offering", "need", "offer", "proposed_at", "proposed_by"),
    *("needing_agreed_at", "offering_agreed_at", "declined_at", "declined_for"),
}
LINES: dict[str, object] = {
    "partner add Neighbours": PARTNER,
    "partner edit river-keepers --tag-ok": PARTNER | {"outdated"},
    "partner list": {"partners": [PARTNER]},
    "partner person add river-keepers Kim --role sign-off": PARTNER_PERSON,
    "partner person list": {"people": [PARTNER_PERSON]},
    "partner person edit 1 --role designate": PARTNER_PERSON,
    "partner person end 1": PARTNER_PERSON,
    "partner introductions propose river-keepers neighbours --need vans": INTRODUCTION,
    "partner introductions consent 1 --of river-keepers": INTRODUCTION,
    "partner introductions consent 1 --of neighbours": INTRODUCTION,
    "partner introductions draft 1": {"to", "subject", "text"},
    "partner introductions decline 1 --of neighbours": INTRODUCTION,
    "partner introductions list": {"proposals": None, "introductions": [INTRODUCTION]},
    "person export Kim": {"name": None, "held": [{"place", "columns", "row"}]},
    "person erase Kim": {"pseudonym", "rows", "kept_away", "dry_run"},
    "partner edit river-keepers --list focus --closeness close": PARTNER,
    "partner note river-keepers Hello": ENTRY,
    "partner follow-up river-keepers Ask --on today": ENTRY,
    "partner promise river-keepers Share --by today --ours": ENTRY,
    "partner blackout river-keepers 2030-12-24": ENTRY,
    "partner diary river-keepers": {"entries": [ENTRY]},
    "partner overdue": {
        "due": [
            {
                *("partner", "name", "why", "day", "over_days", "entry", "words", "side"),
                *("last_shared_at", "planned_at", "command"),
            }
        ]
    },
    "ledger received add river-keepers --kind like --at yesterday": RECEIVED,
    "ledger received list": {"received": [RECEIVED]},
    "partner add Twice": PARTNER,
    "partner merge twice river-keepers --dry-run": {
        **dict.fromkeys(("merged", "into", "dry_run", "moved", "waiting", "partner")),
        "fields": [{"field", "before", "after"}],
    },
    "partner merge twice river-keepers": {"merged", "into", "dry_run", "fields", "moved"},
    "partner show river-keepers": {
        **dict.fromkeys(PARTNER),
        **dict.fromkeys(("last_shared_at", "last_received_at", "last_noted_contact", "cadence")),
        "terms": [{"field", "value", "since", "until"}],
        "diary": [ENTRY],
        "received": [RECEIVED],
        "merged": [{"slug", "name", "at", "who"}],
    },
    f"partner import {DEMO_DATA / 'partners.csv'}": {
        *IMPORT,
        *("warnings", "changes", "mapping", "proposed", "notes", "import", "outdated"),
        "duplicates",
    },
    "partner archive neighbours": {"partners": [{"partner", "changed", "waiting", "events"}]},
    "partner unarchive neighbours": {"partners": [{"partner", "changed", "waiting", "events"}]},
    "permission add river-keepers --scope logo --agreed-by Ana --on 2026-01-01 --evidence mail": {
        "permission": PERMISSION,
        "freed": None,
    },
    "permission list": {"permissions": [PERMISSION]},
    "observance list --weeks 52": {
        "observances": [
            {
                *("observance", "name", "first", "last", "tone", "region", "topics", "kept"),
                *("confirmed", "source", "note", "same_day", "partners", "more_partners"),
            }
        ],
        "unknown": [{"observance", "year", "ask"}],
    },
    "partner suggest --theme earth-day": {
        "partners": [{"partner", "name", "last_shared_at", "days_since"}]
    },
    "event add Picnic --at 2030-05-01T12:00": EVENT,
    "event list": {"events": [EVENT]},
    f"event show {CLEANUP}": EVENT,
    f"event edit {CLEANUP} --location Elsewhere": {*EVENT, "consequences", "dry_run"},
    f"event import {DEMO_DATA / 'events.ics'}": IMPORT,
    "template list": {"templates": [{"kind", "network", "template", "file"}]},
    "template check": {"templates": [{"kind", "network", "template", "error"}]},
    "queue own --to bluesky-main --text Hello": QUEUED,
    "queue notice --to bluesky-main --text Closed --reason drill": QUEUED,
    "queue spotlight river-keepers --to x-main,reddit-main": QUEUED,
    f"queue event {CLEANUP} --to x-main": QUEUED,
    f"queue event {CLEANUP} --to x-main --series small --dry-run": LADDER,
    "queue reshare https://social.example/1 --partner river-keepers --to x-main": QUEUED,
    "campaign add Spring": CAMPAIGN,
    "campaign list": {"campaigns": [CAMPAIGN | {"posts", "events"}]},
    "campaign show spring": CAMPAIGN | {"deliveries", "earlier", "events", "links"},
    "queue list": DELIVERIES,
    "queue show 1": DELIVERY | {"holds"},
    "queue preview 1": {
        *("id", "account", "network", "title", "text", "length", "limit", "fits", "entities"),
        "cost",
        "notes",
    },
    "explain 1": {"id", "state", "sentence", "checks", "numbers", "rows", "release", "holds"}
    | {"forecast"},
    "rehearse --weeks 1": {
        "from": None,
        "to": None,
        "steps": [
            {
                *("at", "delivery", "also", "account", "outcome", "reason", "until"),
                *("certain", "hangs_on"),
            }
        ],
        "days": [{"account", "day", "headroom"}],
        "weeks": [{"account", "week", "others", "self", "headroom"}],
        "cost": None,
    },
    "pause x-main --reason drill": {"account", "reason"},
    "resume x-main": {"overdue"},
    "run --once": {
        *("published", "held", "postponed", "failed", "unknown", "missed", "expired"),
        "reconciled",
    },
    "ledger list": {
        "rows": [
            {
                *("at", "account", "others", "self", "origin", "why", "delivery", "partner"),
                *("text", "url", "remote_id", "recorded_at", "taken_back_at"),
            }
        ]
    },
    "ledger import history.csv": IMPORT,
    "user add Ana --role admin": {"person": PERSON, "purpose": None, "link": None, "ends_at": None},
    "user list": {"people": [PERSON]},
    "user reset Ana": {"person": PERSON, "purpose": None, "link": None, "ends_at": None},
    "audit list": {"entries": [{"at", "who", "act", "subject", "reason"}]},
    "status": {
        *("daemon", "states", "held", "unknown", "needs_person", "accounts", "resting"),
        *("oldest_overdue", "ok", "next"),
    },
    "report ratio": {
        "as_of": None,
        "accounts": [
            {
                *("account", "network", "policy", "target", "window", "others", "self", "ratio"),
                *("ok", "headroom", "partner_posts_to_next", "earliest_by_roll_off"),
            }
        ],
        "organisation": {"others", "self", "target", "ratio", "ok", "headroom"},
        "at_publish": {"self_sent", "allowed", "overridden"},
    },
    **{
        f"report {name}": {
            *("report", "title", "headline", "as_of", "basis", "lead", "next", "tables"),
            *("sentences", "remarks"),
        }
        for name in (
            *("partners", "reciprocity", "focus", "events", "amplification", "gate"),
            "partner river-keepers",
        )
    },
    "report month": {
        *("report", "title", "headline", "as_of", "basis", "lead", "next", "tables"),
        *("sentences", "remarks", "month", "begins", "goes_on", "kept", "accounts"),
        *("organisation", "partners", "released", "unsent", "unsent_count"),
    },
    "account list": {
        "accounts": [
            {
                *("account", "network", "imitates", "policy", "target", "quota", "window"),
                *("slots", "min_gap", "max_per_day", "presets", "fault"),
            }
        ]
    },
    "account verify": {"accounts": [{"account", "ok", "as", "error"}]},
    "account figures bluesky-main --read": {
        **dict.fromkeys((*CAME_BACK, "followers", "followers_at")),
        "posts": [
            {
                *("post", "delivery", "published_at", "text", "url", "likes", "reposts"),
                *("replies", "quotes", "views", "measured_at", "gone_at"),
            }
        ],
    },
    "account mentions bluesky-main": {*CAME_BACK, "mentions"},
    "connector list": {
        "connectors": [
            {
                *("name", "ok", "limit", "title_limit", "byte_limit", "repeatable", "by_hand"),
                *("images", "reposts", "quotes", "deletes", "credentials", "options"),
            }
        ]
    },
    "doctor": {"ok": None, "checks": [{"what", "fault", "warnings"}]},
    "db check": {"faults"},
    "partner undo-import": {"import", "restored", "removed", "archived", "kept", "outdated"},
    "notify test": {"ok": None, "channels": [{"channel", "to", "error"}]},
    "db restore copy.db --force": {
        *("made_at", "paused", "due", "unsettled", "sign_in", "files", "keys", "kept_aside"),
        "settings_differ",
    },
}
"""What is typed, in this order, in one workspace; and the keys of what comes back."""


def test_each_prints_one_document_with_the_keys_of_the_contract(shell: Shell) -> None:
    shell.write("history.csv", HISTORY)
    shell.ok("db", "backup", "copy.db")

    with MailServer() as mail:
        shell.configure(WORKSPACE + NOTIFY.format(port=mail.port))
        told = {line: shell.ok(*line.split(), "--json").out for line in LINES}

    for line, shape in LINES.items():
        hold_to(shape, json.loads(told[line]), line)
    times = re.findall(r'"(?:\w+_at|as_of)": "([^"]+)"', "".join(told.values()))
    assert times
    for time in times:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time), time


def hold_to(shape: object, found: object, place: str) -> None:
    """These keys are there, others may be; a list has at least one document, and each has them.

    None holds a value to nothing but being there.
    """
    if isinstance(shape, list):
        assert isinstance(found, list), place
        assert found, f"{place}: nothing to look at"
        for item in found:
            hold_to(shape[0], item, place)
    elif isinstance(shape, dict):
        assert isinstance(found, dict), place
        assert shape.keys() <= found.keys(), place
        for key, inner in shape.items():
            hold_to(inner, found[key], f"{place}, {key}")
    elif isinstance(shape, set):
        assert isinstance(found, dict), place
        assert shape <= found.keys(), f"{place}: {shape - found.keys()}"


def test_text_commands_answer_line_by_line(outside: Shell) -> None:
    texts = ("Hello, see https://example.org/annual-report", "Hi @us.bsky.social #River")
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)

    measured = outside.ok("text", "measure", "--network", "x", input=lines).out.splitlines()
    found = outside.ok("text", "entities", "--network", "bluesky", input=lines).out.splitlines()

    assert [json.loads(line) for line in measured] == [
        {"length": 34, "limit": 280, "fits": True, "bytes": 44},
        {"length": 25, "limit": 280, "fits": True, "bytes": 25},
    ]
    entities = json.loads(found[1])["entities"]
    assert [(e["type"], e["text"], e["start"], e["byte_end"]) for e in entities] == [
        ("mention", "@us.bsky.social", 3, 18),
        ("hashtag", "#River", 19, 25),
    ]
