"""The main job, end to end: three accounts, a real Bluesky server, X and Reddit as they answer."""

from collections import Counter

from integration.networks.conftest import Networks

PARTNERS = {
    "river-keepers": "River Keepers",
    "food-bank": "Valley Food Bank",
    "land-trust": "Bluff Land Trust",
}


def share_others(networks: Networks) -> None:
    """One event and three spotlights, on every account."""
    sheet = networks.folder / "partners.csv"
    rows = [
        f"{slug},{name},They do good 🌊 work.,https://{slug}.example,CleanWater"
        for slug, name in PARTNERS.items()
    ]
    sheet.write_text("\n".join(["slug,name,why,website,topics", *rows]), encoding="utf-8")
    networks.run("partner", "import", str(sheet))
    networks.run(
        *("event", "add", "River cleanup", "--at", "+30d", "--host", "river-keepers"),
        *("--url", "https://river-keepers.example/cleanup"),
    )
    (event,) = networks.json("event", "list")["events"]
    networks.run("queue", "event", event["slug"], "--to", "all")
    for slug in PARTNERS:
        networks.run("queue", "spotlight", slug, "--to", "all")


def states(networks: Networks) -> dict[str, str]:
    deliveries = networks.json("queue", "list")["deliveries"]
    return {d["account"]: d["state"] for d in deliveries if d["kind"] == "own"}


def test_the_main_job(networks: Networks) -> None:
    own = "Our annual report is out: https://us.example/report"
    networks.run("queue", "own", "--to", "all", "--title", "Our report", "--text", own)

    first = networks.json("run", "--once")
    assert first == {
        "published": 0,
        "held": 3,
        "failed": 0,
        "unknown": 0,
        "missed": 0,
        "expired": 0,
        "postponed": 0,
        "reconciled": 0,
    }
    assert networks.texts == {"x-main": [], "bluesky-main": [], "reddit-main": []}

    share_others(networks)
    second = networks.json("run", "--once")
    assert (second["published"], second["held"]) == (14, 1)
    assert states(networks) == {
        "x-main": "published",
        "bluesky-main": "published",
        "reddit-main": "queued",
    }
    assert {account: len(texts) for account, texts in networks.texts.items()} == {
        "x-main": 5,
        "bluesky-main": 5,
        "reddit-main": 4,
    }

    third = networks.json("run", "--once")
    assert (third["published"], third["held"], third["unknown"]) == (0, 1, 0)
    assert sum(len(texts) for texts in networks.texts.values()) == 14

    report = networks.json("report", "ratio")
    figures = {
        a["account"]: (a["others"], a["self"], a["headroom"], a["partner_posts_to_next"], a["ok"])
        for a in report["accounts"]
    }
    assert figures == {
        "x-main": (4, 1, 0, 2, True),
        "bluesky-main": (4, 1, 3, 1, True),
        "reddit-main": (4, 0, 0, 5, True),
    }
    assert report["organisation"] == {
        "others": 12,
        "self": 2,
        "target": "1:1",
        "ratio": 6.0,
        "ok": True,
        "headroom": 10,
    }
    assert report["at_publish"] == {"self_sent": 2, "allowed": 2, "overridden": 0}


def test_facets_lie_on_the_right_bytes(networks: Networks) -> None:
    share_others(networks)
    networks.run("run", "--once")
    records = networks.bluesky.records(networks.bluesky_account.did)
    seen = Counter[str]()
    for record in records:
        text = record["value"]["text"].encode()
        for facet in record["value"].get("facets", []):
            covered = text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
            (feature,) = facet["features"]
            kind = feature["$type"].rpartition("#")[2]
            assert covered == {"link": feature.get("uri"), "tag": f"#{feature.get('tag')}"}[kind]
            seen[kind] += 1
    assert seen == {"link": 4, "tag": 4}


def test_a_session_is_stored_and_used_again(networks: Networks) -> None:
    share_others(networks)
    networks.run("account", "verify", "bluesky-main")
    # A new password would be needed for a new session; the stored one needs none.
    networks.environment["BSKY_PASSWORD"] = "not-the-password"
    done = networks.json("run", "--once")
    assert done["published"] == 12
    assert len(networks.texts["bluesky-main"]) == 4


def test_no_secret_stands_anywhere(networks: Networks) -> None:
    share_others(networks)
    networks.x.fail_next("500", "after")
    networks.reddit.fail_next("unreadable", "after")
    with networks.start("-vv", "run", "--once") as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    everything = out + err
    for path in networks.folder.rglob("*"):
        if path.is_file() and path.name != "session.key":
            everything += path.read_bytes().decode("latin-1")
    found = [secret for secret in networks.secrets if secret in everything]
    assert found == []
    assert "Bearer ey" not in everything
    assert ":::ey" not in everything
