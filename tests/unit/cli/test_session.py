"""Who acts, as the audit log has it."""

import getpass

import pytest

from crosspromo.cli.session import CALLERS, NAME_VARIABLE, acting_name


@pytest.fixture(autouse=True)
def _login(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (NAME_VARIABLE, *CALLERS):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LOGNAME", "crosspromo")


def test_it_is_the_login_by_default() -> None:
    assert acting_name() == getpass.getuser() == "crosspromo"


@pytest.mark.parametrize("variable", CALLERS)
def test_under_sudo_it_is_the_person_and_not_the_account_of_the_service(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "ana")
    assert acting_name() == "ana"


def test_a_name_that_is_given_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "ana")
    monkeypatch.setenv(NAME_VARIABLE, "The Chair")
    assert acting_name() == "The Chair"
