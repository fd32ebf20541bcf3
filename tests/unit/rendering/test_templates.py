"""Templates are data that staff edit: found, filled in, and refused with a sentence."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from posts import changed

from crosspromo.domain.errors import TemplateError
from crosspromo.domain.posts import Kind
from crosspromo.domain.requests import FromTemplate, OwnPost
from crosspromo.publishing.compose import Material, Rendered
from crosspromo.rendering.samples import PARTNER, material_of
from crosspromo.rendering.templates import LONGEST_OUTPUT, Templates
from crosspromo.resources import SHIPPED
from crosspromo.text.fitting import Segment

SPOTLIGHT = material_of(Kind.SPOTLIGHT)
OURS = SHIPPED / "templates"
RANGE_TOO_BIG = (
    "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000). (OverflowError)"
)


class Folder:
    """A workspace's templates, written as a test needs them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def render(self, request: Material = SPOTLIGHT, network: str = "x") -> Rendered:
        return Templates((self.path, OURS), "us").render(request, network)

    def text(self, template: str, request: Material = SPOTLIGHT) -> str:
        """What this template makes of it."""
        self.write(f"{request.kind.value}/x.j2", template)
        return "".join(segment.text for segment in self.render(request).segments)

    def fault(self, template: str, request: Material = SPOTLIGHT) -> str:
        """What is said of this template when it is rendered."""
        with pytest.raises(TemplateError) as error:
            self.text(template, request)
        return str(error.value)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "templates")


# Which template serves


def test_a_network_without_a_template_of_its_own_has_the_default(folder: Folder) -> None:
    folder.write("spotlight/default.j2", "default")
    folder.write("spotlight/x.j2", "x")
    assert folder.render(network="x").segments == (Segment("x"),)
    assert folder.render(network="bluesky").segments == (Segment("default"),)


def test_the_workspaces_template_comes_before_ours(folder: Folder) -> None:
    assert folder.render().segments[0].text.startswith("Meet")
    folder.write("spotlight/default.j2", "Our way")
    assert folder.render().segments == (Segment("Our way"),)


def test_ours_for_the_network_comes_before_the_workspaces_default(folder: Folder) -> None:
    folder.write("spotlight/default.j2", "Our way")
    assert folder.render(network="reddit").title == "Meet our neighbours: Sample Partner"


@pytest.mark.parametrize(
    ("written", "served"),
    [
        (["gala/x.j2", "gala/default.j2", "gala.j2"], "gala/x.j2"),
        (["gala/default.j2", "gala.j2"], "gala/default.j2"),
        (["gala/bluesky.j2", "gala.j2"], "gala.j2"),
    ],
)
@pytest.mark.parametrize("name", ["gala", "gala.j2"])
def test_a_template_of_ones_own_is_asked_for_by_name(
    folder: Folder, name: str, written: list[str], served: str
) -> None:
    for template in written:
        folder.write(template, template)
    request = Material(OwnPost(author="us", says=FromTemplate(name)))
    assert folder.render(request).segments == (Segment(served),)


@pytest.mark.parametrize("name", ["gala", "../secrets", "/etc/hostname"])
def test_a_template_that_is_not_there_says_where_to_write_it(folder: Folder, name: str) -> None:
    with pytest.raises(TemplateError) as error:
        folder.render(changed(SPOTLIGHT, template=name))
    assert str(error.value) == f"no template serves spotlight on x: write templates/{name}.j2"


def test_no_template_is_read_from_outside_the_folders(folder: Folder) -> None:
    folder.write("../secret.j2", "hunter22")
    with pytest.raises(TemplateError, match="no template serves"):
        folder.render(changed(SPOTLIGHT, template="../secret"))
    assert "hunter22" not in folder.fault('{% include "../secret.j2" %}')


def test_a_list_of_choices_names_the_file_that_serves(folder: Folder) -> None:
    mine = folder.write("own/x.j2", "{{ broken")
    choices = {
        (choice.kind, choice.network): choice
        for choice in Templates((folder.path, OURS), "us").choices(["x", "reddit"])
    }
    assert set(choices) == {(kind, network) for kind in Kind for network in ("x", "reddit")}
    assert choices[Kind.OWN, "x"].path == mine
    assert choices[Kind.OWN, "reddit"].path == OURS / "own" / "reddit.j2"
    assert choices[Kind.SPOTLIGHT, "x"].name == "spotlight/default.j2"


