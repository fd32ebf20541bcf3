"""Failed sign-ins: a name waits after a few, an address after more, and both forget."""

from datetime import timedelta

from crosspromo.services.tries import MOST_KEPT, MOST_OF_ADDRESS, MOST_OF_NAME, WINDOW, Tries
from crosspromo.testing.clock import START


def test_a_name_waits_from_wherever_it_is_tried() -> None:
    tries = Tries()
    for number in range(MOST_OF_NAME):
        assert tries.again_at("Kim", "here", START) is None
        tries.failed("kim", f"address {number}", START)
    assert tries.again_at("KIM", "elsewhere", START) == START + WINDOW
    assert tries.again_at("KIM", "elsewhere", START + WINDOW) is None
    assert tries.again_at("Ana", "elsewhere", START) is None


def test_an_address_waits_whatever_names_it_tries() -> None:
    tries = Tries()
    for number in range(MOST_OF_ADDRESS):
        tries.failed(f"name {number}", "there", START)
    assert tries.again_at("Kim", "there", START) == START + WINDOW
    assert tries.again_at("Kim", "here", START) is None


def test_a_success_forgets_the_failures_of_the_name_and_not_those_of_the_address() -> None:
    tries = Tries()
    for _ in range(MOST_OF_ADDRESS):
        tries.failed("Kim", "there", START)
    tries.succeeded("kim")
    assert tries.again_at("Kim", "here", START) is None
    assert tries.again_at("Kim", "there", START) is not None


def test_what_is_remembered_is_bounded() -> None:
    tries = Tries()
    for _ in range(MOST_OF_NAME):
        tries.failed("Kim", "there", START)
    for number in range(MOST_KEPT):
        tries.failed(f"name {number}", "x" * 300, START + timedelta(seconds=1))
    assert tries.again_at("Kim", "here", START) is None
