"""The webhook client, on a real server."""

import hashlib
import hmac
import time

import pytest
from servers.webhooks import Webhook

from crosspromo.http.webhooks import WebhookError, post_json


def failure(webhook: Webhook, patience: float = 5) -> str:
    with pytest.raises(WebhookError) as error:
        post_json(webhook.url, {"text": "hello"}, patience=patience)
    assert "T0KEN" not in str(error.value)
    return str(error.value)


def test_the_signature_is_that_of_the_very_bytes(webhook: Webhook) -> None:
    post_json(webhook.url, {"text": "¡hola!"}, secret="shared")
    [call] = webhook.calls
    digest = hmac.new(b"shared", call.body, hashlib.sha256).hexdigest()
    assert call.headers["x-crosspromo-signature"] == f"sha256={digest}"
    assert call.headers["content-type"] == "application/json"
    assert call.text == "¡hola!"


def test_without_a_secret_there_is_no_signature(webhook: Webhook) -> None:
    post_json(webhook.url, {"text": "hello"})
    assert "x-crosspromo-signature" not in webhook.calls[0].headers


def test_a_refusal_is_told_in_the_servers_words_and_no_more_than_a_few(webhook: Webhook) -> None:
    webhook.status, webhook.says = 403, b"invalid\ntoken " + b"x" * 100_000
    said = failure(webhook)
    assert said.startswith("127.0.0.1 answered 403 invalid token xx")
    assert len(said) < 300


def test_a_redirect_is_not_followed(webhook: Webhook) -> None:
    webhook.status, webhook.location, webhook.says = 302, webhook.url, b""
    assert failure(webhook) == "127.0.0.1 answered 302"
    assert len(webhook.calls) == 1


def test_a_server_that_does_not_answer_is_left_when_the_time_is_up(webhook: Webhook) -> None:
    webhook.hangs = True
    began = time.monotonic()
    assert failure(webhook, patience=0.2) == "127.0.0.1 gave no answer in 0.2 seconds"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/x", "not an address", "ftp://h/x", ""])
def test_an_address_where_nobody_answers_is_an_error_in_words(address: str) -> None:
    with pytest.raises(WebhookError):
        post_json(address, {"text": "hello"})
