"""Failures that no server on this machine can bring about."""

from datetime import UTC, datetime

import httpx
import pytest
from atproto.exceptions import InvokeTimeoutError, NetworkError

from crosspromo.connectors.base import NotSent, Unknown
from crosspromo.connectors.bluesky.errors import outcome_of

NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)


def as_the_library_raises(cause: httpx.HTTPError) -> Exception:
    """It wraps what httpx calls network errors and time-outs, and nothing else."""
    match cause:
        case httpx.TimeoutException():
            error = InvokeTimeoutError()
        case httpx.NetworkError():
            error = NetworkError()
        case _:
            return cause
    error.__cause__ = cause
    wrapped: Exception = error
    return wrapped


@pytest.mark.parametrize(
    "cause",
    [
        httpx.ConnectError("[Errno -2] Name or service not known"),
        httpx.ConnectTimeout("timed out"),
        httpx.PoolTimeout("timed out"),
        httpx.ProxyError("403 Forbidden"),
        httpx.UnsupportedProtocol("no scheme"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_without_a_connection_nothing_was_sent(cause: httpx.HTTPError) -> None:
    assert outcome_of(as_the_library_raises(cause), NOW) == NotSent(
        f"the server cannot be reached: {cause}"
    )


@pytest.mark.parametrize(
    "cause",
    [
        httpx.ReadTimeout("timed out"),
        httpx.WriteTimeout("timed out"),
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.CloseError("closed"),
        httpx.RemoteProtocolError("disconnected"),
        httpx.LocalProtocolError("confused"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_a_connection_that_broke_proves_nothing(cause: httpx.HTTPError) -> None:
    assert isinstance(outcome_of(as_the_library_raises(cause), NOW), Unknown)


def test_what_nobody_foresaw_proves_nothing_and_is_not_quoted() -> None:
    outcome = outcome_of(KeyError("accessJwt=abc"), NOW)
    assert isinstance(outcome, Unknown)
    assert "abc" not in outcome.detail
