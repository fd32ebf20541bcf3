"""The bodies X sends when it refuses, each with where its wording comes from.

Observed: quoted in public issue threads and code that matches on them. Documented: the `Problem`
schemas of the OpenAPI document. Believed: nobody quotes it; the shape is that of its neighbours.
"""

from __future__ import annotations

from http import HTTPStatus

from crosspromo.testing.simulator.messages import Answer, json_answer

_DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
_TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length "
    "see https://github.com/twitter/twitter-text."
)
_SUSPENDED = "Your account is suspended and is not permitted to access this feature."
_NO_QUOTE = (
    "Quoting this post is not allowed because you have not been mentioned or are not part of the "
    "conversation thread of the post you are quoting."
)
_NO_REPLY = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise "
    "engaged by the author of the post you are replying to."
)
_NO_CREDITS = "Your enrolled account [1] does not have any credits to fulfill this request."


def plain(status: int, detail: str = "") -> Answer:
    """The common shape (observed): title and detail, type about:blank, the status again."""
    title = HTTPStatus(status).phrase
    return json_answer(
        status,
        {"title": title, "detail": detail or title, "type": "about:blank", "status": status},
    )


def duplicate() -> Answer:
    """The same text again (observed: akrherz/iembot#163, plhery/node-twitter-api-v2#469)."""
    return plain(403, _DUPLICATE)


def too_long() -> Answer:
    """More than the limit: 400 with the sentence among the errors (observed through tweepy)."""
    return invalid(_TOO_LONG)


def suspended() -> Answer:
    """A suspended account (believed: the wording of v1.1's code 64 in v2's shape)."""
    return plain(403, _SUSPENDED)


def quote_refused() -> Answer:
    """A quote by a self-serve app of somebody who did not ask for it (observed)."""
    return plain(403, _NO_QUOTE)


def reply_refused() -> Answer:
    """A reply by a self-serve app that nobody summoned (observed)."""
    return plain(403, _NO_REPLY)


def app_only() -> Answer:
    """A bearer token where a user has to sign (observed)."""
    return json_answer(
        403,
        {
            "title": "Unsupported Authentication",
            "detail": "Authenticating with OAuth 2.0 Application-Only is forbidden for this "
            "endpoint.  Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 "
            "User Context].",
            "type": "https://api.twitter.com/2/problems/unsupported-authentication",
            "status": 403,
        },
    )


def out_of_credits() -> Answer:
    """402 (observed: title CreditsDepleted and the sentence; the type is believed)."""
    return json_answer(
        402,
        {
            "title": "CreditsDepleted",
            "detail": _NO_CREDITS,
            "type": "https://api.twitter.com/2/problems/credits",
            "status": 402,
        },
    )


def invalid(message: str, **parameters: str) -> Answer:
    """A request that makes no sense (documented: InvalidRequestProblem; `errors` observed)."""
    named = {name: [value] for name, value in parameters.items()}
    return json_answer(
        400,
        {
            "errors": [{"parameters": named, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.x.com/2/problems/invalid-request",
        },
    )


def not_found(resource: str, resource_id: str) -> Answer:
    """Something that is not there (documented: ResourceNotFoundProblem)."""
    return json_answer(
        404,
        {
            "title": "Not Found Error",
            "detail": f"Could not find {resource} with id: [{resource_id}].",
            "resource_type": resource,
            "resource_id": resource_id,
            "parameter": "id",
            "value": resource_id,
            "type": "https://api.x.com/2/problems/resource-not-found",
        },
    )
