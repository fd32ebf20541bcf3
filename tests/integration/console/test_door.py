"""The link of the demo: it lets one browser in, and says so to the next."""

from pathlib import Path

import httpx
from browsers import Browser, Office

from crosspromo.domain.people import Role
from crosspromo.web.door import Door
from crosspromo.web.guard import Cookie
from crosspromo.web.server import ConsoleServer


def test_a_link_that_was_used_says_so(tmp_path: Path) -> None:
    office = Office(tmp_path)
    door = Door(office.session(Role.ADMIN), Cookie.of(office.workspace.settings.serve))
    with ConsoleServer(office.workspace, "127.0.0.1", 0, door) as server:
        first, second = Browser(server.address), Browser(server.address)
        assert first.open(door.path).url.path == "/"
        assert first.open(door.path).url.path == "/"  # it is in already
        over = second.open(door.path)
        assert over.status_code == httpx.codes.GONE
        assert "It works once, and a browser has used it" in over.text
        first.client.close()
        second.client.close()
    office.workspace.close()
