"""A past of deliveries: what networks told of them, what held them, and what came of them.

Each statement makes rows of what is published already, some for each delivery or for each so many.
"""

from sqlalchemy import Connection

MADE = (
    """INSERT INTO figures (delivery_id, account, remote_id, published_at, measured_at,
        likes, reposts, replies, quotes, views)
    SELECT id, account, remote_id, published_at, published_at,
        id % 30, id % 7, id % 5, id % 3, id % 900
    FROM deliveries WHERE state = 'published'""",
    """INSERT INTO figure_history (delivery_id, measured_at, likes, reposts, replies, quotes, views)
    SELECT delivery_id, measured_at, likes, reposts, replies, quotes, views FROM figures""",
    """INSERT INTO delivery_holds (delivery_id, code, reason, since, ended_at)
    SELECT id, 'ratio', '{}', published_at, published_at
    FROM deliveries WHERE state = 'published' AND id % 10 = 0""",
    """INSERT INTO received (partner_id, at, kind, account, url, words, recorded_at, recorded_by)
    SELECT 1, published_at, 'mention', account, url, '', published_at, 'bench'
    FROM deliveries WHERE state = 'published' AND id % 20 = 0""",
    """INSERT INTO events (id, slug, uid, recurrence, sequence, title, starts_at, ends_at, zone,
        all_day, cancelled, location, url, description, hosting)
    SELECT id, 'event-' || id, 'event-' || id, '', 0, 'Event ' || id, published_at, published_at,
        'UTC', false, false, '', '', '', 'ours'
    FROM deliveries WHERE state = 'published' AND id % 50 = 0""",
    "INSERT INTO event_partners (event_id, partner_id) SELECT id, 1 FROM events",
    "UPDATE posts SET event_id = id, step = 'reminder' WHERE id IN (SELECT id FROM events)",
    """INSERT INTO deliveries (post_id, account, network, state, credit, text, text_hash, images,
        parts, dropped, due_at, pinned)
    SELECT post_id, account, network, 'missed', credit, text, 'missed-' || id, images, parts,
        dropped, due_at, pinned
    FROM deliveries WHERE state = 'published' AND id % 100 = 0""",
    """INSERT INTO ledger (account, at, others, self, origin, why, text, recorded_at, taken_back_at)
    SELECT account, at, others, self, 'outside', '', 'Outside', recorded_at, recorded_at
    FROM ledger WHERE origin = 'delivery' AND delivery_id % 20 = 0""",
)
"""SQL of SQLite, in this order."""


def make_past(connection: Connection) -> None:
    """Make figures of each published delivery, and holds, events and misses of some."""
    for statement in MADE:
        connection.exec_driver_sql(statement)
