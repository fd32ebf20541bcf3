"""Whatever is logged or answered, no secret is in it."""

import base64
import html
import io
import json
import logging
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspromo.connectors.http_outcomes import (
    LONGEST_WORDS,
    MOST_SEARCHED,
    one_line,
)
from crosspromo.domain.attempts import Prepared
from crosspromo.domain.errors import AccountError
from crosspromo.domain.outcomes import (
    Absent,
    LookUp,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.domain.posts import Content
from crosspromo.secrets.redacting_connector import RedactingConnector, redacting
from crosspromo.secrets.redaction import (
    HIDDEN,
    SHORTEST,
    RedactingFormatter,
    Redactor,
)

SECRET = "correct horse/battery+1"
WHEN = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
PREPARED = Prepared("token", {"text": "Hello"})


def knowing(*secrets: str) -> Redactor:
    redactor = Redactor()
    redactor.hide(*secrets)
    return redactor


# Texts


def test_a_secret_is_blotted_out_wherever_it_stands() -> None:
    assert knowing("hunter22").redact("hunter22 or ahunter22b") == f"{HIDDEN} or a{HIDDEN}b"


def test_of_two_secrets_the_longer_goes_first() -> None:
    assert knowing("hunter", "hunter22").redact("hunter22") == HIDDEN


def test_a_value_as_short_as_a_word_is_let_stand() -> None:
    assert knowing("a" * (SHORTEST - 1), "").redact("aaa and more") == "aaa and more"
    assert knowing("a" * SHORTEST).redact("aaaa") == HIDDEN


@given(st.text(min_size=SHORTEST), st.text(), st.text())
def test_no_text_shows_a_secret_afterwards(secret: str, before: str, after: str) -> None:
    redacted = knowing(secret).redact(before + secret + after)
    assert secret not in redacted.replace(HIDDEN, "")
    assert HIDDEN in redacted


@given(st.text(st.characters(codec="utf-8"), min_size=SHORTEST))
def test_a_secret_is_known_in_addresses_forms_json_and_quotes(secret: str) -> None:
    redactor = knowing(secret)
    for text in (
        urlencode({"password": secret}).removeprefix("password="),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    ):
        assert redactor.redact(text) == HIDDEN


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)


@settings(deadline=None)
@given(secret=WORDS, before=st.text(max_size=20), after=st.text(max_size=20))
def test_no_base64_of_a_text_with_a_secret_shows_it(secret: str, before: str, after: str) -> None:
    data = f"{before}{secret}{after}".encode("utf-8", "surrogatepass")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        token = encode(data).decode()
        for shown in (token, quote(token, safe=""), token.replace("/", "\\/"), mime(token)):
            redacted = knowing(secret).redact(f"Basic {shown} was refused")
            assert HIDDEN in redacted
            assert not shows(redacted, secret)


def mime(token: str) -> str:
    """The token in lines of 20 digits."""
    return "\r\n ".join(token[at : at + 20] for at in range(0, len(token), 20))


