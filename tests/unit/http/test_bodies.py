"""Bodies are unpacked as they were meant, whatever their pieces, and never beyond a limit."""

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.http.bodies import PIECE, BodyError, unpacked


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "plain": ("", bytes),
    "identity": ("identity", bytes),
    "gzip": ("gzip", gzip.compress),
    "gzip of two members": ("GZIP", lambda data: gzip.compress(data) + gzip.compress(data)),
    "zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
}

FORMS = st.sampled_from(sorted(PACKERS))
DATA = st.one_of(st.binary(max_size=3_000), st.builds(bytes, st.integers(0, 4 * PIECE)))


def in_pieces(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


@given(form=FORMS, data=DATA, size=st.integers(16, 5_000))
def test_a_body_is_unpacked_as_it_was_meant(form: str, data: bytes, size: int) -> None:
    encoding, pack = PACKERS[form]
    parts = list(unpacked(in_pieces(pack(data), size), encoding))
    assert b"".join(parts) == (data * 2 if "two" in form else data)
    assert all(len(part) <= max(PIECE, size) for part in parts)


@given(form=FORMS, data=DATA, most=st.integers(0, 100_000))
def test_nothing_beyond_the_limit_is_given(form: str, data: bytes, most: int) -> None:
    encoding, pack = PACKERS[form]
    body = pack(data)
    whole = len(data) * (2 if "two" in form else 1)
    seen = 0
    try:
        for part in unpacked([body], encoding, most):
            seen += len(part)
        refused = False
    except BodyError:
        refused = True
    assert refused == (max(whole, len(body)) > most)
    assert seen <= most


@given(encoding=st.sampled_from(["gzip", "deflate", "br", "gzip, gzip", "", "x"]), data=DATA)
def test_garbage_raises_nothing_but_its_refusal(encoding: str, data: bytes) -> None:
    with suppress(BodyError):
        list(unpacked([data], encoding))


@given(form=st.sampled_from(["gzip", "zlib", "raw deflate"]), data=DATA, kept=st.floats(0.1, 0.9))
def test_a_body_that_ends_in_the_middle_is_refused(form: str, data: bytes, kept: float) -> None:
    encoding, pack = PACKERS[form]
    body = pack(data)
    with pytest.raises(BodyError):
        list(unpacked([body[: max(1, int(len(body) * kept))]], encoding))


def test_no_body_is_no_fault() -> None:
    assert list(unpacked([], "gzip")) == []