# What a template is given


def test_a_template_knows_whom_it_speaks_for_and_where(folder: Folder) -> None:
    assert folder.text("{{ organisation }} on {{ network }}") == "us on x"


def test_variables_of_ones_own_are_given(folder: Folder) -> None:
    request = changed(SPOTLIGHT, variables=MappingProxyType({"seats": "40"}))
    assert folder.text("{{ seats }} seats for {{ partner.name }}", request) == (
        "40 seats for Sample Partner"
    )


def test_a_link_may_come_as_a_variable_but_the_option_counts_for_more(folder: Folder) -> None:
    request = changed(SPOTLIGHT, variables=MappingProxyType({"link": "https://var.example"}))
    assert folder.text("{{ link }}", request) == "https://var.example"
    named = changed(request, link="https://option.example")
    assert folder.text("{{ link }}", named) == "https://option.example"


def test_a_title_is_apart_from_the_text(folder: Folder) -> None:
    folder.write("spotlight/x.j2", "{% set title %} A title {% endset %}\nBody")
    assert folder.render() == Rendered((Segment("Body"),), "A title")


# Undefined names


def test_an_undefined_name_is_named_with_its_template_and_line(folder: Folder) -> None:
    assert folder.fault("Meet\n{{ partnr.name }}") == (
        "templates/spotlight/x.j2, line 2: there is no partnr"
    )


def test_a_name_that_a_partner_does_not_have_is_named(folder: Folder) -> None:
    assert folder.fault("{{ partner.wbsite }}") == (
        "templates/spotlight/x.j2, line 1: this partner has no wbsite"
    )


@pytest.mark.parametrize(
    "template", ["{% if seats %}yes{% endif %}", "{{ seats | upper }}", "{{ seats + 1 }}"]
)
def test_an_undefined_name_is_refused_however_it_is_used(folder: Folder, template: str) -> None:
    with pytest.raises(TemplateError, match="there is no seats") as error:
        folder.text(template)
    assert error.value.variable == "seats"  # which a person may give


@pytest.mark.parametrize(
    "template",
    ["{{ partner.wbsite }}", "{{ 1 // 0 }}", '{% include "parts/none.j2" %}', "{% if %}"],
)
def test_where_no_name_is_missing_there_is_none_to_give(folder: Folder, template: str) -> None:
    with pytest.raises(TemplateError) as error:
        folder.text(template)
    assert error.value.variable is None


def test_one_may_ask_whether_a_name_is_defined(folder: Folder) -> None:
    assert folder.text("{% if seats is defined %}yes{% else %}no{% endif %}") == "no"


def test_a_fault_in_an_included_template_names_that_one(folder: Folder) -> None:
    folder.write("parts/footer.j2", "\n\n{{ sponser }}")
    assert folder.fault('Meet\n{% include "parts/footer.j2" %}') == (
        "templates/parts/footer.j2, line 3: there is no sponser"
    )


def test_an_included_template_that_is_not_there_is_named(folder: Folder) -> None:
    assert folder.fault('Meet\n{% include "parts/none.j2" %}') == (
        "templates/spotlight/x.j2, line 2: there is no template parts/none.j2"
    )


# Broken templates


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        (
            "Meet\n{{ partner.name",
            "line 2: unexpected end of template, expected 'end of print statement'.",
        ),
        ("{% if partner %}", "line 1: Unexpected end of template."),
        ("\n\n{{ partner | shout }}", "line 3: No filter named 'shout'."),
        ("{% drop %}x{% enddrop %}", "line 1: expected token 'integer', got 'end of statement "),
    ],
)
def test_a_broken_template_names_the_line(folder: Folder, template: str, sentence: str) -> None:
    assert folder.fault(template).startswith(f"templates/spotlight/x.j2, {sentence}")


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ partner.name | handle }}", "AttributeError"),
        ("{{ 1 / 0 }}", "division by zero (ZeroDivisionError)"),
        ("{% for a in 3 %}{% endfor %}", "TypeError"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
        ('{% include "spotlight/x.j2" %}', "RecursionError"),
    ],
)
def test_a_template_that_fails_like_a_program_is_a_sentence_all_the_same(
    folder: Folder, template: str, sentence: str
) -> None:
    shown = folder.fault(template)
    assert shown.startswith("templates/spotlight/x.j2, line 1: ")
    assert sentence in shown


