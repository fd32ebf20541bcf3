"""Campaigns and tones in the console: chosen where a post is written, shown where it is read."""

from browsers import Browser, Office

from crosspromo.services.acts.labelling import Labels

DRAFT = "/compose/abcdefghijkl"


def test_a_post_is_put_into_a_campaign_as_it_is_written(office: Office, author: Browser) -> None:
    assert 'name="campaign"' not in author.get("/compose").text
    office.workspace.services.change_campaigns("ana").add("Spring <drive>")
    assert (
        '<option value="spring-drive">Spring &lt;drive&gt;</option>' in author.open("/compose").text
    )
    fields = {"kind": "own", "text": "We begin.", "accounts": "x-main", "when": "slot"}
    fields |= {"campaign": "spring-drive", "act": "queue"}
    done = author.send(DRAFT, fields, page="/me")
    assert done.status_code == 303
    assert "Campaign: spring-drive." in author.open(done.headers["location"]).text


def test_a_note_is_shown_with_the_post(office: Office, author: Browser) -> None:
    number = office.queue()
    acts = office.workspace.services.act_on_delivery("ana")
    assert "Note:" not in author.open(f"/deliveries/{number}").text
    acts.label(number, Labels(note="Ask <Maria>"))
    assert "Note: Ask &lt;Maria&gt;" in author.open(f"/deliveries/{number}").text


def test_a_post_has_the_tone_that_was_chosen_as_it_was_written(author: Browser) -> None:
    fields = {"kind": "own", "text": "We mourn.", "accounts": "x-main", "when": "slot"}
    fields |= {"tone": "solemn", "act": "queue"}
    done = author.send("/compose/abcdefghijkm", fields, page="/me")
    assert done.status_code == 303
    assert "Tone: solemn." in author.open(done.headers["location"]).text
