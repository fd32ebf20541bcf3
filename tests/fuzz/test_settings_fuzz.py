"""crosspromo.toml with whatever values: settings, or a sentence."""

from contextlib import suppress
from datetime import UTC, datetime

from fuzz.settings_texts import settings_texts
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.errors import ConfigError
from crosspromo.domain.timing import slot_times
from crosspromo.settings import Settings, parse

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def use(settings: Settings) -> None:
    """Calculate with every value as a daemon does."""
    zone = settings.organisation.zone
    for blackout in settings.blackouts:
        assert isinstance(blackout, Blackout)
        blackout.wait(zone, NOW)
    for policy in settings.policies.values():
        policy.window.opens_after(NOW)
        for wait in (policy.late_after, policy.min_gap):
            assert wait is None or NOW + wait > NOW - wait or not wait
        next(slot_times(policy.slots, zone, NOW), None)
        assert policy.max_per_day is None or policy.max_per_day < 2**31
        assert policy.max_per_week is None or policy.max_per_week < 2**31
        assert policy.quota is None or policy.quota < 2**31
        if policy.quiet is not None and policy.quiet.include(NOW, zone):
            policy.quiet.end_after(NOW, zone)
    for account in settings.accounts.values():
        for wait in account.look_up_after:
            assert NOW + wait >= NOW
        assert account.timeout.total_seconds() < 2**31


def read(text: str) -> None:
    """Settings that can be used, or a sentence."""
    with suppress(ConfigError):
        use(parse(text, "crosspromo.toml"))


@given(settings_texts)
def test_every_value_of_every_key_is_read_or_refused_with_a_sentence(text: str) -> None:
    read(text)


@given(st.text())
def test_no_text_whatever_brings_the_reader_of_settings_down(text: str) -> None:
    read(text)
