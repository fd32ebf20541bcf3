"""Guard: no text leads out of the console, and a form's token is its cookie's alone."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.web.guard import form_token, is_form_token, local_path

HERE = "https://console.example/sign-in"

HOSTILE = st.text(alphabet=st.sampled_from("/\\:@?#%.\t\n\r \x00\u202eaevil"), max_size=30)


@given(st.one_of(HOSTILE, st.text(max_size=60)))
def test_no_text_leads_to_another_host(text: str) -> None:
    led = urlsplit(urljoin(HERE, local_path(text)))
    assert (led.scheme, led.netloc) == ("https", "console.example")
    assert local_path(text).isascii()
    assert local_path(text).isprintable()


@pytest.mark.parametrize(
    "path", ["/", "/posts/41", "/posts/41?account=x-main", "/queue?state=held&account=", "/a%20b"]
)
def test_a_path_of_ours_stays_as_it_is(path: str) -> None:
    assert local_path(path) == path


@given(st.text(max_size=80), st.text(st.characters(codec="ascii"), min_size=1, max_size=50))
def test_only_the_token_of_the_cookie_passes(given_: str, cookie: str) -> None:
    assert is_form_token(form_token(cookie), cookie)
    assert not is_form_token(given_, cookie) or given_ == form_token(cookie)