def shows(text: str, secret: str) -> bool:
    """Whether four characters of the secret can be read in any base64 of the text."""
    data = secret.encode()
    for before in range(3):
        whole = base64.b64encode(bytes(before) + data).decode()
        core = whole[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        digits = "".join(text.translate(str.maketrans("-_", "+/")).split())
        if any(core[at : at + 8] in digits for at in range(len(core) - 7)):
            return True
    return False


@settings(deadline=None)
@given(secret=WORDS, data=st.data())
def test_a_secret_that_is_folded_is_hidden(secret: str, data: st.DataObject) -> None:
    breaks = st.sampled_from(["", "\n", "\r\n    ", " ", "\\n", "%0A"])
    folded = "".join(char + data.draw(breaks) for char in secret[:-1]) + secret[-1]
    assert knowing(secret).redact(f"say {folded} now").replace(HIDDEN, "") == "say  now"


@settings(deadline=None)
@given(secret=WORDS)
def test_a_secret_is_known_in_html_and_in_twice_encoded_addresses(secret: str) -> None:
    for form in (html.escape(secret), quote(quote(secret, safe=""), safe=""), hexed(secret)):
        redacted = knowing(secret).redact(f"say {form} now")
        left = redacted.removeprefix(f"say {HIDDEN}").removesuffix(" now")
        assert left in {"", "amp;", "25", "2525"}  # of a secret that ends in & or %


def hexed(secret: str) -> str:
    return secret.encode().hex().upper()


def test_a_part_of_a_long_secret_is_hidden() -> None:
    token = random.Random(1).randbytes(300).hex()
    assert knowing(token).redact(token[:200]).replace(HIDDEN, "") in token[192:200]


# Words of a network


@settings(deadline=None)
@given(
    secret=st.text(st.characters(min_codepoint=48, max_codepoint=122), min_size=12, max_size=60),
    at=st.integers(0, 260),
    break_at=st.integers(0, 11),
)
def test_the_cut_through_a_networks_words_leaves_no_part_of_a_secret(
    secret: str, at: int, break_at: int
) -> None:
    words = "x." * at + secret[:break_at] + "\n" + secret[break_at:] + " end"
    with redacting(knowing(secret).redact):
        line = one_line(words)
    assert secret[:8] not in line
    assert len(line) <= LONGEST_WORDS + 1


@pytest.mark.parametrize("at", [0, MOST_SEARCHED - 10, MOST_SEARCHED - 5, 5 * MOST_SEARCHED])
def test_endless_words_are_quoted_without_the_part_that_was_not_searched(at: int) -> None:
    words = " " * at + SECRET + "y" * MOST_SEARCHED
    with redacting(knowing(SECRET).redact):
        line = one_line(words)
    assert "correct" not in line
    assert len(line) <= LONGEST_WORDS + 1


# Logs


@pytest.fixture
def page() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(page: io.StringIO) -> Iterator[logging.Logger]:
    handler = logging.StreamHandler(page)
    handler.setFormatter(RedactingFormatter(knowing(SECRET), "%(levelname)s %(message)s"))
    logger = logging.getLogger("crosspromo.tests.redaction")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


def test_a_log_line_shows_no_secret(log: logging.Logger, page: io.StringIO) -> None:
    log.debug("signing in with %s", SECRET)
    assert page.getvalue() == f"DEBUG signing in with {HIDDEN}\n"


def test_a_traceback_shows_no_secret(log: logging.Logger, page: io.StringIO) -> None:
    def refuse() -> None:
        raise ValueError(f"bad password {SECRET}")

    try:
        try:
            refuse()
        except ValueError as error:
            raise RuntimeError({"body": urlencode({"password": SECRET})}) from error
    except RuntimeError:
        log.exception("the network said no")
    written = page.getvalue()
    assert "Traceback" in written
    assert "RuntimeError" in written
    assert "correct" not in written
    assert written.count(HIDDEN) == 2


def test_a_printed_stack_shows_no_secret(log: logging.Logger, page: io.StringIO) -> None:
    log.warning("here", stack_info=True, extra={"password": SECRET})
    assert "Stack (most recent call last)" in page.getvalue()
    assert SECRET not in page.getvalue()


# Connectors


class Echo:
    """A connector whose network repeats the password in everything it says."""

    def __init__(self, outcome: Outcome, look_up: LookUp | None = None) -> None:
        self.outcome = outcome
        self.answer: LookUp = look_up or Absent()
        self.closed = False

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return self.outcome if isinstance(self.outcome, NotSent | Rejected) else None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        return PREPARED

    def send(self, prepared: Prepared) -> Outcome:
        return self.outcome

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        return self.answer

    def verify(self) -> str:
        if isinstance(self.outcome, Rejected):
            raise AccountError(self.outcome.reason)
        return f"us, {SECRET}"

    def close(self) -> None:
        self.closed = True


SAID = f"no: {SECRET}"
HUSHED = f"no: {HIDDEN}"


@pytest.mark.parametrize(
    ("outcome", "discreet"),
    [
        (NotSent(SAID, WHEN, account_fault=True), NotSent(HUSHED, WHEN, account_fault=True)),
        (Rejected(SAID, "too-long"), Rejected(HUSHED, "too-long")),
        (Unknown(SAID, needs_person=True), Unknown(HUSHED, needs_person=True)),
        (Sent(Receipt("1", "https://x.example/1", WHEN)),) * 2,
    ],
)
def test_what_a_network_echoes_is_blotted_out_and_nothing_else_is_changed(
    outcome: Outcome, discreet: Outcome
) -> None:
    connector = RedactingConnector(Echo(outcome), knowing(SECRET))
    assert connector.send(PREPARED) == discreet
    if isinstance(discreet, NotSent | Rejected):
        assert connector.ready(Content("Hello")) == discreet
    else:
        assert connector.ready(Content("Hello")) is None


def test_a_look_up_is_as_discreet() -> None:
    found = RedactingConnector(Echo(Unknown(""), Unclear(SAID)), knowing(SECRET))
    assert found.look_up(PREPARED, WHEN) == Unclear(HUSHED)
    assert (
        RedactingConnector(Echo(Unknown("")), knowing(SECRET)).look_up(PREPARED, WHEN) == Absent()
    )


def test_verifying_is_as_discreet_whether_it_works_or_not() -> None:
    assert RedactingConnector(Echo(Unknown("")), knowing(SECRET)).verify() == f"us, {HIDDEN}"
    with pytest.raises(AccountError) as error:
        RedactingConnector(Echo(Rejected(SAID)), knowing(SECRET)).verify()
    assert str(error.value) == HUSHED


def test_the_rest_is_the_connectors_own() -> None:
    echo = Echo(Unknown(""))
    connector = RedactingConnector(echo, knowing(SECRET))
    assert connector.prepare(Content("Hello"), WHEN) is PREPARED
    connector.close()
    assert echo.closed
