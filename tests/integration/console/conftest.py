"""Fixtures of the tests of the console: an office with the console served, and its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import Browser, Office

from crosspromo.domain.people import Role


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path) as office:
        yield office


@pytest.fixture
def reader(office: Office) -> Browser:
    return office.signed_in(Role.READER)


@pytest.fixture
def author(office: Office) -> Browser:
    return office.signed_in(Role.AUTHOR)


@pytest.fixture
def approver(office: Office) -> Browser:
    return office.signed_in(Role.APPROVER)


@pytest.fixture
def admin(office: Office) -> Browser:
    return office.signed_in(Role.ADMIN)