def test_a_file_that_is_not_utf_8_is_named(folder: Folder) -> None:
    folder.write("spotlight/x.j2", "").write_bytes(b"caf\xe9")
    with pytest.raises(TemplateError, match=r"^templates/spotlight/x\.j2: 'utf-8' codec"):
        folder.render()


# The sandbox


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        (
            "{{ partner.__class__ }}",
            "access to attribute '__class__' of 'Partner' object is unsafe.",
        ),
        (
            "{{ ''.__class__.__mro__ }}",
            "access to attribute '__class__' of 'str' object is unsafe.",
        ),
        (
            "{{ partner | attr('__class__') }}",
            "access to attribute '__class__' of 'Partner' object is unsafe.",
        ),
        (
            "{% for n in range(999999999) %}x{% endfor %}",
            RANGE_TOO_BIG,
        ),
        ("{{ 'x' * 999999999 }}", "* is for numbers, and a template has no use for it here"),
        ("{{ [0] * 999999999 }}", "* is for numbers, and a template has no use for it here"),
        ("{{ 9 ** 9 ** 9 ** 9 }}", "** is for numbers, and a template has no use for it here"),
    ],
)
def test_what_a_template_must_not_do_is_refused_in_a_sentence(
    folder: Folder, template: str, sentence: str
) -> None:
    assert folder.fault(template) == f"templates/spotlight/x.j2, line 1: {sentence}"


def test_what_it_is_given_cannot_be_changed(folder: Folder) -> None:
    request = changed(SPOTLIGHT, variables=MappingProxyType({}))
    assert "templates/spotlight/x.j2" in folder.fault("{{ partner.handles.clear() }}", request)
    assert PARTNER.handles


def test_numbers_may_still_be_multiplied(folder: Folder) -> None:
    assert folder.text("{{ 6 * 7 }}") == "42"


def test_a_template_that_writes_without_end_is_refused(folder: Folder) -> None:
    row = "{% for n in range(1001) %}" + "x" * 1000 + "{% endfor %}"
    assert folder.fault(row) == f"templates/spotlight/x.j2 writes {1001 * 1000} characters"
    assert LONGEST_OUTPUT < 1001 * 1000


# Drops


def test_a_drop_is_a_part_that_may_go(folder: Folder) -> None:
    folder.write(
        "spotlight/x.j2", "Meet{% drop 2 %} them{% enddrop %}, {% drop 1 %}now{% enddrop %}!"
    )
    assert folder.render().segments == (
        Segment("Meet"),
        Segment(" them", drop=2),
        Segment(", "),
        Segment("now", drop=1),
        Segment("!"),
    )


def test_a_drop_prints_what_stands_in_it(folder: Folder) -> None:
    folder.write("spotlight/x.j2", "{% drop 1 %}{{ partner.name }}{% enddrop %}")
    assert folder.render().segments == (Segment("Sample Partner", drop=1),)


def test_a_drop_in_a_drop_is_refused(folder: Folder) -> None:
    nested = "{% drop 1 %}a{% drop 2 %}b{% enddrop %}{% enddrop %}"
    assert folder.fault(nested) == (
        "templates/spotlight/x.j2: {% drop %} cannot stand inside another {% drop %}"
    )


def test_a_drop_in_a_title_is_refused(folder: Folder) -> None:
    titled = "{% set title %}a{% drop 1 %}b{% enddrop %}{% endset %}c"
    assert folder.fault(titled) == (
        "templates/spotlight/x.j2: {% drop %} cannot stand inside a title"
    )


def test_a_drop_that_is_kept_in_a_name_stays_when_it_is_printed(folder: Folder) -> None:
    kept = "{% set tail %}{% drop 1 %}b{% enddrop %}{% endset %}a{{ tail }}"
    assert folder.text(kept) == "ab"


def test_marks_in_a_value_cannot_pass_for_a_drop(folder: Folder) -> None:
    hostile = replace(PARTNER, name="A\ue0009\ue001B\ue002C", topics=("\ue0001\ue001\ue002",))
    request = changed(SPOTLIGHT, partners=(hostile,))
    folder.write(
        "spotlight/x.j2", "{% drop 1 %}{{ partner.name }}{% enddrop %}{{ partner.topics }}"
    )
    parts = folder.render(request).segments
    assert parts[0] == Segment("ABC", drop=1)
    assert [part.drop for part in parts] == [1, None]
    assert not set("\ue000\ue001\ue002") & set("".join(part.text for part in parts))
