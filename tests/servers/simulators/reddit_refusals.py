"""How Reddit refuses outside of submissions, and the rate headers on everything it answers."""

from __future__ import annotations

from crosspromo.testing.simulator.messages import Answer, json_answer

_PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def plain(status: int) -> Answer:
    """The common shape of an error (observed): its message and its status."""
    return json_answer(status, {"message": _PHRASES[status], "error": status})


def unauthorized() -> Answer:
    """A bearer token that is not good (observed; prawcore reads the header's last word)."""
    challenge = {"www-authenticate": 'Bearer realm="reddit", error="invalid_token"'}
    return plain(401).with_headers(challenge)


def rate_headers(remaining: int, used: int, reset: int) -> dict[str, str]:
    """Recorded: remaining has a decimal, used and reset (in seconds from now) have none."""
    return {
        "x-ratelimit-remaining": f"{remaining:.1f}",
        "x-ratelimit-used": str(used),
        "x-ratelimit-reset": str(reset),
    }
