"""The console in other weather: settings that change, a database that fails, faults of our own."""

import logging
import shutil
from pathlib import Path

import pytest
from browsers import SETTINGS, Browser, Office

from crosspromo.domain.people import Role
from crosspromo.web import following
from crosspromo.web.pages import today as today_page


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the files looked at for every request."""
    monkeypatch.setattr(following, "EVERY", 0.0)


@pytest.mark.usefixtures("at_once")
class TestChangedSettings:
    def test_a_new_account_is_there_without_a_new_start(self, tmp_path: Path) -> None:
        with Office(tmp_path) as office:
            reader = office.signed_in(Role.READER)
            assert "mastodon-main" not in reader.get("/accounts").text
            new = '\n[accounts.mastodon-main]\nnetwork = "sandbox"\n'
            (tmp_path / "crosspromo.toml").write_text(SETTINGS + new, encoding="utf-8")
            assert "mastodon-main" in reader.get("/accounts").text

    def test_settings_with_a_fault_are_left_out_and_the_log_says_so(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Office(tmp_path) as office:
            reader = office.signed_in(Role.READER)
            reader.get("/accounts")
            (tmp_path / "crosspromo.toml").write_text("nonsense", encoding="utf-8")
            with caplog.at_level(logging.WARNING):
                assert reader.get("/accounts").status_code == 200
        assert "the console keeps its old settings" in caplog.text


class TestFailures:
    def test_a_database_that_is_gone_is_a_page_that_says_so(self, tmp_path: Path) -> None:
        with Office(tmp_path) as office:
            reader = office.signed_in(Role.READER)
            office.store.engine.dispose()
            file = tmp_path / "store.db"
            kept = file.read_bytes()
            file.write_bytes(b"this is no database" * 100)
            answer = reader.get("/")
            document = reader.get("/.json")
            office.store.engine.dispose()
            file.write_bytes(kept)
        assert answer.status_code in {500, 503}
        assert "This page could not be made" in answer.text
        assert "Traceback" not in answer.text
        assert document.json()["error"]["message"].startswith("This page could not be made")

    def test_a_database_that_was_replaced_is_a_page_that_says_what_to_do(
        self, tmp_path: Path
    ) -> None:
        """What would be kept in the file that is open would be lost."""
        with Office(tmp_path) as office:
            author = office.signed_in(Role.AUTHOR)
            form = {"form-token": author.form_token(), "reason": "storm"}
            file = tmp_path / "store.db"
            restored = Path(shutil.copy(file, tmp_path / "restored.db"))
            restored.replace(file)
            answers = [author.get("/"), author.client.post("/pause", data=form)]
        for answer in answers:
            assert answer.status_code == 503
            assert "was replaced by another file while it was in use" in answer.text
            assert "start crosspromo again" in answer.text

    def test_a_fault_of_our_own_has_a_number_that_the_log_knows(
        self,
        reader: Browser,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setattr(today_page, "remember", None)
        answer = reader.get("/")
        assert answer.status_code == 500
        assert "Sending is not touched by this" in answer.text
        number = answer.text.partition("looks after the server: ")[2][:7]
        assert number in caplog.text
        assert "TypeError" in caplog.text
        assert "TypeError" not in answer.text

    def test_an_unknown_address_is_a_page_with_a_way_back(self, reader: Browser) -> None:
        answer = reader.get("/nowhere")
        assert answer.status_code == 404
        assert 'href="/"' in answer.text
        assert reader.get("/posts/99").status_code == 404
        assert reader.get("/posts/99999999999999999999999").status_code == 404
        assert reader.get("/nowhere.json").json()["error"]["code"] == "not-found"

    def test_liveness_is_for_everybody_and_tells_nothing_else(self, office: Office) -> None:
        assert office.browser().get("/healthz").text == "ok\n"

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
    def test_other_methods_do_nothing(self, reader: Browser, method: str) -> None:
        assert reader.client.request(method, "/").status_code == 405
