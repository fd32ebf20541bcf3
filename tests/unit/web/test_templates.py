"""Templates have no words of their own, each form is one of ours, and files keep their sizes."""

import re
from pathlib import Path

import pytest

from crosspromo.web.errors import NOT_TYPED
from crosspromo.web.rendering import HERE, STATIC_FOLDER, environment

TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAGS = re.compile(r"<[^>]*>")
WORDS = re.compile(r"\b(?:aria-label|title|alt|placeholder|value)=\"[^\"]*[A-Za-z]{3}")
VALUES_OF_CODE = re.compile(
    r'value="(?:posted|not-posted|yes|slot|allowed|at|queue|keep|preview|move|look|import|save)"'
)


def name_of(path: Path) -> str:
    return path.relative_to(HERE).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_no_words(path: Path) -> None:
    left = CODE.sub("", path.read_text(encoding="utf-8"))
    assert not re.search(r"[A-Za-z]", TAGS.sub("", left)), "letters stand in words/"
    assert not WORDS.search(VALUES_OF_CODE.sub("", left))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_form_that_acts_has_the_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL):
        assert 'method="get"' in form or "FORM_TOKEN" in form


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_password_or_a_code_is_never_shown_as_what_was_typed(path: Path) -> None:
    secret = re.compile(r'field\("(\w+)",[^}]*(?:type="password"|one-time-code)')
    assert set(secret.findall(path.read_text(encoding="utf-8"))) <= NOT_TYPED


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_but_the_marks_of_a_balance_goes_out_unescaped(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "autoescape" not in text
    assert not re.search(r"\|\s*safe", re.sub(r"\"<i class='\w+'></i>\"\|safe", "", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_can_be_read(path: Path) -> None:
    environment().get_template(path.relative_to(HERE / "templates").as_posix())


def test_the_style_and_the_scripts_are_small() -> None:
    assert (STATIC_FOLDER / "console.css").stat().st_size <= 10_240
    scripts = [file.read_text(encoding="utf-8") for file in STATIC_FOLDER.glob("*.js")]
    assert sum(len(script.splitlines()) for script in scripts) <= 400


def test_the_style_has_no_other_host() -> None:
    style = (STATIC_FOLDER / "console.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style
