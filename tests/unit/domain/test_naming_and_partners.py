"""Slugs are names that people can type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.errors import InputError, UsageError
from crosspromo.domain.naming import LONGEST, slugify
from crosspromo.domain.partners import SLUG, check_slug
from crosspromo.domain.reasons.inputs import BadSlug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("River Keepers", "river-keepers"),
        ("  Millside Tenants' Union!  ", "millside-tenants-union"),
        ("Café Olé", "cafe-ole"),
        ("Ｗｉｄｅ 24/7", "wide-24-7"),
        ("東京", ""),
        ("---", ""),
        ("", ""),
    ],
)
def test_a_name_becomes_a_slug(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_a_long_name_is_cut_and_ends_in_no_hyphen() -> None:
    assert slugify("a" * (LONGEST - 1) + " b") == "a" * (LONGEST - 1)
    assert slugify("a" * 200) == "a" * LONGEST


@given(st.text())
def test_whatever_is_made_a_slug_is_one_and_stays_it(text: str) -> None:
    slug = slugify(text)
    assert len(slug) <= LONGEST
    assert slugify(slug) == slug
    assert not slug or check_slug(slug) == slug


@pytest.mark.parametrize("slug", ["a", "7", "river-keepers", "rva-2030-04"])
def test_a_good_slug_comes_back(slug: str) -> None:
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug", ["", "River", "river keepers", "-river", "river-", "river--keepers", "café", "a\n"]
)
def test_a_bad_slug_is_refused(slug: str) -> None:
    assert SLUG.fullmatch(slug) is None
    with pytest.raises(InputError) as error:
        check_slug(slug)
    assert isinstance(error.value, UsageError)  # so that it ends a command like other bad input
    assert (error.value.code, error.value.reason) == ("bad-slug", BadSlug(slug))
