"""Answers by link against edits and against each other, on each database, really at once."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from browsers import SETTINGS, Office
from partners_asked import KEEPERS, TEXT, VERSION, answer, asked_post, link_to, states
from servers.databases import BACKENDS
from sqlalchemy import text

from crosspromo.domain.errors import CrosspromoError, LostClaimError
from crosspromo.domain.states import State
from crosspromo.services.act_on_posts import Joined
from crosspromo.services.edited_content import Changes

ROUNDS = 6


@pytest.fixture(params=BACKENDS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = BACKENDS[request.param](request)
    with Office(tmp_path, SETTINGS.replace("sqlite:///store.db", url)) as office:
        yield office


def version_at(office: Office, path: str) -> str:
    found = VERSION.search(office.browser().get(path).text)
    assert found is not None
    return found[1]


def wait_until_blocked(office: Office, begun: "Future[httpx.Response]") -> None:
    """Look on, on PostgreSQL, until somebody waits for a lock; SQLite locks out every writer."""
    if office.store.engine.dialect.name == "sqlite":
        return
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with office.store.engine.connect() as connection:
        while not begun.done():
            if connection.execute(waiting).scalar_one():
                return
            connection.rollback()


def test_an_answer_waits_for_an_edit_that_has_begun_and_is_then_refused(office: Office) -> None:
    asked_post(office)
    path = link_to(office)
    seen = version_at(office, path)
    acts = office.workspace.services.act_on_delivery("Amira Author")
    with ThreadPoolExecutor() as pool:
        with office.store.write() as unit:
            editing = type(acts)(**{**vars(acts), "store": Joined(unit)})
            editing.edit(1, Changes(text=TEXT.replace("twelve", "thirteen")))
            given = pool.submit(answer, office.browser(), path, "yes", version=seen)
            wait_until_blocked(office, given)
        refused = given.result()
    assert refused.status_code == 409
    assert "<ins>thirteen</ins>" in refused.text
    assert states(office) == ["draft", "draft"]


def test_of_an_answer_and_an_edit_at_once_no_text_goes_that_nobody_agreed_to(
    office: Office,
) -> None:
    for number in range(1, ROUNDS + 1):
        old = f"{TEXT} It is the {number}th time."
        post = asked_post(office, old, to=["x-main"])
        path = link_to(office, post)
        seen, both = version_at(office, path), Barrier(2)

        def edit(delivery: int = post, changed: str = f"{old} New.", at: Barrier = both) -> None:
            acts = office.workspace.services.act_on_delivery("Amira Author")
            at.wait()
            with suppress(CrosspromoError, LostClaimError):  # the answer was faster
                acts.edit(delivery, Changes(text=changed))

        def say(to: str = path, version: str = seen, at: Barrier = both) -> httpx.Response:
            browser = office.browser()
            at.wait()
            return answer(browser, to, "yes", version=version)

        with ThreadPoolExecutor() as pool:
            editing, answering = pool.submit(edit), pool.submit(say)
            editing.result()
            given = answering.result()
        assert given.status_code in {303, 409}
        with office.store.read() as unit:
            (delivery,) = unit.deliveries.of_post(post)
            signed = unit.approvals.signatures([delivery.id])[delivery.id]
        agreed = [each for each in signed if each.who == f"partner:{KEEPERS}"]
        print_ = delivery.content.fingerprint(delivery.account)
        if delivery.content.text == old:
            assert [each.fingerprint for each in agreed] == [print_]
        else:
            assert print_ not in [each.fingerprint for each in agreed]
            assert delivery.state is State.DRAFT


@pytest.mark.parametrize("second", ["yes", "no"])
def test_of_two_answers_at_once_one_comes_after_the_other(office: Office, second: str) -> None:
    for number in range(ROUNDS):
        post = asked_post(office, f"{TEXT} It is the {number}th time.")
        path = link_to(office, post)
        seen, both = version_at(office, path), Barrier(2)

        def say(given: str, to: str = path, version: str = seen, at: Barrier = both) -> int:
            browser = office.browser()
            at.wait()
            return answer(browser, to, given, version=version).status_code

        with ThreadPoolExecutor() as pool:
            codes = [each.result() for each in [pool.submit(say, a) for a in ("yes", second)]]
        assert codes == [303, 303]
        with office.store.read() as unit:
            (link,) = unit.sign_off_links.of_post(post)
            acts = [each.act for each in unit.audit.about([f"delivery {2 * number + 1}"])]
        assert acts.count("approve") <= 1
        if second == "no":
            assert states(office, post) == ["cancelled", "cancelled"]
            assert link.answer == "no"
        else:
            assert states(office, post) == ["queued", "queued"]


def test_of_two_links_made_at_once_one_is_open(office: Office) -> None:
    post = asked_post(office)
    both = Barrier(2)

    def make() -> str:
        both.wait()
        return link_to(office, post)

    with ThreadPoolExecutor() as pool:
        paths = [each.result() for each in [pool.submit(make), pool.submit(make)]]
    codes = sorted(office.browser().get(path).status_code for path in paths)
    assert codes == [200, 410]
